/** At most `size` holders at once; the others wait in order. */
export class Limit {
  #free: number
  readonly #waiting: (() => void)[] = []

  constructor(size: number) {
    this.#free = size
  }

  /**
   * Runs `work` when a place is free, and gives the place back whatever happens. Who is still waiting when the signal
   * aborts waits no longer: its work starts without a place, to find the same signal aborted and end.
   */
  async with<T>(work: () => Promise<T>, signal?: AbortSignal): Promise<T> {
    const placed = await this.#place(signal)
    try {
      return await work()
    } finally {
      if (placed) {
        const next = this.#waiting.shift()
        if (next) next()
        else this.#free++
      }
    }
  }

  #place(signal: AbortSignal | undefined): Promise<boolean> | boolean {
    if (this.#free > 0) {
      this.#free--
      return true
    }
    if (signal?.aborted) return false
    return new Promise((resolve) => {
      const leave = () => {
        this.#waiting.splice(this.#waiting.indexOf(called), 1)
        resolve(false)
      }
      const called = () => {
        signal?.removeEventListener('abort', leave)
        resolve(true)
      }
      this.#waiting.push(called)
      signal?.addEventListener('abort', leave, { once: true })
    })
  }
}
