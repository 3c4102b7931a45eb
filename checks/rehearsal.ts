import type { Diagnostic, Path } from './document.ts'
import type { Demand, Exam } from './exam.ts'
import type { Finding } from './finding.ts'
import { timesOf, type Catalogue, type LocatedFinding } from './rehearsal/located-findings.ts'
import { pairedFindings, type PairedFinding, type RehearsedRuns } from './rehearsal/paired-findings.ts'
import { reviewOf, type Review, type TextContradiction } from './rehearsal/review.ts'
import type { Criterion } from './referential/referential.ts'
import type { RunBody } from './run.ts'
import type { Text } from './text.ts'
import { all, type Verdict } from './verdict.ts'

export type { RehearsedRuns } from './rehearsal/paired-findings.ts'

/** Line and column, from 1, in the exam's file. */
export type Place = Pick<Diagnostic, 'file' | 'line' | 'column'>

/** The three runs, by what they were of. */
export type RehearsalStage = keyof RehearsedRuns

/** One demand in the three runs. */
export interface RehearsedDemand {
  readonly demand: string
  readonly place: Place
  readonly verdicts: Readonly<Record<RehearsalStage, Verdict>>
}

/** What the text of a demand says, and what its check expects; `place` is that of the check's value. */
export interface SaidOtherwise {
  readonly inText: string
  readonly inCheck: string
  readonly place: Place
}

interface OfDemand {
  readonly demand: string
  readonly place: Place
  /** Which accepted alternative, from 0; null where the demand has only one. */
  readonly alternative: number | null
}

/** What keeps an exam from being proved, as it was seen and no more. */
export type Problem =
  /** Constaté on the machines as handed out. `alternative`: the only one of several that is. */
  | ({ readonly kind: 'given-for-free'; readonly findings: readonly Finding[] } & OfDemand)
  /** Non constaté on the model answer, where the text says one value and the check expects another. */
  | ({
      readonly kind: 'contradicts-text'
      readonly finding: Finding
      readonly contradictions: readonly SaidOtherwise[]
    } & OfDemand)
  /** Two looks at the model answer say two things. Null: that run has no such finding. */
  | ({ readonly kind: 'flapping'; readonly model: Finding | null; readonly again: Finding | null } & OfDemand)
  /** Non constaté on the model answer both times. `before`: what the machines as handed out said, where it was constaté. */
  | ({ readonly kind: 'cannot-pass'; readonly finding: Finding; readonly before: Finding | null } & OfDemand)
  /** Non vérifié on the model answer both times. */
  | ({ readonly kind: 'unknown-on-model'; readonly finding: Finding } & OfDemand)
  /** A run that did not go to its end. */
  | { readonly kind: 'incomplete-run'; readonly stage: RehearsalStage }
  /** All is non vérifié on the machines as handed out: that no demand passes there says nothing. */
  | { readonly kind: 'nothing-observed'; readonly stage: 'handedOut' }
export type ProblemKind = Problem['kind']

/** What an author should know, and what doesn't keep the exam from being proved. */
export type Warning =
  | { readonly kind: 'uncovered-criterion'; readonly criterion: Criterion; readonly place: Place }
  | ({ readonly kind: 'single-vantage'; readonly check: string; readonly suggestion: Text } & OfDemand)
  /** The questions of a check took longer than a second. */
  | ({ readonly kind: 'slow-check'; readonly check: string; readonly ms: number } & OfDemand)
  /** The text says one value and the check expects another, yet the demand is constaté on the model answer. */
  | ({ readonly kind: 'text-differs'; readonly contradictions: readonly SaidOtherwise[] } & OfDemand)
  /** The demand is proved by another alternative; nobody saw this one pass. */
  | ({ readonly kind: 'alternative-unproved' } & OfDemand)
export type WarningKind = Warning['kind']

/** What stayed non vérifié on the machines as handed out, with its cause in the finding. */
export interface LeftUnknown extends OfDemand {
  readonly finding: Finding
}

