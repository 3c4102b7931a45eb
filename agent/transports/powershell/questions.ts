import {
  causeOfException,
  type Answer,
  type Failure,
  type ScriptException,
} from '../../../checks/observation.ts'
import type { Probe } from '../../../checks/probe.ts'
import { TransportFailure } from '../transport.ts'
import { directoryAnswer, directoryInput } from './directory-search.ts'
import { policyAnswer, policyInput } from './policy-files.ts'

/** What a script's end stands for, as an observation has it. */
export type Meaning =
  | { readonly answer: Answer; readonly truncated: boolean }
  | { readonly failure: Pick<Failure, 'cause' | 'detail'> }

/** How a probe is asked by script: which one, with what, and what its end says. */
export interface Scripted {
  readonly script: string
  readonly input: unknown
  /** What a value stands for. Throws a TransportFailure for a value of another shape. */
  readonly answer: (value: unknown) => Meaning
  /** What an exception stands for. */
  readonly failure: (exception: ScriptException) => Meaning
}

/**
 * The script that asks a probe on a Windows machine; null for a kind that no script asks. `domain`: the session's. Throws a
 * TransportFailure where the session lacks what the question needs.
 */
export function scripted(probe: Probe, domain: string | null): Scripted | null {
  switch (probe.kind) {
    case 'powershell':
      return {
        script: probe.script,
        input: probe.input,
        // What was parsed from JSON is JSON.
        answer: (value) => told(value as Value, null),
        failure: (exception) => told(null, exception),
      }
    case 'ldap':
      return {
        script: 'directory-search',
        input: directoryInput(probe),
        answer: directoryAnswer(probe, named(domain)),
        failure: refused,
      }
    case 'group-policy':
      return {
        script: 'group-policy-files',
        input: policyInput(probe, named(domain)),
        answer: policyAnswer,
        failure: refused,
      }
    default:
      return null
  }
}

type Value = Extract<Answer, { kind: 'powershell' }>['value']

const told = (value: Value, error: ScriptException | null): Meaning => ({
  answer: { kind: 'powershell', value, error },
  truncated: false,
})

/** For questions whose answer has no place for an exception of .NET's. */
const refused = (exception: ScriptException): Meaning => ({
  failure: { cause: causeOfException(exception), detail: `${exception.id}: ${exception.message}` },
})

function named(domain: string | null): string {
  if (domain === null)
    throw new TransportFailure('grader', 'the session names no domain for this directory (ldap.domain)')
  return domain
}
