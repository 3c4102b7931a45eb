import { NotObserved } from '../observation.ts'

/**
 * Distinguished names (RFC 4514): `OU=Ventes\, Export,DC=agence1,DC=lan`.
 * What a directory sends is hostile: names are bounded in length and in depth.
 */

/** One attribute and its value, unescaped. */
export type Ava = readonly [type: string, value: string]
/** A relative distinguished name: one attribute nearly always, several joined by `+` where it is multi-valued. */
export type Rdn = readonly Ava[]
/** From the entry itself outwards to the root. */
export type DistinguishedName = readonly Rdn[]

const MAX_LENGTH = 8192
const MAX_DEPTH = 64
const TYPE = /(?:[A-Za-z][A-Za-z0-9-]{0,63}|\d+(?:\.\d+)*)/y
/** Ends before a space: those at the end of a value don't count. */
const PLAIN = /[^,+\\";<>\0 ]+/y
const ESCAPABLE = ' "#+,;<=>\\'

/**
 * Reads a name as a server writes it. Takes what RFC 4514 allows, and the spaces around `,`, `+` and `=` that older
 * writers leave. Throws NotObserved `unparsable` for anything else.
 */
export function parseDistinguishedName(text: string): DistinguishedName {
  if (text.length > MAX_LENGTH) throw unparsable('longer than any name')
  const rdns: Rdn[] = []
  let rdn: Ava[] = []
  let at = 0
  const spaces = () => {
    while (text[at] === ' ') at++
  }
  spaces()
  if (at === text.length) return []
  for (;;) {
    spaces()
    TYPE.lastIndex = at
    const type = TYPE.exec(text)?.[0]
    if (type === undefined) throw unparsable('no attribute type')
    at += type.length
    spaces()
    if (text[at] !== '=') throw unparsable('no = after the attribute type')
    at++
    spaces()
    const read = text[at] === '#' ? hexadecimalValue(text, at) : stringValue(text, at)
    rdn.push([type, read.value])
    at = read.end
    if (text[at] === '+') {
      at++
      continue
    }
    rdns.push(rdn)
    if (rdns.length > MAX_DEPTH) throw unparsable('deeper than any name')
    rdn = []
    if (at === text.length) return rdns
    at++ // the comma: stringValue and hexadecimalValue stop nowhere else
  }
}

function stringValue(text: string, start: number): { value: string; end: number } {
  const bytes: number[] = []
  const encoder = new TextEncoder()
  // Spaces at the end count only where they are escaped: how many bytes are kept so far.
  let kept = 0
  let at = start
  while (at < text.length) {
    const c = text[at] ?? ''
    if (c === ',' || c === '+') break
    if (c === '\\') {
      const next = text[at + 1] ?? ''
      const pair = text.slice(at + 1, at + 3)
      if (/^[0-9A-Fa-f]{2}$/.test(pair)) {
        bytes.push(Number.parseInt(pair, 16))
        at += 3
      } else if (next !== '' && ESCAPABLE.includes(next)) {
        bytes.push(next.charCodeAt(0))
        at += 2
      } else throw unparsable('unknown escape')
      kept = bytes.length
      continue
    }
    if ('";<>\0'.includes(c)) throw unparsable('a character that must be escaped')
    // Up to the next character that means something, as one piece.
    PLAIN.lastIndex = at
    const plain = PLAIN.exec(text)?.[0] ?? c
    bytes.push(...encoder.encode(plain))
    at += plain.length
    if (c !== ' ') kept = bytes.length
  }
  try {
    return {
      value: new TextDecoder('utf-8', { fatal: true, ignoreBOM: true }).decode(
        Uint8Array.from(bytes.slice(0, kept)),
      ),
      end: at,
    }
  } catch {
    throw unparsable('not UTF-8')
  }
}

/** `#` and the BER encoding of the value: kept as it is written, since its type is not known. */
function hexadecimalValue(text: string, start: number): { value: string; end: number } {
  const value = /^#(?:[0-9A-Fa-f]{2})+/.exec(text.slice(start))?.[0]
  if (value === undefined) throw unparsable('# without hexadecimal pairs')
  let end = start + value.length
  while (text[end] === ' ') end++
  if (end < text.length && text[end] !== ',' && text[end] !== '+') throw unparsable('text after a # value')
  return { value, end }
}

/** Writes a name as RFC 4514 asks; `parseDistinguishedName` of it gives the same name. */
export const formatDistinguishedName = (name: DistinguishedName): string =>
  name.map((rdn) => rdn.map(([type, value]) => `${type}=${escaped(value)}`).join('+')).join(',')

function escaped(value: string): string {
  const last = value.length - 1
  return value.replace(/["#+,;<=>\\ \0-\x1f\x7f]/g, (c, at: number) => {
    if (c === ' ' || c === '#') return at === 0 || (c === ' ' && at === last) ? `\\${c}` : c
    if (c < ' ' || c === '\x7f') return `\\${c.charCodeAt(0).toString(16).padStart(2, '0').toUpperCase()}`
    return `\\${c}`
  })
}

/**
 * What a directory compares instead of the text itself: case and Unicode composition do not count, nor do spaces at
 * the ends or doubled (caseIgnoreMatch, RFC 4517 4.2.11, RFC 4518). Accents do count here, though Active Directory's
 * own search ignores them: « Comptabilite » is shown, not taken for « Comptabilité ».
 */
export const folded = (text: string): string =>
  text.normalize('NFKC').toLowerCase().normalize('NFKC').replace(/ +/g, ' ').replace(/^ | $/g, '')

/** Whether two values are the same for a directory. */
export const sameValue = (a: string, b: string): boolean => folded(a) === folded(b)

const key = (name: DistinguishedName): string =>
  JSON.stringify(
    name.map((rdn) => rdn.map(([type, value]) => JSON.stringify([type.toLowerCase(), folded(value)])).sort()),
  )

/** Whether two names name the same entry; the order within a multi-valued RDN does not count. */
export const sameName = (a: DistinguishedName, b: DistinguishedName): boolean => key(a) === key(b)

/** The name of the container; of the root, the root. */
export const parentOf = (name: DistinguishedName): DistinguishedName => name.slice(1)

/** The part of `name` below `base`, from the entry outwards, or null where it is not below it (nor itself). */
export function relativeTo(name: DistinguishedName, base: DistinguishedName): DistinguishedName | null {
  const depth = name.length - base.length
  return depth >= 0 && sameName(name.slice(depth), base) ? name.slice(0, depth) : null
}

const unparsable = (why: string) => new NotObserved('unparsable', `distinguished name: ${why}`)
