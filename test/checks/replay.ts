import type { Check, Facts } from '../../checks/define.ts'
import type { Judgement } from '../../checks/finding.ts'
import { NotObserved, type Observation } from '../../checks/observation.ts'
import { probeKey, type Probe } from '../../checks/probe.ts'
import type { Cause, Verdict } from '../../checks/verdict.ts'

export interface Replayed {
  readonly verdict: Verdict
  readonly cause: Cause | null
  readonly contradiction: boolean
  readonly judgement: Judgement | null
}

/** What a check asks, round after round, when it is answered with the observations given (by name of the probe). */
export function questions(
  check: Check,
  params: unknown,
  facts: Facts,
  observations: Readonly<Record<string, Observation>>,
): Record<string, Probe> {
  const parsed = check.params.parse(params)
  const asked: Record<string, Probe> = { ...check.probes(parsed, facts, [parsed]) }
  for (let round = 0; check.then && round < 8; round++) {
    let more: Record<string, Probe>
    try {
      more = check.then(seenOf(asked, observations), parsed, facts)
    } catch (error) {
      if (error instanceof NotObserved) break // its judgement says why
      throw error
    }
    const names = Object.keys(more).filter((name) => !(name in asked))
    if (names.length === 0) break
    for (const name of names) asked[name] = more[name] as Probe
  }
  return asked
}

const seenOf = (asked: Record<string, Probe>, observations: Readonly<Record<string, Observation>>) =>
  Object.fromEntries(
    Object.keys(asked).flatMap((name) => (observations[name] ? [[name, observations[name]]] : [])),
  ) as Record<string, Observation>

/** Judges recorded observations; a failure that an accessor met is `unknown` with its cause, as in a real run. */
export function replay(
  check: Check,
  params: unknown,
  facts: Facts,
  observations: Readonly<Record<string, Observation>>,
): Replayed[] {
  const parsed = check.params.parse(params)
  try {
    const seen = seenOf(questions(check, params, facts, observations), observations)
    const given = check.judge(seen as never, parsed, facts)
    return (Array.isArray(given) ? (given as Judgement[]) : [given as Judgement]).map((judgement) => ({
      verdict: judgement.verdict,
      cause: judgement.cause ?? null,
      contradiction: judgement.contradiction ?? false,
      judgement,
    }))
  } catch (error) {
    if (!(error instanceof NotObserved)) throw error
    return [{ verdict: 'unknown', cause: error.failure.cause, contradiction: false, judgement: null }]
  }
}

/** Names of the recorded answers that belong to another question than the check asks now. */
export function staleAnswers(
  check: Check,
  params: unknown,
  facts: Facts,
  observations: Readonly<Record<string, Observation>>,
): string[] {
  const asked = questions(check, params, facts, observations)
  return Object.entries(observations).flatMap(([name, observation]) => {
    const probe = asked[name]
    return probe && probeKey(probe) === observation.probe ? [] : [name]
  })
}
