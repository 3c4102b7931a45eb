import { randomBytes } from 'node:crypto'
import type { Host } from './host.ts'

/** One script with its argument, as it is asked of a machine. */
export interface Question {
  /** Its name: questions that share one send its text once. */
  readonly script: string
  readonly text: string
  readonly input: unknown
  readonly timeoutMs: number
  /** Of its JSON, in bytes of UTF-8. */
  readonly maxBytes: number
}

/** Several questions that travel together. */
export interface Request {
  /** 32 hexadecimal digits, new for each request: marks the lines that are answers. */
  readonly nonce: string
  /** One line of base64, so that no code page touches it. */
  readonly stdin: Buffer
}

export function requestOf(questions: readonly Question[], host: Host): Request {
  const nonce = randomBytes(16).toString('hex')
  const json = JSON.stringify({
    nonce,
    runner: host.runner,
    question: host.question,
    scripts: Object.fromEntries(questions.map(({ script, text }) => [script, text])),
    questions: questions.map(({ script, input, timeoutMs, maxBytes }) => ({
      script,
      input,
      timeoutMs,
      maxBytes,
    })),
  })
  return { nonce, stdin: Buffer.from(`${Buffer.from(json, 'utf8').toString('base64')}\r\n`, 'latin1') }
}