/** What three runs prove of an exam. */
export interface Rehearsal {
  /**
   * `proved`: nothing was constaté on the machines as handed out, all was on the model answer, twice. `not-verified`: only what
   * could not be observed stands in the way. `unproved`: something that was seen does.
   */
  readonly outcome: 'proved' | 'not-verified' | 'unproved'
  readonly demands: readonly RehearsedDemand[]
  readonly problems: readonly Problem[]
  readonly warnings: readonly Warning[]
  readonly unknowns: readonly LeftUnknown[]
  /** Demands of the model answer that only the jury can appreciate (`jury`) or that don't apply (`na`): no run proves them. */
  readonly unprovable: readonly { readonly demand: string; readonly verdict: 'jury' | 'na' }[]
}

const SLOW_MS = 1000

/**
 * What three runs say of an exam: pure, from what was recorded. `runs` are whole runs of this exam, `model` and `again` of the
 * same machines. Nothing is added up, and a verdict stays as it was judged.
 */
export function rehearsalOf(exam: Exam, runs: RehearsedRuns, catalogue: Catalogue): Rehearsal {
  const review = reviewOf(exam, runs.model)
  const pairs = pairedFindings(runs, catalogue)
  const once = pairs.filter((pair) => !isRepeated(exam, some(pair)))
  const demands = exam.demands.map((demand) => ({
    demand: demand.id,
    place: placeOf(exam, demand.path),
    verdicts: {
      handedOut: verdictOf(runs.handedOut, demand.id),
      model: verdictOf(runs.model, demand.id),
      again: verdictOf(runs.again, demand.id),
    },
  }))
  const problems: Problem[] = [
    ...incomplete(runs),
    ...exam.demands.flatMap((demand, i) => {
      const own = pairs.filter((pair) => some(pair).finding.demand === demand.id)
      const { verdicts } = demands[i]!
      return [
        ...givenForFree(exam, demand, runs.handedOut, own),
        ...flapping(
          exam,
          demand,
          own.filter((pair) => once.includes(pair)),
        ),
        ...notProved(
          exam,
          demand,
          verdicts,
          own.filter((pair) => once.includes(pair)),
          review,
        ),
      ]
    }),
  ]
  return {
    outcome: problems.length === 0 ? 'proved' : problems.every(restsOnUnknown) ? 'not-verified' : 'unproved',
    demands,
    problems,
    warnings: warningsOf(exam, runs, demands, pairs, review, problems, catalogue),
    unknowns: once.flatMap(({ handedOut }) =>
      handedOut?.finding.verdict === 'unknown'
        ? [{ ...ofFinding(exam, handedOut), finding: handedOut.finding }]
        : [],
    ),
    unprovable: demands.flatMap(({ demand, verdicts: { model } }) =>
      model === 'jury' || model === 'na' ? [{ demand, verdict: model }] : [],
    ),
  }
}

const verdictOf = (run: RunBody, demand: string): Verdict =>
  run.demands.find((d) => d.demand === demand)?.verdict ?? 'unknown'

const some = ({ handedOut, model, again }: PairedFinding): LocatedFinding => (model ?? again ?? handedOut)!

/** Whether a problem comes from what could not be observed, rather than from what was. */
function restsOnUnknown(problem: Problem): boolean {
  switch (problem.kind) {
    case 'unknown-on-model':
    case 'incomplete-run':
    case 'nothing-observed':
      return true
    case 'flapping':
      return [problem.model, problem.again].some((finding) => finding?.verdict === 'unknown')
    default:
      return false
  }
}

function incomplete(runs: RehearsedRuns): Problem[] {
  const stopped = (['handedOut', 'model', 'again'] as const)
    .filter((stage) => !runs[stage].complete)
    .map((stage): Problem => ({ kind: 'incomplete-run', stage }))
  const nothing = runs.handedOut.demands.every(({ verdict }) => verdict === 'unknown')
  return nothing ? [...stopped, { kind: 'nothing-observed', stage: 'handedOut' }] : stopped
}

