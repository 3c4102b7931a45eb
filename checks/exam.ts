import { z } from 'zod'
import { roleKindSchema, type Check } from './define.ts'
import {
  readDocument,
  schemaDiagnostics,
  type Diagnostic,
  type Path,
  type SourceDocument,
} from './document.ts'
import { drawnValues, variableSchema, type VariableDefinition } from './drawn-values.ts'
import { pattern } from './pattern.ts'
import { nearest } from './nearest.ts'
import { roleMistakes } from './role-parameters.ts'
import { resolvePlaceholders, type Variables } from './placeholder.ts'
import { competency, criterion, modalitiesOf, type Referential } from './referential/referential.ts'

/** An exam (sujet): roles of machines and demands, for one certificate. */
const name = z
  .string()
  .min(1)
  .max(64)
  .regex(
    pattern(/^[a-z][a-z0-9-]*$/, {
      fr: 'un nom fait de minuscules, de chiffres et de tirets, et commence par une lettre',
      en: 'a name is made of lower-case letters, digits and hyphens, and starts with a letter',
    }),
  )
const checkId = z.string().regex(/^[a-z][a-z-]*\.[a-z][a-z-]*$/)
const parameters = z.record(z.string(), z.unknown())
const plainCall = z
  .record(checkId, parameters)
  .refine((call) => Object.keys(call).length === 1, 'un seul contrôle par tiret')
const call = z.union([z.strictObject({ not: plainCall }), plainCall])
type Call = z.infer<typeof call>

const hintText = z.string().min(1).max(2000)

export const demandFileSchema = z.strictObject({
  id: name,
  text: z.string().min(1).max(4000).optional(),
  criteria: z.array(z.string()).min(1).max(16).optional(),
  checks: z.array(call).min(1).max(64).optional(),
  /** Accepted alternatives: one of them is enough; each is a check or a list of checks. */
  any: z
    .array(z.union([z.array(call).min(1).max(64), call]))
    .min(1)
    .max(16)
    .optional(),
  question: z.string().max(2000).optional(),
  /** For training: one hint, or a first and a second one, each shown only when it is asked for. */
  hint: z.union([hintText, z.array(hintText).min(1).max(2)]).optional(),
  /** Consent to questions that leave a passing trace (a DHCP DISCOVER, a test message …). */
  transient: z.boolean().default(false),
})
export const examFileSchema = z.strictObject({
  title: z.string().min(1).max(200),
  purpose: z.enum(['training', 'examination']),
  referential: z.string().min(1).max(64),
  certificate: z.string().min(1).max(16),
  roles: z.record(name, roleKindSchema),
  /** The situation, printed above the demands. */
  introduction: z.string().min(1).max(8000).optional(),
  /** Values that the demands may use as `{{name}}`, drawn for each candidate where several are given; a candidate of the session may have others. */
  variables: z.record(name, variableSchema).default({}),
  demands: z.array(demandFileSchema).min(1).max(500),
})
export type ExamFile = z.infer<typeof examFileSchema>

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

/** What placeholders stand for where no session is at hand: enough to check types. */
const sample = { n: 1, code: 'C01', seat: 'A1' }

/**
 * Reads an exam and says everything that is wrong with it in one pass.
 * `exam` is null as soon as there is an error; notes alone do not prevent it.
 */
