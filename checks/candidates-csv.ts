import { isMap, isScalar, parseDocument, stringify } from 'yaml'
import { delimiterOf, readDelimited, type Cell } from './delimited-text.ts'
import { readDocument, type Diagnostic } from './document.ts'
import { issueWords } from './issue-words.ts'
import { printable } from './printable.ts'
import { readSession } from './session-reader.ts'
import { candidateSchema, type Candidate } from './session.ts'
import type { Text } from './text.ts'

/** Candidates of a session as a table gives them. */
export interface CandidateList {
  readonly candidates: readonly Candidate[]
  /** Who each code is. Kept apart: no name goes into a session, which travels. */
  readonly names: ReadonlyMap<string, string>
}

const MAX_BYTES = 65_536
const MAX_CANDIDATES = 64
const MAX_COLUMNS = 64
const MAX_NAME = 200
/** More mistakes than this are one mistake repeated. */
const MAX_DIAGNOSTICS = 100

type Meaning = 'code' | 'n' | 'seat' | 'extra-minutes' | 'last-name' | 'first-name'
/** How a column may be headed, without accents and in lower case, blanks being hyphens. */
const headers: Readonly<Record<string, Meaning>> = {
  code: 'code',
  n: 'n',
  'n°': 'n',
  numero: 'n',
  number: 'n',
  seat: 'seat',
  place: 'seat',
  'minutes-supplementaires': 'extra-minutes',
  'extra-minutes': 'extra-minutes',
  nom: 'last-name',
  noms: 'last-name',
  'nom-de-famille': 'last-name',
  name: 'last-name',
  'last-name': 'last-name',
  prenom: 'first-name',
  prenoms: 'first-name',
  'first-name': 'first-name',
}
const required: Readonly<Partial<Record<Meaning, Text>>> = {
  code: { fr: 'il manque une colonne « code »', en: 'a column “code” is missing' },
  n: { fr: 'il manque une colonne « n » (ou « numéro »)', en: 'a column “n” (or “number”) is missing' },
}
/** Headings that mean time: taken for a variable, they would cost a candidate theirs and nobody would notice. */
const time = /minut|tiers-temps|temps-sup|extra-time/

const plainHeader = (written: string): string =>
  written
    .normalize('NFD')
    .replace(/\p{M}/gu, '')
    .toLowerCase()
    .trim()
    .replace(/[\s_-]+/g, '-')

type Column =
  | { readonly meaning: Meaning; readonly written: string }
  | { readonly meaning: 'variable'; readonly written: string }
  | null

/**
 * Reads the candidates of a session from a CSV text (comma, semicolon or tab; RFC 4180). The first row heads the columns:
 * `code`, `n` (numéro), `seat` (place), `extra-minutes` (minutes-supplementaires), `name` (nom), `first-name` (prénom); any
 * other names a variable. A cell of a variable that is a whole number or true or false is that, anything else is text; an
 * empty cell gives nothing. At most 64 candidates, 64 columns, 64 KiB.
 * Never throws: every mistake is said at its line and column, and `list` is null then.
 */
