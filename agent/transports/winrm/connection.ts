import { Agent, request, type IncomingMessage } from 'node:http'
import type { Duplex } from 'node:stream'
import { TransportFailure } from '../transport.ts'
import { NtlmClient, type NtlmIdentity } from './ntlm/client.ts'
import { NtlmError } from './ntlm/ntlm-error.ts'
import type { SealingContext } from './ntlm/sealing.ts'
import { openBody, sealBody, sealedContentType } from './sealed-body.ts'

export interface ConnectionOptions {
  /** The connected stream; TLS done where there is TLS. */
  readonly stream: Duplex
  /** `Host` header and service principal: name or address, as the session says it. */
  readonly host: string
  readonly port: number
  readonly identity: NtlmIdentity
  /** Hash of the channel where the stream is TLS: bodies then travel in it as they are. Null: every body is sealed. */
  readonly bindings: Buffer | null
}

export interface SoapAnswer {
  /** 200, or 500 with a fault in the body. */
  readonly status: number
  readonly body: Buffer
}

/** What a service answers whom it does not know yet. */
export interface Offer {
  /** 401 where it asks who we are. */
  readonly status: number
  /** Names of the schemes in `WWW-Authenticate`, as they came. */
  readonly schemes: readonly string[]
}

/** An HTTP status where an answer was expected. */
export class StatusFailure extends TransportFailure {
  readonly status: number

  constructor(detail: string, status: number) {
    super('unparsable', detail)
    this.status = status
  }
}

/** What a server may send at most for one message. */
const longestHeaders = 32_768

/**
 * One authenticated connection to a WinRM service ([MS-WSMV] 3.1): HTTP over one stream that is never replaced, as the
 * authentication and the sealing are the connection's. One request at a time, in the order of the calls.
 */
export class WinRmConnection {
  readonly #options: ConnectionOptions
  readonly #agent: Agent
  #sealing: SealingContext | null = null
  #last: Promise<unknown> = Promise.resolve()
  #lost: TransportFailure | null = null

  constructor(options: ConnectionOptions) {
    this.#options = options
    this.#agent = new OneStream(options.stream)
    options.stream.on('error', () => undefined) // told by the request under way
  }

