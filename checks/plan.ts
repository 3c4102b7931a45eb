import type { Check, Facts } from './define.ts'
import type { Diagnostic } from './document.ts'
import { schemaDiagnostics } from './document.ts'
import type { Exam } from './exam.ts'
import { NotObserved, type Observation } from './observation.ts'
import { resolvePlaceholders } from './placeholder.ts'
import { probeKey, type Probe } from './probe.ts'
import type { RunBody, RunDemand } from './run.ts'
import { factsOf } from './session-reader.ts'
import type { ResolvedCandidate } from './session.ts'

/** One check of one alternative of one demand, its parameters resolved and typed. */
export interface PlannedCheck {
  readonly demand: RunDemand
  readonly alternative: number
  /** Null where a recorded run names a check that this version does not have. */
  readonly check: Check | null
  readonly checkId: string
  readonly params: unknown
  /** The parameters of every use of this check in the exam; its own alone where absent. */
  readonly siblings?: readonly unknown[]
  readonly not: boolean
}

/** Everything that will be asked of one candidate's machines, and how it will be judged. */
export interface Plan {
  readonly demands: readonly RunDemand[]
  readonly checks: readonly PlannedCheck[]
  readonly facts: Facts
}

type Catalogue = ReadonlyMap<string, Check>

/** Plans an exam for one candidate. Parameters that don't fit once their placeholders are resolved are said at their place. */
export function planCandidate(
  exam: Exam,
  resolved: ResolvedCandidate,
): { plan: Plan; diagnostics: Diagnostic[] } {
  const { variables } = resolved
  const diagnostics: Diagnostic[] = []
  const fill = (value: unknown) => resolvePlaceholders(value, variables).value
  const demands = exam.demands.map((demand): RunDemand => ({
    id: demand.id,
    text: String(fill(demand.text)),
    criteria: [...demand.criteria],
    question: demand.question === null ? null : String(fill(demand.question)),
    transient: demand.transient,
    alternatives: demand.alternatives.map((calls) =>
      calls.map(({ check, params, not, path }) => {
        const filled = fill(params) as Record<string, unknown>
        const parsed = check.params.safeParse(filled, { reportInput: true })
        if (!parsed.success)
          diagnostics.push(...schemaDiagnostics(exam.document, parsed.error, path, check.params))
        return { check: check.id, params: filled, not }
      }),
    ),
  }))
  const catalogue = new Map(
    exam.demands.flatMap((d) => d.alternatives.flat().map((c) => [c.check.id, c.check] as const)),
  )
  const facts = factsOf(exam, resolved)
  if (diagnostics.length > 0) return { plan: { demands, checks: [], facts }, diagnostics }
  return { plan: { demands, checks: plannedChecks(demands, catalogue), facts }, diagnostics }
}

/** Plans again from a recorded run, with the checks of today. */
export function planFromRun(run: RunBody, catalogue: Catalogue): Plan {
  return { demands: run.exam.demands, checks: plannedChecks(run.exam.demands, catalogue), facts: run.facts }
}

function plannedChecks(demands: readonly RunDemand[], catalogue: Catalogue): PlannedCheck[] {
  const siblings = new Map<Check, unknown[]>()
  return demands.flatMap((demand) =>
    demand.alternatives.flatMap((calls, alternative) =>
      calls.map(({ check: checkId, params, not }): PlannedCheck => {
        const check = catalogue.get(checkId) ?? null
        const parsed = check?.params.safeParse(params)
        const together = (check && siblings.get(check)) ?? []
        if (check && parsed?.success) siblings.set(check, together)
        if (parsed?.success) together.push(parsed.data)
        return {
          demand,
          alternative,
          checkId,
          check: parsed?.success ? check : null,
          params: parsed?.data,
          siblings: together,
          not,
        }
      }),
    ),
  )
}

/** The probes of one planned check, by the name that the check gives them, as far as the observations allow to know them. */
export interface Asked {
  readonly probes: Readonly<Record<string, { readonly key: string; readonly probe: Probe }>>
  /** Whether every round has been asked. */
  readonly finished: boolean
}

