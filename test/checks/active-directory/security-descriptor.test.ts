import * as fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import {
  accessEntries,
  APPLY_GROUP_POLICY,
  groupPolicyFilter,
  listsChildren,
} from '../../../checks/active-directory/security-descriptor.ts'
import {
  bytesOf,
  guid,
  relativeIdentifier,
  securityIdentifier,
} from '../../../checks/active-directory/security-identifier.ts'
import { NotObserved } from '../../../checks/observation.ts'

const sidBytes = (...sub: number[]) => {
  const bytes = Buffer.alloc(8 + 4 * sub.length)
  bytes.set([1, sub.length, 0, 0, 0, 0, 0, 5])
  sub.forEach((n, i) => bytes.writeUInt32LE(n, 8 + 4 * i))
  return bytes
}
const AUTHENTICATED = sidBytes(11)
const GUESTS = sidBytes(21, 1, 2, 3, 514)
// edacfd8f-ffb3-11d1-b41d-00a0c968f939, as [MS-DTYP] 2.3.4.2 lays it out.
const APPLY_BYTES = Buffer.from('8ffdacedb3ffd111b41d00a0c968f939', 'hex')
const OTHER_RIGHT = Buffer.from('00112233445566778899aabbccddeeff', 'hex')

function ace(
  type: number,
  flags: number,
  mask: number,
  sid: Buffer,
  object?: Buffer,
  inherited?: Buffer,
): Buffer {
  const isObject = type === 5 || type === 6
  const flagsField = Buffer.alloc(isObject ? 4 : 0)
  if (isObject) flagsField.writeUInt32LE((object ? 1 : 0) | (inherited ? 2 : 0))
  const body = Buffer.concat([
    flagsField,
    ...(object ? [object] : []),
    ...(inherited ? [inherited] : []),
    sid,
  ])
  const head = Buffer.alloc(8)
  head.writeUInt8(type, 0)
  head.writeUInt8(flags, 1)
  head.writeUInt16LE(8 + body.length, 2)
  head.writeUInt32LE(mask >>> 0, 4)
  return Buffer.concat([head, body])
}
function descriptor(...aces: Buffer[]): Buffer {
  const body = Buffer.concat(aces)
  const head = Buffer.alloc(20)
  head.writeUInt8(1, 0)
  head.writeUInt16LE(0x8004, 2)
  head.writeUInt32LE(20, 16)
  const acl = Buffer.alloc(8)
  acl.writeUInt8(4, 0)
  acl.writeUInt16LE(8 + body.length, 2)
  acl.writeUInt16LE(aces.length, 4)
  return Buffer.concat([head, acl, body])
}

describe('identifiers ([MS-DTYP])', () => {
  it('reads a SID', () => {
    expect(securityIdentifier(AUTHENTICATED)).toBe('S-1-5-11')
    expect(securityIdentifier(GUESTS)).toBe('S-1-5-21-1-2-3-514')
    expect(securityIdentifier(Buffer.from('010100000000000512345678', 'hex'))).toBe('S-1-5-2018915346')
    expect(securityIdentifier(Buffer.from('0101010000000000ffffffff', 'hex'))).toBe(
      'S-1-0x010000000000-4294967295',
    )
    expect(relativeIdentifier('S-1-5-21-1-2-3-514', 'S-1-5-21-1-2-3')).toBe(514)
    expect(relativeIdentifier('S-1-5-21-1-2-3-514', 'S-1-5-21-1-2')).toBeNull()
  })

  it('reads a GUID', () => expect(guid(APPLY_BYTES)).toBe(APPLY_GROUP_POLICY))

  it.each(['', '0101', '0201000000000005ffffffff', '01100000000000050000'])('refuses %j as a SID', (hex) => {
    expect(() => securityIdentifier(Buffer.from(hex, 'hex'))).toThrow(NotObserved)
  })

  it('refuses what is not base64', () => expect(() => bytesOf('é')).toThrow(NotObserved))
})

