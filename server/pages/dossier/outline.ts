import type { Finding } from '../../../checks/finding.ts'
import {
  certificateOf,
  modalitiesOf,
  readingOrder,
  type Competency,
  type Criterion,
  type EvaluatingModality,
  type Referential,
} from '../../../checks/referential/referential.ts'
import type { RunDemand } from '../../../checks/run.ts'
import type { Verdict } from '../../../checks/verdict.ts'
import type { RunHeader } from '../../store/store.ts'

/** A demand with everything that was found of it. */
export interface DemandView {
  readonly demand: RunDemand
  /** Null where the run says nothing of it. */
  readonly result: { readonly verdict: Verdict; readonly alternative: number | null } | null
  /** Findings by accepted alternative, in the order of the run; one list where there is only one. */
  readonly alternatives: readonly (readonly Finding[])[]
  /** The criterion (or the competency, where it has none) under which it is printed; null outside the certificate. */
  readonly printedUnder: string | null
}

export interface CriterionSection {
  readonly criterion: Criterion
  readonly demands: readonly DemandView[]
}

export interface CompetencySection {
  readonly competency: Competency
  readonly modalities: readonly EvaluatingModality[]
  /** Demands mapped to the competency itself: only where the référentiel gives it no criterion. */
  readonly own: readonly DemandView[]
  readonly criteria: readonly CriterionSection[]
}

export interface Outline {
  readonly competencies: readonly CompetencySection[]
  /** Demands that no criterion of this certificate takes: nothing of a run is left out. */
  readonly elsewhere: readonly DemandView[]
}

/**
 * Lays a run out in the reading order of its certificate: competency, criterion, demand. A demand that bears on several
 * criteria is under each, and printed under the first of them (`printedUnder`). Pure.
 */
export function layOut(
  run: RunHeader,
  findings: readonly Finding[],
  referential: Referential | null,
): Outline {
  const order =
    referential && certificateOf(referential, run.exam.certificate)
      ? readingOrder(referential, run.exam.certificate)
      : []
  const competencies = order.flatMap((id) => referential?.competencies.find((c) => c.id === id) ?? [])
  const places = competencies.flatMap((c) => (c.criteria.length === 0 ? [c.id] : c.criteria.map((k) => k.id)))
  const results = new Map(run.demands.map((result) => [result.demand, result]))
  const byDemand = Map.groupBy(findings, (finding) => finding.demand)

  const views = run.exam.demands.map((demand): DemandView => {
    const own = byDemand.get(demand.id) ?? []
    const count = Math.max(demand.alternatives.length, 1, ...own.map((f) => Math.min(f.alternative, 99) + 1))
    return {
      demand,
      result: results.get(demand.id) ?? null,
      alternatives: Array.from({ length: count }, (_, i) =>
        own.filter((f) => Math.min(f.alternative, 99) === i),
      ),
      printedUnder: places.find((id) => demand.criteria.includes(id)) ?? null,
    }
  })
  const under = (id: string) => views.filter((view) => view.demand.criteria.includes(id))
  return {
    competencies: competencies.map((competency) => ({
      competency,
      modalities: referential ? modalitiesOf(referential, run.exam.certificate, competency.id) : [],
      own: competency.criteria.length === 0 ? under(competency.id) : [],
      criteria: competency.criteria.map((criterion) => ({ criterion, demands: under(criterion.id) })),
    })),
    elsewhere: views.filter((view) => view.printedUnder === null),
  }
}
