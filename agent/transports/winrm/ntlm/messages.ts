import { NtlmError } from './ntlm-error.ts'

/** NEGOTIATE flags (MS-NLMP 2.2.2.5), those that are used here. */
export const flag = {
  unicode: 0x0000_0001,
  oem: 0x0000_0002,
  requestTarget: 0x0000_0004,
  sign: 0x0000_0010,
  seal: 0x0000_0020,
  ntlm: 0x0000_0200,
  alwaysSign: 0x0000_8000,
  targetTypeServer: 0x0002_0000,
  extendedSessionSecurity: 0x0008_0000,
  targetInfo: 0x0080_0000,
  version: 0x0200_0000,
  key128: 0x2000_0000,
  keyExchange: 0x4000_0000,
  key56: 0x8000_0000,
} as const

const signature = Buffer.from('NTLMSSP\0', 'latin1')
/** Windows 10, NTLMSSP_REVISION_W2K3: some servers want one, none looks at it (MS-NLMP 2.2.2.10). */
const version = Buffer.from('0a00614a0000000f', 'hex')
/** Longest message that is read; a real one is well under a kilobyte. */
const longest = 16_384

export interface Challenge {
  readonly flags: number
  readonly serverChallenge: Buffer
  readonly targetName: Buffer
  readonly targetInfo: Buffer
}

export interface Authenticate {
  readonly flags: number
  readonly lmResponse: Buffer
  readonly ntResponse: Buffer
  readonly domain: string
  readonly user: string
  readonly workstation: string
  readonly sessionKey: Buffer
  readonly mic: Buffer
}

/** Where the MIC of an AUTHENTICATE message stands. */
export const micOffset = 72
const micLength = 16

/** NEGOTIATE_MESSAGE (MS-NLMP 2.2.1.1), without a domain or workstation: nothing is told before the server spoke. */
export function writeNegotiate(flags: number): Buffer {
  const message = Buffer.alloc(40)
  signature.copy(message)
  message.writeUInt32LE(1, 8)
  message.writeUInt32LE(flags >>> 0, 12)
  version.copy(message, 32)
  return message
}

/** The flags of a NEGOTIATE_MESSAGE. */
export function readNegotiate(message: Buffer): { readonly flags: number } {
  return { flags: checked(message, 1, 16).readUInt32LE(12) }
}

/** CHALLENGE_MESSAGE (MS-NLMP 2.2.1.2). */
export function writeChallenge({ flags, serverChallenge, targetName, targetInfo }: Challenge): Buffer {
  const head = Buffer.alloc(56)
  signature.copy(head)
  head.writeUInt32LE(2, 8)
  writeField(head, 12, targetName.length, 56)
  head.writeUInt32LE(flags >>> 0, 20)
  serverChallenge.copy(head, 24)
  writeField(head, 40, targetInfo.length, 56 + targetName.length)
  version.copy(head, 48)
  return Buffer.concat([head, targetName, targetInfo])
}

/** Throws an NtlmError for what is no CHALLENGE_MESSAGE. */
export function readChallenge(message: Buffer): Challenge {
  checked(message, 2, 48)
  return {
    flags: message.readUInt32LE(20),
    serverChallenge: message.subarray(24, 32),
    targetName: field(message, 12),
    targetInfo: field(message, 40),
  }
}

/** AUTHENTICATE_MESSAGE (MS-NLMP 2.2.1.3), names in UTF-16. The MIC is written as given: zeros while it is computed. */
export function writeAuthenticate(parts: Authenticate): Buffer {
  const payloads = [
    { at: 28, bytes: Buffer.from(parts.domain, 'utf16le') },
    { at: 36, bytes: Buffer.from(parts.user, 'utf16le') },
    { at: 44, bytes: Buffer.from(parts.workstation, 'utf16le') },
    { at: 12, bytes: parts.lmResponse },
    { at: 20, bytes: parts.ntResponse },
    { at: 52, bytes: parts.sessionKey },
  ]
  const head = Buffer.alloc(micOffset + micLength)
  signature.copy(head)
  head.writeUInt32LE(3, 8)
  head.writeUInt32LE(parts.flags >>> 0, 60)
  version.copy(head, 64)
  parts.mic.copy(head, micOffset, 0, micLength)
  let offset = head.length
  for (const { at, bytes } of payloads) {
    writeField(head, at, bytes.length, offset)
    offset += bytes.length
  }
  return Buffer.concat([head, ...payloads.map(({ bytes }) => bytes)])
}

/** Throws an NtlmError for what is no AUTHENTICATE_MESSAGE with a MIC. */
export function readAuthenticate(message: Buffer): Authenticate {
  checked(message, 3, micOffset + micLength)
  const flags = message.readUInt32LE(60)
  const name = (at: number) => field(message, at).toString(flags & flag.unicode ? 'utf16le' : 'latin1')
  return {
    flags,
    lmResponse: field(message, 12),
    ntResponse: field(message, 20),
    domain: name(28),
    user: name(36),
    workstation: name(44),
    sessionKey: field(message, 52),
    mic: message.subarray(micOffset, micOffset + micLength),
  }
}

function checked(message: Buffer, type: number, least: number): Buffer {
  if (message.length < least || message.length > longest || !message.subarray(0, 8).equals(signature))
    throw new NtlmError('not an NTLM message')
  if (message.readUInt32LE(8) !== type)
    throw new NtlmError(`not the NTLM message that comes now (type ${type})`)
  return message
}

/** Length, allocated length, offset (MS-NLMP 2.2.2, "fields"). */
function writeField(message: Buffer, at: number, length: number, offset: number): void {
  message.writeUInt16LE(length, at)
  message.writeUInt16LE(length, at + 2)
  message.writeUInt32LE(offset, at + 4)
}

function field(message: Buffer, at: number): Buffer {
  const length = message.readUInt16LE(at)
  const offset = message.readUInt32LE(at + 4)
  if (length === 0) return Buffer.alloc(0)
  if (offset + length > message.length) throw new NtlmError('a field of the NTLM message lies beyond its end')
  return message.subarray(offset, offset + length)
}
