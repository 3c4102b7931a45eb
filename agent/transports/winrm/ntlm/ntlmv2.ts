import { createHash, createHmac } from 'node:crypto'
import { md4 } from './md4.ts'
import { Rc4 } from './rc4.ts'

const hmacMd5 = (key: Uint8Array, ...parts: readonly Uint8Array[]): Buffer => {
  const hmac = createHmac('md5', key)
  for (const part of parts) hmac.update(part)
  return hmac.digest()
}

/** NTOWFv2 (MS-NLMP 3.3.2): 16 bytes of user, domain and password. The user's name in upper case, the domain as given. */
export function responseKey(user: string, domain: string, password: string): Buffer {
  const hash = md4(Buffer.from(password, 'utf16le'))
  return hmacMd5(hash, Buffer.from(user.toUpperCase() + domain, 'utf16le'))
}

/** What a client answers to a challenge, and the key that both sides have from it (MS-NLMP 3.3.2). */
export interface Response {
  readonly lm: Buffer
  readonly nt: Buffer
  readonly sessionBaseKey: Buffer
}

/**
 * `time`: 100 ns since 1601, 8 bytes little endian; `targetInfo`: AV pairs as they are sent. With a timestamp from the
 * server the LM response is zeros (MS-NLMP 3.1.5.1.2).
 */
export function respond(
  key: Uint8Array,
  {
    serverChallenge,
    clientChallenge,
    time,
    targetInfo,
    timestamped,
  }: {
    readonly serverChallenge: Uint8Array
    readonly clientChallenge: Uint8Array
    readonly time: Uint8Array
    readonly targetInfo: Uint8Array
    readonly timestamped: boolean
  },
): Response {
  const temp = Buffer.concat([
    Buffer.from([1, 1, 0, 0, 0, 0, 0, 0]),
    time,
    clientChallenge,
    Buffer.alloc(4),
    targetInfo,
    Buffer.alloc(4),
  ])
  const proof = hmacMd5(key, serverChallenge, temp)
  const lm = timestamped
    ? Buffer.alloc(24)
    : Buffer.concat([hmacMd5(key, serverChallenge, clientChallenge), clientChallenge])
  return { lm, nt: Buffer.concat([proof, temp]), sessionBaseKey: hmacMd5(key, proof) }
}

/** The session base key where the response proves that the client knows the key; null where it doesn't. */
export function verifyResponse(key: Uint8Array, serverChallenge: Uint8Array, nt: Buffer): Buffer | null {
  const proof = nt.subarray(0, 16)
  const expected = hmacMd5(key, serverChallenge, nt.subarray(16))
  return nt.length >= 44 && expected.equals(proof) ? hmacMd5(key, proof) : null
}

/** A random session key under the key exchange key, or back (MS-NLMP 3.1.5.1.2). 16 bytes each. */
export const exchanged = (keyExchangeKey: Uint8Array, sessionKey: Uint8Array): Buffer =>
  new Rc4(keyExchangeKey).apply(sessionKey)

/** The MIC over the three messages, the third with zeros in its place (MS-NLMP 3.1.5.1.2). */
export const integrityCode = (sessionKey: Uint8Array, ...messages: readonly Uint8Array[]): Buffer =>
  hmacMd5(sessionKey, ...messages)

/**
 * The hash of the channel bindings that MsvAvChannelBindings holds: MD5 of a gss_channel_bindings_struct (RFC 2744) without
 * addresses, its application data `tls-server-end-point:` and the certificate's hash (RFC 5929). `certificate`: DER,
 * signed with SHA-256 or with what RFC 5929 replaces by it.
 */
export function channelBindings(
  certificate: Uint8Array,
  digest: 'sha256' | 'sha384' | 'sha512' = 'sha256',
): Buffer {
  const data = Buffer.concat([
    Buffer.from('tls-server-end-point:', 'latin1'),
    createHash(digest).update(certificate).digest(),
  ])
  const head = Buffer.alloc(20)
  head.writeUInt32LE(data.length, 16)
  return createHash('md5').update(head).update(data).digest()
}
