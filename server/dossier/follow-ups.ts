import type { Finding } from '../../checks/finding.ts'
import type { RunBody, RunDemand } from '../../checks/run.ts'

type DemandResult = RunBody['demands'][number]

/** What a run says, as far as laying it out goes. */
export interface RunContents {
  readonly run: Pick<RunBody, 'id' | 'startedAt' | 'demands'> & {
    readonly exam: { readonly demands: readonly RunDemand[] }
  }
  readonly findings: readonly Finding[]
}

/** A finding and where it stands: its run, and its place in that run. */
export interface PlacedFinding {
  readonly finding: Finding
  readonly run: string
  readonly ordinal: number
}

/** A demand with what one run found of it; never findings of two runs. */
export interface FollowedDemand {
  readonly demand: RunDemand
  /** Null where the run says nothing of it. */
  readonly result: DemandResult | null
  readonly findings: readonly PlacedFinding[]
  /** The run that they are of, and when it began. */
  readonly run: string
  readonly at: string
  /** Whether that run asked again what the shown one had not observed. */
  readonly again: boolean
  /** When it was asked again and stayed unobserved, the earliest first. */
  readonly inVain: readonly { readonly run: string; readonly at: string }[]
}

/**
 * Joins a run with those that asked again what it had not observed, demand by demand: the first of them that observed
 * something takes the demand whole; where none did, what the shown run says stays. Pure.
 * @param followUps the earliest first.
 */
export function withFollowUps(shown: RunContents, followUps: readonly RunContents[]): FollowedDemand[] {
  const first = byDemand(shown)
  const later = followUps.map((contents) => ({ contents, said: byDemand(contents) }))
  return shown.run.exam.demands.map((demand) => {
    const own = first(demand.id)
    const inVain: { run: string; at: string }[] = []
    if (observed(own.result)) return { demand, ...own, ...origin(shown), again: false, inVain }
    for (const { contents, said } of later) {
      if (!contents.run.exam.demands.some(({ id }) => id === demand.id)) continue
      const again = said(demand.id)
      if (observed(again.result)) return { demand, ...again, ...origin(contents), again: true, inVain }
      inVain.push(origin(contents))
    }
    return { demand, ...own, ...origin(shown), again: false, inVain }
  })
}

const observed = (result: DemandResult | null): boolean => result !== null && result.verdict !== 'unknown'

const origin = ({ run }: RunContents) => ({ run: run.id, at: run.startedAt })

function byDemand({ run, findings }: RunContents) {
  const results = new Map(run.demands.map((result) => [result.demand, result]))
  const placed = Map.groupBy(
    findings.map((finding, ordinal): PlacedFinding => ({ finding, run: run.id, ordinal })),
    ({ finding }) => finding.demand,
  )
  return (demand: string) => ({ result: results.get(demand) ?? null, findings: placed.get(demand) ?? [] })
}
