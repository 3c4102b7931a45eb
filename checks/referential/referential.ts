import { LineCounter, parseDocument } from 'yaml'
import { z } from 'zod'
import type { Lang, Text } from '../text.ts'
import { inconsistencies } from './consistency.ts'

/**
 * What a machine can show of a criterion: `full`, the fact itself; `part`, something that helps the
 * jury but never the criterion itself; `none`, the jury alone appreciates it.
 */
export const observable = z.enum(['full', 'part', 'none'])

/** Modalities that evaluate named competencies, in the order of the official criteria table. */
export const evaluatingModalities = ['MSP', 'ET', 'QP', 'QPP'] as const
export type EvaluatingModality = (typeof evaluatingModalities)[number]

// The bounds keep a mistyped file from becoming a page nobody can read; the longest official text
// of TP-01351 has 347 characters.
const wording = z.string().trim().min(1).max(2000)
const said = z.strictObject({ fr: wording, en: wording })
const minutes = z
  .int()
  .positive()
  .max(24 * 60)
const competencyId = z.string().regex(/^[A-Z]\d{1,2}$/)
const certificateId = z.string().regex(/^[A-Z]{3,8}\d{0,2}$/)
const competencyList = z.array(competencyId).min(1).max(99)

const phase = z.strictObject({
  minutes,
  jury: z.enum(['present', 'absent']),
  /** Under the eyes of a surveillant, as the official text demands. */
  supervised: z.boolean(),
  text: wording,
})

const modalities = z.strictObject({
  MSP: z
    .strictObject({ minutes, competencies: competencyList, phases: z.array(phase).min(1).max(9) })
    .nullable(),
  ET: z.strictObject({ minutes, competencies: competencyList, text: wording }).nullable(),
  QP: z
    .strictObject({ minutes, supervised: z.boolean(), competencies: competencyList, text: wording })
    .nullable(),
  QPP: z.strictObject({ minutes, competencies: competencyList, text: wording }).nullable(),
  /** Names no competency: it is about the whole of the trade. */
  EF: z.strictObject({ minutes, text: wording.nullable() }).nullable(),
})

const certificate = z.strictObject({
  id: certificateId,
  kind: z.enum(['titre', 'ccp', 'ccs']),
  label: wording,
  /** « Durée totale de l'épreuve pour le candidat ». */
  minutes,
  /** « Durée totale de présence du jury pendant l'épreuve du candidat ». */
  juryMinutes: minutes,
  /** A modality which the official text declares « Sans objet », or does not have, is null. */
  modalities,
  /** What is under surveillance in this certificate, in official wording. */
  surveillance: wording,
  note: said.optional(),
})

const criterionOf = z.strictObject({
  id: z.string().regex(/^[A-Z]\d{1,2}\.\d{1,2}$/),
  label: wording,
  observable,
  /** For a juror: what a machine can show of it or, where nothing, what the jury relies on. */
  why: said,
})

const competencyOf = z.strictObject({
  id: competencyId,
  /** The CCP or CCS whose activity it belongs to. */
  certificate: certificateId,
  label: wording,
  criteria: z.array(criterionOf).max(99),
  note: said.optional(),
})

const schema = z.strictObject({
  id: z.string().regex(/^[a-z0-9]+(-[a-z0-9]+)*$/),
  code: wording,
  millesime: z.string().regex(/^\d{2}$/),
  label: wording,
  acronym: wording,
  level: wording,
  dates: z.strictObject({ decree: z.iso.date(), published: z.iso.date(), effective: z.iso.date() }),
  /** Names of the modalities as the interface shows them. */
  modalities: z.strictObject({ MSP: said, ET: said, QP: said, QPP: said, EF: said }),
  certificates: z.array(certificate).min(1).max(20),
  /** What the surveillant must see to, in official wording, the same for every certificate. */
  surveillance: wording,
  competencies: z.array(competencyOf).min(1).max(99),
  transversal: z
    .array(
      z.strictObject({
        id: z.string().regex(/^T\d{1,2}$/),
        label: wording,
        competencies: competencyList,
        note: said.optional(),
      }),
    )
    .max(20),
  sharedResources: z
    .array(
      z.strictObject({
        id: z.string().regex(/^R\d{1,2}$/),
        group: wording,
        number: z.int().positive(),
        description: wording,
        /** How many candidates may share it at the same time during the exam. */
        maxCandidates: z.int().positive(),
        remarks: wording.nullable(),
      }),
    )
    .max(99),
})

export type Referential = z.infer<typeof schema>
export type Certificate = Referential['certificates'][number]
export type Competency = Referential['competencies'][number]
export type Criterion = Competency['criteria'][number]

/** One mistake in a référentiel file. `line` and `column` count from 1. */
export interface ReferentialProblem {
  path: string
  line: number
  column: number
  message: string
}

/** A référentiel file that cannot be used, with everything found wrong in it. */
export class ReferentialError extends Error {
  override readonly name = 'ReferentialError'
  readonly problems: readonly ReferentialProblem[]

  constructor(problems: readonly ReferentialProblem[]) {
    super(problems.map((p) => `${p.line}:${p.column} ${p.path} ${p.message}`).join('\n'))
    this.problems = problems
  }
}

/**
 * Reads a référentiel.
 * @param text the YAML file's text. Aliases are refused, so that the text bounds what comes out.
 * @param language of the messages, French unless told.
 * @returns the référentiel, its shape and its cross-references checked.
 * @throws ReferentialError with the path, line and column of each mistake.
 */
