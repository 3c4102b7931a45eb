import type { Answer } from '../../checks/observation.ts'
import { TransportFailure } from './transport.ts'

/** What was seen of one policy in a SYSVOL, by whichever way. */
export interface SeenPolicy {
  /** Whether the machine has a SYSVOL, as only a domain controller does. */
  readonly sysvol: boolean
  /** Whether it is that of the domain asked for. */
  readonly domain: boolean
  /** Whether the Default Domain Policy, which every domain has, was in the list of policies. */
  readonly control: boolean
  /** Whether this one was. */
  readonly found: boolean
  /** What may not be read. */
  readonly denied: readonly string[]
  /** Contents in base64. */
  readonly files: readonly { readonly path: string; readonly content: string }[]
  /** There was more than could be taken. */
  readonly cut: boolean
}

/** Why a machine that is no domain controller has no policies to give. */
export const noSysvol = 'the machine has no SYSVOL: it is no domain controller'

/** The answer to a `group-policy` probe. Throws a TransportFailure where what was seen proves nothing. */
export function policyAnswerOf({ sysvol, domain, control, found, denied, files, cut }: SeenPolicy): {
  readonly answer: Answer
  readonly truncated: boolean
} {
  if (!sysvol) throw new TransportFailure('missing-tool', noSysvol)
  if (!domain) throw new TransportFailure('identity', 'the SYSVOL that answers is not that of the domain')
  if (denied.length > 0) throw new TransportFailure('denied', `the account may not read ${denied[0]}`)
  if (!found && !control)
    throw new TransportFailure(
      'control',
      'not even the Default Domain Policy is among the policies of SYSVOL',
    )
  return { answer: { kind: 'group-policy', found, files: found ? [...files] : [] }, truncated: cut }
}

/** What one file adds to an answer, in bytes: its base64, its path, and what stands around them. */
export const sizeInAnswer = (path: string, bytes: number): number =>
  Math.ceil(bytes / 3) * 4 + path.length + 64
