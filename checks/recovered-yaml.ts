import {
  Scalar,
  isAlias,
  isCollection,
  isMap,
  isScalar,
  isSeq,
  parseDocument,
  visit,
  type Document,
  type ErrorCode,
  type Node,
  type YAMLError,
  type YAMLMap,
} from 'yaml'
import type { Text } from './text.ts'
import { yamlWords } from './yaml-words.ts'

export interface YamlMistake {
  readonly offset: number
  readonly message: Text
}

/** A YAML text as far as it could be read: what couldn't is a hole in it, and said among the mistakes. */
export interface RecoveredYaml {
  /** Null where nothing can be made of the text. */
  readonly document: Document.Parsed | null
  readonly mistakes: readonly YamlMistake[]
  /** Values that couldn't be read: `undefined` stands in their place. */
  readonly holes: ReadonlySet<Node>
  /** Keys that couldn't be read at all, with the offset where each stood. */
  readonly lost: readonly { readonly key: string; readonly offset: number }[]
}

/** What goes wrong inside one value, and leaves what is around it alone. */
const LOCAL: ReadonlySet<ErrorCode> = new Set([
  'DUPLICATE_KEY',
  'BAD_DQ_ESCAPE',
  'BAD_SCALAR_START',
  'BAD_ALIAS',
  'TAG_RESOLVE_FAILED',
])
/** Where the reader notices only on the next line that something was left open. */
const NOTICED_LATE: ReadonlySet<ErrorCode> = new Set(['BAD_INDENT', 'MISSING_CHAR'])
/** Each mistake of structure costs one more reading: of a long text, fewer. */
const LONG_TEXT = 100_000
const roundsFor = (text: string): number => (text.length > LONG_TEXT ? 4 : 16)

/** So often a mistake may show again around what was taken out, before the text is given up. */
const MOST_SILENT = 3

const parsed = (text: string): Document.Parsed =>
  parseDocument(text, { uniqueKeys: true, prettyErrors: false, version: '1.2', logLevel: 'error' })

/**
 * Reads a YAML text past its mistakes. A mistake of structure (a bracket left open, a tab) is said, its lines are taken
 * out and the rest is read again: what follows is judged as it would be without it. Never throws.
 */
export function recoverYaml(text: string): RecoveredYaml {
  const mistakes: YamlMistake[] = []
  const taken: Region[] = []
  let current = text
  let silent = 0
  for (let round = 0; round < roundsFor(text); round++) {
    const document = parsed(current)
    const first = firstOfStructure(document)
    if (!first) return { document, ...withHoles(document, current, mistakes, taken), ...lostIn(taken) }
    const { offset, culprit } = whereOf(first, document, current)
    const line = lineAt(current, culprit)
    const before = taken.find((region) => touches(region, line, current))
    if (!before) mistakes.push({ offset, message: yamlWords[first.code] })
    silent = before ? silent + 1 : 0
    if (first.code === 'RESOURCE_EXHAUSTION' || silent > MOST_SILENT) break
    const region = first.code === 'MULTIPLE_DOCS' ? toTheEnd(current, culprit) : blockAt(text, line, before)
    // Nothing left to take out: this text has no reading.
    if (current.slice(region.from, region.to).trim() === '') break
    taken.push(region)
    current = without(current, region)
  }
  return { document: null, mistakes, holes: new Set(), lost: [] }
}

function firstOfStructure(document: Document.Parsed): YAMLError | undefined {
  const errors = [...document.errors, ...document.warnings].filter(({ code }) => !LOCAL.has(code))
  const vague = ({ code }: YAMLError) => (code === 'MULTILINE_IMPLICIT_KEY' ? 1 : 0)
  return errors.sort((a, b) => a.pos[0] - b.pos[0] || vague(a) - vague(b))[0]
}

/** Where a mistake is said, and where the line stands that made it. */
function whereOf(
  { code, pos }: YAMLError,
  document: Document.Parsed,
  text: string,
): { offset: number; culprit: number } {
  const [offset] = pos
  if (!NOTICED_LATE.has(code)) return { offset, culprit: offset }
  // A quote that is never closed is noticed at the end of the file: it is said where it opens.
  const open = code === 'MISSING_CHAR' ? quoteEndingAt(document, offset) : null
  if (open !== null) return { offset: open, culprit: open }
  const onlyBlank = text.slice(text.lastIndexOf('\n', offset - 1) + 1, offset).trim() === ''
  const earlier = text.slice(0, offset).trimEnd().length - 1
  return { offset, culprit: onlyBlank && earlier >= 0 ? earlier : offset }
}

