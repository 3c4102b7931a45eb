import { isIPv6 } from 'node:net'
import { Session, Version2c, Version3, type Message, type Request, type User, type Varbind } from 'net-snmp'
import { failureOf } from '../errno.ts'
import { TransportFailure } from '../transport.ts'
import { ConnectedSocket } from './connected-socket.ts'

/** A datagram may be lost: each request is sent up to three times. */
const RESEND_MS = 1000
const RESENDS = 2
/** Reports about time and engine that one request may meet before it gets its answer (RFC 3414, 4). */
const MOST_REPORTS = 4

/**
 * An SNMP session that a hostile device can't crash, keep busy or answer without the keys: what the library throws
 * while it reads a datagram is caught, endless reports are cut, and an answer must be as protected as its request.
 */
export class GuardedSession extends Session {
  /** Something came that is not SNMP. */
  garbage = false
  readonly #reports = new WeakMap<object, number>()

  /** `address` is an IP address; `authenticator` a community (v2c) or a user (v3). */
  constructor(address: string, port: number, authenticator: string | User) {
    const transport = isIPv6(address) ? 'udp6' : 'udp4'
    super(address, authenticator, {
      version: typeof authenticator === 'string' ? Version2c : Version3,
      port,
      transport,
      timeout: RESEND_MS,
      retries: RESENDS,
      dgramModule: { createSocket: () => new ConnectedSocket(transport, address, port) },
    })
    this.on('error', () => (this.garbage = true))
  }

  /** The varbinds of one GET, in the order asked. */
  async read(oids: readonly string[]): Promise<Varbind[]> {
    return await this.#asked<Varbind[]>((done) => this.get(oids, done))
  }

  /** What follows one OID, at most `count` varbinds. */
  async readAfter(oid: string, count: number): Promise<Varbind[]> {
    const [rows = []] = await this.#asked<Varbind[][]>((done) => this.getBulk([oid], 0, count, done))
    return rows
  }

  async #asked<T>(ask: (done: (error: Error | null, result: T) => void) => void): Promise<T> {
    const { promise, resolve, reject } = Promise.withResolvers<T>()
    ask((error, result) => (error ? reject(error) : resolve(result)))
    return await promise
  }

  override onMsg(buffer: Buffer): void {
    try {
      super.onMsg(buffer)
    } catch {
      this.garbage = true
    }
  }

  override onError(error: Error): void {
    this.cancelRequests(failureOf(error))
  }

  override onSimpleGetResponse(request: Request, message: Message): void {
    const { level = 1 } = this.user ?? {}
    const signed = level < 2 || message.hasAuthentication()
    const sealed = level < 3 || message.hasPrivacy()
    if (signed && sealed) super.onSimpleGetResponse(request, message)
    else
      request.responseCb(
        new TransportFailure('auth', 'the answer is not protected by the keys of the request'),
      )
  }

  override sendV3Req(pdu: object, feed: unknown, done: (error: Error) => void, ...rest: unknown[]): void {
    const times = (this.#reports.get(pdu) ?? 0) + 1
    this.#reports.set(pdu, times)
    if (times > MOST_REPORTS) done(new TransportFailure('unparsable', 'the device answers with reports only'))
    else super.sendV3Req(pdu, feed, done, ...rest)
  }
}
