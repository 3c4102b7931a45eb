import { createHash, X509Certificate } from 'node:crypto'
import { isIP, type Socket } from 'node:net'
import type { Duplex } from 'node:stream'
import { connect as connectTls, type TLSSocket } from 'node:tls'
import { codeOf, failureOf } from './errno.ts'
import { TransportFailure, type CheckIdentity, type TransportContext } from './transport.ts'

/** Why a machine's certificate is to be believed. Nothing given: any certificate will do, and is only noted. */
export interface CertificateTrust {
  /** PEM certificates of the authorities that may have signed it. */
  readonly ca?: string | undefined
  /** `SHA256:…` of the certificate itself, or `first-use`. */
  readonly identity?: 'first-use' | (string & {}) | undefined
  /** Which names or addresses it may bear, where an authority signed it: one is enough. `.domain` takes any name in it. */
  readonly names: readonly string[]
}

export interface Handshake {
  readonly trust: CertificateTrust
  readonly checkIdentity: CheckIdentity
  /** The machine and the way, as known identities are filed ("ldap 10.0.1.10:636"). */
  readonly where: string
  /** Sent in the handshake (SNI) where it is a name. */
  readonly serverName: string
  readonly signal: AbortSignal
}

/** A verified TLS connection and its certificate's fingerprint, as `SHA256:…` and as hex. */
export interface Verified {
  readonly socket: TLSSocket
  readonly fingerprint: string
  readonly sha256: string
}

/**
 * Does the TLS handshake over a connected socket and verifies who answered, before a byte of ours goes out. Rejects
 * with a TransportFailure: `identity` for a certificate that isn't the expected one, `unparsable` where TLS isn't
 * spoken, `refused` where the connection is closed instead.
 */
export async function verifiedTls(plain: Socket | Duplex, handshake: Handshake): Promise<Verified> {
  const { trust, serverName, signal } = handshake
  const { promise, resolve, reject } = Promise.withResolvers<void>()
  const socket = connectTls({
    socket: plain as Socket,
    rejectUnauthorized: false, // decided below, with the names and fingerprints that the session says
    checkServerIdentity: () => undefined,
    ...(trust.ca === undefined ? {} : { ca: trust.ca }),
    ...(isIP(serverName) ? {} : { servername: serverName }),
  })
  const stop = () => reject(signal.reason)
  signal.addEventListener('abort', stop, { once: true })
  socket.once('secureConnect', resolve)
  socket.on('error', (error) => reject(handshakeFailure(error)))
  socket.once('close', () =>
    reject(new TransportFailure('refused', 'the connection was closed during the TLS handshake')),
  )
  try {
    if (signal.aborted) throw signal.reason
    await promise
    return { socket, ...verify(socket, handshake) }
  } catch (error) {
    socket.destroy()
    plain.destroy()
    throw error
  } finally {
    signal.removeEventListener('abort', stop)
  }
}

function verify(
  socket: TLSSocket,
  { trust, checkIdentity, where }: Handshake,
): { fingerprint: string; sha256: string } {
  const { raw } = socket.getPeerCertificate()
  if (!raw) throw new TransportFailure('identity', 'the machine showed no certificate')
  const digest = createHash('sha256').update(raw).digest()
  const fingerprint = `SHA256:${digest.toString('base64').replace(/=+$/, '')}`
  if (trust.ca !== undefined) {
    if (!socket.authorized)
      throw new TransportFailure(
        'identity',
        `certificate ${fingerprint} refused: ${String(socket.authorizationError)}`,
      )
    if (!bears(new X509Certificate(raw), trust.names))
      throw new TransportFailure(
        'identity',
        `certificate ${fingerprint} bears none of the names ${trust.names.join(', ')}`,
      )
  }
  if (trust.identity !== undefined && !checkIdentity(where, fingerprint, trust.identity))
    throw new TransportFailure('identity', `certificate ${fingerprint} is not the one expected`)
  return { fingerprint, sha256: digest.toString('hex') }
}

/** Whether the certificate is for one of the names (RFC 6125: only its subject alternative names count). */
export function bears(certificate: X509Certificate, names: readonly string[]): boolean {
  return names.some((name) => {
    if (name.startsWith('.')) return dnsNames(certificate).some((own) => own.endsWith(name.toLowerCase()))
    return isIP(name)
      ? certificate.checkIP(name) !== undefined
      : certificate.checkHost(name, { subject: 'never' }) !== undefined
  })
}

/** Plain DNS names only: what Node quotes in this text holds characters that no host name has. */
function dnsNames({ subjectAltName = '' }: X509Certificate): string[] {
  return subjectAltName
    .split(', ')
    .map((entry) => /^DNS:([A-Za-z0-9*.-]+)$/.exec(entry)?.[1]?.toLowerCase() ?? '')
    .filter((own) => own !== '')
}

function handshakeFailure(error: Error): TransportFailure {
  const code = codeOf(error) ?? ''
  if (code === 'ECONNRESET')
    return new TransportFailure('refused', 'the connection was reset during the TLS handshake')
  if (code.startsWith('ERR_SSL') || code === 'EPROTO')
    return new TransportFailure('unparsable', `TLS handshake: ${code}`)
  return failureOf(error)
}

/** The PEM of the authorities that a session names. Rejects with a TransportFailure `grader` where it can't be read, or holds none. */
export async function readAuthority(
  { readFile }: Pick<TransportContext, 'readFile'>,
  path: string,
): Promise<string> {
  const pem = await readFile(path).catch((error: unknown) => {
    throw new TransportFailure('grader', `the CA file ${path} can't be read (${codeOf(error) ?? 'error'})`)
  })
  // Without one, every certificate would be refused, and the machine blamed for it.
  if (!holdsCertificate(pem))
    throw new TransportFailure('grader', `the CA file ${path} holds no certificate (PEM)`)
  return pem
}

/** Whether a text begins with a PEM certificate that can be read; what stands before it doesn't count. */
export function holdsCertificate(pem: string): boolean {
  try {
    return new X509Certificate(pem).raw.length > 0
  } catch {
    return false
  }
}