function quoteEndingAt(document: Document.Parsed, offset: number): number | null {
  let found: number | null = null
  visit(document, {
    Scalar(_key, { type, range }) {
      if ((type === 'QUOTE_DOUBLE' || type === 'QUOTE_SINGLE') && range && range[1] >= offset)
        found ??= range[0] <= offset ? range[0] : null
    },
  })
  return found
}

/** Lines taken out of a text, and whether their key stays (its value is then a hole). */
interface Region {
  readonly from: number
  readonly to: number
  readonly key: string | null
  /** End of the key that stays, colon included; `from` where none does. */
  readonly kept: number
}

const lineAt = (text: string, offset: number): number =>
  offset <= 0 ? 0 : text.lastIndexOf('\n', offset - 1) + 1
const lineEnd = (text: string, from: number): number => {
  const end = text.indexOf('\n', from)
  return end < 0 ? text.length : end
}
const indentOf = (text: string, line: number): number => /^ */.exec(text.slice(line, line + 200))![0].length
const isBlank = (text: string, line: number): boolean =>
  /^\s*(#|$)/.test(text.slice(line, lineEnd(text, line)))

/** Whether a line stands in lines that were taken out, or right after them. */
function touches({ from, to }: Region, line: number, text: string): boolean {
  if (line >= from && line < to) return true
  return line >= to && text.slice(to, line).trim() === ''
}

/** The block that a line opens: all that is further in below it; where that was taken already, the block around it. */
function blockAt(text: string, line: number, taken: Region | undefined): Region {
  let start = line
  if (taken) {
    start = Math.min(line, lineAt(text, taken.from))
    const own = indentOf(text, start)
    while (start > 0 && (isBlank(text, start) || indentOf(text, start) >= own))
      start = lineAt(text, start - 1)
  }
  const own = indentOf(text, start)
  let to = lineEnd(text, start)
  // How far in a tab is meant to be can't be told: its line alone is taken out.
  const tabIndent = /^ *\t/.test(text.slice(start, to))
  while (to < text.length) {
    if (tabIndent) break
    const next = to + 1
    if (!isBlank(text, next) && indentOf(text, next) <= own) break
    to = lineEnd(text, next)
  }
  const written = text.slice(start, lineEnd(text, start))
  const [opening = '', name] = /^ *(?:- +)*([\w.-]+) *:(?= |$)/.exec(written.replace(/\r$/, '')) ?? []
  const tabbed = /^\s*(?:- +)?([\w.-]+) *:/.exec(written)?.[1]
  const keeps = name !== undefined && (!taken || start < lineAt(text, taken.from))
  return { from: start, to, key: name ?? tabbed ?? null, kept: keeps ? start + opening.length : start }
}

const toTheEnd = (text: string, from: number): Region => ({ from, to: text.length, key: null, kept: from })

/** The same text with blanks in place of what is taken out: every other offset stays. */
const without = (text: string, { kept, to }: Region): string =>
  text.slice(0, kept) + text.slice(kept, to).replace(/[^\r\n]/g, ' ') + text.slice(to)

const lostIn = (taken: readonly Region[]): Pick<RecoveredYaml, 'lost'> => ({
  lost: taken.flatMap(({ key, from, kept }) =>
    key !== null && kept === from ? [{ key, offset: from }] : [],
  ),
})

/** Says what is wrong inside single values, makes holes of them, and lays what one key is given twice together. */
function withHoles(
  document: Document.Parsed,
  text: string,
  mistakes: readonly YamlMistake[],
  taken: readonly Region[],
): Pick<RecoveredYaml, 'mistakes' | 'holes'> {
  const wrong = new Set<Node>()
  const found: YamlMistake[] = [...mistakes]
  for (const { code, pos } of [...document.errors, ...document.warnings]) {
    found.push({ offset: pos[0], message: yamlWords[code] })
    const node = code === 'DUPLICATE_KEY' ? null : valueAt(document, pos[0])
    if (node) wrong.add(node)
  }
  for (const { node, at = node, message } of traps(document, text)) {
    if (!wrong.has(node)) found.push({ offset: at.range?.[0] ?? 0, message })
    wrong.add(node)
  }
  visit(document, {
    Map(_key, map) {
      layTogether(map)
    },
    Pair(_key, { key, value }) {
      const at = isScalar(key) ? (key.range?.[0] ?? -1) : -1
      const emptied = taken.some(({ from, kept, to }) => kept > from && at >= from && at < to)
      if (emptied && isScalar(value) && value.value === null) wrong.add(value)
    },
  })
  const holes = new Set<Node>()
  visit(document, {
    Node(_key, node) {
      if (!wrong.has(node)) return undefined
      const hole = new Scalar(undefined)
      if (node.range) hole.range = node.range
      holes.add(hole)
      return hole
    },
  })
  return { mistakes: found.sort((a, b) => a.offset - b.offset), holes }
}

/** The single value that holds an offset. */
function valueAt(document: Document.Parsed, offset: number): Node | null {
  let found: Node | null = null
  visit(document, {
    Value(key, node) {
      const [from, to] = node.range ?? [0, 0]
      const holds = from <= offset && offset <= to
      // An unknown type stands before its value.
      if (key !== 'key' && !isCollection(node) && (holds || (from > offset && node.tag))) found ??= node
    },
    Alias(_key, node) {
      const [from, to] = node.range ?? [0, 0]
      if (from <= offset && offset <= to) found ??= node
    },
  })
  return found
}

/** Of a key given twice, lists and blocks are looked at together, so that neither hides the other; of single values, the first. */
function layTogether(map: YAMLMap): void {
  const first = new Map<string, YAMLMap['items'][number]>()
  map.items = map.items.filter((pair) => {
    if (!isScalar(pair.key)) return true
    const name = String(pair.key.value)
    const before = first.get(name)
    if (!before) {
      first.set(name, pair)
      return true
    }
    if (isSeq(before.value) && isSeq(pair.value)) before.value.items.push(...pair.value.items)
    if (isMap(before.value) && isMap(pair.value)) before.value.items.push(...pair.value.items)
    return false
  })
}

const unquoted: Text = {
  fr: 'une accolade ouvre ici un bloc YAML : mettez la valeur qui contient {{…}} entre guillemets',
  en: 'a brace opens a YAML block here: put the value that holds {{…}} between quotes',
}

/** What double quotes make of the path `D:\\Partages` or of `AGENCE\\bruno`: a character that nobody types. */
const isEscapedByMistake = (written: string, value: string): boolean =>
  written.startsWith('"') &&
  (/[\0\x07\b\v\f\x1b\x85\u2028\u2029]/.test(value) || /^"[A-Za-z]:\\[nrt]/.test(written))

interface Trap {
  /** What can't be read. */
  readonly node: Node
  /** What in it is said; itself where absent. */
  readonly at?: Node
  readonly message: Text
}

/**
 * What is right as YAML and never meant: a block as a key (`{{n}}` without quotes is read so), an alias whose anchor
 * is nowhere above, a backslash of Windows that double quotes take for an escape.
 */
function traps(document: Document.Parsed, text: string): Trap[] {
  const found: Trap[] = []
  const anchors = new Set<string>()
  visit(document, {
    Pair(_key, pair, path) {
      const around = path.at(-1)
      if (isCollection(pair.key) && isMap(around))
        found.push({ node: around, at: pair.key, message: unquoted })
    },
    Scalar(_key, node) {
      const { anchor, range, value } = node
      if (anchor !== undefined) anchors.add(anchor)
      if (range && typeof value === 'string' && isEscapedByMistake(text.slice(range[0], range[1]), value))
        found.push({ node, message: yamlWords.BAD_DQ_ESCAPE })
    },
    Collection(_key, node) {
      if (node.anchor !== undefined) anchors.add(node.anchor)
    },
    Alias(_key, node) {
      if (isAlias(node) && !anchors.has(node.source)) found.push({ node, message: yamlWords.BAD_ALIAS })
    },
  })
  return found
}
