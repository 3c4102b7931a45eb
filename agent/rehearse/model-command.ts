import { spawn, type ChildProcess } from 'node:child_process'
import { once } from 'node:events'
import { existsSync } from 'node:fs'
import { resolve } from 'node:path'
import { setTimeout as after } from 'node:timers/promises'

/** What a command said at most, of each of its outputs: its end, where a failure is told. */
const MAX_BYTES = 8192
const LONGEST_MS = 3_600_000
/** What a process that stays behind holds open is not waited for any longer. */
const LAST_WORDS_MS = 250

/** How the command that applies the model answer ended. */
export interface CommandEnd {
  /** Null where a signal ended it, or it could not be started. */
  readonly status: number | null
  readonly signal: string | null
  /** Error code of the system where it could not be started (`ENOENT`, `EACCES`). */
  readonly notStarted: string | null
  /** The end of what it wrote, on both outputs, as it came; not yet made harmless. */
  readonly output: string
  readonly truncated: boolean
}

/**
 * Runs an executable file to its end, without a shell: arguments reach it as they are. It reads nothing, and is ended with all
 * it started when the signal aborts. A process that it leaves in the background lives on. What opens the vault or a server is
 * not in its environment.
 */
export async function runModelCommand(
  [file = '', ...args]: readonly string[],
  candidate: string,
  signal: AbortSignal,
): Promise<CommandEnd> {
  const posix = process.platform !== 'win32'
  const output = new LastBytes(MAX_BYTES)
  const child = spawn(existsSync(file) ? resolve(file) : file, args, {
    shell: false,
    // A group of its own, to end what it started as well.
    detached: posix,
    stdio: ['ignore', 'pipe', 'pipe'],
    windowsHide: true,
    env: { ...withoutSecrets(process.env), PROBANT_CANDIDATE: candidate },
  })
  child.stdout?.on('data', (bytes: Buffer) => output.add(bytes))
  child.stderr?.on('data', (bytes: Buffer) => output.add(bytes))
  const closed = once(child, 'close').catch(() => undefined)
  const limit = AbortSignal.any([signal, AbortSignal.timeout(LONGEST_MS)])
  const stop = () => end(child, posix)
  limit.addEventListener('abort', stop, { once: true })
  if (limit.aborted) stop()
  try {
    const [status, by] = (await once(child, 'exit')) as [number | null, string | null]
    const waiting = new AbortController()
    await Promise.race([closed, after(LAST_WORDS_MS, undefined, { signal: waiting.signal }).catch(() => {})])
    waiting.abort()
    return { status, signal: by, notStarted: null, ...output.said() }
  } catch (error) {
    const code = error instanceof Error && 'code' in error ? String(error.code) : 'error'
    return { status: null, signal: null, notStarted: code, ...output.said() }
  } finally {
    limit.removeEventListener('abort', stop)
    child.stdout?.destroy()
    child.stderr?.destroy()
  }
}

function end(child: ChildProcess, posix: boolean): void {
  try {
    if (posix && child.pid !== undefined) process.kill(-child.pid, 'SIGTERM')
    else child.kill()
  } catch {
    // it ended by itself
  }
}

const SECRET = /^PROBANT_(VAULT_PASSPHRASE|TOKEN|ENROL_CODE|OIDC_CLIENT_SECRET)$/
const withoutSecrets = (env: NodeJS.ProcessEnv): NodeJS.ProcessEnv =>
  Object.fromEntries(Object.entries(env).filter(([name]) => !SECRET.test(name)))

/** The last bytes of what is written, however much it is. */
class LastBytes {
  readonly #most: number
  #kept = Buffer.alloc(0)
  #truncated = false

  constructor(most: number) {
    this.#most = most
  }

  add(bytes: Buffer): void {
    const whole = Buffer.concat([this.#kept, bytes])
    this.#truncated ||= whole.length > this.#most
    this.#kept = whole.subarray(Math.max(0, whole.length - this.#most))
  }

  said(): { output: string; truncated: boolean } {
    return { output: this.#kept.toString('utf8'), truncated: this.#truncated }
  }
}
