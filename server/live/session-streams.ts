import type { ServerResponse } from 'node:http'
import type { Changes } from './changes.ts'

/** Pieces of a page by the id of the element that they are the contents of. */
export type Pieces = ReadonlyMap<string, string>

/** Why the server ends a stream: there is nothing more to see for this viewer, or he opened more of them than he may have. */
export type StreamEnd = 'over' | 'elsewhere'

export interface StreamTiming {
  /** A client is sent no more than one event with changes in so many milliseconds. */
  readonly gatherMs: number
  /** How often a stream shows that it is alive, and what time it is here. */
  readonly aliveMs: number
  /** How often it is looked at whether a client may still see what it sees. */
  readonly recheckMs: number
  /** How often what changes by itself is looked at: clocks that ended, agents that fell silent. */
  readonly byItselfMs: number
  /** Streams of one account: the oldest is ended, since a new one usually takes the place of one that was lost. */
  readonly perAccount: number
}
const usual: StreamTiming = {
  gatherMs: 500,
  aliveMs: 15_000,
  recheckMs: 30_000,
  byItselfMs: 10_000,
  perAccount: 12,
}
/** A client that reads nothing holds no more than so many bytes. */
const maxUnsent = 1024 * 1024

export interface StreamOptions {
  readonly session: string
  readonly account: string
  /** Viewers who see the same get the same pieces, rendered once: their language, say. */
  readonly view: string
  readonly stillAllowed: () => Promise<boolean>
}

interface Stream extends StreamOptions {
  readonly response: ServerResponse
  /** What the client has; the same object as everybody's who is up to date. */
  sent: Pieces | null
}

/** What is on its way to the clients of one session. */
interface Feed {
  timer: NodeJS.Timeout | null
  sending: boolean
  /** Something changed while the last event was being made. */
  again: boolean
  sentAt: number
}

interface Source {
  readonly changes: Changes
  /** The pieces of a session as one view has them; null where there is no such session any more. */
  readonly render: (session: string, view: string) => Promise<Pieces | null>
  readonly now: () => Date
  readonly failed: (error: unknown) => void
}

/**
 * Server-sent events (WHATWG HTML, 9.2) of sessions: each client gets the pieces of its page that changed since it was
 * last sent something, and everything when it comes (back). What is sent is rendered once for all who see the same.
 * Events: `pieces`, `alive` (both with the server's time), `end` with why.
 */
export class SessionStreams {
  readonly #source: Source
  readonly #timing: StreamTiming
  /** In the order in which they were opened. */
  readonly #streams = new Set<Stream>()
  readonly #feeds = new Map<string, Feed>()
  readonly #unwatch: () => void
  readonly #timers: NodeJS.Timeout[]

