import type { ScriptException } from '../../../checks/observation.ts'
import { boundedJson } from './bounded-json.ts'

export type ScriptResult =
  | { readonly value: unknown }
  | { readonly error: ScriptException }
  /** It did not end within its time, or gave more than its bytes. */
  | { readonly late: true }
  | { readonly long: true }
  | { readonly unparsable: string }

export interface ScriptAnswer {
  /** Which question, counted from 0. */
  readonly number: number
  /** How long it took on the machine, as the machine says, in ms. */
  readonly ms: number
  readonly result: ScriptResult
}

/**
 * Finds the answers in what the runner writes, however it is cut into pieces. Whatever stands beside the marked lines (a
 * profile's words, a warning) changes nothing; a line whose marks or JSON are not whole is no answer.
 */
export class AnswerReader {
  readonly #nonce: string
  readonly #count: number
  readonly #answered = new Set<number>()
  #rest = ''
  /** SID of the machine or domain that the account belongs to; null until it was said. */
  authority: string | null = null

  /** `count`: how many questions were asked. */
  constructor(nonce: string, count: number) {
    this.#nonce = nonce
    this.#count = count
  }

  /** The answers that are whole now. */
  push(bytes: Buffer): ScriptAnswer[] {
    this.#rest += bytes.toString('latin1')
    const found: ScriptAnswer[] = []
    for (;;) {
      const begin = this.#rest.indexOf(`<${this.#nonce} `)
      const end = begin < 0 ? -1 : this.#rest.indexOf(` ${this.#nonce}>`, begin)
      if (end < 0) {
        // Noise before a mark is not kept; the beginning of a mark may be cut.
        this.#rest = begin < 0 ? this.#rest.slice(-this.#nonce.length - 2) : this.#rest.slice(begin)
        return found
      }
      const marked = this.#rest.slice(begin + this.#nonce.length + 2, end)
      this.#rest = this.#rest.slice(end + this.#nonce.length + 2)
      const answer = this.#read(marked.replace(/[\r\n]+/g, ''))
      if (answer) found.push(answer)
    }
  }

  #read(line: string): ScriptAnswer | null {
    const [, digits, took, base64] = /^(-?\d{1,4}) (\d{1,9}) ([A-Za-z0-9+/]+={0,2})$/.exec(line) ?? []
    if (base64 === undefined) return null
    const number = Number(digits)
    const json = Buffer.from(base64, 'base64').toString('utf8')
    if (number === -1) {
      this.authority ??= authorityIn(json)
      return null
    }
    if (number < 0 || number >= this.#count || this.#answered.has(number)) return null
    this.#answered.add(number)
    return { number, ms: Number(took), result: resultIn(json) }
  }
}

function authorityIn(json: string): string | null {
  try {
    const { authority } = boundedJson(json) as { authority?: unknown }
    return typeof authority === 'string' && /^S-1-5-21(-\d{1,10}){3}$/.test(authority) ? authority : null
  } catch {
    return null
  }
}

function resultIn(json: string): ScriptResult {
  let said: unknown
  try {
    said = boundedJson(json)
  } catch (error) {
    return {
      unparsable: `what stands between the marks is not JSON (${error instanceof Error ? error.message : ''})`,
    }
  }
  if (typeof said === 'object' && said !== null) {
    const { late, long, error } = said as { late?: unknown; long?: unknown; error?: Partial<ScriptException> }
    if (Object.hasOwn(said, 'value')) return { value: (said as { value: unknown }).value }
    if (late === true) return { late }
    if (long === true) return { long }
    if (typeof error?.type === 'string')
      return {
        error: {
          type: error.type.slice(0, 300),
          code: Number.isSafeInteger(error.code) ? error.code! : 0,
          id: String(error.id ?? '').slice(0, 300),
          message: String(error.message ?? '').slice(0, 500),
        },
      }
  }
  return { unparsable: 'what stands between the marks is no answer of a script' }
}
