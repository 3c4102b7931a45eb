import type { RoleKind } from '../define.ts'
import {
  readDocument,
  schemaDiagnostics,
  sortedDiagnostics,
  type Diagnostic,
  type Path,
} from '../document.ts'
import { drawnValues, type VariableDefinition } from '../drawn-values.ts'
import type { Exam, ExamSources } from '../exam.ts'
import { mendKeys } from '../misspelt-keys.ts'
import { readYardstick } from './criteria.ts'
import { readDemand, sayRepeatedIds } from './demand-reader.ts'
import { examFileSchema, type ExamFile } from './exam-file.ts'
import { isRecord, leadsTo, resolveKnown, sample, type Reading, type ReadVariables } from './reading.ts'
import { remarks, textsThatSayOtherwise } from './remarks.ts'

/**
 * Reads an exam and says everything that is wrong with it in one pass: each part is judged by itself, so that no mistake
 * hides another, and what only follows from a mistake is not said.
 * `exam` is null as soon as there is an error; notes alone do not prevent it.
 */
export function readExam(
  file: string,
  text: string,
  sources: ExamSources,
): { exam: Exam | null; diagnostics: Diagnostic[] } {
  const source = readDocument(file, text)
  const diagnostics = [...source.diagnostics]
  const unread = source.recovered === undefined || source.recovered === null
  if (unread && diagnostics.length > 0) return { exam: null, diagnostics }
  const { value, document, diagnostics: unknownKeys } = mendKeys(source, source.recovered, examFileSchema)
  const parsed = examFileSchema.safeParse(value, { reportInput: true })
  const issues = parsed.success ? [] : parsed.error.issues
  diagnostics.push(...unknownKeys, ...schemaDiagnostics(document, { issues }, [], examFileSchema))
  if (!isRecord(value)) return { exam: null, diagnostics }

  const wrong = (path: Path) =>
    document.unreadable(path) || issues.some((one) => leadsTo(one.path as Path, path))
  const wrongInside = (path: Path) => wrong(path) || issues.some((one) => leadsTo(path, one.path as Path))
  const reading: Reading = {
    document,
    diagnostics,
    catalogue: sources.catalogue,
    roles: rolesOf(value['roles'], wrong, wrongInside),
    variables: variablesOf(value['variables'], wrong, wrongInside),
  }
  const yardstick = readYardstick(reading, sources.referentials, {
    referential: wrong(['referential']) ? undefined : value['referential'],
    certificate: wrong(['certificate']) ? undefined : value['certificate'],
  })
  const examination = value['purpose'] === 'examination'
  const demands = (Array.isArray(value['demands']) ? value['demands'] : []).map((demand: unknown, index) =>
    readDemand(reading, yardstick, demand, ['demands', index], examination),
  )
  sayRepeatedIds(reading, demands)
  resolveKnown(reading, value['introduction'], ['introduction'])
  diagnostics.push(...remarks(reading, value, demands))
  const sorted = sortedDiagnostics(diagnostics)
  if (!parsed.success || !yardstick.referential || sorted.some((d) => d.severity === 'error'))
    return { exam: null, diagnostics: sorted }
  const exam: Exam = {
    document,
    ...(parsed.data as ExamFile),
    introduction: parsed.data.introduction ?? null,
    referential: yardstick.referential,
    demands: demands.filter((demand) => demand !== null),
  }
  const otherwise = textsThatSayOtherwise(exam, reading.variables.sample)
  return { exam, diagnostics: sortedDiagnostics([...sorted, ...otherwise]) }
}

type Judge = (path: Path) => boolean

function rolesOf(written: unknown, wrong: Judge, wrongInside: Judge): Reading['roles'] {
  if (!isRecord(written) || wrong(['roles'])) return null
  return new Map(
    Object.entries(written).map(([name, kind]) => [
      name,
      wrongInside(['roles', name]) ? null : (kind as RoleKind),
    ]),
  )
}

function variablesOf(written: unknown, wrong: Judge, wrongInside: Judge): ReadVariables {
  const entries = isRecord(written) ? Object.entries(written) : []
  const right = entries.filter(([name]) => !wrongInside(['variables', name]))
  const definitions = Object.fromEntries(right) as Record<string, VariableDefinition>
  return {
    definitions,
    sample: { ...sample, ...drawnValues(definitions, '', sample.n) },
    wrong: new Set(entries.map(([name]) => name).filter((name) => wrongInside(['variables', name]))),
    allKnown: !wrong(['variables']),
  }
}