export function readExam(
  file: string,
  text: string,
  sources: ExamSources,
): { exam: Exam | null; diagnostics: Diagnostic[] } {
  const document = readDocument(file, text)
  const diagnostics = [...document.diagnostics]
  if (document.value === undefined && diagnostics.length > 0) return { exam: null, diagnostics }
  const parsed = examFileSchema.safeParse(document.value, { reportInput: true })
  if (!parsed.success) diagnostics.push(...callDiagnostics(document, parsed.error))
  const written = parsed.success ? parsed.data : null
  if (!written) return { exam: null, diagnostics }

  const referential = sources.referentials.get(written.referential)
  if (!referential) {
    const known = [...sources.referentials.keys()].join(', ')
    diagnostics.push(
      document.diagnose(['referential'], {
        fr: `référentiel inconnu « ${written.referential} » ; connus : ${known}`,
        en: `unknown referential “${written.referential}”; known: ${known}`,
      }),
    )
    return { exam: null, diagnostics }
  }
  const certificates = referential.certificates.map((c) => c.id)
  if (!certificates.includes(written.certificate as (typeof certificates)[number])) {
    diagnostics.push(
      document.diagnose(['certificate'], {
        fr: `certificat inconnu « ${written.certificate} » ; attendu : ${certificates.join(', ')}`,
        en: `unknown certificate “${written.certificate}”; expected: ${certificates.join(', ')}`,
      }),
    )
    return { exam: null, diagnostics }
  }
  const variables: Variables = { ...sample, ...drawnValues(written.variables, '', sample.n) }
  const ids = new Map<string, number>()
  const demands = written.demands.map((demand, index): Demand => {
    const path = ['demands', index]
    const earlier = ids.get(demand.id)
    if (earlier !== undefined)
      diagnostics.push(
        document.diagnose([...path, 'id'], {
          fr: `la demande « ${demand.id} » existe déjà (la ${earlier + 1}ᵉ du sujet) : donnez-lui un autre nom`,
          en: `demand “${demand.id}” exists already (number ${earlier + 1}): give it another name`,
        }),
      )
    ids.set(demand.id, index)
    const alternatives = alternativesOf(demand, path).map((calls) =>
      calls.flatMap(({ call: written_, path: where }) =>
        readCall(document, diagnostics, sources, variables, written.roles, written_, where),
      ),
    )
    if (!demand.checks && !demand.any)
      diagnostics.push(
        document.diagnose(path, {
          fr: `la demande « ${demand.id} » n'a aucun contrôle : ajoutez « checks » ou « any »`,
          en: `demand “${demand.id}” has no check: add “checks” or “any”`,
        }),
      )
    const criteria = criteriaOf(
      document,
      diagnostics,
      referential,
      written.certificate,
      demand,
      alternatives,
      path,
    )
    for (const [key, text_] of [
      ['text', demand.text],
      ['question', demand.question],
      ['hint', demand.hint],
    ] as const)
      reportUnresolved(document, diagnostics, text_, variables, [...path, key])
    return {
      id: demand.id,
      text: demand.text ?? demand.id,
      criteria,
      alternatives,
      question: demand.question ?? null,
      hints: written.purpose === 'examination' ? [] : [demand.hint ?? []].flat(),
      transient: demand.transient,
      path,
    }
  })
  const introduction = written.introduction ?? null
  reportUnresolved(document, diagnostics, introduction, variables, ['introduction'])
  const exam: Exam = { document, ...written, introduction, referential, demands }
  return { exam: diagnostics.some((d) => d.severity === 'error') ? null : exam, diagnostics }
}

/** Every check of each alternative; `checks` beside `any` belong to every alternative. */
function alternativesOf(
  demand: z.infer<typeof demandFileSchema>,
  path: Path,
): { call: Call; path: Path }[][] {
  const common = (demand.checks ?? []).map((c, i) => ({ call: c, path: [...path, 'checks', i] }))
  if (!demand.any) return [common]
  return demand.any.map((alternative, i) => [
    ...common,
    ...(Array.isArray(alternative)
      ? alternative.map((c, j) => ({ call: c, path: [...path, 'any', i, j] }))
      : [{ call: alternative, path: [...path, 'any', i] }]),
  ])
}

function readCall(
  document: SourceDocument,
  diagnostics: Diagnostic[],
  sources: ExamSources,
  variables: Variables,
  roles: ExamFile['roles'],
  written: Call,
  path: Path,
): ExamCall[] {
  const negated = 'not' in written
  const inner = negated ? (written as { not: Record<string, Record<string, unknown>> }).not : written
  const [id, params] = Object.entries(inner as Record<string, Record<string, unknown>>)[0] ?? ['', {}]
  const where = negated ? [...path, 'not', id] : [...path, id]
  const check = sources.catalogue.get(id)
  if (!check) {
    const near = nearest(id, [...sources.catalogue.keys()])
    diagnostics.push(
      document.diagnose(
        where,
        {
          fr: `contrôle inconnu « ${id} »${near ? ` ; vouliez-vous dire « ${near} » ?` : ''} (liste : probant catalogue)`,
          en: `unknown check “${id}”${near ? `; did you mean “${near}”?` : ''} (list: probant catalogue)`,
        },
        { key: true },
      ),
    )
    return []
  }
  const before = diagnostics.length
  const resolved = reportUnresolved(document, diagnostics, params, variables, where)
  // What a value is can't be said before its placeholder stands for something.
  if (diagnostics.length > before) return [{ check, params, not: negated, path: where }]
  const parsed = check.params.safeParse(resolved, { reportInput: true })
  if (parsed.success) {
    for (const mistake of roleMistakes(check.params, parsed.data, roles))
      diagnostics.push(document.diagnose([...where, ...mistake.path], mistake.message))
  } else diagnostics.push(...schemaDiagnostics(document, parsed.error, where, check.params))
  return [{ check, params, not: negated, path: where }]
}

