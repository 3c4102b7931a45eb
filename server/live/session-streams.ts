import type { ServerResponse } from 'node:http'
import type { Changes } from './changes.ts'

/** Pieces of a page by the id of the element that they are the contents of. */
export type Pieces = ReadonlyMap<string, string>

/** How long changes are gathered before they are sent, and how often a stream shows that it is alive. */
const gatherMs = 500
const aliveMs = 15_000
const recheckMs = 30_000
/** A client that reads nothing holds no more than this. */
const maxUnsent = 1024 * 1024

interface Stream {
  readonly response: ServerResponse
  readonly key: string
  /** What the client has; the same object as everybody's who is up to date. */
  sent: Pieces | null
  readonly stillAllowed: () => Promise<boolean>
}

export interface StreamOptions {
  readonly session: string
  /** Viewers who see the same get the same pieces, rendered once: their language, say. */
  readonly view: string
  readonly stillAllowed: () => Promise<boolean>
}

/**
 * Server-sent events (WHATWG HTML, 9.2) of sessions: each client gets the pieces of its page that changed since it was
 * last sent something, and everything when it comes (back). What is sent is rendered once for all who see the same.
 */
export class SessionStreams {
  readonly #changes: Changes
  readonly #render: (session: string, view: string) => Promise<Pieces | null>
  readonly #streams = new Map<string, Set<Stream>>()
  readonly #pending = new Map<string, NodeJS.Timeout>()
  readonly #unwatch: () => void
  readonly #timers: NodeJS.Timeout[]

  /** @param render the pieces of a session as one view has them; null where there is no such session any more. */
  constructor(changes: Changes, render: (session: string, view: string) => Promise<Pieces | null>) {
    this.#changes = changes
    this.#render = render
    this.#unwatch = this.#changes.watch('*', ({ session }) => this.#schedule(session))
    this.#timers = [
      setInterval(() => this.#each(({ response }) => void response.write(':\n\n')), aliveMs),
      setInterval(() => void this.#recheck(), recheckMs),
      // Clocks and signs of life change by themselves.
      setInterval(() => {
        for (const session of this.#streams.keys()) this.#schedule(session)
      }, 10_000),
    ]
    for (const timer of this.#timers) timer.unref()
  }

  /** How many are open. */
  get size(): number {
    let size = 0
    for (const streams of this.#streams.values()) size += streams.size
    return size
  }

  /** Begins a stream on a response whose headers were not sent yet; it ends with the client, or with `close`. */
  open(response: ServerResponse, { session, view, stillAllowed }: StreamOptions): void {
    response.writeHead(200, {
      'content-type': 'text/event-stream; charset=utf-8',
      'cache-control': 'no-store',
      'x-accel-buffering': 'no',
    })
    response.write('retry: 2000\n\n')
    const stream: Stream = { response, key: view, sent: null, stillAllowed }
    const streams = this.#streams.get(session) ?? new Set()
    streams.add(stream)
    this.#streams.set(session, streams)
    response.on('close', () => {
      streams.delete(stream)
      if (streams.size === 0) this.#streams.delete(session)
    })
    this.#schedule(session, 0)
  }

  close(): void {
    this.#unwatch()
    for (const timer of this.#timers) clearInterval(timer)
    for (const timer of this.#pending.values()) clearTimeout(timer)
    this.#each(({ response }) => void response.end())
  }

  #schedule(session: string, ms = gatherMs): void {
    if (!this.#streams.has(session)) return
    const pending = this.#pending.get(session)
    if (pending && ms > 0) return
    clearTimeout(pending)
    this.#pending.set(
      session,
      setTimeout(() => {
        this.#pending.delete(session)
        void this.#send(session).catch(() => this.#schedule(session))
      }, ms),
    )
  }

  async #send(session: string): Promise<void> {
    const views = Map.groupBy(this.#streams.get(session) ?? [], ({ key }) => key)
    for (const [view, streams] of views) {
      const pieces = await this.#render(session, view)
      const messages = new Map<Pieces | null, string | null>()
      for (const stream of streams) {
        const { response, sent } = stream
        if (pieces === null || response.writableLength > maxUnsent) {
          response.end()
          if (pieces !== null) response.destroy()
          continue
        }
        if (!messages.has(sent)) messages.set(sent, messageOf(sent, pieces))
        const message = messages.get(sent)
        if (message) response.write(message)
        stream.sent = pieces
      }
    }
  }

  async #recheck(): Promise<void> {
    for (const streams of this.#streams.values())
      for (const { response, stillAllowed } of streams)
        if (!(await stillAllowed().catch(() => true))) response.end('event: end\ndata: {}\n\n')
  }

  #each(use: (stream: Stream) => void): void {
    for (const streams of this.#streams.values()) for (const stream of streams) use(stream)
  }
}

/** One event with what changed; null where nothing did. */
function messageOf(sent: Pieces | null, pieces: Pieces): string | null {
  const changed: Record<string, string> = {}
  for (const [id, html] of pieces) if (sent?.get(id) !== html) changed[id] = html
  if (sent !== null && Object.keys(changed).length === 0) return null
  return `event: pieces\ndata: ${JSON.stringify({ first: sent === null, pieces: changed })}\n\n`
}
