import { NtlmError } from './ntlm-error.ts'

/** Attribute ids of AV_PAIR (MS-NLMP 2.2.2.1), those that are used here. */
export const avId = {
  computerName: 1,
  domainName: 2,
  dnsComputerName: 3,
  dnsDomainName: 4,
  flags: 6,
  timestamp: 7,
  targetName: 9,
  channelBindings: 10,
} as const

export type AvPairs = ReadonlyMap<number, Buffer>

/** More attributes than any server sends. */
const mostPairs = 64

/** Reads the pairs up to MsvAvEOL. Throws an NtlmError where they don't end within the bytes. */
export function readAvPairs(bytes: Buffer): AvPairs {
  const pairs = new Map<number, Buffer>()
  let at = 0
  for (let count = 0; count <= mostPairs; count++) {
    if (at + 4 > bytes.length) throw new NtlmError('the target information has no end')
    const id = bytes.readUInt16LE(at)
    const length = bytes.readUInt16LE(at + 2)
    at += 4
    if (id === 0) return pairs
    if (at + length > bytes.length)
      throw new NtlmError('an attribute of the target information is longer than it')
    pairs.set(id, bytes.subarray(at, at + length))
    at += length
  }
  throw new NtlmError('the target information holds too many attributes')
}

/** Writes the pairs and MsvAvEOL. */
export function writeAvPairs(pairs: AvPairs): Buffer {
  const parts = [...pairs].map(([id, value]) => {
    const head = Buffer.alloc(4)
    head.writeUInt16LE(id, 0)
    head.writeUInt16LE(value.length, 2)
    return Buffer.concat([head, value])
  })
  return Buffer.concat([...parts, Buffer.alloc(4)])
}
