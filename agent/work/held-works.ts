import { isConnectionCause } from '../run/blame.ts'
import type { RunEvent } from '../run/runner.ts'
import type { Cause } from '../../checks/verdict.ts'
import type { Progress, Task, Work } from './protocol.ts'

/** A work that this agent has: being done, or done and not yet delivered. */
export interface Held {
  readonly work: Work
  readonly task: Task
  readonly controller: AbortController
  progress: Progress
  /** The server gave it to another, or ended it: nothing is told of it any more. */
  gone: boolean
  running: boolean
}

/** The works of this agent by their id, and how far each is. */
export class HeldWorks {
  readonly #held = new Map<string, Held>()
  #ended: PromiseWithResolvers<void> = Promise.withResolvers()

  get size(): number {
    return this.#held.size
  }

  get running(): Held[] {
    return [...this.#held.values()].filter(({ running }) => running)
  }

  byId(id: string): Held | undefined {
    return this.#held.get(id)
  }

  take(work: Work): Held {
    const { id, kind, candidate } = work
    const held: Held = {
      work,
      task: { id, kind, candidate },
      controller: new AbortController(),
      progress: { asked: 0, answered: 0, silent: [] },
      gone: false,
      running: true,
    }
    this.#held.set(id, held)
    return held
  }

  release(id: string): void {
    if (!this.#held.delete(id)) return
    this.#ended.resolve()
    this.#ended = Promise.withResolvers()
  }

  /** Resolves when the next work is released. */
  get nextRelease(): Promise<void> {
    return this.#ended.promise
  }

  /** How often the server has to hear of them, in ms. */
  get everyMs(): number {
    return Math.min(...[...this.#held.values()].map(({ work }) => (work.leaseSeconds * 1000) / 3))
  }

  /** What a heartbeat says. */
  doing(): ({ readonly work: string } & Progress)[] {
    return [...this.#held.values()].map(({ work, progress }) => ({ work: work.id, ...progress }))
  }
}

/** How far a run is after one more of its events. */
export function advanced(progress: Progress, event: RunEvent): Progress {
  switch (event.type) {
    case 'asking':
      return { ...progress, asked: event.asked }
    case 'answered': {
      const cause = event.observation.failure?.cause
      const silent = new Map(progress.silent.map(({ role, cause }) => [role, cause]))
      if (cause !== undefined && isSilence(cause)) silent.set(event.role, cause)
      return {
        ...progress,
        answered: progress.answered + 1,
        silent: [...silent].map(([role, cause]) => ({ role, cause })),
      }
    }
    default:
      return progress
  }
}

/** The machine could not be asked; anything else is about what it was asked. */
const isSilence = (cause: Cause): boolean => isConnectionCause(cause) || cause === 'grader'