export function readCandidates(
  file: string,
  text: string,
): { list: CandidateList | null; diagnostics: Diagnostic[] } {
  const diagnostics: Diagnostic[] = []
  const wrong = ({ line, column }: Pick<Cell, 'line' | 'column'>, message: Text) => {
    if (diagnostics.length < MAX_DIAGNOSTICS)
      diagnostics.push({ severity: 'error', file, line, column, message })
  }
  const start = { line: 1, column: 1 }
  if (new TextEncoder().encode(text).length > MAX_BYTES) {
    wrong(start, {
      fr: 'liste trop longue (plus de 64 Kio) : n’y gardez que les candidats de la session',
      en: 'list too long (more than 64 KiB): keep only the candidates of the session in it',
    })
    return { list: null, diagnostics }
  }
  const { rows, mistakes } = readDelimited(text, delimiterOf(text))
  for (const { message, ...place } of mistakes) wrong(place, message)
  for (const cell of rows.flat())
    if (/[\p{Cc}\u061c\u200e\u200f\u2028-\u202e\u2066-\u2069\ufffd]/u.test(cell.text)) wrong(cell, unseen)
  const [head, ...rest] = rows
  if (!head) {
    wrong(start, {
      fr: 'cette liste est vide : nommez les colonnes sur la première ligne (code;n;place), puis donnez un candidat par ligne',
      en: 'this list is empty: name the columns in the first row (code,n,seat), then give a candidate a row',
    })
    return { list: null, diagnostics }
  }
  const columns = columnsOf(head, wrong)
  if (rest.length === 0)
    wrong(start, {
      fr: 'cette liste n’a pas de candidat : donnez-en un par ligne, sous les noms des colonnes',
      en: 'this list has no candidate: give one a row, below the names of the columns',
    })
  const candidates: Candidate[] = []
  const names = new Map<string, string>()
  const known = { code: new Map<unknown, number>(), n: new Map<unknown, number>() }
  for (const [i, row] of rest.entries()) {
    const [first] = row
    if (!first) continue
    if (i === MAX_CANDIDATES) {
      wrong(first, {
        fr: `plus de ${MAX_CANDIDATES} candidats : faites plusieurs sessions`,
        en: `more than ${MAX_CANDIDATES} candidates: make several sessions`,
      })
      break
    }
    const candidate = candidateOf(row, columns, wrong)
    for (const key of ['code', 'n'] as const) {
      const place = columns.findIndex((column) => column?.meaning === key)
      const value = candidate.written[key]
      if (value === undefined) continue
      const before = known[key].get(value)
      if (before === undefined) known[key].set(value, first.line)
      else
        wrong(row[place] ?? first, {
          fr: `« ${printable(String(value), 40)} » est déjà donné au candidat de la ligne ${before} : donnez-en un autre`,
          en: `“${printable(String(value), 40)}” is already that of the candidate at line ${before}: give another`,
        })
    }
    if (!candidate.parsed) continue
    candidates.push(candidate.parsed)
    if (candidate.name !== '') names.set(candidate.parsed.code, candidate.name)
  }
  return { list: diagnostics.length > 0 ? null : { candidates, names }, diagnostics }
}

type Wrong = (place: Pick<Cell, 'line' | 'column'>, message: Text) => void

function columnsOf(head: readonly Cell[], wrong: Wrong): Column[] {
  const beyond = head[MAX_COLUMNS]
  if (beyond)
    wrong(beyond, {
      fr: `plus de ${MAX_COLUMNS} colonnes : retirez-en`,
      en: `more than ${MAX_COLUMNS} columns: remove some`,
    })
  const seen = new Set<string>()
  const columns = head.slice(0, MAX_COLUMNS).map((cell): Column => {
    const { text: written } = cell
    // A column without a name is empty in every row, or each of its cells is said to be beyond the columns.
    if (written === '') return null
    const plain = plainHeader(written)
    const meaning = Object.hasOwn(headers, plain) ? headers[plain] : undefined
    const name = meaning ?? written
    if (seen.has(name)) {
      wrong(cell, {
        fr: `gardez une seule des colonnes qui disent la même chose : « ${printable(written, 40)} »`,
        en: `keep a single one of the columns that say the same thing: “${printable(written, 40)}”`,
      })
      return null
    }
    seen.add(name)
    if (meaning !== undefined) return { meaning, written }
    if (time.test(plain)) {
      wrong(cell, {
        fr: `colonne « ${printable(written, 40)} » : le temps en plus, en minutes, s'écrit sous « minutes-supplementaires »`,
        en: `column “${printable(written, 40)}”: extra time, in minutes, is written under “extra-minutes”`,
      })
      return null
    }
    if (!/^[a-z][a-z0-9-]{0,63}$/.test(written)) {
      const proposed = plain.replace(/[^a-z0-9-]+/g, '-').replace(/^[^a-z]+|-+$/g, '')
      const so =
        proposed === ''
          ? { fr: '', en: '' }
          : { fr: ` : écrivez « ${proposed} »`, en: `: write “${proposed}”` }
      wrong(cell, {
        fr: `« ${printable(written, 40)} » ne peut pas nommer une variable (attendu : minuscules sans accent, chiffres et tirets, une lettre d'abord)${so.fr}`,
        en: `“${printable(written, 40)}” cannot name a variable (expected: lower-case letters without accent, digits and hyphens, a letter first)${so.en}`,
      })
      return null
    }
    return { meaning: 'variable', written }
  })
  for (const [meaning, message] of Object.entries(required))
    if (!seen.has(meaning) && head[0]) wrong(head[0], message)
  return columns
}

