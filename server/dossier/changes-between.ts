import type { Finding } from '../../checks/finding.ts'

/** What the start and the end say of one thing. */
export interface Change {
  /**
   * `changed`: seen both times, and the verdict or what was observed differs. `same`: seen both times, no difference.
   * `unsaid`: one of them was not observed, was not asked, or can't be told from another; nobody can say.
   */
  readonly kind: 'changed' | 'same' | 'unsaid'
  readonly start: Finding | null
  readonly end: Finding | null
}

/**
 * What the candidate changed: findings of what was handed out beside those of what was left, matched by demand,
 * alternative, check, cell, claim and machines. Those of the end in their order, then those that only the start has. Pure.
 */
export function changesBetween(start: readonly Finding[], end: readonly Finding[]): Change[] {
  const atStart = Map.groupBy(start, identityOf)
  const atEnd = Map.groupBy(end, identityOf)
  return [
    ...end.map((finding): Change => {
      const identity = identityOf(finding)
      const [match, ...more] = atStart.get(identity) ?? []
      // Two that say they are the same can't be told apart: which was which is not guessed.
      if (!match || more.length > 0 || (atEnd.get(identity)?.length ?? 0) > 1)
        return { kind: 'unsaid', start: null, end: finding }
      return { kind: compare(match, finding), start: match, end: finding }
    }),
    ...start
      .filter((finding) => !atEnd.has(identityOf(finding)))
      .map((finding): Change => ({ kind: 'unsaid', start: finding, end: null })),
  ]
}

function compare(start: Finding, end: Finding): Change['kind'] {
  if (start.verdict === 'unknown' || end.verdict === 'unknown') return 'unsaid'
  const same =
    start.verdict === end.verdict &&
    start.observed.fr === end.observed.fr &&
    start.observed.en === end.observed.en
  return same ? 'same' : 'changed'
}

const identityOf = ({ demand, alternative, check, cell, says, from, target }: Finding): string =>
  JSON.stringify([demand, alternative, check, cell?.fr, cell?.en, says.fr, says.en, from, target])
