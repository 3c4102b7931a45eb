import { X509Certificate } from 'node:crypto'
import { isIPv6, type Socket } from 'node:net'
import type { Duplex } from 'node:stream'
import { within } from '../asking.ts'
import { verifiedTls, type CertificateTrust } from '../certificate.ts'
import { failureOf } from '../errno.ts'
import { openStream } from '../stream.ts'
import { TransportFailure, type CheckIdentity } from '../transport.ts'
import { WinRmConnection } from './connection.ts'
import type { NtlmIdentity } from './ntlm/client.ts'
import { channelBindings } from './ntlm/ntlmv2.ts'
import { RemotePowerShell } from './remote-powershell.ts'

export interface WinRmOptions {
  readonly address: string
  /** 5985, or 5986 with TLS, where the session says nothing else. */
  readonly port: number
  readonly identity: NtlmIdentity
  /** Why the certificate is to be believed; null for plain HTTP, where every message is sealed. */
  readonly tls: CertificateTrust | null
  readonly checkIdentity: CheckIdentity
  /** For connecting, TLS and authentication together, in ms. */
  readonly connectTimeoutMs: number
  readonly signal: AbortSignal
}

/** What a farewell over a new connection may take, in ms. */
const farewellMs = 3000

/**
 * Connects to a machine's WinRM and authenticates: over TLS bound to its channel, else sealed. Never falls back from one
 * to the other. Rejects with a TransportFailure; gives the PowerShell and, over TLS, the certificate's fingerprint.
 */
export async function openWinRm(
  options: WinRmOptions,
): Promise<{ readonly powershell: RemotePowerShell; readonly fingerprint: string | null }> {
  const { address, port, tls, connectTimeoutMs, signal } = options
  const { connection, fingerprint } = await authenticated(options, connectTimeoutMs, signal)
  const host = isIPv6(address) ? `[${address}]` : address
  const to = `${tls ? 'https' : 'http'}://${host}:${port}/wsman`
  const again = async () =>
    (await authenticated(options, farewellMs, AbortSignal.timeout(farewellMs))).connection
  return { powershell: new RemotePowerShell(connection, to, again), fingerprint }
}

/** An authenticated connection, within `timeoutMs`. */
function authenticated(
  options: WinRmOptions,
  timeoutMs: number,
  signal: AbortSignal,
): Promise<{ readonly connection: WinRmConnection; readonly fingerprint: string | null }> {
  const { address, port, identity } = options
  const late = `no answer from WinRM within ${timeoutMs} ms`
  return within(
    timeoutMs,
    signal,
    async (stop) => {
      const { stream, bindings, fingerprint } = await secured(
        await openStream(address, port, stop),
        options,
        stop,
      )
      const connection = new WinRmConnection({ stream, host: address, port, identity, bindings })
      try {
        await connection.authenticate(stop)
      } catch (error) {
        connection.close()
        throw failureOf(error)
      }
      return { connection, fingerprint }
    },
    late,
  )
}

/** What envelopes travel in. */
export interface Channel {
  readonly stream: Duplex
  /** Hash of the TLS channel; null where there is no TLS. */
  readonly bindings: Buffer | null
  readonly fingerprint: string | null
}

/** The connected stream itself, or TLS over it and its certificate believed. Rejects with a TransportFailure. */
export async function secured(
  plain: Socket,
  { address, port, tls, checkIdentity }: Pick<WinRmOptions, 'address' | 'port' | 'tls' | 'checkIdentity'>,
  signal: AbortSignal,
): Promise<Channel> {
  if (!tls) return { stream: plain, bindings: null, fingerprint: null }
  plain.on('error', () => undefined) // told by the handshake
  const { socket, fingerprint } = await verifiedTls(plain, {
    trust: tls,
    checkIdentity,
    where: `winrm ${address}:${port}`,
    serverName: address,
    signal,
  })
  const certificate = socket.getPeerX509Certificate()
  if (!certificate) throw new TransportFailure('identity', 'the machine showed no certificate')
  return { stream: socket, bindings: channelBindings(certificate.raw, digestOf(certificate)), fingerprint }
}

/** The hash of `tls-server-end-point` (RFC 5929, 4.1): that of the certificate's signature, and SHA-256 for weaker ones. */
function digestOf({ signatureAlgorithm = '' }: X509Certificate): 'sha256' | 'sha384' | 'sha512' {
  if (/sha384/i.test(signatureAlgorithm)) return 'sha384'
  return /sha512/i.test(signatureAlgorithm) ? 'sha512' : 'sha256'
}