  constructor(source: Source, timing: Partial<StreamTiming> = {}) {
    this.#source = source
    this.#timing = { ...usual, ...timing }
    const { aliveMs, recheckMs, byItselfMs } = this.#timing
    this.#unwatch = source.changes.watch('*', ({ session }) => this.#schedule(session))
    this.#timers = [
      setInterval(() => this.#showAlive(), aliveMs),
      setInterval(() => void this.#recheck(), recheckMs),
      setInterval(() => {
        for (const session of this.#feeds.keys()) this.#schedule(session)
      }, byItselfMs),
    ]
    for (const timer of this.#timers) timer.unref()
  }

  /** How many are open. */
  get size(): number {
    return this.#streams.size
  }

  /** Begins a stream on a response whose headers were not sent yet; it ends with the client, or with `close`. */
  open(response: ServerResponse, options: StreamOptions): void {
    response.writeHead(200, {
      'content-type': 'text/event-stream; charset=utf-8',
      'cache-control': 'no-store',
      'x-content-type-options': 'nosniff',
      // A proxy in front keeps nothing back (nginx).
      'x-accel-buffering': 'no',
    })
    const stream: Stream = { ...options, response, sent: null }
    const own = [...this.#streams].filter(({ account }) => account === options.account)
    for (const oldest of own.slice(0, Math.max(0, own.length + 1 - this.#timing.perAccount)))
      this.#end(oldest, 'elsewhere')
    this.#streams.add(stream)
    if (!this.#feeds.has(options.session))
      this.#feeds.set(options.session, { timer: null, sending: false, again: false, sentAt: -Infinity })
    response.on('close', () => this.#forget(stream))
    // The first event says that the stream is there, before anything was rendered.
    response.write(this.#aliveEvent())
    this.#schedule(options.session)
  }

  close(): void {
    this.#unwatch()
    for (const timer of this.#timers) clearInterval(timer)
    for (const { timer } of this.#feeds.values()) if (timer) clearTimeout(timer)
    this.#feeds.clear()
    for (const { response } of this.#streams) response.end()
  }

  #schedule(session: string): void {
    const feed = this.#feeds.get(session)
    if (!feed || feed.timer) return
    if (feed.sending) {
      feed.again = true
      return
    }
    const wait = Math.max(0, feed.sentAt + this.#timing.gatherMs - performance.now())
    feed.timer = setTimeout(() => void this.#send(session, feed), wait)
  }

  /** One at a time for a session: what was rendered earlier is never sent later. */
  async #send(session: string, feed: Feed): Promise<void> {
    feed.timer = null
    feed.sending = true
    try {
      const views = new Set([...this.#streams].filter((s) => s.session === session).map((s) => s.view))
      for (const view of views) {
        const pieces = await this.#source.render(session, view)
        // All have left meanwhile; those who came since have a feed of their own.
        if (this.#feeds.get(session) !== feed) return
        // Those who came while it was rendered included: it is what there is now.
        this.#sendPieces(
          [...this.#streams].filter((s) => s.session === session && s.view === view),
          pieces,
        )
      }
    } catch (error) {
      // What is looked at by itself tries again.
      this.#source.failed(error)
    } finally {
      feed.sending = false
      feed.sentAt = performance.now()
      if (feed.again) {
        feed.again = false
        this.#schedule(session)
      }
    }
  }

  #sendPieces(streams: readonly Stream[], pieces: Pieces | null): void {
    const messages = new Map<Pieces | null, string | null>()
    for (const stream of streams) {
      const { response, sent } = stream
      if (pieces === null) {
        this.#end(stream, 'over')
        continue
      }
      if (response.writableLength > maxUnsent) {
        this.#forget(stream)
        response.destroy()
        continue
      }
      if (!messages.has(sent)) messages.set(sent, this.#piecesEvent(sent, pieces))
      const message = messages.get(sent)
      if (message) response.write(message)
      stream.sent = pieces
    }
  }

  /** One event with what changed; null where nothing did. */
  #piecesEvent(sent: Pieces | null, pieces: Pieces): string | null {
    const changed: Record<string, string> = {}
    for (const [id, html] of pieces) if (sent?.get(id) !== html) changed[id] = html
    if (sent !== null && Object.keys(changed).length === 0) return null
    return eventOf('pieces', { now: this.#now(), first: sent === null, pieces: changed })
  }

  #showAlive(): void {
    const event = this.#aliveEvent()
    for (const { response } of this.#streams) response.write(event)
  }

  async #recheck(): Promise<void> {
    // Where the store does not answer, nobody's stream is ended for it.
    for (const stream of this.#streams)
      if (!(await stream.stillAllowed().catch(() => true))) this.#end(stream, 'over')
  }

  #end(stream: Stream, why: StreamEnd): void {
    this.#forget(stream)
    stream.response.end(eventOf('end', { why }))
  }

  #forget(stream: Stream): void {
    if (!this.#streams.delete(stream)) return
    const { session } = stream
    if ([...this.#streams].some((other) => other.session === session)) return
    const feed = this.#feeds.get(session)
    if (feed?.timer) clearTimeout(feed.timer)
    this.#feeds.delete(session)
  }

  #aliveEvent(): string {
    return eventOf('alive', { now: this.#now() })
  }

  #now(): string {
    return this.#source.now().toISOString()
  }
}

const eventOf = (event: string, data: unknown): string => `event: ${event}\ndata: ${JSON.stringify(data)}\n\n`
