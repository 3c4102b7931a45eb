import { EventEmitter } from 'node:events'

/** What changed: a session, or one candidate of it. It says that something changed, never what: each viewer's own page says that. */
export interface Change {
  readonly session: string
  readonly candidate: string | null
}

/** Tells those who watch that something changed, within this process. */
export class Changes {
  readonly #emitter = new EventEmitter().setMaxListeners(0)

  announce(session: string, candidate: string | null = null): void {
    this.#emitter.emit(session, { session, candidate } satisfies Change)
    this.#emitter.emit('*', { session, candidate } satisfies Change)
  }

  /** Calls back at each change of a session (`*` for all) until the returned function is called. */
  watch(session: string, told: (change: Change) => void): () => void {
    this.#emitter.on(session, told)
    return () => void this.#emitter.off(session, told)
  }

  /** How many watch now. */
  get watchers(): number {
    return this.#emitter.eventNames().reduce((sum, name) => sum + this.#emitter.listenerCount(name), 0)
  }
}
