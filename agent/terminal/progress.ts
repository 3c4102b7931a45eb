import type { Text } from '../../checks/text.ts'
import type { Cause } from '../../checks/verdict.ts'
import { isConnectionCause } from '../run/blame.ts'
import type { RunEvent } from '../run/runner.ts'

/** How far one candidate's run got: what a surveillant may see of it. No verdict is in here. */
export interface CandidateProgress {
  readonly code: string
  readonly seat: string
  state: 'waiting' | 'running' | 'complete' | 'incomplete'
  asked: number
  answered: number
  /** Roles of the machines that could not be asked, and why. */
  readonly silent: Map<string, Cause>
}

export const stateWords: Readonly<Record<CandidateProgress['state'], Text>> = {
  waiting: { fr: 'en attente', en: 'waiting' },
  running: { fr: 'en cours', en: 'running' },
  complete: { fr: 'terminé', en: 'done' },
  incomplete: { fr: 'interrompu', en: 'interrupted' },
}

/** The progress of all candidates, in the order of the session, fed with the runner's events. */
export class Progress {
  readonly candidates: readonly CandidateProgress[]
  readonly #byCode: ReadonlyMap<string, CandidateProgress>

  constructor(candidates: readonly { readonly code: string; readonly seat: string }[]) {
    this.candidates = candidates.map(({ code, seat }) => ({
      code,
      seat,
      state: 'waiting',
      asked: 0,
      answered: 0,
      silent: new Map(),
    }))
    this.#byCode = new Map(this.candidates.map((c) => [c.code, c]))
  }

  /** Takes one event in, and gives the candidate whose row changed. */
  record(event: RunEvent): CandidateProgress | undefined {
    const candidate = this.#byCode.get(event.candidate)
    if (!candidate) return undefined
    if (event.type === 'started') candidate.state = 'running'
    else if (event.type === 'asking') candidate.asked = event.asked
    else if (event.type === 'ended') candidate.state = event.complete ? 'complete' : 'incomplete'
    else {
      candidate.answered++
      const cause = event.observation.failure?.cause
      if (cause !== undefined && (isConnectionCause(cause) || cause === 'grader'))
        candidate.silent.set(event.role, cause)
    }
    return candidate
  }
}
