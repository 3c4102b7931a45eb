import { LineCounter, isMap, isScalar, isSeq, visit, type Node, type YAMLMap } from 'yaml'
import type { z } from 'zod'
import { issueWords } from './issue-words.ts'
import { byNearness } from './nearest.ts'
import { recoverYaml } from './recovered-yaml.ts'
import { keysAt } from './schema-walk.ts'
import type { Lang, Text } from './text.ts'

/** A mistake in a file, or a remark about it, with its place (line and column from 1). */
export interface Diagnostic {
  readonly severity: 'error' | 'note'
  readonly file: string
  readonly line: number
  readonly column: number
  readonly message: Text
}

export type Path = readonly (string | number)[]

/** A YAML text that was read, and where each of its values stands. */
export interface SourceDocument {
  readonly file: string
  /** Undefined where something is wrong with the YAML. */
  readonly value: unknown
  /** The same where something is wrong, as far as it can be read: `undefined` stands where it can't. */
  readonly recovered: unknown
  readonly diagnostics: readonly Diagnostic[]
  /** Whether nothing can be said of what stands there, because it could not be read: that is among the diagnostics already. */
  unreadable(path: Path): boolean
  /** Whether something in what stands there could not be read. */
  hasHole(path: Path): boolean
  /** A diagnostic at the value (or, with `key`, at the key) that `path` leads to, or at its nearest parent that exists. */
  diagnose(
    path: Path,
    message: Text,
    options?: { severity?: Diagnostic['severity']; key?: boolean },
  ): Diagnostic
}

const MAX_CHARACTERS = 1_048_576
/** No honest file nests further; what reads the value afterwards recurses. */
const MAX_DEPTH = 64
/** More mistakes than this are one mistake repeated. */
const MAX_DIAGNOSTICS = 100

/**
 * Reads one YAML 1.2 document and keeps the place of every value, past its mistakes as far as it can.
 * `text` is bounded to 1 Mi characters; anchors that multiply are refused. Never throws: what is wrong is in `diagnostics`, and `value` is then undefined.
 */
export function readDocument(file: string, text: string): SourceDocument {
  const lines = new LineCounter()
  const diagnostics: Diagnostic[] = []
  const add = (offset: number, message: Text) => {
    const { line, col } = lines.linePos(offset)
    diagnostics.push({ severity: 'error', file, line: Math.max(line, 1), column: Math.max(col, 1), message })
  }
  if (text.length > MAX_CHARACTERS) {
    const message = {
      fr: 'fichier trop long (plus de 1 Mio) : donnez-en un plus court',
      en: 'file too long (more than 1 MiB): give a shorter one',
    }
    return emptyDocument(file, [{ severity: 'error', file, line: 1, column: 1, message }])
  }
  lines.addNewLine(0)
  for (let at = text.indexOf('\n'); at >= 0; at = text.indexOf('\n', at + 1)) lines.addNewLine(at + 1)
  const { document, mistakes, holes, lost } = recoverYaml(text)
  for (const { offset, message } of mistakes.slice(0, MAX_DIAGNOSTICS)) add(offset, message)
  let recovered: unknown
  try {
    recovered = document?.toJS({ maxAliasCount: 50 })
    if (deeper(recovered, MAX_DEPTH)) {
      recovered = undefined
      add(0, {
        fr: `blocs imbriqués sur plus de ${MAX_DEPTH} niveaux, ou alias qui se contient lui-même : simplifiez-les`,
        en: `blocks nested more than ${MAX_DEPTH} levels deep, or an alias that contains itself: simplify them`,
      })
    }
  } catch {
    add(0, {
      fr: 'trop d’alias YAML : écrivez ces valeurs en toutes lettres',
      en: 'too many YAML aliases: write these values out',
    })
  }
  const found = (path: Path, key: boolean): { offset: number; node: unknown; hole: boolean } => {
    let node: unknown = document?.contents
    let offset = isNode(node) ? (node.range?.[0] ?? 0) : 0
    for (const [depth, step] of path.entries()) {
      const hole = isNode(node) && holes.has(node)
      if (isMap(node)) {
        const pair = node.items.find((item) => isScalar(item.key) && String(item.key.value) === String(step))
        if (!pair) return { offset, node: undefined, hole: wasLost(node, step, lost) }
        const keyOffset = isNode(pair.key) ? (pair.key.range?.[0] ?? offset) : offset
        const last = depth === path.length - 1
        offset = !(key && last) && isNode(pair.value) ? (pair.value.range?.[0] ?? keyOffset) : keyOffset
        node = pair.value
      } else if (isSeq(node)) {
        const item = node.items[Number(step)]
        if (!isNode(item)) return { offset, node: undefined, hole }
        offset = item.range?.[0] ?? offset
        node = item
      } else return { offset, node: undefined, hole }
    }
    return { offset, node, hole: isNode(node) && holes.has(node) }
  }
  return {
    file,
    value: diagnostics.length === 0 ? recovered : undefined,
    recovered,
    diagnostics,
    unreadable: (path) => found(path, false).hole,
    hasHole(path) {
      const { node, hole } = found(path, false)
      let inside = hole
      if (isNode(node))
        visit(node, {
          Node(_key, one) {
            if (holes.has(one)) inside = true
          },
        })
      return inside
    },
    diagnose(path, message, { severity = 'error', key = false } = {}) {
      const { line, col } = lines.linePos(found(path, key).offset)
      return { severity, file, line: Math.max(line, 1), column: Math.max(col, 1), message }
    },
  }
}

