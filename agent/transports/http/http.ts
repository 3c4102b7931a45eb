import { request } from 'node:http'
import { isIPv6, type Socket } from 'node:net'
import type { Duplex } from 'node:stream'
import type { ProbeOf } from '../../../checks/probe.ts'
import { asKnown, askOnce, ofKind, within, type Reply } from '../asking.ts'
import { readAuthority, verifiedTls } from '../certificate.ts'
import { codeOf, failureOf } from '../errno.ts'
import { openStream } from '../stream.ts'
import { TransportFailure, type OpenTransport, type TransportContext } from '../transport.ts'
import { readBody } from './body.ts'

/** Of all headers of one response, names and values. */
const MAX_HEADER_BYTES = 16_384

/**
 * Requests to the target's own address, each on a connection of its own; no redirect is followed, nothing is
 * decompressed. Where the session names a CA or a certificate it is verified before the request goes out; where it
 * says nothing, any certificate is taken and its fingerprint noted, except that a password goes only to the
 * certificate that was first seen. A password that is refused (401) is `auth`.
 */
export const openHttp: OpenTransport = (context) => ({
  async *ask(probes, signal) {
    const { mine, others } = ofKind('http', probes)
    yield* others
    yield* asKnown(mine, 8, (probe) =>
      askOnce(probe, signal, (probe, stop) => exchange(context, probe, stop)),
    )
  },
  close: () => Promise.resolve(),
})

async function exchange(
  context: TransportContext,
  probe: ProbeOf<'http'>,
  signal: AbortSignal,
): Promise<Reply> {
  const authorization = probe.authenticated ? await basic(context) : undefined
  const { stream, fingerprint, sha256 } = await open(context, probe, signal)
  const { promise, resolve, reject } = Promise.withResolvers<Reply>()
  const headers = {
    host: hostHeader(context.target.address, probe),
    accept: '*/*',
    'accept-encoding': 'identity',
    'user-agent': 'probant',
    connection: 'close',
    ...(authorization === undefined ? {} : { authorization }),
  }
  const { method, path } = probe
  const asked = request({
    method,
    path,
    headers,
    setHost: false,
    maxHeaderSize: MAX_HEADER_BYTES,
    createConnection: () => stream as never,
  })
  const answered = (status: number, rawHeaders: readonly string[], body: string, truncated = false) => {
    if (probe.authenticated && status === 401)
      return reject(new TransportFailure('auth', 'the password is refused (401)'))
    const answer = {
      kind: 'http',
      status,
      headers: headersOf(rawHeaders),
      body,
      certificateSha256: sha256,
    } as const
    resolve({ answer, truncated, identity: fingerprint })
  }
  asked.on('response', (response) => {
    readBody(response, probe.maxBytes).then(
      ({ text, truncated }) => answered(response.statusCode ?? 0, response.rawHeaders, text, truncated),
      (error: unknown) => reject(exchangeFailure(error)),
    )
  })
  // A server that changes the protocol (101) was not asked to: there is no body to read.
  asked.on('upgrade', (response) => answered(response.statusCode ?? 0, response.rawHeaders, ''))
  asked.on('error', (error) => reject(exchangeFailure(error)))
  const stop = () => reject(signal.reason)
  signal.addEventListener('abort', stop, { once: true })
  asked.end()
  try {
    return await promise
  } finally {
    signal.removeEventListener('abort', stop)
    asked.destroy()
    stream.destroy()
  }
}

interface Opened {
  readonly stream: Duplex
  readonly fingerprint: string | null
  readonly sha256: string | null
}

async function open(context: TransportContext, probe: ProbeOf<'http'>, signal: AbortSignal): Promise<Opened> {
  const { address, http } = context.target
  const ca =
    http?.ca === undefined || probe.scheme === 'http' ? undefined : await readAuthority(context, http.ca)
  const plain = await reach(context, probe, signal)
  if (probe.scheme === 'http') {
    plain.on('error', () => undefined) // told by the request
    return { stream: plain, fingerprint: null, sha256: null }
  }
  const identity = http?.identity ?? (probe.authenticated && ca === undefined ? 'first-use' : undefined)
  const serverName = probe.host ?? address
  const trust = { ca, identity, names: [serverName, address] }
  const where = `https ${address}:${probe.port}`
  const { socket, fingerprint, sha256 } = await verifiedTls(plain, {
    trust,
    where,
    serverName,
    signal,
    checkIdentity: context.checkIdentity,
  })
  return { stream: socket, fingerprint, sha256 }
}

/** Silence of the machine is `unreachable`, silence of the site once connected is `timeout`: two thirds of the time are for the former. */
async function reach(
  { target, connectTimeoutMs }: TransportContext,
  probe: ProbeOf<'http'>,
  signal: AbortSignal,
): Promise<Socket> {
  const limit = Math.min(connectTimeoutMs, Math.ceil((probe.timeoutMs * 2) / 3))
  const late = `no answer to the connection attempt within ${limit} ms`
  return await within(limit, signal, (stop) => openStream(target.address, probe.port, stop), late).catch(
    (error: unknown) => {
      const failure = failureOf(error)
      throw failure.reason === 'timeout' && !signal.aborted
        ? new TransportFailure('unreachable', late)
        : failure
    },
  )
}

/** Basic authentication (RFC 7617). */
async function basic({ target, credentials }: TransportContext): Promise<string> {
  const name = target.http?.credential
  if (name === undefined)
    throw new TransportFailure('grader', 'the session gives no http credential for this machine')
  const { user, password } = await credentials(name)
  if (user === undefined || password === undefined)
    throw new TransportFailure('grader', `credential ${name} has no user or no password`)
  return `Basic ${Buffer.from(`${user}:${password}`, 'utf8').toString('base64')}`
}

function hostHeader(address: string, { host, scheme, port }: ProbeOf<'http'>): string {
  const name = host ?? (isIPv6(address) ? `[${address}]` : address)
  return port === (scheme === 'https' ? 443 : 80) ? name : `${name}:${port}`
}

/** Lower-case names; what comes several times is joined by commas (RFC 9110, 5.3). */
function headersOf(raw: readonly string[]): Record<string, string> {
  const headers = new Map<string, string>()
  for (let i = 0; i + 1 < raw.length; i += 2) {
    const name = raw[i]!.toLowerCase()
    const before = headers.get(name)
    headers.set(name, before === undefined ? raw[i + 1]! : `${before}, ${raw[i + 1]!}`)
  }
  headers.delete('__proto__') // no header of anybody's, and a trap for whatever copies this object
  return Object.fromEntries(headers)
}

function exchangeFailure(error: unknown): TransportFailure {
  const code = codeOf(error) ?? ''
  if (code === 'HPE_HEADER_OVERFLOW')
    return new TransportFailure('unparsable', `more than ${MAX_HEADER_BYTES} bytes of headers`)
  if (code.startsWith('HPE_')) return new TransportFailure('unparsable', `not HTTP (${code})`)
  if (code.startsWith('ERR_SSL')) return new TransportFailure('unparsable', `TLS: ${code}`)
  if (code === 'ECONNRESET')
    return new TransportFailure('refused', 'the connection was closed before the whole answer')
  return failureOf(error)
}
