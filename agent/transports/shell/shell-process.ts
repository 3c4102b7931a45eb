import type { Readable, Writable } from 'node:stream'
import type { Refusal } from './questions.ts'

/** A `/bin/sh` that reads its program on the standard input, wherever it runs. */
export interface ShellProcess {
  readonly stdin: Writable
  readonly stdout: Readable
  readonly stderr: Readable
  /** When it was started, on the clock of `performance.now()`, in ms. */
  readonly startedAt: number
  /** Settles when nothing more will come; with a cause where the way to the machine was lost. Never rejects. */
  readonly ended: Promise<Refusal | null>
  /** Lets go of it: its standard input ends, and what it still writes goes nowhere. */
  abandon(): void
}

/** Whose shell. `root` goes through `sudo -n` where the login isn't root's already. */
export type Account = 'login' | 'root'

/** Starts a shell. Rejects with a TransportFailure; must end by itself within the signal. */
export type StartShell = (account: Account, signal: AbortSignal) => Promise<ShellProcess>

/**
 * The command line that gives root's shell, read by a login shell of any family (nothing in it is special to csh or
 * fish). LC_ALL: sudo's refusal is kept as detail.
 */
export const rootShell =
  `exec /bin/sh -c 'LC_ALL=C; export LC_ALL; ` +
  `if [ "$(id -u)" = 0 ]; then exec /bin/sh; fi; ` +
  `PATH=$PATH:/usr/local/bin:/usr/bin:/bin; exec sudo -n -- /bin/sh'`

/**
 * The command line that gives the login's own POSIX shell: as a process group of its own that ends with the agent's
 * interest in it (program.ts) and after five minutes at the latest, longer than one machine may take. Where `timeout` is
 * a link, it is busybox's or another that may know no such thing: then it's the bare shell.
 */
export const loginShell =
  `exec /bin/sh -c 'if [ -x /usr/bin/timeout ] && [ ! -L /usr/bin/timeout ]; ` +
  `then exec /usr/bin/timeout -s KILL 300 /bin/sh -s guarded; fi; exec /bin/sh'`