const whole = (text: string): number | string => (/^(0|[1-9]\d{0,8})$/.test(text) ? Number(text) : text)
/** As YAML would read the same word; `007` stays text, as nobody counts so. */
const scalar = (text: string): string | number | boolean =>
  text === 'true' || text === 'false' ? text === 'true' : whole(text)

function candidateOf(row: readonly Cell[], columns: readonly Column[], wrong: Wrong) {
  const written: Record<string, unknown> = {}
  const variables: Record<string, unknown> = {}
  const name: Partial<Record<Meaning, string>> = {}
  const places = new Map<string, { cell: Cell; written: string }>()
  for (const [i, cell] of row.entries()) {
    const column = columns[i]
    if (cell.text === '') continue
    if (column === undefined) {
      wrong(cell, {
        fr: 'cette cellule est au-delà des colonnes nommées à la première ligne : nommez sa colonne, ou retirez-la',
        en: 'this cell is beyond the columns that the first row names: name its column, or remove it',
      })
      break
    }
    if (column === null) continue
    const { meaning } = column
    const key = meaning === 'variable' ? column.written : meaning
    places.set(key, { cell, written: column.written })
    if (meaning === 'variable') variables[key] = scalar(cell.text)
    else if (meaning === 'n' || meaning === 'extra-minutes') written[key] = whole(cell.text)
    else if (meaning === 'code' || meaning === 'seat') written[key] = cell.text
    else if (cell.text.length <= MAX_NAME) name[meaning] = cell.text
    else
      wrong(cell, {
        fr: `un nom a au plus ${MAX_NAME} caractères`,
        en: `a name has at most ${MAX_NAME} characters`,
      })
  }
  if (Object.keys(variables).length > 0) written['variables'] = variables
  const parsed = candidateSchema.safeParse(written, { reportInput: true })
  const first = row[0]!
  for (const issue of parsed.error?.issues ?? []) {
    const key = String(issue.path.at(-1))
    const place = places.get(key)
    // A column that is not there was said once, at the head.
    const head = columns.find((column) => column?.meaning === key)
    if (!place && !head) continue
    const { fr, en } = place
      ? issueWords(issue)
      : { fr: 'cette cellule est vide : remplissez-la', en: 'this cell is empty: fill it in' }
    const at = place?.cell ?? row[columns.indexOf(head ?? null)] ?? first
    const title = place?.written ?? head?.written ?? key
    wrong(at, { fr: `« ${title} » : ${fr}`, en: `“${title}”: ${en}` })
  }
  const full = [name['first-name'], name['last-name']].filter((part) => part !== undefined).join(' ')
  return { written, parsed: parsed.data ?? null, name: full }
}

const unseen: Text = {
  fr: 'cette cellule contient un caractère de commande, un saut de ligne ou un caractère illisible : retapez-la',
  en: 'this cell holds a control character, a line end or an unreadable character: type it again',
}

const isRecord = (value: unknown): value is Record<string, unknown> =>
  typeof value === 'object' && value !== null && !Array.isArray(value)

/**
 * The text of a session with these candidates in place of its own. What the list doesn't say of a candidate of the same
 * code (machines of their own, variables) is kept; a candidate that the list doesn't have is left out, with a note. The
 * rest of the text, comments included, stays as it is.
 * `text` is null where the session can't be read, or can't hold them; `diagnostics` then says why. Never throws.
 */