function reportUnresolved(
  document: SourceDocument,
  diagnostics: Diagnostic[],
  value: unknown,
  variables: Variables,
  path: Path,
): unknown {
  const { value: resolved, unresolved } = resolvePlaceholders(value, variables, path)
  for (const { path: where, placeholder } of unresolved)
    diagnostics.push(
      document.diagnose(where, {
        fr: `${placeholder} ne désigne rien : seuls {{n}}, {{n+100}}, {{n:02}}, {{code}}, {{seat}} et les variables du sujet existent`,
        en: `${placeholder} stands for nothing: only {{n}}, {{n+100}}, {{n:02}}, {{code}}, {{seat}} and the exam's variables exist`,
      }),
    )
  return resolved
}

function criteriaOf(
  document: SourceDocument,
  diagnostics: Diagnostic[],
  referential: Referential,
  certificate: string,
  demand: z.infer<typeof demandFileSchema>,
  alternatives: readonly (readonly ExamCall[])[],
  path: Path,
): string[] {
  const evaluated = (id: string) => modalitiesOf(referential, certificate as never, id.split('.')[0] as never)
  if (!demand.criteria) {
    const defaults = new Set(alternatives.flat().flatMap((c) => c.check.criteria))
    const kept = [...defaults].filter((id) => criterion(referential, id) && evaluated(id).length > 0)
    if (kept.length === 0 && alternatives.flat().length > 0)
      diagnostics.push(
        document.diagnose(path, {
          fr: `la demande « ${demand.id} » ne se rattache à aucun critère de ${certificate} : ajoutez « criteria »`,
          en: `demand “${demand.id}” belongs to no criterion of ${certificate}: add “criteria”`,
        }),
      )
    return kept
  }
  for (const [i, id] of demand.criteria.entries()) {
    const where = [...path, 'criteria', i]
    if (!criterion(referential, id) && !bareCompetency(referential, id)) {
      diagnostics.push(
        document.diagnose(where, {
          fr: `critère inconnu « ${id} » dans ${referential.id} (forme attendue : C8.1)`,
          en: `unknown criterion “${id}” in ${referential.id} (expected form: C8.1)`,
        }),
      )
      continue
    }
    const modalities = evaluated(id)
    if (modalities.length === 0)
      diagnostics.push(
        document.diagnose(where, {
          fr: `le critère ${id} n'est évalué par aucune modalité de ${certificate}`,
          en: `criterion ${id} is evaluated by no modality of ${certificate}`,
        }),
      )
    else if (!modalities.includes('MSP'))
      diagnostics.push(
        document.diagnose(
          where,
          {
            fr: `le critère ${id} n'est pas évalué par la mise en situation de ${certificate} (${modalities.join(', ')}) : ce qui est relevé servira à l'entretien`,
            en: `criterion ${id} is not evaluated by the MSP of ${certificate} (${modalities.join(', ')}): what is observed serves the entretien`,
          },
          { severity: 'note' },
        ),
      )
  }
  return demand.criteria
}

/** A competency that the source gives no criterion (S3) is named by its own id. */
const bareCompetency = (referential: Referential, id: string): boolean =>
  competency(referential, id)?.criteria.length === 0

/** A union's own issue says nothing useful: says what shape a check has instead. */
function callDiagnostics(document: SourceDocument, error: z.ZodError): Diagnostic[] {
  const ofCall = (issue: z.core.$ZodIssue) =>
    issue.path[0] === 'demands' && ['invalid_union', 'custom', 'invalid_key'].includes(issue.code)
  const unions = error.issues.filter(ofCall)
  const others = new z.ZodError(error.issues.filter((issue) => !ofCall(issue)))
  return [
    ...schemaDiagnostics(document, others, [], examFileSchema),
    ...unions.map((issue) =>
      document.diagnose(
        issue.path.map((p) => (typeof p === 'symbol' ? String(p) : p)),
        {
          fr: 'un contrôle s’écrit « - linux.service: { on: web, name: nginx } » : un identifiant, puis ses paramètres',
          en: 'a check is written “- linux.service: { on: web, name: nginx }”: one id, then its parameters',
        },
      ),
    ),
  ]
}
