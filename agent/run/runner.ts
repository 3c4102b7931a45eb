import { planCandidate } from '../../checks/plan.ts'
import type { Run } from '../../checks/run.ts'
import { machinesOf, runCandidate } from './candidate-run.ts'
import { Limit } from './limit.ts'
import type { LoadedCandidate, LoadedSession } from './load.ts'
import { defaultJobs, Room } from './room.ts'
import type { RunConditions, RunOrder } from './run-conditions.ts'

export type { RunEvent, RunOrder } from './run-conditions.ts'

export interface RunOptions extends RunConditions {
  /** Codes of the candidates to run; all where absent. */
  readonly only?: readonly string[]
  /** By the candidate's code. */
  readonly orders?: ReadonlyMap<string, RunOrder>
  readonly signal: AbortSignal
  /** What these runs share with others of the same session; their own where absent. `jobs` is then that of the room. */
  readonly room?: Room
  /**
   * Answers of shared machines that were asked for since then (ms since the epoch) are taken from one another, by default
   * from the start of these runs. Runs that begin together say the same moment.
   */
  readonly since?: number
}

/** Longest that a run may take, in ms, where nobody says otherwise. */
export const runTimeoutMs = 900_000

/**
 * Grades the candidates of a session, all at once within the limits, and gives each run as soon as it is judged.
 * Never rejects for a machine's sake. When the signal aborts, runs end at once with `complete: false` and keep what
 * was observed; what was not is `unknown/cancelled`.
 */
export async function* runSession(options: RunOptions): AsyncGenerator<Run> {
  const { loaded, only, orders } = options
  const control = loaded.session.file.control?.address
  const moment = {
    signal: AbortSignal.any([options.signal, AbortSignal.timeout(options.runTimeoutMs ?? runTimeoutMs)]),
    since: options.since ?? Date.now(),
    room: options.room ?? new Room(control, new Limit(options.jobs ?? defaultJobs)),
  }
  const candidates = loaded.candidates.filter((c) => !only || only.includes(c.resolved.candidate.code))
  const running = new Map(
    candidates.map((candidate, i) => {
      const order = orders?.get(candidate.resolved.candidate.code) ?? {}
      const machines = machinesOf(candidate, options, moment.signal)
      const run = runCandidate(restricted(candidate, loaded, order.demands), order, options, machines, moment)
      return [i, run.finally(() => machines.channels.close()).then((run) => ({ i, run }))] as const
    }),
  )
  while (running.size > 0) {
    const { i, run } = await Promise.race(running.values())
    running.delete(i)
    yield run
  }
}

/** The same candidate, planned for the demands that are asked for. */
export function restricted(
  candidate: LoadedCandidate,
  { exam }: LoadedSession,
  demands: readonly string[] | undefined,
): LoadedCandidate {
  if (!demands) return candidate
  const wanted = exam.demands.filter(({ id }) => demands.includes(id))
  const { resolved } = candidate
  return { resolved, plan: planCandidate({ ...exam, demands: wanted }, resolved).plan }
}
