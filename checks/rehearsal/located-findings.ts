import type { Check } from '../define.ts'
import type { Finding } from '../finding.ts'
import { judge } from '../judgement.ts'
import type { Observation } from '../observation.ts'
import { asked, planFromRun, type Plan, type PlannedCheck } from '../plan.ts'
import type { RunBody } from '../run.ts'

export type Catalogue = ReadonlyMap<string, Check>

/** A finding as it was recorded, and which check of the exam it is of. */
export interface LocatedFinding {
  readonly finding: Finding
  /**
   * Position of the check in its alternative, from 0; null where a recorded run was judged by other checks than today's, and
   * nothing says which finding is whose.
   */
  readonly call: number | null
}

/** Every finding of a run with the place of its check. What was recorded stays as it was: nothing is judged otherwise here. */
export function locatedFindings(run: RunBody, catalogue: Catalogue): LocatedFinding[] {
  const plan = planFromRun(run, catalogue)
  const observations = new Map(Object.entries(run.observations))
  // Judging each check by itself says how many findings it gives: they follow one another in the run in that order.
  const places = plan.checks.flatMap((planned) =>
    judge({ ...plan, demands: [planned.demand], checks: [planned] }, observations).findings.map(() => ({
      planned,
      call: positionOf(planned, plan),
    })),
  )
  const agree =
    places.length === run.findings.length &&
    run.findings.every(({ demand, alternative, check }, i) => {
      const planned = places[i]?.planned
      return planned?.demand.id === demand && planned.alternative === alternative && planned.checkId === check
    })
  return run.findings.map((finding, i) => ({ finding, call: agree ? (places[i]?.call ?? null) : null }))
}

const positionOf = (planned: PlannedCheck, { checks }: Plan): number =>
  checks.filter((c) => c.demand === planned.demand && c.alternative === planned.alternative).indexOf(planned)

/** How long the questions of one check of the exam took. */
export interface CheckTime {
  readonly demand: string
  readonly alternative: number
  readonly call: number
  readonly check: string
  readonly ms: number
}

/**
 * The time during which at least one question of each check was under way and then answered; questions asked side by side
 * count once. A question that failed says nothing of how long the check takes.
 */
export function timesOf(run: RunBody, catalogue: Catalogue): CheckTime[] {
  const plan = planFromRun(run, catalogue)
  const observations = new Map(Object.entries(run.observations))
  return plan.checks.map((planned) => ({
    demand: planned.demand.id,
    alternative: planned.alternative,
    call: positionOf(planned, plan),
    check: planned.checkId,
    ms: covered(observationsOf(planned, plan, observations).filter(({ answer }) => answer !== null)),
  }))
}

function observationsOf(
  planned: PlannedCheck,
  { facts }: Plan,
  observations: ReadonlyMap<string, Observation>,
): Observation[] {
  let probes: ReturnType<typeof asked>['probes']
  try {
    probes = asked(planned, facts, observations).probes
  } catch {
    return [] // its judgement says `grader`
  }
  const keys = new Set(Object.values(probes).map(({ key }) => key))
  return [...keys].flatMap((key) => observations.get(key) ?? [])
}

/** Length of the union of the intervals [at, at + ms]. */
function covered(observations: readonly Observation[]): number {
  const intervals = observations
    .map(({ at, ms }) => ({ from: Date.parse(at), to: Date.parse(at) + ms }))
    .sort((a, b) => a.from - b.from)
  let total = 0
  let end = Number.NEGATIVE_INFINITY
  for (const { from, to } of intervals) {
    if (to > end) total += to - Math.max(from, end)
    end = Math.max(end, to)
  }
  return total
}
