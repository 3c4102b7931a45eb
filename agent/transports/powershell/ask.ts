import type { Probe } from '../../../checks/probe.ts'
import type { Cause } from '../../../checks/verdict.ts'
import { failed, oneLine } from '../asking.ts'
import { failureOf } from '../errno.ts'
import { Outcomes } from '../shell/outcomes.ts'
import { TransportFailure, type CheckIdentity, type Outcome } from '../transport.ts'
import { AnswerReader, type ScriptAnswer } from './answer-reader.ts'
import { clixmlText } from './clixml.ts'
import { readHost, readScript } from './host.ts'
import type { PowerShell } from './powershell.ts'
import { scripted, type Meaning, type Scripted } from './questions.ts'
import { requestOf, type Question } from './request.ts'

/** Windows PowerShell takes seconds to start on a small machine, and to load a module. */
const startMs = 30_000
/** Marks, the runner's first line, and what a profile may say besides. */
const besides = 16_384

/** How long a line an answer makes: base64 is a third longer than what it holds; its marks; line breaks in it. */
const lineOf = (maxBytes: number): number => Math.ceil(maxBytes * 1.4) + 128

export interface AskOptions {
  /** DNS name of the domain that a directory must be of, as the session says it. */
  readonly domain: string | null
  /**
   * Who answers, as the way itself proved it (host key, certificate). Null where it proves nobody: then the machine says
   * whose account this is, and that is checked before any answer counts.
   */
  readonly identity: string | null
  readonly checkIdentity: CheckIdentity
  /** As known identities are filed: "winrm 10.0.1.10:5985". */
  readonly where: string
  /** SID of the machine or domain that the session expects; `first-use` where it says none. */
  readonly pinned: 'first-use' | (string & {})
  readonly signal: AbortSignal
}

interface Asked {
  readonly probe: Probe
  readonly scripted: Scripted
  readonly question: Question
}

/**
 * Asks probes by scripts, all in one request of one PowerShell. Gives one outcome per probe as its answer arrives; what
 * could not be asked, or has no answer when the request ends, has a failure. Never rejects.
 */
export async function* askByScript(
  powershell: PowerShell,
  probes: readonly Probe[],
  options: AskOptions,
): AsyncGenerator<Outcome> {
  const asked: Asked[] = []
  for (const probe of probes) {
    try {
      asked.push(await questionOf(probe, options.domain))
    } catch (error) {
      yield failed(probe, failureOf(error))
    }
  }
  if (asked.length === 0) return
  const outcomes = new Outcomes<Outcome>()
  void request(powershell, asked, options, (outcome) => outcomes.push(outcome)).then(() => outcomes.close())
  yield* outcomes
}

async function questionOf(probe: Probe, domain: string | null): Promise<Asked> {
  const one = scripted(probe, domain)
  if (!one) throw new TransportFailure('grader', `PowerShell was asked a probe of kind ${probe.kind}`)
  const text = await readScript(one.script)
  if (text === null) throw new TransportFailure('grader', `there is no script ${one.script}`)
  const { timeoutMs, maxBytes } = probe
  return {
    probe,
    scripted: one,
    question: { script: one.script, text, input: one.input, timeoutMs, maxBytes },
  }
}

/** Sends the request and gives an outcome to every question. Never rejects. */
async function request(
  powershell: PowerShell,
  asked: readonly Asked[],
  options: AskOptions,
  give: (outcome: Outcome) => void,
): Promise<void> {
  const startedAt = Date.now()
  const began = performance.now()
  const missing = new Set(asked)
  let stranger: TransportFailure | null = null
  const elapsed = () => Math.round((performance.now() - began) * 10) / 10
  const fail = (one: Asked, failure: TransportFailure) => {
    missing.delete(one)
    give({ ...failed(one.probe, failure), startedAt, ms: elapsed() })
  }
  try {
    const host = await readHost()
    const questions = asked.map(({ question }) => question)
    const { nonce, stdin } = requestOf(questions, host)
    const longest = Math.max(...questions.map(({ maxBytes }) => maxBytes))
    const reader = new AnswerReader(nonce, questions.length, lineOf(longest))
    const sum = (of: (question: Question) => number) => questions.reduce((all, one) => all + of(one), 0)
    const end = await powershell.run(
      stdin,
      {
        deadlineMs: startMs + sum(({ timeoutMs }) => timeoutMs),
        maxBytes: besides + sum(({ maxBytes }) => lineOf(maxBytes)),
        signal: options.signal,
      },
      (bytes) => {
        const answers = reader.push(bytes)
        for (const answer of answers) {
          const one = asked[answer.number]!
          if (!missing.has(one)) continue
          const identity = options.identity ?? reader.authority
          stranger ??= options.identity === null ? strangerIn(reader.authority, options) : null
          if (stranger) return true
          missing.delete(one)
          give({ probe: one.probe, identity, startedAt, ms: answer.ms, ...resultOf(one, answer) })
        }
        return missing.size === 0
      },
    )
    if (stranger) throw stranger
    const words = clixmlText(end.stderr.toString('utf8')).slice(0, 300)
    const code = end.exitCode === null ? '' : `, exit code ${end.exitCode}`
    for (const one of missing)
      fail(one, new TransportFailure('unparsable', `no answer between the marks${code}: ${words}`))
  } catch (error) {
    const failure = failureOf(error)
    for (const one of missing) fail(one, failure)
  }
}

/** Why the machine that answers is not believed to be the one that was meant; null where it is. */
function strangerIn(authority: string | null, options: AskOptions): TransportFailure | null {
  if (authority === null)
    return new TransportFailure(
      'identity',
      'the machine does not say which machine or domain the account is of',
    )
  return options.checkIdentity(options.where, authority, options.pinned)
    ? null
    : new TransportFailure(
        'identity',
        `${authority} answers, another machine or domain than the expected one`,
      )
}

function resultOf({ scripted: { answer, failure } }: Asked, { result }: ScriptAnswer): Meaning {
  if ('late' in result) return refused('timeout', 'the script did not end within its time')
  if ('long' in result) return refused('truncated', 'the script gave more than its limit')
  if ('unparsable' in result) return refused('unparsable', result.unparsable)
  try {
    return 'value' in result ? answer(result.value) : failure(result.error)
  } catch (error) {
    const { reason, message } = failureOf(error)
    return refused(reason, message)
  }
}

const refused = (cause: Cause, detail: string): Meaning => ({ failure: { cause, detail: oneLine(detail) } })
