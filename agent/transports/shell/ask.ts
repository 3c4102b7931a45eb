import type { Probe, ProbeOf } from '../../../checks/probe.ts'
import type { Outcome } from '../transport.ts'
import { askBatch } from './batch.ts'
import type { IdleShells } from './idle-shells.ts'
import { Outcomes } from './outcomes.ts'
import { commandQuestion, fileQuestions, vantageQuestion, type Question, type Result } from './questions.ts'
import type { Account, StartShell } from './shell-process.ts'

export interface ShellOptions {
  readonly start: StartShell
  /** Shells of earlier rounds, and the place for those of this one. */
  readonly idle: IdleShells
  /** The role that this shell belongs to: probes from it are asked here. */
  readonly role: string
  /** Address of another role, for echo requests and connection attempts from this machine. */
  readonly addressOf: (role: string) => string
  /** The login is root's own: one batch is enough. */
  readonly loginIsRoot: boolean
  readonly startTimeoutMs: number
  /** Who answers; read when an answer is there. */
  readonly identity: () => string | null
  readonly signal: AbortSignal
}

/**
 * Asks probes in at most three shells at once: the login's, root's, and one for what is asked from this machine as a
 * vantage point, where everything waits at the same time. Gives one outcome per probe as its answer arrives;
 * never rejects.
 */
export async function* askInShells(probes: readonly Probe[], options: ShellOptions): AsyncGenerator<Outcome> {
  const { signal, loginIsRoot } = options
  const outcomes = new Outcomes<Outcome>()
  const missing = new Set(probes)
  const begun = Date.now()
  const give = (probe: Probe, result: Result, startedAt: number, ms: number): void => {
    if (!missing.delete(probe)) return
    const identity = 'answer' in result ? options.identity() : null
    outcomes.push({ probe, identity, startedAt, ms: Math.max(0, Math.round(ms * 10) / 10), ...result })
  }
  const batch = (account: Account, questions: readonly Question[], together = false) =>
    askBatch(questions, { ...options, account, together, give })
  const own = (account: Account): Question[] => {
    const asked = probes.filter(
      (p) => 'as' in p && p.from === 'agent' && accountOf(p, loginIsRoot) === account,
    )
    return [
      ...fileQuestions(asked.filter((p): p is ProbeOf<'file'> => p.kind === 'file')),
      ...asked.filter((p): p is ProbeOf<'command'> => p.kind === 'command').map(commandQuestion),
    ]
  }
  const vantage: Question[] = []
  for (const probe of probes) {
    if ((probe.kind === 'icmp' || probe.kind === 'tcp') && probe.from === options.role) {
      const address = options.addressOf(probe.to)
      // An address can't begin with a hyphen (session.ts), so nothing here is read as an option.
      if (address) vantage.push(vantageQuestion(probe, address))
      else give(probe, refuse(`the session gives no address for ${probe.to}`), begun, 0)
    } else if ((probe.kind !== 'command' && probe.kind !== 'file') || probe.from !== 'agent')
      give(probe, refuse(`a shell does not answer ${probe.kind} from ${probe.from}`), begun, 0)
  }
  const stop = (): void => {
    const late = signal.reason instanceof DOMException && signal.reason.name === 'TimeoutError'
    const failure = late
      ? ({ cause: 'timeout', detail: 'the time for this machine was used up' } as const)
      : ({ cause: 'cancelled', detail: 'interrupted' } as const)
    for (const probe of missing) give(probe, { failure }, begun, Date.now() - begun)
    outcomes.close()
  }
  signal.addEventListener('abort', stop)
  if (signal.aborted) stop()
  void Promise.all([
    batch('login', own('login')),
    batch('root', own('root')),
    batch('login', vantage, true),
  ]).then(
    () => outcomes.close(),
    (error: unknown) => {
      const detail = error instanceof Error ? error.message : 'error'
      for (const probe of missing) give(probe, refuse(detail), begun, Date.now() - begun)
      outcomes.close()
    },
  )
  try {
    yield* outcomes
  } finally {
    signal.removeEventListener('abort', stop)
  }
}

const accountOf = (probe: Probe, loginIsRoot: boolean): Account =>
  !loginIsRoot && 'as' in probe && probe.as === 'root' ? 'root' : 'login'

const refuse = (detail: string): Result => ({ failure: { cause: 'grader', detail: detail.slice(0, 300) } })
