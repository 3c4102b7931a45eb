import { TransportFailure } from '../transport.ts'

/** One element of BER (ITU-T X.690): its tag, and where its contents begin and end. */
export interface Element {
  readonly tag: number
  readonly bytes: Buffer
}

const malformed = () => new TransportFailure('unparsable', 'what the directory sends is not LDAP')

/**
 * Reads the length of the element at the start of `bytes`: how long it is with its header, or null while the header
 * is not whole. Definite lengths of at most four bytes only, as RFC 4511, 5.1 wants. Throws `unparsable`.
 */
export function elementLength(bytes: Buffer): number | null {
  if (bytes.length < 2) return null
  const first = bytes[1]!
  if (first < 0x80) return 2 + first
  const size = first & 0x7f
  if (size === 0 || size > 4) throw malformed()
  return bytes.length < 2 + size ? null : 2 + size + bytes.readUIntBE(2, size)
}

/** The elements that follow one another in `bytes` and fill it exactly. Throws `unparsable`. */
export function elements(bytes: Buffer): Element[] {
  const found: Element[] = []
  for (let rest = bytes; rest.length > 0;) {
    const length = elementLength(rest)
    if (length === null || length > rest.length) throw malformed()
    const header = rest[1]! < 0x80 ? 2 : 2 + (rest[1]! & 0x7f)
    found.push({ tag: rest[0]!, bytes: rest.subarray(header, length) })
    rest = rest.subarray(length)
  }
  return found
}

/** The contents of an element that must be there with this tag. Throws `unparsable`. */
export function contents(element: Element | undefined, tag: number): Buffer {
  if (element?.tag !== tag) throw malformed()
  return element.bytes
}

/** An INTEGER or ENUMERATED of at most four bytes. Throws `unparsable`. */
export function integer(element: Element | undefined, tag: number): number {
  const bytes = contents(element, tag)
  if (bytes.length === 0 || bytes.length > 4) throw malformed()
  return bytes.readIntBE(0, bytes.length)
}
