import type { Verdict } from '../../checks/verdict.ts'

export type Verdicts = Readonly<Record<string, Verdict>>

/**
 * What became of a demand since the last try: `gained` and `lost` were both observed, `unseen` was « constaté » and can't be
 * verified now, `first` has no try before it, `moved` is another verdict than these.
 */
export type Change = 'gained' | 'lost' | 'unseen' | 'moved' | 'same' | 'first'

/** One demand beside its last try. */
export function changeOf(before: Verdict | undefined, now: Verdict): Change {
  if (before === undefined) return 'first'
  if (before === now) return 'same'
  if (now === 'pass') return 'gained'
  if (before === 'pass') return now === 'fail' ? 'lost' : now === 'unknown' ? 'unseen' : 'moved'
  return 'moved'
}

export interface Comparison {
  readonly lost: readonly string[]
  readonly unseen: readonly string[]
  readonly gained: readonly string[]
  readonly moved: readonly string[]
  readonly same: readonly string[]
}

/** Demands by what became of them, each list in the order of `now`. A demand that was not there before is in none. */
export function compared(before: Verdicts, now: Verdicts): Comparison {
  const by = (change: Change) =>
    Object.entries(now).flatMap(([demand, verdict]) =>
      changeOf(Object.hasOwn(before, demand) ? before[demand] : undefined, verdict) === change
        ? [demand]
        : [],
    )
  return {
    lost: by('lost'),
    unseen: by('unseen'),
    gained: by('gained'),
    moved: by('moved'),
    same: by('same'),
  }
}

/** Whether a demand is looked at again: everything but what was observed as asked, and what no machine can change. */
export const isOpen = (verdict: Verdict): boolean => verdict === 'fail' || verdict === 'unknown'
