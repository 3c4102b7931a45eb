import type { Observation } from '../../checks/observation.ts'
import { controlAnswers } from './control.ts'
import { Limit } from './limit.ts'

/** Machines that one agent asks at once, over everything that it does. */
export const defaultJobs = 64

/** An answer that a shared machine gave or is about to give; null where nothing came that is of use to others. */
interface SharedAnswer {
  /** When it was asked for, ms since the epoch: before the machine was. */
  readonly at: number
  readonly observation: Promise<Observation | null>
}

/**
 * What all runs of one session have in common, also those that a server asks for one after the other: how many machines
 * are asked at once, how many candidates a shared machine serves at once, what it answered, and the room's control.
 */
export class Room {
  readonly machines: Limit
  readonly #shared = new Map<string, Limit>()
  readonly #answers = new Map<string, SharedAnswer>()
  readonly #control: string | undefined
  #asked: { readonly at: number; readonly answer: Promise<boolean | null> } | undefined

  /**
   * @param control address of the session's control, where it names one.
   * @param machines may be given to several rooms, whose machines are then counted together.
   */
  constructor(control: string | undefined, machines: Limit = new Limit(defaultJobs)) {
    this.#control = control
    this.machines = machines
  }

  /** How many candidates at once a shared machine is asked for. */
  sharedMachine({ name, candidates }: { readonly name: string; readonly candidates: number }): Limit {
    const limit = this.#shared.get(name) ?? new Limit(candidates)
    this.#shared.set(name, limit)
    return limit
  }

  /**
   * The answer to an identical question about a shared machine, which is the same for everybody; but never one that was
   * asked for before `since` (ms since the epoch): what a run tells of is not older than the run.
   */
  answerSince(question: string, since: number): SharedAnswer['observation'] | undefined {
    const known = this.#answers.get(question)
    return known && known.at >= since ? known.observation : undefined
  }

  /** Says that a question is being asked; whoever says it settles the promise, whatever happens. */
  promise(question: string, observation: SharedAnswer['observation']): void {
    this.#answers.set(question, { at: Date.now(), observation })
  }

  /** Whether the control answers; null where there is none, or it could not be asked. */
  control(): Promise<boolean | null> {
    const address = this.#control
    if (address === undefined) return Promise.resolve(null)
    // The control belongs to the same moment as the failure that it explains: asked anew after ten seconds.
    if (!this.#asked || Date.now() - this.#asked.at > 10_000)
      this.#asked = {
        at: Date.now(),
        answer: controlAnswers(address, AbortSignal.timeout(5000)).catch(() => null),
      }
    return this.#asked.answer
  }
}
