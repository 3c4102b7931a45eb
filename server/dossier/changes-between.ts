import type { Finding } from '../../checks/finding.ts'

/** What the start and the end say of one thing. */
export interface Change {
  /**
   * `changed`: seen both times, and the verdict or what was observed differs. `same`: seen both times, no difference but of
   * moments and durations. `unsaid`: one of them was not observed, was not asked, or can't be told from another; nobody can
   * say.
   */
  readonly kind: 'changed' | 'same' | 'unsaid'
  readonly start: Finding | null
  readonly end: Finding | null
}

/**
 * What the candidate changed: findings of what was handed out beside those of what was left, matched by demand,
 * alternative, check, cell, claim and machines; where several are the same by these, by what was expected as well. Those of
 * the end in their order, then those that only the start has. Pure.
 */
export function changesBetween(start: readonly Finding[], end: readonly Finding[]): Change[] {
  const atStart = Map.groupBy(start, identityOf)
  const atEnd = Map.groupBy(end, identityOf)
  return [
    ...end.map((finding): Change => {
      const identity = identityOf(finding)
      const match = only(finding, atStart.get(identity) ?? [], atEnd.get(identity) ?? [])
      return match
        ? { kind: compare(match, finding), start: match, end: finding }
        : { kind: 'unsaid', start: null, end: finding }
    }),
    ...start
      .filter((finding) => !atEnd.has(identityOf(finding)))
      .map((finding): Change => ({ kind: 'unsaid', start: finding, end: null })),
  ]
}

/** The one of the start that is a finding's; null where two can't be told apart: which was which is not guessed. */
function only(finding: Finding, starts: readonly Finding[], ends: readonly Finding[]): Finding | null {
  if (starts.length < 2 && ends.length < 2) return starts[0] ?? null
  const alike = ({ expected }: Finding) =>
    expected.fr === finding.expected.fr && expected.en === finding.expected.en
  const [match = null, ...more] = starts.filter(alike)
  return more.length > 0 || ends.filter(alike).length > 1 ? null : match
}

function compare(start: Finding, end: Finding): Change['kind'] {
  if (start.verdict === 'unknown' || end.verdict === 'unknown') return 'unsaid'
  const same =
    start.verdict === end.verdict &&
    lasting(start.observed.fr) === lasting(end.observed.fr) &&
    lasting(start.observed.en) === lasting(end.observed.en)
  return same ? 'same' : 'changed'
}

/** What is said without what is another one at every look, whoever does nothing: how long it took, and when. */
const lasting = (observed: string): string =>
  observed.replace(/\d+(?:[.,]\d+)?\sms\b|\d{4}-\d\d-\d\d[T ]\d\d:\d\d(?::\d\d(?:\.\d+)?)?/g, '…')

const identityOf = ({ demand, alternative, check, cell, says, from, target }: Finding): string =>
  JSON.stringify([demand, alternative, check, cell?.fr, cell?.en, says.fr, says.en, from, target])