export function parseReferential(text: string, language: Lang = 'fr'): Referential {
  const lines = new LineCounter()
  const document = parseDocument(text, { lineCounter: lines, prettyErrors: false })
  const at = (offset: number) => {
    const { line, col } = lines.linePos(offset)
    return { line: Math.max(line, 1), column: Math.max(col, 1) }
  }
  const locate = (path: readonly PropertyKey[]) => ({
    path: printPath(path),
    ...at(offsetOf(document, path)),
  })

  if (document.errors.length > 0) {
    throw new ReferentialError(
      document.errors.map((error) => ({
        path: '(yaml)',
        ...at(error.pos[0]),
        message: yamlMessages[error.code]?.[language] ?? malformed[language] + ` (${error.code})`,
      })),
    )
  }
  let value: unknown
  try {
    value = document.toJS({ maxAliasCount: 0 })
  } catch {
    throw new ReferentialError([{ ...locate([]), message: aliases[language] }])
  }

  const error = language === 'fr' ? z.locales.fr().localeError : z.locales.en().localeError
  const parsed = schema.safeParse(value, { error })
  if (!parsed.success) {
    throw new ReferentialError(
      parsed.error.issues.map((issue) => {
        // An unknown key is reported on the map that holds it; the author looks for the key.
        const key = issue.code === 'unrecognized_keys' ? issue.keys.slice(0, 1) : []
        return { ...locate([...issue.path, ...key]), message: issue.message }
      }),
    )
  }
  const found = inconsistencies(parsed.data)
  if (found.length > 0) {
    throw new ReferentialError(found.map(({ path, says }) => ({ ...locate(path), message: says[language] })))
  }
  return parsed.data
}

/**
 * Reads a référentiel from JSON that the build wrote of one that `parseReferential` accepted.
 * @throws ZodError or SyntaxError where the file was changed since: the installation is broken.
 */
export const builtReferential = (json: string): Referential => schema.parse(JSON.parse(json))

/** The competency of that id, or undefined. */
export function competency(ref: Referential, id: string): Competency | undefined {
  return ref.competencies.find((c) => c.id === id)
}

/** The criterion of that id (`C8.2`), or undefined. */
export function criterion(ref: Referential, id: string): Criterion | undefined {
  for (const { criteria } of ref.competencies) {
    const found = criteria.find((c) => c.id === id)
    if (found) return found
  }
  return undefined
}

/** The certificate of that id (`TITRE`, `CCP2`), or undefined. */
export function certificateOf(ref: Referential, id: string): Certificate | undefined {
  return ref.certificates.find((c) => c.id === id)
}

/**
 * By which modalities a certificate evaluates a competency, in the order MSP, ET, QP, QPP. Empty
 * where the certificate doesn't evaluate it, or where no such competency exists.
 * @throws RangeError for a certificate that the référentiel doesn't have.
 */
export function modalitiesOf(
  ref: Referential,
  certificateId: string,
  competencyId: string,
): EvaluatingModality[] {
  const { modalities } = demandCertificate(ref, certificateId)
  return evaluatingModalities.filter((m) => modalities[m]?.competencies.includes(competencyId))
}

/**
 * Ids of the competencies that a certificate evaluates, each once, as the jury reads them: those of
 * the mise en situation in the official order, then those evaluated elsewhere only, in the order of
 * the entretien technique, the questionnaire and the questionnement.
 * @throws RangeError for a certificate that the référentiel doesn't have.
 */
export function readingOrder(ref: Referential, certificateId: string): string[] {
  const { modalities } = demandCertificate(ref, certificateId)
  return [...new Set(evaluatingModalities.flatMap((m) => modalities[m]?.competencies ?? []))]
}

function demandCertificate(ref: Referential, id: string): Certificate {
  const found = certificateOf(ref, id)
  if (!found) throw new RangeError(`${ref.id} has no certificate ${id}`)
  return found
}

function printPath(path: readonly PropertyKey[]): string {
  if (path.length === 0) return '(root)'
  return path
    .map((key, i) => (typeof key === 'number' ? `[${key}]` : `${i > 0 ? '.' : ''}${String(key)}`))
    .join('')
}

/** Where a value starts; for a value that isn't there, where the nearest one around it does. */
function offsetOf(document: ReturnType<typeof parseDocument>, path: readonly PropertyKey[]): number {
  for (let depth = path.length; depth >= 0; depth--) {
    const node: unknown = document.getIn(path.slice(0, depth), true)
    if (typeof node === 'object' && node !== null && 'range' in node && Array.isArray(node.range)) {
      return Number(node.range[0])
    }
  }
  return 0
}

// The YAML library speaks English only; these are the mistakes an author really makes.
const yamlMessages: Record<string, Text | undefined> = {
  DUPLICATE_KEY: { fr: 'clé en double', en: 'duplicate key' },
  TAB_AS_INDENT: {
    fr: 'tabulation en retrait, des espaces sont attendues',
    en: 'tab used as indentation, spaces are expected',
  },
  BAD_INDENT: { fr: 'retrait incohérent', en: 'inconsistent indentation' },
  MULTIPLE_DOCS: { fr: 'un seul document est attendu', en: 'a single document is expected' },
}
const malformed = { fr: 'YAML mal formé', en: 'malformed YAML' }
const aliases = {
  fr: 'les ancres et alias YAML ne sont pas admis ici',
  en: 'YAML anchors and aliases are not allowed here',
}
