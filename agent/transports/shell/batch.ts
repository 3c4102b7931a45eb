import { randomBytes } from 'node:crypto'
import type { Readable } from 'node:stream'
import type { Probe } from '../../../checks/probe.ts'
import { TransportFailure } from '../transport.ts'
import type { IdleShells } from './idle-shells.ts'
import { MarkReader, type MarkedOutput } from './marks.ts'
import { program } from './program.ts'
import type { Question, Refusal, Result } from './questions.ts'
import { printable } from './printable.ts'
import type { Account, ShellProcess, StartShell } from './shell-process.ts'

export interface BatchOptions {
  readonly start: StartShell
  readonly idle: IdleShells
  readonly account: Account
  /** All at once in the background, or one after the other. */
  readonly together: boolean
  /** Longest wait for the shell to start, in ms. */
  readonly startTimeoutMs: number
  readonly signal: AbortSignal
  /** Called once per probe, as soon as its result is known. */
  readonly give: (probe: Probe, result: Result, startedAt: number, ms: number) => void
}

/** What the way back may take beyond the limit that the machine itself keeps. */
const graceMs = 1000
/** A program that goes on writing past its limit is let go of after so many bytes more. */
const floodBytes = 262_144
/** A shell that waits answers at once, or a new one is started. */
const knownMs = 5000
/** How often a shell that a question took down with it is replaced. */
const maxRestarts = 8

/**
 * Asks all questions in one shell. What a question breaks (it hangs, floods, kills the shell) costs that question only:
 * the rest are asked again in a new shell. A way that is lost, or a shell that doesn't start, ends them all with one
 * cause. Resolves when every probe has a result or the signal fired; never rejects.
 */
export async function askBatch(questions: readonly Question[], options: BatchOptions): Promise<void> {
  const given = new Set<Probe>()
  const once: BatchOptions = {
    ...options,
    give(probe, ...rest) {
      if (given.has(probe) || options.signal.aborted) return
      given.add(probe)
      options.give(probe, ...rest)
    },
  }
  let rest = questions
  for (let shells = 0; rest.length > 0 && !options.signal.aborted; shells++) {
    const begun = Date.now()
    const known = options.idle.take(options.account)
    let shell: ShellProcess
    try {
      shell = known ?? (await options.start(options.account, options.signal))
    } catch (error) {
      refuse(rest, refusalOf(error), once, begun)
      return
    }
    const last = shells === maxRestarts
    rest = await new Conversation(rest, shell, known !== null, once, begun).done
    if (last)
      refuse(rest, { cause: 'unparsable', detail: 'the shell was ended again and again' }, once, begun)
    if (last) return
  }
}

/** A failure that leaves a transport without a cause of its own is the grader's. */
export function refusalOf(error: unknown): Refusal {
  if (error instanceof TransportFailure) return { cause: error.reason, detail: error.message }
  return { cause: 'grader', detail: printable(error instanceof Error ? error.message : 'error') }
}

function refuse(
  questions: readonly Question[],
  failure: Refusal,
  { give }: BatchOptions,
  begun: number,
): void {
  for (const { probes } of questions)
    for (const probe of probes) give(probe, { failure }, begun, Date.now() - begun)
}

const nothing: MarkedOutput = { index: 0, status: '', bytes: Buffer.alloc(0), length: 0 }

/** One group of questions to one shell, from the first mark to the last. */
class Conversation {
  /** The questions to ask again in another shell. */
  readonly done: Promise<readonly Question[]>
  readonly #questions: readonly Question[]
  /** The shell has answered an earlier group: whether it is still there, only its first mark tells. */
  readonly #known: boolean
  readonly #options: BatchOptions
  readonly #limit: number
  readonly #answered: boolean[]
  readonly #halves = new Map<string, MarkedOutput>()
  /** Answers on the standard output that came before the first mark on the other. */
  readonly #early = new Map<number, MarkedOutput>()
  readonly #readers: { readonly stdout: MarkReader; readonly stderr: MarkReader }
  /** Nobody has answered before this moment: a clock that doesn't jump, for durations. */
  #since = performance.now()
  #startedAt: number
  #ready = false
  #settle: (rest: readonly Question[], reusable?: boolean) => void = () => {}
  readonly #listening = new Map<Readable, (chunk: Buffer) => void>()
  #timer: NodeJS.Timeout | undefined

  constructor(
    questions: readonly Question[],
    shell: ShellProcess,
    known: boolean,
    options: BatchOptions,
    begun: number,
  ) {
    this.#questions = questions
    this.#known = known
    this.#options = options
    this.#startedAt = begun
    this.#answered = questions.map(() => false)
    this.#limit = Math.max(...questions.map((question) => question.maxBytes))
    const nonce = randomBytes(16).toString('hex')
    this.#readers = { stdout: new MarkReader(nonce, this.#limit), stderr: new MarkReader(nonce, this.#limit) }
    this.done = new Promise((resolve) => {
      const cancel = () => this.#settle([])
      this.#settle = (rest, reusable) => {
        clearTimeout(this.#timer)
        options.signal.removeEventListener('abort', cancel)
        this.#settle = () => {}
        for (const [stream, listen] of this.#listening) stream.off('data', listen)
        if (reusable) options.idle.keep(options.account, shell)
        else shell.abandon()
        resolve(rest)
      }
      options.signal.addEventListener('abort', cancel)
      if (options.signal.aborted) cancel()
    })
    this.#arm(known ? Math.min(options.startTimeoutMs, knownMs) : options.startTimeoutMs)
    for (const name of ['stdout', 'stderr'] as const) {
      const listen = (chunk: Buffer): void => this.#take(name, chunk)
      this.#listening.set(shell[name], listen)
      shell[name].on('data', listen)
      if (!known) shell[name].on('error', () => {})
    }
    void shell.ended.then((lost) => this.#ended(lost))
    // A machine that closes its end early says so by what it did not answer.
    if (!known) shell.stdin.on('error', () => {})
    // Left open: its end is how the machine knows that nobody waits any more.
    shell.stdin.write(
      `${known ? '' : program}nonce=${nonce}\n{\ng\nmark 0 ready\n${questions.map((q, i) => q.call(i + 1)).join('\n')}\nw\nmark ${questions.length + 1} done\n}\n`,
    )
  }

  get #current(): number {
    return this.#answered.indexOf(false)
  }

  #arm(ms: number): void {
    clearTimeout(this.#timer)
    this.#timer = setTimeout(() => this.#late(), ms)
  }

  #armForNext(): void {
    const waiting = this.#questions.filter((_, i) => !this.#answered[i])
    if (waiting.length === 0) return this.#arm(graceMs)
    const longest = this.#options.together
      ? Math.max(...waiting.map((q) => q.timeoutMs))
      : waiting[0]!.timeoutMs
    this.#arm(longest + graceMs)
  }

