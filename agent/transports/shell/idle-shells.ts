import type { Account, ShellProcess } from './shell-process.ts'

/** How long after its start a shell may be used again, in ms: the guard of a shell ends it after five minutes (shell-process.ts). */
const usableMs = 120_000

/**
 * Shells of one machine that have answered everything and wait for the next round: a new one costs the machine a
 * session, a login shell and reading the program again. At most one per account.
 */
export class IdleShells {
  readonly #idle = new Map<Account, ShellProcess>()

  /** A shell that has read the program and waits, or null. */
  take(account: Account): ShellProcess | null {
    const shell = this.#idle.get(account) ?? null
    this.#idle.delete(account)
    if (shell === null || performance.now() - shell.startedAt < usableMs) return shell
    shell.abandon()
    return null
  }

  /** Keeps a shell until it is taken, ends or is let go of. */
  keep(account: Account, shell: ShellProcess): void {
    this.#idle.get(account)?.abandon()
    this.#idle.set(account, shell)
    void shell.ended.then(() => {
      if (this.#idle.get(account) === shell) this.#idle.delete(account)
    })
  }

  /** Lets go of all. */
  close(): void {
    for (const shell of this.#idle.values()) shell.abandon()
    this.#idle.clear()
  }
}