  /** Asks for nothing, as nobody. Rejects with a TransportFailure where no HTTP comes back. */
  async offers(signal: AbortSignal): Promise<Offer> {
    const { status, authenticate } = await this.#exchange({}, signal)
    // Schemes stand bare, or before their parameters, whose quoted values may hold anything (RFC 9110, 11.6.1).
    const bare = authenticate.replace(/"(?:[^"\\]|\\.)*"/g, '""')
    const schemes = [...bare.matchAll(/(?:^|,)\s*([A-Za-z][A-Za-z0-9-]*)(?=\s|,|$)/g)]
    return { status, schemes: schemes.map(([, name = '']) => name) }
  }

  /** The NTLM challenge that answers this NEGOTIATE message. Rejects with a TransportFailure where there is none. */
  async challenge(negotiate: Buffer, signal: AbortSignal): Promise<Buffer> {
    const { status, authenticate } = await this.#exchange(
      { authorization: `Negotiate ${negotiate.toString('base64')}` },
      signal,
    )
    const offered = /(?:^|,\s*)Negotiate\s+([A-Za-z0-9+/]+=*)/i.exec(authenticate)
    if (status !== 401 || !offered)
      throw new StatusFailure(`no NTLM challenge from port ${this.#options.port} (${status})`, status)
    return Buffer.from(offered[1]!, 'base64')
  }

  /** NTLM over HTTP ([MS-NTHT]). Rejects with a TransportFailure, `auth` where the account or its password is refused. */
  async authenticate(signal: AbortSignal): Promise<void> {
    const { identity, host, bindings } = this.#options
    const client = new NtlmClient(identity, { servicePrincipal: `HTTP/${host}`, bindings })
    const challenge = await this.challenge(client.negotiate, signal)
    try {
      const { message, sealing } = client.authenticate(challenge)
      const second = await this.#exchange(
        { authorization: `Negotiate ${message.toString('base64')}` },
        signal,
      )
      if (second.status === 401)
        throw new TransportFailure('auth', `${identity.user} was refused with the credential of the session`)
      if (second.status !== 200) throw unexpected(second.status)
      this.#sealing = sealing
    } catch (error) {
      throw failureOf(error)
    }
  }

  /**
   * Sends one SOAP envelope and gives what came back. `maxBytes` bounds the answer: more is `truncated`. An answer that is
   * not sealed, or not by the machine that was authenticated, is `identity`, and ends the connection.
   */
  post(envelope: string, maxBytes: number, signal: AbortSignal): Promise<SoapAnswer> {
    const turn = this.#last.then(async () => {
      if (this.#lost) throw this.#lost
      try {
        return await this.#post(Buffer.from(envelope, 'utf8'), maxBytes, signal)
      } catch (error) {
        // Numbers and streams of the two sides no longer agree: nothing more can be said over this connection.
        this.#lost = failureOf(error)
        this.close()
        throw this.#lost
      }
    })
    this.#last = turn.catch(() => undefined)
    return turn
  }

  /** Whether it is known to be over. */
  get lost(): boolean {
    return this.#lost !== null || this.#options.stream.destroyed
  }

  close(): void {
    this.#agent.destroy()
    this.#options.stream.destroy()
  }

  async #post(envelope: Buffer, maxBytes: number, signal: AbortSignal): Promise<SoapAnswer> {
    const sealing = this.#sealing
    if (!sealing) throw new TransportFailure('grader', 'nobody is authenticated on this connection')
    const clear = this.#options.bindings !== null
    const body = clear ? envelope : sealBody(sealing, envelope)
    const type = clear ? 'application/soap+xml;charset=UTF-8' : sealedContentType
    const answer = await this.#exchange({ 'content-type': type }, signal, body, maxBytes)
    if (answer.status === 401) throw new TransportFailure('auth', 'the machine forgot who is connected (401)')
    if (answer.status !== 200 && answer.status !== 500) throw unexpected(answer.status)
    return {
      status: answer.status,
      body: clear ? answer.body : openBody(sealing, answer.contentType, answer.body),
    }
  }

  async #exchange(
    headers: Readonly<Record<string, string>>,
    signal: AbortSignal,
    body: Buffer = Buffer.alloc(0),
    maxBytes = 65_536,
  ): Promise<{ status: number; authenticate: string; contentType: string; body: Buffer }> {
    const { host, port } = this.#options
    const { promise, resolve, reject } = Promise.withResolvers<IncomingMessage>()
    const asked = request({
      agent: this.#agent,
      method: 'POST',
      path: '/wsman',
      setHost: false,
      maxHeaderSize: longestHeaders,
      headers: {
        host: `${host.includes(':') ? `[${host}]` : host}:${port}`,
        'user-agent': 'probant',
        connection: 'keep-alive',
        'content-length': String(body.length),
        ...headers,
      },
    })
    const stop = () => {
      reject(signal.reason)
      asked.destroy()
    }
    asked.once('response', resolve).once('error', reject)
    signal.addEventListener('abort', stop, { once: true })
    if (signal.aborted) stop()
    asked.end(body)
    try {
      const response = await promise
      return {
        status: response.statusCode ?? 0,
        authenticate: response.headers['www-authenticate'] ?? '',
        contentType: response.headers['content-type'] ?? '',
        body: await wholeBody(response, maxBytes),
      }
    } catch (error) {
      throw failureOf(signal.aborted ? signal.reason : error)
    } finally {
      signal.removeEventListener('abort', stop)
    }
  }
}

/** Gives one stream to all requests: a second connection would be one that nobody authenticated. */
class OneStream extends Agent {
  readonly #stream: Duplex
  #given = false

  constructor(stream: Duplex) {
    super({ keepAlive: true, maxSockets: 1 })
    this.#stream = stream
  }

  override createConnection(): Duplex {
    if (this.#given) throw new TransportFailure('refused', 'the machine closed the connection')
    this.#given = true
    return this.#stream
  }
}

async function wholeBody(response: IncomingMessage, maxBytes: number): Promise<Buffer> {
  const chunks: Buffer[] = []
  let bytes = 0
  for await (const chunk of response as AsyncIterable<Buffer>) {
    bytes += chunk.length
    if (bytes > maxBytes) throw new TransportFailure('truncated', `an answer of more than ${maxBytes} bytes`)
    chunks.push(chunk)
  }
  return Buffer.concat(chunks)
}

const unexpected = (status: number): StatusFailure =>
  new StatusFailure(
    status >= 300 && status < 400
      ? `a redirect (${status}), which is not followed`
      : `HTTP status ${status} instead of an answer`,
    status,
  )

function failureOf(error: unknown): TransportFailure {
  if (error instanceof TransportFailure) return error
  if (error instanceof NtlmError) return new TransportFailure('identity', error.message)
  if (error instanceof DOMException)
    return error.name === 'TimeoutError'
      ? new TransportFailure('timeout', 'no answer in time')
      : new TransportFailure('cancelled', 'interrupted')
  const code = (error as { code?: string } | null)?.code ?? 'error'
  if (code.startsWith('HPE_')) return new TransportFailure('unparsable', `not HTTP (${code})`)
  return new TransportFailure('refused', `the connection was lost (${code})`)
}
