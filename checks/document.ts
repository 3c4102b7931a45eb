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
} from 'yaml'
import { z } from 'zod'
import { patternWords } from './pattern.ts'
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

/** What the YAML library says in English, by its code, for the people who write exams. */
const yamlMessages: Readonly<Record<string, Text>> = {
  DUPLICATE_KEY: {
    fr: 'cette clé est déjà donnée plus haut dans le même bloc',
    en: 'this key is already given above in the same block',
  },
  TAB_AS_INDENT: {
    fr: "une tabulation sert d'indentation : employez des espaces",
    en: 'a tab is used as indentation: use spaces',
  },
  BAD_INDENT: {
    fr: "l'indentation ne correspond pas au bloc : alignez cette ligne avec ses voisines",
    en: 'the indentation does not fit the block: align this line with its neighbours',
  },
  MISSING_CHAR: {
    fr: 'il manque un caractère (guillemet, deux-points, crochet ou accolade)',
    en: 'a character is missing (quote, colon, bracket or brace)',
  },
  MULTILINE_IMPLICIT_KEY: {
    fr: 'une clé tient sur une seule ligne : il manque sans doute « : »',
    en: 'a key fits on one line: “:” is probably missing',
  },
  UNEXPECTED_TOKEN: { fr: "ce caractère n'est pas attendu ici", en: 'this character is not expected here' },
  BLOCK_AS_IMPLICIT_KEY: {
    fr: 'une valeur imbriquée commence sur la même ligne que sa clé : passez à la ligne, ou mettez des guillemets',
    en: 'a nested value starts on the line of its key: start a new line, or use quotes',
  },
  MULTIPLE_DOCS: {
    fr: 'un seul document par fichier : retirez « --- » et ce qui suit',
    en: 'one document a file: remove “---” and what follows',
  },
  BAD_ALIAS: { fr: 'cet alias ne renvoie à rien', en: 'this alias refers to nothing' },
}

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
  const errors = [...document.errors, ...document.warnings]
  // A tab sends the reader off the rails: what it says of the lines after is of no help.
  const tabs = errors.filter((error) => error.code === 'TAB_AS_INDENT')
  for (const error of (tabs.length > 0 ? tabs : errors).slice(0, MAX_DIAGNOSTICS)) {
    const known = yamlMessages[error.code]
    add(error.pos[0], known ?? { fr: `YAML incorrect (${error.code})`, en: `wrong YAML: ${error.message}` })
  }
  if (diagnostics.length === 0)
    for (const { offset, message } of traps(document).slice(0, MAX_DIAGNOSTICS)) add(offset, message)
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

/**
 * What is right as YAML and never meant: a block as a key (`{{n}}` without quotes is read so), an alias whose anchor
 * is nowhere above.
 */
function traps(document: Document.Parsed): { offset: number; message: Text }[] {
  const found: { offset: number; message: Text }[] = []
  const anchors = new Set<string>()
  visit(document, {
    Pair(_key, pair) {
      if (isCollection(pair.key)) found.push({ offset: pair.key.range?.[0] ?? 0, message: unquoted })
    },
    Value(_key, node) {
      if (node.anchor !== undefined) anchors.add(node.anchor)
    },
    Alias(_key, node) {
      if (!anchors.has(node.source))
        found.push({ offset: node.range?.[0] ?? 0, message: yamlMessages['BAD_ALIAS']! })
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

const french = z.locales.fr().localeError
const english = z.locales.en().localeError

type RawIssue = Parameters<typeof french>[0]
const said = (locale: typeof french, issue: z.core.$ZodIssue): string => {
  const message = locale(issue as unknown as RawIssue)
  return (typeof message === 'string' ? message : message?.message) ?? issue.message
}

/** What a schema refuses, as diagnostics at the places in the document; `prefix` is where the value that was checked stands. */
export function schemaDiagnostics(
  document: SourceDocument,
  error: { readonly issues: readonly z.core.$ZodIssue[] },
  prefix: Path = [],
): Diagnostic[] {
  return error.issues.flatMap((issue): Diagnostic[] => {
    const path = [...prefix, ...issue.path.map((step) => (typeof step === 'symbol' ? String(step) : step))]
    if (issue.code === 'unrecognized_keys')
      return issue.keys.map((key) =>
        document.diagnose(
          [...path, key],
          { fr: `clé inconnue « ${key} »`, en: `unknown key “${key}”` },
          { key: true },
        ),
      )
    if (issue.code === 'invalid_key')
      return [document.diagnose(path, issueText(path, issue.issues[0] ?? issue), { key: true })]
    if (issue.code === 'invalid_union') {
      // Of several ways to write a block, the one that it resembles most; of several kinds of single values, all.
      const ways = issue.errors.filter((way) =>
        way.every((inner) => inner.path.length > 0 || 'keys' in inner),
      )
      const nearest = [...ways].sort((a, b) => a.length - b.length)[0]
      if (nearest) return schemaDiagnostics(document, { issues: nearest }, path)
      const worded = issue.errors.flat().find((inner) => wordsOf(inner))
      return [document.diagnose(path, issueText(path, worded ?? issue))]
    }
    return [document.diagnose(path, issueText(path, issue))]
  })
}

function wordsOf(issue: z.core.$ZodIssue): Text | undefined {
  if (issue.code === 'invalid_format' && issue.pattern !== undefined) return patternWords(issue.pattern)
  // A schema's own rule says what it asks for beside it: `.refine(…, { params: { fr, en } })`.
  const { fr, en } = (issue.code === 'custom' ? issue.params : undefined) ?? {}
  return typeof fr === 'string' && typeof en === 'string' ? { fr, en } : undefined
}

function issueText(path: Path, issue: z.core.$ZodIssue): Text {
  if (path.length === 0)
    return {
      fr: 'ce fichier est vide, ou n’est pas fait de « clé: valeur »',
      en: 'this file is empty, or is not made of “key: value”',
    }
  const where = String(path.at(-1))
  if (issue.code === 'invalid_type' && issue.input === undefined)
    return { fr: `il manque « ${where} »`, en: `“${where}” is missing` }
  if (
    issue.code === 'invalid_type' &&
    issue.expected === 'string' &&
    ['number', 'boolean'].includes(typeof issue.input)
  )
    return {
      fr: `« ${where} » : du texte est attendu, mettez cette valeur entre guillemets`,
      en: `“${where}”: text is expected, put this value between quotes`,
    }
  const words = wordsOf(issue)
  return {
    fr: `« ${where} » : ${words?.fr ?? said(french, issue)}`,
    en: `“${where}”: ${words?.en ?? said(english, issue)}`,
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