describe('security filtering of a GPO', () => {
  it('is who may apply it, and who may not', () => {
    const bytes = descriptor(
      ace(5, 0, 0x100, AUTHENTICATED, APPLY_BYTES),
      ace(6, 0, 0x100, GUESTS, APPLY_BYTES),
      ace(0, 2, 0x20094, sidBytes(32, 554)),
    )
    expect(groupPolicyFilter(bytes)).toEqual({
      allowed: ['S-1-5-11'],
      denied: ['S-1-5-21-1-2-3-514'],
      everyone: false,
    })
  })

  it.each([
    ['another extended right', ace(5, 0, 0x100, AUTHENTICATED, OTHER_RIGHT)],
    ['reading only', ace(5, 0, 0x10, AUTHENTICATED, APPLY_BYTES)],
    ['for what is below only', ace(5, 0x0a, 0x100, AUTHENTICATED, APPLY_BYTES)],
    ['an audit', ace(7, 0x40, 0x100, AUTHENTICATED, APPLY_BYTES)],
  ])('is nobody with %s', (_, entry) => expect(groupPolicyFilter(descriptor(entry)).allowed).toEqual([]))

  it.each([
    ['all extended rights', ace(0, 0, 0x100, AUTHENTICATED)],
    ['full control', ace(0, 0, 0x10000000, AUTHENTICATED)],
    ['the right on a class of objects', ace(5, 0, 0x100, AUTHENTICATED, APPLY_BYTES, OTHER_RIGHT)],
    ['the right, twice', Buffer.concat([ace(5, 0, 0x100, AUTHENTICATED, APPLY_BYTES)])],
  ])('counts %s', (_, entry) => expect(groupPolicyFilter(descriptor(entry)).allowed).toEqual(['S-1-5-11']))

  it('is everybody without an access list', () => {
    const none = descriptor()
    none.writeUInt16LE(0x8000, 2)
    expect(groupPolicyFilter(none)).toEqual({ allowed: [], denied: [], everyone: true })
  })

  it('is unparsable, or something, for any bytes; never a crash', () => {
    const good = descriptor(ace(5, 0, 0x100, AUTHENTICATED, APPLY_BYTES), ace(0, 0, 0x100, GUESTS))
    const torn = fc
      .tuple(fc.nat(good.length), fc.array(fc.tuple(fc.nat(good.length - 1), fc.nat(255)), { maxLength: 4 }))
      .map(([length, changes]) => {
        const bytes = Buffer.from(good)
        for (const [at, byte] of changes) bytes[at] = byte
        return bytes.subarray(0, length)
      })
    fc.assert(
      fc.property(fc.oneof(torn, fc.uint8Array({ maxLength: 200 })), (bytes) => {
        try {
          const entries = accessEntries(bytes)
          expect(entries === null || entries.length <= 2048).toBe(true)
        } catch (error) {
          expect(error).toBeInstanceOf(NotObserved)
        }
      }),
      { numRuns: 1000 },
    )
  })

  it.each([19, 30, 60])('refuses a descriptor cut after %i bytes', (length) => {
    const good = descriptor(ace(5, 0, 0x100, AUTHENTICATED, APPLY_BYTES))
    expect(() => accessEntries(good.subarray(0, length))).toThrow(NotObserved)
  })
})

describe('listing a container', () => {
  const everyone = ace(0, 0, 0x20094, AUTHENTICATED)
  it('is open where readers are granted and nobody is refused', () => {
    expect(listsChildren(descriptor(everyone))).toBe(true)
    expect(listsChildren(descriptor(everyone, ace(1, 0, 0x4, GUESTS)))).toBe(false)
    expect(listsChildren(descriptor(everyone, ace(1, 0x0a, 0x4, GUESTS)))).toBe(true)
    expect(listsChildren(descriptor(ace(0, 0, 0x4, GUESTS)))).toBe(false)
  })
})