export function withCandidates(
  session: { readonly name: string; readonly text: string },
  candidates: readonly Candidate[],
): { text: string | null; diagnostics: Diagnostic[] } {
  const before = readDocument(session.name, session.text)
  if (before.diagnostics.length > 0) return { text: null, diagnostics: [...before.diagnostics] }
  if (!isRecord(before.value))
    return { text: null, diagnostics: readSession(session.name, session.text).diagnostics }
  const written = Array.isArray(before.value['candidates'])
    ? before.value['candidates'].map((one: unknown) => one)
    : []
  const own = new Map(written.filter(isRecord).map((one) => [one['code'], one]))
  const merged = candidates.map((candidate) => {
    const mine = own.get(candidate.code) ?? {}
    const variables = {
      ...(isRecord(mine['variables']) ? mine['variables'] : {}),
      ...candidate.variables,
    }
    // What the list says comes first, and wins.
    return {
      ...candidate,
      ...mine,
      ...candidate,
      ...(Object.keys(variables).length > 0 ? { variables } : {}),
    }
  })
  const wanted = { ...before.value, candidates: merged }
  const text = replaced(session.text, wanted, merged)
  const listed = new Set<unknown>(candidates.map(({ code }) => code))
  const left = written.flatMap((one, i) =>
    isRecord(one) && typeof one['code'] === 'string' && !listed.has(one['code'])
      ? [
          before.diagnose(
            ['candidates', i, 'code'],
            {
              fr: `« ${printable(one['code'], 40)} » n'est pas dans la liste : laissé de côté`,
              en: `“${printable(one['code'], 40)}” is not in the list: left out`,
            },
            { severity: 'note' },
          ),
        ]
      : [],
  )
  const { session: read, diagnostics } = readSession(session.name, text)
  return { text: read ? text : null, diagnostics: [...left, ...diagnostics] }
}

/** The block of candidates exchanged in the text itself, where it then reads as wanted; else the whole document written anew. */
function replaced(text: string, wanted: Record<string, unknown>, candidates: readonly unknown[]): string {
  const document = parseDocument(text)
  const map = document.contents
  const block = [
    'candidates:',
    ...candidates.map((one) => `  - ${stringify(one, { collectionStyle: 'flow', lineWidth: 0 }).trim()}`),
    '',
  ].join('\n')
  if (isMap(map) && !map.flow) {
    const pair = map.items.find(({ key }) => isScalar(key) && key.value === 'candidates')
    const range = (node: unknown) => (isScalar(node) || isMap(node) || isSequence(node) ? node.range : null)
    const [from] = range(pair?.key) ?? []
    const [, to] = range(pair?.value) ?? []
    const end = map.range?.[1] ?? text.length
    const [start, stop] = from !== undefined && to !== undefined ? [from, to] : [end, end]
    const head = text.slice(0, start)
    const tail = text.slice(stop).replace(/^[ \t]*\r?\n/, '')
    const spliced = `${head}${head === '' || head.endsWith('\n') ? '' : '\n'}${block}${tail}`
    const again = readDocument('', spliced)
    if (again.diagnostics.length === 0 && alike(again.value, wanted)) return spliced
  }
  document.set('candidates', document.createNode(candidates))
  return document.toString({ lineWidth: 0 })
}

const isSequence = (node: unknown): node is { range?: [number, number, number] | null } =>
  typeof node === 'object' && node !== null && 'items' in node

const alike = (a: unknown, b: unknown): boolean => JSON.stringify(sorted(a)) === JSON.stringify(sorted(b))
/** Keys in one order: where a key stands in a block says nothing. */
function sorted(value: unknown): unknown {
  if (Array.isArray(value)) return value.map(sorted)
  if (!isRecord(value)) return value
  return Object.fromEntries(
    Object.keys(value)
      .sort()
      .map((key) => [key, sorted(value[key])]),
  )
}
