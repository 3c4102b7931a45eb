/** Attempts that are remembered; the oldest go first, so that nobody fills the memory. */
const maxRemembered = 10_000
/** Failures that cost nothing: people mistype. */
const free = 5
const hour = 3_600_000

interface Failures {
  count: number
  last: number
}

/**
 * Slows down the guessing of passwords, by source address and by account, without a way to lock somebody out:
 *
 * - a source that fails waits longer and longer (up to 5 minutes), for itself only;
 * - an account that is guessed at from everywhere makes *unknown* sources wait, up to 30 seconds; a source from which
 *   that account has signed in before doesn't wait for what others do (OWASP's “device cookie”, by address);
 * - everything is forgotten after an hour without a failure.
 */
export class SignInThrottle {
  readonly #now: () => number
  readonly #bySource = new Map<string, Failures>()
  readonly #byAccount = new Map<string, Failures>()
  readonly #trusted = new Map<string, number>()

  constructor(now: () => number) {
    this.#now = now
  }

  /** Milliseconds until this attempt may be made; 0 where it may now. */
  wait(source: string, account: string): number {
    const own = this.#left(this.#bySource.get(`${source}\n${account}`), 300_000)
    // A room behind one address may fail for each of its people: the address as such waits later.
    const room = this.#left(this.#bySource.get(source), 300_000, free * 16)
    const others = this.#trusted.has(`${source}\n${account}`)
      ? 0
      : this.#left(this.#byAccount.get(account), 30_000, free * 4)
    return Math.max(own, room, others)
  }

  failed(source: string, account: string): void {
    for (const [map, key] of [
      [this.#bySource, `${source}\n${account}`],
      [this.#bySource, source],
      [this.#byAccount, account],
    ] as const) {
      const before = this.#current(map.get(key))
      map.delete(key)
      map.set(key, { count: (before?.count ?? 0) + 1, last: this.#now() })
      if (map.size > maxRemembered) map.delete(map.keys().next().value as string)
    }
  }

  succeeded(source: string, account: string): void {
    const pair = `${source}\n${account}`
    this.#bySource.delete(pair)
    this.#trusted.delete(pair)
    this.#trusted.set(pair, this.#now())
    if (this.#trusted.size > maxRemembered) this.#trusted.delete(this.#trusted.keys().next().value as string)
  }

  #current(failures: Failures | undefined): Failures | undefined {
    return failures && this.#now() - failures.last < hour ? failures : undefined
  }

  /** After the free ones, 1 s, 2 s, 4 s … up to `most`, counted from the last failure. */
  #left(failures: Failures | undefined, most: number, allowed = free): number {
    const current = this.#current(failures)
    if (!current || current.count < allowed) return 0
    const delay = Math.min(most, 1000 * 2 ** Math.min(current.count - allowed, 20))
    return Math.max(0, current.last + delay - this.#now())
  }
}