function givenForFree(
  exam: Exam,
  demand: Demand,
  { demands }: RunBody,
  own: readonly PairedFinding[],
): Problem[] {
  if (demands.find((d) => d.demand === demand.id)?.verdict !== 'pass') return []
  const findings = own.flatMap(({ handedOut }) => handedOut?.finding ?? [])
  // As the demand was judged: an alternative passes where one of its findings does and no other says otherwise.
  const passing = demand.alternatives.flatMap((_, alternative) => {
    const verdicts = findings.filter((f) => f.alternative === alternative).map((f) => f.verdict)
    return all(verdicts) === 'pass' ? [alternative] : []
  })
  const only = demand.alternatives.length > 1 && passing.length === 1 ? (passing[0] ?? null) : null
  return [
    {
      kind: 'given-for-free',
      demand: demand.id,
      alternative: only,
      place: placeOf(exam, only === null ? demand.path : [...demand.path, 'any', only]),
      findings: findings.filter((f) => f.verdict === 'pass' && passing.includes(f.alternative)),
    },
  ]
}

function flapping(exam: Exam, demand: Demand, own: readonly PairedFinding[]): Problem[] {
  return own.filter(flaps).map((pair): Problem => ({
    kind: 'flapping',
    ...ofFinding(exam, pair.model ?? pair.again ?? some(pair), demand),
    model: pair.model?.finding ?? null,
    again: pair.again?.finding ?? null,
  }))
}

/** A finding that only the machines as handed out have says nothing of the model answer. */
const flaps = ({ model, again }: PairedFinding): boolean => model?.finding.verdict !== again?.finding.verdict

/** Why a demand is not constaté on the model answer, check by check; what flaps was said already. */
function notProved(
  exam: Exam,
  demand: Demand,
  verdicts: RehearsedDemand['verdicts'],
  own: readonly PairedFinding[],
  review: Review,
): Problem[] {
  if (verdicts.model === 'pass' && verdicts.again === 'pass') return []
  return own.flatMap((pair): Problem[] => {
    if (!pair.model || flaps(pair)) return []
    const { finding } = pair.model
    const of = ofFinding(exam, pair.model, demand)
    if (finding.verdict === 'unknown') return [{ kind: 'unknown-on-model', ...of, finding }]
    if (finding.verdict !== 'fail') return []
    const contradictions = contradictionsOf(exam, review, demand, pair.model)
    if (contradictions.length > 0) return [{ kind: 'contradicts-text', ...of, finding, contradictions }]
    const before = pair.handedOut?.finding.verdict === 'pass' ? pair.handedOut.finding : null
    return [{ kind: 'cannot-pass', ...of, finding, before }]
  })
}

/** Of the values that a text contradicts, those of one check. */
const contradictionsOf = (
  exam: Exam,
  review: Review,
  demand: Demand,
  { finding, call }: LocatedFinding,
): SaidOtherwise[] => {
  const path = call === null ? null : demand.alternatives[finding.alternative]?.[call]?.path
  const ofCheck = (one: TextContradiction) =>
    path ? one.call.path.join('\0') === path.join('\0') : one.call.check.id === finding.check
  return review.contradictions
    .filter((one) => one.demand === demand.id && ofCheck(one))
    .map((one) => saidOtherwise(exam, one))
}

const saidOtherwise = (exam: Exam, { inText, inCheck, path }: TextContradiction): SaidOtherwise => ({
  inText,
  inCheck,
  place: placeOf(exam, path),
})

function warningsOf(
  exam: Exam,
  runs: RehearsedRuns,
  demands: readonly RehearsedDemand[],
  pairs: readonly PairedFinding[],
  review: Review,
  problems: readonly Problem[],
  catalogue: Catalogue,
): Warning[] {
  const at = ({ line, column }: Place) => `${line}:${column}`
  const said = new Set(
    problems.flatMap((p) =>
      p.kind === 'contradicts-text' ? p.contradictions.map(({ place }) => at(place)) : [],
    ),
  )
  const ofDemand = (demand: Demand): OfDemand => ({
    demand: demand.id,
    alternative: null,
    place: placeOf(exam, demand.path),
  })
  return [
    ...review.uncovered.map((criterion): Warning => ({
      kind: 'uncovered-criterion',
      criterion,
      place: placeOf(exam, ['certificate']),
    })),
    ...review.singleVantage.map(({ demand, call, suggestion }): Warning => ({
      kind: 'single-vantage',
      ...ofDemand(demand),
      place: placeOf(exam, call.path, true),
      check: call.check.id,
      suggestion,
    })),
    ...exam.demands.flatMap((demand): Warning[] => {
      const contradictions = review.contradictions
        .filter((one) => one.demand === demand.id)
        .map((one) => saidOtherwise(exam, one))
        .filter(({ place }) => !said.has(at(place)))
      if (contradictions.length === 0) return []
      const place = placeOf(exam, [...demand.path, 'text'])
      return [{ kind: 'text-differs', ...ofDemand(demand), place, contradictions }]
    }),
    ...exam.demands.flatMap((demand, i) => unprovedAlternatives(exam, demand, demands[i]!, pairs)),
    ...slowChecks(exam, runs, catalogue),
  ]
}

