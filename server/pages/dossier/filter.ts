import type { PlacedFinding } from '../../dossier/follow-ups.ts'
import type { Show } from '../addresses.ts'
import { withoutCheck, type DemandView, type Outline } from './outline.ts'
import { contestsOf, placeOf, type DossierView } from './view.ts'

/** A dossier's outline with only what one filter keeps; criteria and competencies that it empties are left out. Pure. */
export function filterOutline(outline: Outline, show: Show | undefined, view: DossierView): Outline {
  if (show === undefined) return outline
  const kept = (demands: readonly DemandView[]) =>
    demands.flatMap((demand) => filterDemand(demand, show, view))
  return {
    competencies: outline.competencies
      .map((section) => ({
        ...section,
        own: kept(section.own),
        criteria: section.criteria
          .map((one) => ({ ...one, demands: kept(one.demands) }))
          .filter(
            ({ criterion, demands }) =>
              demands.length > 0 || (show === 'jury' && criterion.observable === 'none'),
          ),
      }))
      .filter(({ own, criteria }) => own.length > 0 || criteria.length > 0),
    elsewhere: kept(outline.elsewhere),
  }
}

function filterDemand(demand: DemandView, show: Show, view: DossierView): DemandView[] {
  const { id } = demand.demand
  if (show === 'unread') {
    const read = view.marks.get(id)?.some(({ account }) => account === view.account)
    return read ? [] : [demand]
  }
  const alternatives = demand.alternatives.map((findings) =>
    findings.filter((placed) => keeps[show](placed, view)),
  )
  return keepsBare(demand, show) || alternatives.some((findings) => findings.length > 0)
    ? [{ ...demand, alternatives }]
    : []
}

/** Whether a demand of which there is no finding belongs to what is shown. */
function keepsBare(demand: DemandView, show: Show): boolean {
  if (demand.findings.length > 0) return false
  if (show === 'unobserved') return demand.result === null || demand.result.verdict === 'unknown'
  return show === 'jury' && withoutCheck(demand)
}

const keeps: Record<Exclude<Show, 'unread'>, (placed: PlacedFinding, view: DossierView) => boolean> = {
  unobserved: ({ finding }) => finding.verdict === 'unknown',
  differs: ({ finding }) => finding.verdict === 'fail',
  jury: ({ finding }) => finding.verdict === 'jury',
  contradictions: ({ finding }) => finding.contradiction,
  changed: (placed, view) => view.changes.get(placeOf(placed))?.kind === 'changed',
  contested: (placed, view) => contestsOf(view, placed).some(({ withdrawnAt }) => withdrawnAt === null),
}
