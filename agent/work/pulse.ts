import { setTimeout as pause } from 'node:timers/promises'

/** A beat that comes at least every so often, and sooner when something changed, but never more often than it may. */
export class Pulse {
  #touched = false
  #wake: () => void = () => undefined

  /** Something changed. */
  touch(): void {
    this.#touched = true
    this.#wake()
  }

  /** Resolves at the next beat: `leastMs` from now where something changed, else `mostMs`; at once when the signal aborts. */
  async next(leastMs: number, mostMs: number, signal: AbortSignal): Promise<void> {
    await pause(leastMs, undefined, { signal }).catch(() => undefined)
    if (!this.#touched && !signal.aborted) {
      const { promise, resolve } = Promise.withResolvers<void>()
      this.#wake = resolve
      const timer = setTimeout(resolve, Math.max(0, mostMs - leastMs))
      const stop = () => resolve()
      signal.addEventListener('abort', stop, { once: true })
      await promise
      signal.removeEventListener('abort', stop)
      clearTimeout(timer)
    }
    this.#touched = false
    this.#wake = () => undefined
  }
}