function unprovedAlternatives(
  exam: Exam,
  demand: Demand,
  { verdicts }: RehearsedDemand,
  pairs: readonly PairedFinding[],
): Warning[] {
  if (demand.alternatives.length < 2 || verdicts.model !== 'pass') return []
  return demand.alternatives.flatMap((_, alternative): Warning[] => {
    const own = pairs.flatMap(({ model }) =>
      model?.finding.demand === demand.id && model.finding.alternative === alternative
        ? [model.finding.verdict]
        : [],
    )
    if (all(own) === 'pass') return []
    const place = placeOf(exam, [...demand.path, 'any', alternative])
    return [{ kind: 'alternative-unproved', demand: demand.id, alternative, place }]
  })
}

/** Each check of the exam once, with the longest of the three times. */
function slowChecks(exam: Exam, runs: RehearsedRuns, catalogue: Catalogue): Warning[] {
  const [first = [], ...others] = [runs.handedOut, runs.model, runs.again].map((run) =>
    timesOf(run, catalogue),
  )
  return first.flatMap((time, i): Warning[] => {
    const path = exam.demands.find(({ id }) => id === time.demand)?.alternatives[time.alternative]?.[
      time.call
    ]?.path
    if (time.alternative > 0 && path?.includes('checks')) return []
    const ms = Math.max(time.ms, ...others.map((times) => times[i]?.ms ?? 0))
    if (ms <= SLOW_MS) return []
    const demand = exam.demands.find(({ id }) => id === time.demand)
    if (!demand) return []
    return [
      {
        kind: 'slow-check',
        check: time.check,
        ms: Math.round(ms),
        ...ofCall(exam, demand, time.alternative, time.call),
      },
    ]
  })
}

function ofFinding(exam: Exam, { finding, call }: LocatedFinding, known?: Demand): OfDemand {
  const demand = known ?? exam.demands.find(({ id }) => id === finding.demand)
  if (!demand) return { demand: finding.demand, alternative: null, place: placeOf(exam, ['demands']) }
  return ofCall(exam, demand, finding.alternative, call)
}

function ofCall(exam: Exam, demand: Demand, alternative: number, call: number | null): OfDemand {
  const path = call === null ? undefined : demand.alternatives[alternative]?.[call]?.path
  const everywhere = demand.alternatives.length < 2 || (path && isCommon(demand, path))
  return {
    demand: demand.id,
    alternative: everywhere ? null : alternative,
    place: path ? placeOf(exam, path, true) : placeOf(exam, demand.path),
  }
}

/** Whether a check stands beside `any`, and belongs to every alternative. */
const isCommon = (demand: Demand, path: Path): boolean => path[demand.path.length] === 'checks'

/** Whether a finding is of such a check, and is said of an earlier alternative already. */
function isRepeated(exam: Exam, { finding, call }: LocatedFinding): boolean {
  if (finding.alternative === 0 || call === null) return false
  const demand = exam.demands.find(({ id }) => id === finding.demand)
  const path = demand?.alternatives[finding.alternative]?.[call]?.path
  return demand !== undefined && path !== undefined && isCommon(demand, path)
}

function placeOf({ document }: Exam, path: Path, key = false): Place {
  const { file, line, column } = document.diagnose(path, { fr: '', en: '' }, { key })
  return { file, line, column }
}
