import { contents, elements, integer, type Element } from './ber.ts'

/**
 * What a directory sends (RFC 4511), read by hand: ldapts, which writes our requests, can be led into an endless loop
 * by a response whose lengths are wrong.
 */
export type Response =
  | { readonly kind: 'entry'; readonly id: number; readonly entry: RawEntry }
  | { readonly kind: 'reference'; readonly id: number }
  | { readonly kind: 'result'; readonly id: number; readonly result: Result }

export interface RawEntry {
  readonly dn: string
  /** As named by the directory, options included. */
  readonly attributes: readonly { readonly type: string; readonly values: readonly Buffer[] }[]
}

export interface Result {
  /** RFC 4511, 4.1.9. */
  readonly code: number
  readonly message: string
  /** Where the next page begins (RFC 2696); null at the end. */
  readonly cookie: Buffer | null
}

const INTEGER = 0x02
const OCTET_STRING = 0x04
const ENUMERATED = 0x0a
const SEQUENCE = 0x30
const SET = 0x31
const SEARCH_ENTRY = 0x64
const SEARCH_REFERENCE = 0x73
const INTERMEDIATE = 0x79
const CONTROLS = 0xa0
const PAGED_RESULTS = '1.2.840.113556.1.4.319'

/** Reads one whole message. Throws a TransportFailure `unparsable`. */
export function readResponse(message: Buffer): Response {
  const [envelope] = elements(message)
  const [idElement, operation, controls] = elements(contents(envelope, SEQUENCE))
  const id = integer(idElement, INTEGER)
  switch (operation?.tag) {
    case SEARCH_ENTRY:
      return { kind: 'entry', id, entry: readEntry(elements(operation.bytes)) }
    case SEARCH_REFERENCE:
    case INTERMEDIATE:
      return { kind: 'reference', id }
    default: {
      const [code, , diagnostic] = elements(operation?.bytes ?? Buffer.alloc(0))
      const message = contents(diagnostic, OCTET_STRING).subarray(0, 1000).toString('utf8')
      return {
        kind: 'result',
        id,
        result: { code: integer(code, ENUMERATED), message, cookie: cookieIn(controls) },
      }
    }
  }
}

function readEntry([dn, attributes]: readonly Element[]): RawEntry {
  return {
    dn: contents(dn, OCTET_STRING).toString('utf8'),
    attributes: elements(contents(attributes, SEQUENCE)).map((attribute) => {
      const [type, values] = elements(contents(attribute, SEQUENCE))
      return {
        type: contents(type, OCTET_STRING).toString('utf8'),
        values: elements(contents(values, SET)).map((value) => contents(value, OCTET_STRING)),
      }
    }),
  }
}

function cookieIn(controls: Element | undefined): Buffer | null {
  if (controls?.tag !== CONTROLS) return null
  for (const control of elements(controls.bytes)) {
    const parts = elements(contents(control, SEQUENCE))
    if (contents(parts[0], OCTET_STRING).toString('latin1') !== PAGED_RESULTS) continue
    const value = contents(parts.at(-1), OCTET_STRING)
    const [, cookie] = elements(contents(elements(value)[0], SEQUENCE))
    const bytes = contents(cookie, OCTET_STRING)
    return bytes.length > 0 ? bytes : null
  }
  return null
}
