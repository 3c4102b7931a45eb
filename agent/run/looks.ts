import type { Run } from '../../checks/run.ts'
import { machinesOf, runCandidate } from './candidate-run.ts'
import { deadline } from './deadline.ts'
import { Limit } from './limit.ts'
import type { LoadedCandidate } from './load.ts'
import { defaultJobs, Room } from './room.ts'
import type { RunConditions } from './run-conditions.ts'
import { restricted, runTimeoutMs } from './runner.ts'

export interface LookOptions extends RunConditions {
  /** Code of the candidate whose machines are looked at. */
  readonly candidate: string
}

/** One candidate's machines, looked at as often as somebody asks. */
export interface Looks {
  /**
   * Asks what these demands need (all of them where absent) and nothing else, now, and gives the run. What an earlier look saw
   * is never taken again. Looks go one after the other. When `signal` aborts, the run has `complete: false`, what was not
   * observed is `unknown/cancelled`, and the next look can be asked for. Rejects only for a look after `close`.
   */
  look(demands?: readonly string[], signal?: AbortSignal): Promise<Run>
  /** Ends a look that is under way, and every connection. */
  close(): Promise<void>
}

/**
 * Begins to look at one candidate's machines. Connects to nothing yet; connections then stay open between looks, and one that
 * died in between is opened anew by the next. Throws where the session has no such candidate.
 */
export function openLooks(options: LookOptions): Looks {
  const { loaded } = options
  const candidate = loaded.candidates.find((c) => c.resolved.candidate.code === options.candidate)
  if (!candidate) throw new Error(`the session has no candidate ${options.candidate}`)
  const closing = new AbortController()
  const machines = machinesOf(candidate, options, closing.signal)
  const limit = new Limit(options.jobs ?? defaultJobs)
  const planned = new Plans(candidate, options)
  let last: Promise<unknown> = Promise.resolve()

  const lookNow = async (
    demands: readonly string[] | undefined,
    asked: AbortSignal | undefined,
  ): Promise<Run> => {
    const until = deadline(options.runTimeoutMs ?? runTimeoutMs, closing.signal, ...(asked ? [asked] : []))
    machines.channels.beginLook()
    // A room of its own: what the control or a shared machine said belongs to the look that asked.
    const room = new Room(loaded.session.file.control?.address, limit)
    const moment = { room, since: Date.now(), signal: until.signal }
    try {
      return await runCandidate(planned.of(demands), {}, options, machines, moment)
    } finally {
      until.over()
    }
  }

  return {
    look(demands, signal) {
      const turn = last.then(() => {
        if (closing.signal.aborted) throw new Error('nobody looks any more: the looks were closed')
        return lookNow(demands, signal)
      })
      last = turn.catch(() => undefined)
      return turn
    },
    async close() {
      closing.abort()
      await last
      await machines.channels.close()
    },
  }
}

/** The candidate's plan, whole or for some demands: the same demands are asked for again and again. */
class Plans {
  readonly #candidate: LoadedCandidate
  readonly #options: LookOptions
  #last: { readonly demands: string; readonly planned: LoadedCandidate } | undefined

  constructor(candidate: LoadedCandidate, options: LookOptions) {
    this.#candidate = candidate
    this.#options = options
  }

  of(demands: readonly string[] | undefined): LoadedCandidate {
    if (!demands) return this.#candidate
    const name = JSON.stringify([...new Set(demands)].sort())
    if (this.#last?.demands !== name)
      this.#last = { demands: name, planned: restricted(this.#candidate, this.#options.loaded, demands) }
    return this.#last.planned
  }
}
