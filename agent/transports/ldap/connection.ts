import type { Duplex } from 'node:stream'
import { AbandonRequest, type Message } from 'ldapts'
import { failureOf } from '../errno.ts'
import { TransportFailure } from '../transport.ts'
import { Framing } from './framing.ts'
import { readResponse, type RawEntry, type Response, type Result } from './response.ts'

/** What a directory may send that nobody waits for (rests of a search that was given up). */
const MOST_UNASKED = 16 * 1_048_576

interface Pending {
  readonly resolve: (result: Result) => void
  readonly reject: (error: unknown) => void
  readonly onEntry: (entry: RawEntry, bytes: number) => void
}

/**
 * One LDAP connection over a stream that is already open: requests go out at once, responses find theirs by message
 * id. When the stream ends, or sends what isn't LDAP, every request that waits is rejected with that failure.
 */
export class LdapConnection {
  readonly #stream: Duplex
  readonly #pending = new Map<number, Pending>()
  readonly #framing = new Framing()
  #unasked = 0
  #lastId = 0
  #failure: TransportFailure | undefined

  constructor(stream: Duplex) {
    this.#stream = stream
    stream.on('data', this.#onData)
    stream.on('error', this.#onError)
    stream.on('close', this.#onClose)
  }

  /** Whether requests can still be sent. */
  get alive(): boolean {
    return this.#failure === undefined
  }

  /**
   * Sends one request and waits for its result, whatever its code; entries are handed over as they come. `make` gets
   * the message id. When `signal` aborts, or `onEntry` throws, the directory is told to stop and the promise rejects.
   */
  async request(
    make: (id: number) => Message,
    signal: AbortSignal,
    onEntry: Pending['onEntry'] = () => undefined,
  ): Promise<Result> {
    if (this.#failure) throw this.#failure
    if (signal.aborted) throw signal.reason
    const id = ++this.#lastId
    const { promise, resolve, reject } = Promise.withResolvers<Result>()
    this.#pending.set(id, { resolve, reject, onEntry })
    const stop = () => this.#abandon(id, signal.reason)
    signal.addEventListener('abort', stop, { once: true })
    try {
      this.#stream.write(make(id).write())
      return await promise
    } finally {
      signal.removeEventListener('abort', stop)
      this.#pending.delete(id)
    }
  }

  /** Gives the stream back, for TLS to begin on it. Throws `unparsable` where the directory already said more. */
  release(): Duplex {
    this.#stream.removeListener('data', this.#onData)
    this.#stream.removeListener('error', this.#onError)
    this.#stream.removeListener('close', this.#onClose)
    this.#stream.pause()
    if (this.#framing.rest > 0 || this.#unasked > 0)
      throw new TransportFailure('unparsable', 'clear text after the answer to StartTLS')
    return this.#stream
  }

  close(): void {
    this.#fail(new TransportFailure('cancelled', 'the connection was closed'))
  }

  /** Stops waiting, and tells the directory (RFC 4511, 4.11). */
  #abandon(id: number, reason: unknown): void {
    const waiting = this.#pending.get(id)
    if (!waiting) return
    this.#pending.delete(id)
    const messageId = ++this.#lastId
    if (this.alive) this.#stream.write(new AbandonRequest({ messageId, abandonId: id }).write())
    waiting.reject(reason)
  }

  readonly #onData = (chunk: Buffer): void => {
    try {
      for (const message of this.#framing.take(chunk)) {
        if (!this.alive) return
        this.#deliver(readResponse(message), message.length)
      }
    } catch (error) {
      this.#fail(failureOf(error))
    }
  }

  readonly #onError = (error: Error): void => this.#fail(failureOf(error))
  readonly #onClose = (): void =>
    this.#fail(new TransportFailure('refused', 'the directory closed the connection'))

  #deliver(response: Response, bytes: number): void {
    const waiting = this.#pending.get(response.id)
    if (!waiting) {
      // Id 0 is a notice of disconnection (RFC 4511, 4.4.1); others are rests of what was given up.
      if (response.id === 0) throw new TransportFailure('refused', 'the directory ends the connection')
      this.#unasked += bytes
      if (this.#unasked > MOST_UNASKED)
        throw new TransportFailure('unparsable', 'the directory sends what nobody asked for')
      return
    }
    if (response.kind === 'result') {
      this.#pending.delete(response.id)
      waiting.resolve(response.result)
    } else if (response.kind === 'entry')
      try {
        waiting.onEntry(response.entry, bytes)
      } catch (error) {
        this.#abandon(response.id, error)
      }
  }

  #fail(failure: TransportFailure): void {
    if (this.#failure) return
    this.#failure = failure
    for (const { reject } of this.#pending.values()) reject(failure)
    this.#pending.clear()
    this.#stream.on('error', () => undefined)
    this.#stream.destroy()
  }
}
