import { singleVantage, uncoveredCriteria, type SingleVantage } from '../coverage.ts'
import type { Path } from '../document.ts'
import { possibleValues } from '../drawn-values.ts'
import type { Demand, Exam, ExamCall } from '../exam.ts'
import type { Variables } from '../placeholder.ts'
import type { Criterion } from '../referential/referential.ts'
import type { RunBody } from '../run.ts'
import { textsAgainstChecks } from '../text-against-checks.ts'

/** A value that a check expects, and those of its kind that the demand's text says instead. */
export interface TextContradiction {
  readonly demand: string
  readonly call: ExamCall
  /** Place of the value in the exam. */
  readonly path: Path
  readonly inText: string
  readonly inCheck: string
}

/** What the texts of an exam and its checks say of one another, without any machine. */
export interface Review {
  readonly contradictions: readonly TextContradiction[]
  /** Criteria of the certificate's MSP that a machine can show something of, and that no demand touches. */
  readonly uncovered: readonly Criterion[]
  readonly singleVantage: readonly SingleVantage[]
}

/** Reads an exam's texts beside its checks, with the values of the candidate whose run this is. */
export function reviewOf(exam: Exam, model: RunBody): Review {
  const { contradictions } = textsAgainstChecks(asAsked(exam, model), inIntroduction(exam, model))
  return {
    contradictions: contradictions.map(({ demand, call, path, said, expected }) => ({
      demand: demand.id,
      call,
      path,
      inText: said.join(', '),
      inCheck: expected,
    })),
    uncovered: uncoveredCriteria(exam),
    singleVantage: singleVantage(exam),
  }
}

/** The exam with the texts and parameters that this candidate was asked. */
function asAsked(exam: Exam, { exam: { demands } }: RunBody): Exam {
  return {
    ...exam,
    demands: exam.demands.map((demand): Demand => {
      const asked = demands.find(({ id }) => id === demand.id)
      if (!asked) return demand
      const alternatives = demand.alternatives.map((calls, alternative) =>
        calls.map((call, i) => ({
          ...call,
          params: asked.alternatives[alternative]?.[i]?.params ?? call.params,
        })),
      )
      return { ...demand, text: asked.text, alternatives }
    }),
  }
}

/** A run does not say what was drawn, and an introduction only ever says more: all that can be drawn stands there. */
function inIntroduction({ variables }: Exam, { candidate }: RunBody): Variables {
  const values = Object.entries(variables).map(([name, definition]) => [
    name,
    typeof definition === 'object' ? possibleValues(definition).join(', ') : definition,
  ])
  return {
    ...(Object.fromEntries(values) as Variables),
    n: candidate.n,
    code: candidate.code,
    seat: candidate.seat ?? '',
  }
}