/** Whether a key of a block stood on lines that nothing could be made of. */
function wasLost(
  map: YAMLMap,
  step: string | number,
  lost: readonly { readonly key: string; readonly offset: number }[],
): boolean {
  const [from, , to] = map.range ?? [0, 0, 0]
  return lost.some(({ key, offset }) => key === step && offset >= from && offset <= to)
}

/** Whether a value nests deeper than `levels`; a value that contains itself does. */
function deeper(value: unknown, levels: number): boolean {
  if (typeof value !== 'object' || value === null) return false
  return levels === 0 || Object.values(value).some((item) => deeper(item, levels - 1))
}

const isNode = (value: unknown): value is Node =>
  typeof value === 'object' && value !== null && 'range' in value

function emptyDocument(file: string, diagnostics: Diagnostic[]): SourceDocument {
  return {
    file,
    value: undefined,
    recovered: undefined,
    diagnostics,
    unreadable: () => true,
    hasHole: () => true,
    diagnose: (_path, message, { severity = 'error' } = {}) => ({
      severity,
      file,
      line: 1,
      column: 1,
      message,
    }),
  }
}

/**
 * What a schema refuses, as diagnostics at the places in the document; `prefix` is where the value that was checked
 * stands. With the schema, an unknown key is said with those that it knows.
 */
export function schemaDiagnostics(
  document: SourceDocument,
  error: { readonly issues: readonly z.core.$ZodIssue[] },
  prefix: Path = [],
  schema?: z.core.$ZodType,
): Diagnostic[] {
  const readable = error.issues.filter((issue) => {
    const path = [...prefix, ...issue.path.map((step) => (typeof step === 'symbol' ? String(step) : step))]
    const whole = issue.code === 'custom' || issue.code === 'invalid_union'
    // What could not be read is said already, and what it would have changed can't be known.
    return !document.unreadable(path) && !(whole && document.hasHole(path))
  })
  return withoutSizes(readable).flatMap((issue) =>
    issueDiagnostics(document, issue, { at: [], prefix, schema }),
  )
}

/** Of a text where a list belongs, its length is beside the point. */
function withoutSizes(issues: readonly z.core.$ZodIssue[]): readonly z.core.$ZodIssue[] {
  const place = ({ path }: z.core.$ZodIssue) => path.map(String).join('\0')
  const wrong = new Set(issues.filter(({ code }) => code === 'invalid_type').map(place))
  return issues.filter((one) => !['too_big', 'too_small'].includes(one.code) || !wrong.has(place(one)))
}

