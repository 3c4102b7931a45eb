import { setTimeout as pause } from 'node:timers/promises'

/** Waits longer each time, up to `mostMs`. Half of it is random: agents that failed together must not come back together. */
export class Backoff {
  readonly #firstMs: number
  readonly #mostMs: number
  #times = 0

  constructor(firstMs: number, mostMs: number) {
    this.#firstMs = firstMs
    this.#mostMs = mostMs
  }

  /** Resolves after the wait, or at once when the signal aborts. */
  async wait(signal: AbortSignal): Promise<void> {
    const whole = Math.min(this.#mostMs, this.#firstMs * 2 ** this.#times++)
    await pause(whole * (0.5 + Math.random() / 2), undefined, { signal }).catch(() => undefined)
  }

  reset(): void {
    this.#times = 0
  }
}
