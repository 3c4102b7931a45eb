import {
  LineCounter,
  isCollection,
  isMap,
  isScalar,
  isSeq,
  parseDocument,
  visit,
  type Document,
  type Node,
  type YAMLError,
} from 'yaml'
import type { z } from 'zod'
import { issueWords } from './issue-words.ts'
import { byNearness } from './nearest.ts'
import { keysAt } from './schema-walk.ts'
import type { Lang, Text } from './text.ts'
import { yamlWords } from './yaml-words.ts'

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
  readonly value: unknown
  readonly diagnostics: readonly Diagnostic[]
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
 * Reads one YAML 1.2 document and keeps the place of every value.
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
    const message = { fr: 'fichier trop long (plus de 1 Mio)', en: 'file too long (more than 1 MiB)' }
    return emptyDocument(file, [{ severity: 'error', file, line: 1, column: 1, message }])
  }
  const document = parseDocument(text, {
    lineCounter: lines,
    uniqueKeys: true,
    prettyErrors: false,
    version: '1.2',
    logLevel: 'error',
  })
  const all = [...document.errors, ...document.warnings]
  const also = (error: YAMLError) =>
    all.some(({ code, pos }) => code !== error.code && pos[0] === error.pos[0])
  const errors = all.filter((error) => error.code !== 'MULTILINE_IMPLICIT_KEY' || !also(error))
  // A tab sends the reader off the rails: what it says of the lines after is of no help.
  const tabs = errors.filter((error) => error.code === 'TAB_AS_INDENT')
  for (const error of (tabs.length > 0 ? tabs : errors).slice(0, MAX_DIAGNOSTICS)) {
    add(error.pos[0], yamlWords[error.code])
  }
  if (diagnostics.length === 0)
    for (const { offset, message } of traps(document, text).slice(0, MAX_DIAGNOSTICS)) add(offset, message)
  let value: unknown
  if (diagnostics.length === 0) {
    try {
      value = document.toJS({ maxAliasCount: 50 })
      if (deeper(value, MAX_DEPTH)) {
        value = undefined
        add(0, {
          fr: `blocs imbriqués sur plus de ${MAX_DEPTH} niveaux, ou alias qui se contient lui-même`,
          en: `blocks nested more than ${MAX_DEPTH} levels deep, or an alias that contains itself`,
        })
      }
    } catch {
      add(0, {
        fr: 'trop d’alias YAML : écrivez ces valeurs en toutes lettres',
        en: 'too many YAML aliases: write these values out',
      })
    }
  }
  const place = (path: Path, key: boolean): number => {
    let node: unknown = document.contents
    let offset = isNode(node) ? (node.range?.[0] ?? 0) : 0
    for (const [depth, step] of path.entries()) {
      if (isMap(node)) {
        const pair = node.items.find((item) => isScalar(item.key) && String(item.key.value) === String(step))
        if (!pair) return offset
        const keyOffset = isNode(pair.key) ? (pair.key.range?.[0] ?? offset) : offset
        const last = depth === path.length - 1
        offset = !(key && last) && isNode(pair.value) ? (pair.value.range?.[0] ?? keyOffset) : keyOffset
        node = pair.value
      } else if (isSeq(node)) {
        const item = node.items[Number(step)]
        if (!isNode(item)) return offset
        offset = item.range?.[0] ?? offset
        node = item
      } else return offset
    }
    return offset
  }
  return {
    file,
    value,
    diagnostics,
    diagnose(path, message, { severity = 'error', key = false } = {}) {
      const { line, col } = lines.linePos(place(path, key))
      return { severity, file, line: Math.max(line, 1), column: Math.max(col, 1), message }
    },
  }
}

const unquoted: Text = {
  fr: 'une accolade ouvre ici un bloc YAML : mettez la valeur qui contient {{…}} entre guillemets',
  en: 'a brace opens a YAML block here: put the value that holds {{…}} between quotes',
}

/** What double quotes make of the path `D:\\Partages` or of `AGENCE\\bruno`: a character that nobody types. */
const isEscapedByMistake = (written: string, value: string): boolean =>
  written.startsWith('"') &&
  (/[\0\x07\b\v\f\x1b\x85\u2028\u2029]/.test(value) || /^"[A-Za-z]:\\[nrt]/.test(written))

/**
 * What is right as YAML and never meant: a block as a key (`{{n}}` without quotes is read so), an alias whose anchor
 * is nowhere above, a backslash of Windows that double quotes take for an escape.
 */
function traps(document: Document.Parsed, text: string): { offset: number; message: Text }[] {
  const found: { offset: number; message: Text }[] = []
  const anchors = new Set<string>()
  visit(document, {
    Pair(_key, pair) {
      if (isCollection(pair.key)) found.push({ offset: pair.key.range?.[0] ?? 0, message: unquoted })
    },
    Scalar(_key, { anchor, range, value }) {
      if (anchor !== undefined) anchors.add(anchor)
      if (range && typeof value === 'string' && isEscapedByMistake(text.slice(range[0], range[1]), value))
        found.push({ offset: range[0], message: yamlWords.BAD_DQ_ESCAPE })
    },
    Collection(_key, node) {
      if (node.anchor !== undefined) anchors.add(node.anchor)
    },
    Alias(_key, node) {
      if (!anchors.has(node.source))
        found.push({ offset: node.range?.[0] ?? 0, message: yamlWords.BAD_ALIAS })
    },
  })
  return found
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
    diagnostics,
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
  return withoutSizes(error.issues).flatMap((issue) =>
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
function unknownKey(key: string, known: readonly string[]): Text {
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
      fr: 'ce fichier est vide, ou n’est pas fait de « clé: valeur »',
      en: 'this file is empty, or is not made of “key: value”',
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
