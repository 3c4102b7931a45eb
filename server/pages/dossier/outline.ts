import {
  certificateOf,
  modalitiesOf,
  readingOrder,
  type Competency,
  type Criterion,
  type EvaluatingModality,
  type Referential,
} from '../../../checks/referential/referential.ts'
import type { FollowedDemand, PlacedFinding } from '../../dossier/follow-ups.ts'
import type { RunHeader } from '../../store/store.ts'

/** A demand with everything that was found of it. */
export interface DemandView extends FollowedDemand {
  /** Findings by accepted alternative, in the order of the run; one list where there is only one. */
  readonly alternatives: readonly (readonly PlacedFinding[])[]
  /** The criterion (or the competency, where it has none) under which it is printed; null outside the certificate. */
  readonly printedUnder: string | null
}

/** Whether the paper asks for something that no check looks at. */
export const withoutCheck = ({ demand }: DemandView): boolean => demand.alternatives.flat().length === 0

/** The demands of an outline, each once, in the order in which they are printed. */
export const printedDemands = ({ competencies, elsewhere }: Outline): DemandView[] => [
  ...competencies.flatMap(({ competency, own, criteria }) => [
    ...own.filter(({ printedUnder }) => printedUnder === competency.id),
    ...criteria.flatMap(({ criterion, demands }) =>
      demands.filter(({ printedUnder }) => printedUnder === criterion.id),
    ),
  ]),
  ...elsewhere,
]

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
 * @param demands of the run, joined with those that asked again.
 */
export function layOut(
  run: Pick<RunHeader, 'exam'>,
  demands: readonly FollowedDemand[],
  referential: Referential | null,
): Outline {
  const order =
    referential && certificateOf(referential, run.exam.certificate)
      ? readingOrder(referential, run.exam.certificate)
      : []
  const competencies = order.flatMap((id) => referential?.competencies.find((c) => c.id === id) ?? [])
  const places = competencies.flatMap((c) => (c.criteria.length === 0 ? [c.id] : c.criteria.map((k) => k.id)))

  const views = demands.map((followed): DemandView => {
    const { demand, findings } = followed
    const alternativeOf = ({ finding }: PlacedFinding) => Math.min(finding.alternative, 99)
    const count = Math.max(demand.alternatives.length, 1, ...findings.map((f) => alternativeOf(f) + 1))
    return {
      ...followed,
      alternatives: Array.from({ length: count }, (_, i) => findings.filter((f) => alternativeOf(f) === i)),
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