const MAX_ROUNDS = 5
const keyed = (probes: Record<string, Probe>) =>
  Object.fromEntries(Object.entries(probes).map(([name, probe]) => [name, { key: probeKey(probe), probe }]))

/** The first round depends on the plan alone: it is made once, as every round and the judgement begin with it. */
const firstRounds = new WeakMap<Facts, WeakMap<PlannedCheck, Asked['probes']>>()
function firstRound(planned: PlannedCheck, check: Check, facts: Facts): Asked['probes'] {
  let ofFacts = firstRounds.get(facts)
  if (!ofFacts) firstRounds.set(facts, (ofFacts = new WeakMap()))
  let probes = ofFacts.get(planned)
  if (!probes)
    ofFacts.set(
      planned,
      (probes = keyed(check.probes(planned.params, facts, planned.siblings ?? [planned.params]))),
    )
  return probes
}

/**
 * What a planned check asks, round after round, given what was observed: the same for the same arguments.
 * A check that throws in a later round has asked all it can; its judgement will say why. Observations may be added to
 * the map afterwards, never changed: a check that has asked everything is not planned again.
 */
export function asked(
  planned: PlannedCheck,
  facts: Facts,
  observations: ReadonlyMap<string, Observation>,
): Asked {
  let ofObservations = finishedChecks.get(observations)
  if (!ofObservations) finishedChecks.set(observations, (ofObservations = new WeakMap()))
  const known = ofObservations.get(planned)
  if (known?.facts === facts) return known.asked
  const result = askedSoFar(planned, facts, observations)
  if (result.finished) ofObservations.set(planned, { facts, asked: result })
  return result
}

const finishedChecks = new WeakMap<
  ReadonlyMap<string, Observation>,
  WeakMap<PlannedCheck, { readonly facts: Facts; readonly asked: Asked }>
>()

function askedSoFar(
  planned: PlannedCheck,
  facts: Facts,
  observations: ReadonlyMap<string, Observation>,
): Asked {
  const { check, params } = planned
  if (!check) return { probes: {}, finished: true }
  let probes = firstRound(planned, check, facts)
  for (let round = 0; round < MAX_ROUNDS; round++) {
    const all = Object.values(probes)
    if (!all.every(({ key }) => observations.has(key))) return { probes, finished: false }
    if (!check.then) break
    let more: Record<string, Probe>
    try {
      more = check.then(seenBy(probes, observations) as never, params, facts)
    } catch (error) {
      if (error instanceof NotObserved) break
      throw error
    }
    const added = keyed(more)
    if (Object.keys(added).every((name) => name in probes)) break
    probes = { ...probes, ...added }
  }
  return { probes, finished: Object.values(probes).every(({ key }) => observations.has(key)) }
}

/** The observations of a check's probes, under the names that its judgement knows them by. */
export function seenBy(
  probes: Asked['probes'],
  observations: ReadonlyMap<string, Observation>,
): Record<string, Observation> {
  return Object.fromEntries(
    Object.entries(probes).flatMap(([name, { key }]) => {
      const observation = observations.get(key)
      return observation ? [[name, observation]] : []
    }),
  )
}

/** The next round of a whole plan: every probe not yet observed, each once, by its key. Empty when all is asked. */
export function nextRound(plan: Plan, observations: ReadonlyMap<string, Observation>): Map<string, Probe> {
  const round = new Map<string, Probe>()
  for (const planned of plan.checks) {
    let probes: Asked['probes']
    try {
      probes = asked(planned, plan.facts, observations).probes
    } catch {
      continue // a check that fails by its own fault asks nothing more; its judgement says `grader`
    }
    for (const { key, probe } of Object.values(probes)) {
      // A question that leaves a trace needs the consent of a demand; without it, it is `unknown/not-asked`.
      if (probe.effect === 'transient' && !planned.demand.transient) continue
      if (!observations.has(key)) round.set(key, probe)
    }
  }
  return round
}
