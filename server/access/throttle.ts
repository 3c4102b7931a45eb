/** Sources and accounts that are remembered; the oldest go first, so that nobody fills the memory. */
const maxRemembered = 10_000
/** Failures that cost nothing: people mistype. */
const free = 5
/** A room of 16 may stand behind one address, and each of its people mistype. */
const freeOfRoom = free * 16
/** Failures of an account, from anywhere, after which it is being guessed at. */
const freeOfAccount = free * 4
const longest = 300_000
/** What a guessed account costs a browser that never signed in to it. */
const slow = 3_000
const hour = 3_600_000

export interface Attempt {
  /** The browser where it is known for this account, else the address that it comes from (`sourceOf`). */
  readonly source: string
  /** Whether this account has signed in from it before. */
  readonly known: boolean
  /** The name that was typed, whether there is such an account or not. */
  readonly account: string
}

interface Failures {
  count: number
  last: number
}

/**
 * Slows down the guessing of passwords without a way to lock somebody out:
 *
 * - whoever fails waits longer and longer (up to 5 minutes), for himself and that account only;
 * - an address that fails for many accounts waits too, but not the browsers behind it that are known;
 * - an account that is guessed at from everywhere makes unknown sources wait 3 seconds before each attempt, counted for
 *   each source by itself: nobody can take another's turn;
 * - everything is forgotten an hour after the last failure.
 */
export class SignInThrottle {
  readonly #now: () => number
  readonly #bySource = new Map<string, Failures>()
  readonly #byAccount = new Map<string, Failures>()
  readonly #asked = new Map<string, number>()

  /** @param now a clock in milliseconds. */
  constructor(now: () => number) {
    this.#now = now
  }

  /**
   * Milliseconds until this attempt may be made. 0: it may now, and counts as failed until `succeeded`; attempts made at
   * once thus count as attempts made one after the other.
   */
  begin(attempt: Attempt): number {
    const wait = this.#wait(attempt)
    if (wait === 0)
      for (const [map, key] of this.#counted(attempt)) {
        const count = (this.#current(map.get(key))?.count ?? 0) + 1
        remember(map, key, { count, last: this.#now() })
      }
    return wait
  }

  /** Takes back what `begin` counted, and forgives the mistyping before it. */
  succeeded(attempt: Attempt): void {
    for (const [map, key] of this.#counted(attempt)) {
      const failures = map.get(key)
      if (failures) failures.count--
    }
    this.#bySource.delete(pairOf(attempt))
    this.#asked.delete(pairOf(attempt))
  }

  #counted(attempt: Attempt): [Map<string, Failures>, string][] {
    const own: [Map<string, Failures>, string][] = [[this.#bySource, pairOf(attempt)]]
    if (!attempt.known) own.push([this.#bySource, attempt.source], [this.#byAccount, attempt.account])
    return own
  }

  #wait(attempt: Attempt): number {
    const own = this.#left(this.#bySource.get(pairOf(attempt)), free)
    if (attempt.known) return own
    return Math.max(own, this.#left(this.#bySource.get(attempt.source), freeOfRoom), this.#turn(attempt))
  }

  /** What is left of the wait before an unknown source's turn at an account that is being guessed at. */
  #turn(attempt: Attempt): number {
    if ((this.#current(this.#byAccount.get(attempt.account))?.count ?? 0) < freeOfAccount) return 0
    const pair = pairOf(attempt)
    const asked = this.#asked.get(pair)
    const now = this.#now()
    if (asked === undefined) {
      remember(this.#asked, pair, now)
      return slow
    }
    const left = Math.max(0, asked + slow - now)
    if (left === 0) remember(this.#asked, pair, now)
    return left
  }

  #current(failures: Failures | undefined): Failures | undefined {
    return failures && this.#now() - failures.last < hour ? failures : undefined
  }

  /** After the free ones, 1 s, 2 s, 4 s …, counted from the last failure. */
  #left(failures: Failures | undefined, allowed: number): number {
    const current = this.#current(failures)
    if (!current || current.count < allowed) return 0
    const delay = Math.min(longest, 1000 * 2 ** Math.min(current.count - allowed, 20))
    return Math.max(0, current.last + delay - this.#now())
  }
}

const pairOf = ({ source, account }: Attempt): string => `${source}\n${account}`

function remember<T>(map: Map<string, T>, key: string, value: T): void {
  // Last in, last out.
  map.delete(key)
  map.set(key, value)
  if (map.size > maxRemembered) map.delete(map.keys().next().value as string)
}
