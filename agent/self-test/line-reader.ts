import { createInterface, type Interface } from 'node:readline'

export type NextLine = { readonly line: string } | 'due' | 'ended' | 'interrupted'

/**
 * Lines that a person types between two looks, or that a program writes to standard input. Between two waits the terminal is
 * given back, so that Ctrl-C stops a look as it stops any command.
 */
export class LineReader {
  readonly #terminal = process.stdin.isTTY === true && process.stderr.isTTY === true
  #piped: Interface | undefined
  #lines: string[] = []
  #ended = false
  #wake: (() => void) | undefined

  /** The next line, or `due` once `ms` have passed, `ended` at the end of the input, `interrupted` by Ctrl-C. */
  async next(prompt: string, ms: number | null): Promise<NextLine> {
    const stop = new AbortController()
    const interrupted = Promise.withResolvers<NextLine>()
    const onSignal = () => interrupted.resolve('interrupted')
    process.on('SIGINT', onSignal)
    process.on('SIGTERM', onSignal)
    const due =
      ms === null
        ? []
        : [
            new Promise<NextLine>((resolve) => {
              const timer = setTimeout(() => resolve('due'), ms)
              stop.signal.addEventListener('abort', () => clearTimeout(timer))
            }),
          ]
    const typed = this.#terminal ? this.#typed(prompt, stop.signal) : this.#written(ms === null)
    try {
      return await Promise.race([typed, interrupted.promise, ...due])
    } finally {
      stop.abort()
      this.#wake = undefined
      process.off('SIGINT', onSignal)
      process.off('SIGTERM', onSignal)
    }
  }

  close(): void {
    this.#piped?.close()
    process.stdin.pause()
  }

  #typed(prompt: string, signal: AbortSignal): Promise<NextLine> {
    return new Promise((resolve) => {
      const lines = createInterface({
        input: process.stdin,
        output: process.stderr,
        terminal: true,
        historySize: 0,
      })
      let answered = false
      const end = (answer: NextLine | null) => {
        if (answered) return
        answered = true
        lines.close()
        process.stdin.pause()
        // What comes next begins on a line of its own.
        if (answer === null || typeof answer === 'string') process.stderr.write('\n')
        if (answer) resolve(answer)
      }
      lines.on('line', (line) => end({ line }))
      lines.on('SIGINT', () => end('interrupted'))
      lines.on('close', () => end('ended'))
      signal.addEventListener('abort', () => end(null))
      lines.setPrompt(prompt)
      lines.prompt()
    })
  }

  async #written(untilEnd: boolean): Promise<NextLine> {
    if (!this.#piped) {
      this.#piped = createInterface({ input: process.stdin, terminal: false })
      this.#piped.on('line', (line) => {
        this.#lines.push(line)
        this.#wake?.()
      })
      this.#piped.on('close', () => {
        this.#ended = true
        this.#wake?.()
      })
    }
    for (;;) {
      const line = this.#lines.shift()
      if (line !== undefined) return { line }
      // Where looks come by themselves, the end of the input ends nothing.
      if (this.#ended && untilEnd) return 'ended'
      await new Promise<void>((resolve) => (this.#wake = resolve))
    }
  }
}
