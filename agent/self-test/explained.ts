import { catalogue } from '../../checks/catalogue.ts'
import type { Exam } from '../../checks/exam.ts'
import { explanationOf, type Explanation } from '../../checks/explanation.ts'
import type { Finding } from '../../checks/finding.ts'
import { resolvePlaceholders, type Variables } from '../../checks/placeholder.ts'
import { competency, criterion, type Referential } from '../../checks/referential/referential.ts'
import type { Run, RunBody } from '../../checks/run.ts'
import type { Verdict } from '../../checks/verdict.ts'
import { changeOf, type Change, type Verdicts } from './comparison.ts'

/** One finding with what it teaches. */
export interface ExplainedFinding {
  readonly finding: Finding
  readonly explanation: Explanation
}

/** One demand as a candidate reads it. */
export interface ExplainedDemand {
  /** Its place in the paper, from 1: how it is named at the prompt. */
  readonly number: number
  readonly id: string
  readonly text: string
  readonly verdict: Verdict
  readonly change: Change
  readonly criteria: readonly { readonly id: string; readonly words: string }[]
  readonly alternatives: number
  /** Which accepted alternative matched, from 1; null where there is only one, or none did. */
  readonly matched: number | null
  readonly findings: readonly ExplainedFinding[]
  readonly question: string | null
  readonly hints: readonly string[]
  readonly hintsShown: number
}

/** What was last seen of one demand: a look may ask only some of them. */
export interface Seen {
  readonly verdict: Verdict
  readonly alternative: number | null
  readonly findings: readonly ExplainedFinding[]
}

/** What a run says of each of its demands, explained. */
export function seenIn(run: Run): Map<string, Seen> {
  const body: RunBody = run
  return new Map(
    run.demands.map(({ demand, verdict, alternative }) => [
      demand,
      {
        verdict,
        alternative,
        findings: run.findings
          .filter((finding) => finding.demand === demand)
          .map((finding) => ({
            finding,
            explanation: explanationOf(finding, body, catalogue.get(finding.check)),
          })),
      },
    ]),
  )
}

/** The texts of an exam for one candidate: their placeholders stand for this candidate's values. */
export interface Paper {
  readonly demands: readonly {
    readonly number: number
    readonly id: string
    readonly text: string
    readonly criteria: ExplainedDemand['criteria']
    readonly alternatives: number
    readonly question: string | null
    readonly hints: readonly string[]
  }[]
}

/** @param exam a training one; an examination has no hints to give. */
export function paperOf(exam: Exam, variables: Variables): Paper {
  const fill = (text: string) => String(resolvePlaceholders(text, variables).value)
  return {
    demands: exam.demands.map((demand, index) => ({
      number: index + 1,
      id: demand.id,
      text: fill(demand.text),
      criteria: demand.criteria.map((id) => ({ id, words: wordsOf(exam.referential, id) })),
      alternatives: demand.alternatives.length,
      question: demand.question === null ? null : fill(demand.question),
      hints: demand.hints.map(fill),
    })),
  }
}

/** The official wording: of the criterion, or of a competency that the source gives none. */
const wordsOf = (referential: Referential, id: string): string =>
  criterion(referential, id)?.label ?? competency(referential, id)?.label ?? ''

/** Every demand of the paper that was looked at, in the paper's order. */
export function explained(
  paper: Paper,
  seen: ReadonlyMap<string, Seen>,
  before: Verdicts | null,
  hintsShown: (demand: string) => number,
): ExplainedDemand[] {
  return paper.demands.flatMap((demand) => {
    const found = seen.get(demand.id)
    if (!found) return []
    const { verdict, alternative, findings } = found
    const earlier = before && Object.hasOwn(before, demand.id) ? before[demand.id] : undefined
    return [
      {
        ...demand,
        verdict,
        change: changeOf(earlier, verdict),
        matched: alternative === null ? null : alternative + 1,
        findings,
        hintsShown: Math.min(hintsShown(demand.id), demand.hints.length),
      },
    ]
  })
}
