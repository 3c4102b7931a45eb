import type { Check } from './define.ts'
import type { Path, SourceDocument } from './document.ts'
import type { VariableDefinition } from './drawn-values.ts'
import type { ExamFile } from './exam/exam-file.ts'
import type { Referential } from './referential/referential.ts'

export { demandFileSchema, examFileSchema, type ExamFile } from './exam/exam-file.ts'
export { readExam } from './exam/exam-reader.ts'

/** One check of a demand, its parameters as written (placeholders still in them), and where it stands in the file. */
export interface ExamCall {
  readonly check: Check
  readonly params: Readonly<Record<string, unknown>>
  readonly not: boolean
  readonly path: Path
}
export interface Demand {
  readonly id: string
  readonly text: string
  readonly criteria: readonly string[]
  readonly alternatives: readonly (readonly ExamCall[])[]
  readonly question: string | null
  /** In the order in which they are shown; none in an examination, whatever the file says. */
  readonly hints: readonly string[]
  readonly transient: boolean
  readonly path: Path
}
/** An exam (sujet): roles of machines and demands, for one certificate. */
export interface Exam {
  readonly document: SourceDocument
  readonly title: string
  readonly purpose: ExamFile['purpose']
  readonly referential: Referential
  readonly certificate: string
  readonly roles: ExamFile['roles']
  readonly introduction: string | null
  readonly variables: Readonly<Record<string, VariableDefinition>>
  readonly demands: readonly Demand[]
}

export interface ExamSources {
  readonly catalogue: ReadonlyMap<string, Check>
  readonly referentials: ReadonlyMap<string, Referential>
}
