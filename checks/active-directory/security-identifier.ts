import { NotObserved } from '../observation.ts'

/** Bytes of an attribute that was asked as binary. Throws NotObserved `unparsable` where it isn't base64. */
export function bytesOf(base64: string): Uint8Array {
  try {
    return Uint8Array.from(atob(base64), (c) => c.charCodeAt(0))
  } catch {
    throw new NotObserved('unparsable', 'binary attribute: not base64')
  }
}

/**
 * A security identifier ([MS-DTYP] 2.4.2.2) as text, `S-1-5-21-…`: revision 1, at most 15 subauthorities.
 * Bytes after it are left alone. Throws NotObserved `unparsable`.
 */
export function securityIdentifier(bytes: Uint8Array): string {
  const count = bytes[1] ?? 0
  if (bytes[0] !== 1 || count > 15 || bytes.length < 8 + 4 * count)
    throw new NotObserved('unparsable', 'security identifier: not of revision 1, or cut')
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength)
  const authority = view.getUint16(2) * 2 ** 32 + view.getUint32(4)
  const parts = Array.from({ length: count }, (_, i) => view.getUint32(8 + 4 * i, true))
  // [MS-DTYP] 2.4.2.1: an authority of 2^32 and more is written in hexadecimal.
  const shown =
    authority < 2 ** 32 ? String(authority) : `0x${authority.toString(16).toUpperCase().padStart(12, '0')}`
  return ['S', 1, shown, ...parts].join('-')
}

/** A GUID ([MS-DTYP] 2.3.4.2: the first three fields little-endian) as text, lower case, without braces. */
export function guid(bytes: Uint8Array): string {
  if (bytes.length < 16) throw new NotObserved('unparsable', 'GUID: cut')
  const order = [3, 2, 1, 0, 5, 4, 7, 6, 8, 9, 10, 11, 12, 13, 14, 15]
  const hex = order.map((i) => (bytes[i] ?? 0).toString(16).padStart(2, '0')).join('')
  return hex.replace(/^(.{8})(.{4})(.{4})(.{4})(.{12})$/, '$1-$2-$3-$4-$5')
}

/** The last part of an identifier of the domain: 500 Administrator, 512 Domain Admins, 513 Domain Users … */
export function relativeIdentifier(sid: string, domainSid: string): number | null {
  const rest = sid.startsWith(`${domainSid}-`) ? sid.slice(domainSid.length + 1) : ''
  return /^\d{1,10}$/.test(rest) ? Number(rest) : null
}