  #take(name: 'stdout' | 'stderr', chunk: Buffer): void {
    const reader = this.#readers[name]
    for (const output of reader.take(chunk)) {
      if (name === 'stdout' && this.#questions[output.index - 1]?.errors === false) {
        if (this.#ready) this.#complete(output, nothing)
        else this.#early.set(output.index, output)
        continue
      }
      // Who knows the nonce could go on counting: what is kept is bounded by what was asked.
      if (output.index > this.#questions.length + 1) continue
      const other = name === 'stdout' ? 'stderr' : 'stdout'
      const half = this.#halves.get(`${other} ${output.index}`)
      if (!half || half.status !== output.status) this.#halves.set(`${name} ${output.index}`, output)
      else if (name === 'stdout') this.#complete(output, half)
      else this.#complete(half, output)
    }
    if (reader.length > this.#limit + floodBytes) this.#flooded()
  }

  #complete(stdout: MarkedOutput, stderr: MarkedOutput): void {
    const { index, status } = stdout
    this.#halves.delete(`stdout ${index}`)
    this.#halves.delete(`stderr ${index}`)
    if (index === 0) {
      this.#ready = true
      this.#next()
      for (const output of this.#early.values()) this.#complete(output, nothing)
      return
    }
    if (status === 'done' && this.#ready && this.#current < 0) return this.#settle([], true)
    const question = this.#questions[index - 1]
    if (!question || !this.#ready || this.#answered[index - 1]) return
    this.#answer(question, { status, stdout, stderr })
    this.#answered[index - 1] = true
    if (!this.#options.together || this.#current < 0) this.#next()
  }

  #answer(question: Question, output: { status: string; stdout: MarkedOutput; stderr: MarkedOutput }): void {
    const ms = performance.now() - this.#since
    for (const [probe, result] of question.results({ ...output, ms }))
      this.#options.give(probe, result, this.#startedAt, ms)
  }

  #next(): void {
    this.#since = performance.now()
    this.#startedAt = Date.now()
    this.#armForNext()
  }

  /** Drops the question under way with a cause, and says which are left for another shell. */
  #drop(failure: Refusal): void {
    const at = this.#current
    if (this.#known && !this.#ready) return this.#settle(this.#questions)
    const whole = this.#options.together || !this.#ready || at < 0
    this.#refuse(
      this.#questions.filter((_, i) => !this.#answered[i] && (whole || i === at)),
      failure,
    )
    this.#settle(whole ? [] : this.#questions.slice(at + 1))
  }

  #refuse(questions: readonly Question[], failure: Refusal): void {
    refuse(questions, failure, this.#options, this.#startedAt)
  }

  #late(): void {
    this.#drop({
      cause: 'timeout',
      detail: this.#ready ? 'no answer within the time of the question' : 'the shell did not start in time',
    })
  }

  #flooded(): void {
    const question = this.#questions[this.#current]
    if (!this.#ready) return this.#drop({ cause: 'unparsable', detail: 'the login writes without end' })
    if (this.#options.together || !question)
      return this.#drop({ cause: 'truncated', detail: 'the answers went past every limit' })
    const { stdout, stderr } = this.#readers
    const begun = (reader: MarkReader) => ({
      index: 0,
      status: '',
      bytes: reader.partial(),
      length: reader.length,
    })
    // 141: what sh says of a program that SIGPIPE ended, which is what happens to it now.
    this.#answer(question, { status: '141', stdout: begun(stdout), stderr: begun(stderr) })
    this.#drop({ cause: 'truncated', detail: 'the answer went past every limit' })
  }

  #ended(lost: Refusal | null): void {
    if (lost) {
      this.#refuse(
        this.#questions.filter((_, i) => !this.#answered[i]),
        lost,
      )
      return this.#settle([])
    }
    if (this.#ready) return this.#drop({ cause: 'unparsable', detail: 'the shell ended before the answer' })
    const said = printable(
      this.#readers.stderr.partial().toString('utf8') || this.#readers.stdout.partial().toString('utf8'),
    )
    if (this.#options.account === 'login')
      return this.#drop({ cause: 'denied', detail: `the account's login gives no shell: ${said}` })
    if (/sudo: not found|sudo: command not found/.test(said))
      return this.#drop({ cause: 'missing-tool', detail: 'no sudo on the machine' })
    this.#drop({ cause: 'denied', detail: `sudo refused: ${said}` })
  }
}