interface Where {
  readonly prefix: Path
  /** Place in the value that the schema describes, of the union that holds the issue. */
  readonly at: readonly PropertyKey[]
  readonly schema: z.core.$ZodType | undefined
}

function issueDiagnostics(document: SourceDocument, issue: z.core.$ZodIssue, where: Where): Diagnostic[] {
  const at = [...where.at, ...issue.path]
  const path = [...where.prefix, ...at.map((step) => (typeof step === 'symbol' ? String(step) : step))]
  switch (issue.code) {
    case 'unrecognized_keys': {
      const known = where.schema ? keysAt(where.schema, at) : []
      return issue.keys.map((key) => document.diagnose([...path, key], unknownKey(key, known), { key: true }))
    }
    case 'invalid_key':
      return [document.diagnose(path, issueText(path, issue), { key: true })]
    case 'invalid_union': {
      // Of several ways to write a block, the one that it resembles most; of several kinds of single values, all.
      const ways = issue.errors.filter((way) =>
        way.every((inner) => inner.path.length > 0 || 'keys' in inner),
      )
      const nearest = [...ways].sort((a, b) => a.length - b.length)[0]
      return nearest
        ? nearest.flatMap((inner) => issueDiagnostics(document, inner, { ...where, at }))
        : [document.diagnose(path, issueText(path, issue))]
    }
    default:
      return [document.diagnose(path, issueText(path, issue))]
  }
}

const MOST_KEYS = 24
/** What is said of a key that a block can't have. */
export function unknownKey(key: string, known: readonly string[]): Text {
  const keys = byNearness(key, known).slice(0, MOST_KEYS).join(', ')
  return {
    fr: `clé inconnue « ${key} »${keys && ` ; clés possibles : ${keys}`}`,
    en: `unknown key “${key}”${keys && `; possible keys: ${keys}`}`,
  }
}

/** What a schema says of a key that isn't there. */
const NOT_GIVEN: ReadonlySet<string> = new Set(['invalid_type', 'invalid_value', 'invalid_union'])

function issueText(path: Path, issue: z.core.$ZodIssue): Text {
  const last = path.at(-1)
  if (last === undefined)
    return {
      fr: 'ce fichier est vide, ou n’est pas fait de « clé: valeur » : « probant init » en écrit un modèle',
      en: 'this file is empty, or is not made of “key: value”: “probant init” writes a model',
    }
  if (NOT_GIVEN.has(issue.code) && issue.input === undefined)
    return { fr: `il manque « ${last} »`, en: `“${last}” is missing` }
  const { fr, en } = issueWords(issue)
  if (typeof last === 'string') return { fr: `« ${last} » : ${fr}`, en: `“${last}”: ${en}` }
  const list = path.findLast((step) => typeof step === 'string') ?? ''
  return {
    fr: `l’élément ${last + 1} de « ${list} » : ${fr}`,
    en: `item ${last + 1} of “${list}”: ${en}`,
  }
}

/** `sujet.yaml:12:7: …`, as editors and compilers write it. */
export const diagnosticLine = (diagnostic: Diagnostic, lang: Lang): string =>
  `${diagnostic.file}:${diagnostic.line}:${diagnostic.column}: ${diagnostic.message[lang]}`

/** By file, then by place; errors and notes together, each said once. */
export function sortedDiagnostics(diagnostics: readonly Diagnostic[]): Diagnostic[] {
  const seen = new Set<string>()
  return [...diagnostics]
    .sort((a, b) => a.file.localeCompare(b.file) || a.line - b.line || a.column - b.column)
    .filter((d) => {
      const line = diagnosticLine(d, 'fr')
      return seen.has(line) ? false : seen.add(line)
    })
}
