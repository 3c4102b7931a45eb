import { filled, same, type Text } from './text.ts'
import type { Check } from './define.ts'
import { unknown, type Finding, type Judgement } from './finding.ts'
import { NotObserved, type Failure, type Observation } from './observation.ts'
import { asked, seenBy, type Plan, type PlannedCheck } from './plan.ts'
import { all, any, not } from './verdict.ts'

export interface DemandResult {
  readonly demand: string
  readonly verdict: Finding['verdict']
  readonly alternative: number | null
}

/**
 * Judges a whole plan from its observations: one finding per check (or per cell of its matrix), one verdict per demand.
 * Nothing rolls up above a demand. Pure and total: a check that crashes gives `unknown/grader`, and touches no other.
 */
export function judge(
  plan: Plan,
  observations: ReadonlyMap<string, Observation>,
): { findings: Finding[]; demands: DemandResult[] } {
  const findings = plan.checks.flatMap((planned) => judgeCheck(planned, plan, observations))
  const demands = plan.demands.map((demand): DemandResult => {
    const own = findings.filter((f) => f.demand === demand.id)
    const verdicts = demand.alternatives.map((_, i) =>
      all(own.filter((f) => f.alternative === i).map((f) => f.verdict)),
    )
    const verdict = any(verdicts)
    const matched = verdicts.indexOf('pass')
    return { demand: demand.id, verdict, alternative: verdicts.length > 1 && matched >= 0 ? matched : null }
  })
  return { findings, demands }
}

function judgeCheck(
  planned: PlannedCheck,
  plan: Plan,
  observations: ReadonlyMap<string, Observation>,
): Finding[] {
  const { check, params } = planned
  if (!check) {
    const missing = unknown(
      'grader',
      `check ${planned.checkId} does not exist in this version, or its parameters no longer fit`,
      none,
      { blame: 'grader' },
    )
    return [toFinding(planned, plan, missing, {}, observations)]
  }
  let probes: ReturnType<typeof asked>['probes'] = {}
  try {
    probes = asked(planned, plan.facts, observations).probes
    const judgements = [
      check.judge(seenBy(probes, observations) as never, params, plan.facts),
    ].flat() as Judgement[]
    if (judgements.length === 0) throw new NotObserved('grader', 'the check judged nothing', 'grader')
    return judgements.map((judgement) => toFinding(planned, plan, judgement, probes, observations))
  } catch (error) {
    const expected = expectation(check, params, plan)
    const { cause, detail, blame } =
      error instanceof NotObserved
        ? rootFailure(error.failure, probes, observations)
        : {
            cause: 'grader' as const,
            detail: error instanceof Error ? error.message : 'error',
            blame: 'grader' as const,
          }
    return [toFinding(planned, plan, unknown(cause, detail, expected, { blame }), probes, observations)]
  }
}

/** A question that was never asked because an earlier round of the same check had no answer: the cause is that of the earlier one. */
function rootFailure(
  failure: Failure,
  probes: ReturnType<typeof asked>['probes'],
  observations: ReadonlyMap<string, Observation>,
): Failure {
  if (failure.cause !== 'not-asked') return failure
  return Object.values(seenBy(probes, observations)).find((o) => o.failure !== null)?.failure ?? failure
}

const none: Text = { fr: '—', en: '—' }

function expectation(check: Check, params: unknown, plan: Plan): Text {
  try {
    return check.expects(params, plan.facts)
  } catch {
    return none
  }
}

function toFinding(
  planned: PlannedCheck,
  plan: Plan,
  judgement: Judgement,
  probes: ReturnType<typeof asked>['probes'],
  observations: ReadonlyMap<string, Observation>,
): Finding {
  const { check, demand, params } = planned
  const names = judgement.evidence ?? Object.keys(probes)
  const rests = names.flatMap((name) => (probes[name] ? [probes[name]] : []))
  const first = rests[0]?.probe ?? Object.values(probes)[0]?.probe
  const seen = rests.flatMap(({ key }) => observations.get(key) ?? [])
  const target = first?.to ?? ''
  const expected = planned.not ? negated(judgement.expected) : judgement.expected
  return {
    demand: demand.id,
    alternative: planned.alternative,
    check: planned.checkId,
    says: check ? filled(check.says, Object(params) as Record<string, unknown>) : same(planned.checkId),
    cell: judgement.cell ?? null,
    criteria: [...demand.criteria],
    from: first?.from ?? 'agent',
    target,
    address: plan.facts.targets[target]?.address ?? '',
    transport: seen[0]?.transport ?? '',
    verdict: planned.not ? not(judgement.verdict) : judgement.verdict,
    cause: judgement.cause ?? null,
    blame: judgement.verdict === 'unknown' ? (judgement.blame ?? 'undecidable') : null,
    detail: judgement.detail ?? null,
    expected,
    observed: judgement.observed,
    contradiction: judgement.contradiction ?? false,
    byHand: check ? byHand(check, params, plan) : none,
    evidence: [...new Set(rests.map(({ key }) => key))],
    ms: Math.max(0, ...seen.map((o) => o.ms)),
  }
}

const negated = (text: Text): Text => ({
  fr: `le contraire de : ${text.fr}`,
  en: `the opposite of: ${text.en}`,
})

function byHand(check: Check, params: unknown, plan: Plan): Text {
  try {
    return check.byHand(params, plan.facts)
  } catch {
    return none
  }
}
