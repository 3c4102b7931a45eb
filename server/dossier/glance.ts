import { readingOrder, certificateOf, type Referential } from '../../checks/referential/referential.ts'
import { verdictSchema, type Verdict } from '../../checks/verdict.ts'
import type { DossierOutline, Unobserved } from '../store/store.ts'
import { withFollowUps } from './follow-ups.ts'

/** How far a reader got. */
export type ReadState = 'all' | 'some' | 'none'

/** One candidate and one competency: how many demands have each verdict. Nothing is added up. */
export interface GlanceCell {
  readonly competency: string
  /** Only verdicts that occur, in the order of the enum. */
  readonly verdicts: readonly { readonly verdict: Verdict; readonly demands: number }[]
  /** Demands that the run says nothing of. */
  readonly unexamined: number
  /** Null where nothing was asked. */
  readonly read: ReadState | null
}

export interface GlanceRow {
  readonly outline: DossierOutline
  readonly cells: readonly GlanceCell[]
  readonly read: ReadState
  readonly unobserved: readonly Unobserved[]
}

/** Ids of the competencies of a certificate in its order; none where the référentiel is not known. */
export const competenciesOf = (referential: Referential | null, certificate: string): string[] =>
  referential && certificateOf(referential, certificate) ? readingOrder(referential, certificate) : []

/**
 * A candidate's dossier as one row: competency by competency, how many of its demands have each verdict. A demand that
 * bears on several competencies is under each. Pure.
 * @param read ids of the demands that the reader has read.
 */
export function glanceRow(
  outline: DossierOutline,
  referential: Referential | null,
  competencies: readonly string[],
  read: ReadonlySet<string>,
): GlanceRow {
  const [shown, ...followUps] = outline.runs.map((run) => ({ run, findings: [] }))
  const demands = shown ? withFollowUps(shown, followUps) : []
  const stateOf = (ids: readonly string[]): ReadState =>
    ids.every((id) => read.has(id)) ? 'all' : ids.some((id) => read.has(id)) ? 'some' : 'none'
  const cells = competencies.map((id): GlanceCell => {
    const criteria = referential?.competencies.find((c) => c.id === id)?.criteria.map((k) => k.id) ?? []
    const places = new Set(criteria.length === 0 ? [id] : criteria)
    const own = demands.filter(({ demand }) => demand.criteria.some((criterion) => places.has(criterion)))
    return {
      competency: id,
      verdicts: verdictSchema.options
        .map((verdict) => ({
          verdict,
          demands: own.filter(({ result }) => result?.verdict === verdict).length,
        }))
        .filter((one) => one.demands > 0),
      unexamined: own.filter(({ result }) => result === null).length,
      read: own.length === 0 ? null : stateOf(own.map(({ demand }) => demand.id)),
    }
  })
  const runOf = new Map(demands.map(({ demand, run }) => [demand.id, run]))
  const unobserved = new Map<string, Unobserved>()
  for (const { run, demand, ...one } of outline.unobserved)
    if (runOf.get(demand) === run) unobserved.set(JSON.stringify(Object.values(one)), one)
  const ids = demands.map(({ demand }) => demand.id)
  return {
    outline,
    cells,
    read: ids.length === 0 ? 'none' : stateOf(ids),
    unobserved: [...unobserved.values()],
  }
}
