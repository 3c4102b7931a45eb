/** What of a run tells whether it is the one to read. */
export interface RunPlace {
  readonly id: string
  /** `start`, `end` or `again`; null where nobody said. */
  readonly stage: string | null
  /** For `again`: the run whose unobserved demands it asked once more. */
  readonly follows: string | null
  readonly complete: boolean
}

/**
 * The run that a dossier shows: the latest complete one of what was left (`end`, or said by nobody), else the latest of
 * them, else one of what was handed out. A run that only asks again is never shown alone. Pure.
 * @param runs of one candidate, the latest first.
 */
export function runToRead<R extends RunPlace>(runs: readonly R[]): R | undefined {
  const ends = runs.filter(({ stage }) => stage !== 'start' && stage !== 'again')
  return completeFirst(ends) ?? startOf(runs)
}

/** The run of what was handed out: the latest complete one, else the latest. Pure. */
export const startOf = <R extends RunPlace>(runs: readonly R[]): R | undefined =>
  completeFirst(runs.filter(({ stage }) => stage === 'start'))

/** The runs that asked again what `shown`, or one of these, had not observed: the earliest first. Pure. */
export function followUpsOf<R extends RunPlace>(shown: string, runs: readonly R[]): R[] {
  const followed = new Set([shown])
  const again = runs.filter(({ stage }) => stage === 'again')
  // A clock that was set back may put a run before the one that it follows.
  for (let before = 0; before !== followed.size;) {
    before = followed.size
    for (const { id, follows } of again) if (follows !== null && followed.has(follows)) followed.add(id)
  }
  return again.filter(({ id }) => id !== shown && followed.has(id)).toReversed()
}

const completeFirst = <R extends RunPlace>(runs: readonly R[]): R | undefined =>
  runs.find(({ complete }) => complete) ?? runs[0]
