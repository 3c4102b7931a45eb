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

/** The answer of the largest question that there is, in base64, and line breaks that something on the way may put in. */
const LONGEST = 6_000_000

/**
 * Finds the answers in what the runner writes, however it is cut into pieces. Whatever stands beside the marked lines (a
 * profile's words, a warning) changes nothing; a line whose marks or JSON are not whole is no answer. Keeps no more than
 * one line, and looks at each byte once.
 */
export class AnswerReader {
  readonly #nonce: string
  readonly #count: number
  readonly #longest: number
  readonly #answered = new Set<number>()
  /** What was not looked at yet, after what a mark that is cut may need. */
  #rest = ''
  /** What came after the last beginning of a line, in pieces; null outside a line. */
  #line: string[] | null = null
  #length = 0
  /** SID of the machine or domain that the account belongs to; null until it was said. */
  authority: string | null = null

  /** `count`: how many questions were asked. `longest`: characters of a line; a longer one is no answer. */
  constructor(nonce: string, count: number, longest = LONGEST) {
    this.#nonce = nonce
    this.#count = count
    this.#longest = longest
  }

  /** The answers that are whole now. Never throws. */
  push(bytes: Buffer): ScriptAnswer[] {
    const text = this.#rest + bytes.toString('latin1')
    const found: ScriptAnswer[] = []
    const { length } = this.#nonce
    /** Where the part begins that is not in a line's pieces yet. */
    let from = 0
    for (let at = text.indexOf(this.#nonce); at >= 0; at = text.indexOf(this.#nonce, at + 1)) {
      const after = at + length
      if (text[at - 1] === '<' && text[after] === ' ') {
        // A line that did not end before the next one begins is none.
        this.#line = []
        this.#length = 0
        from = after + 1
      } else if (text[at - 1] === ' ' && text[after] === '>') {
        this.#keep(text.slice(from, Math.max(from, at - 1)))
        const answer = this.#line && this.#read(this.#line.join('').replaceAll(/[\r\n]/g, ''))
        if (answer) found.push(answer)
        this.#line = null
        from = after + 1
      }
    }
    // The sign before a mark, and all of the mark but the sign after it.
    const tail = Math.max(from, text.length - length - 1)
    this.#keep(text.slice(from, tail))
    this.#rest = text.slice(tail)
    return found
  }

  #keep(piece: string): void {
    if (!this.#line) return
    this.#length += piece.length
    if (this.#length > this.#longest) this.#line = null
    else if (piece !== '') this.#line.push(piece)
  }

  #read(line: string): ScriptAnswer | null {
    const [head, digits, took] = /^(-?\d{1,4}) (\d{1,9}) /.exec(line.slice(0, 20)) ?? []
    if (head === undefined) return null
    const base64 = line.slice(head.length)
    if (!/^[A-Za-z0-9+/]+={0,2}$/.test(base64)) return null
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
    const authority = property(boundedJson(json), 'authority')
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
  if (typeof said === 'object' && said !== null && Object.hasOwn(said, 'value'))
    return { value: property(said, 'value') }
  if (property(said, 'late') === true) return { late: true }
  if (property(said, 'long') === true) return { long: true }
  const error = property(said, 'error')
  const type = textOf(error, 'type', 300)
  if (type === '') return { unparsable: 'what stands between the marks is no answer of a script' }
  const code = property(error, 'code')
  return {
    error: {
      type,
      code: typeof code === 'number' && Number.isSafeInteger(code) ? code : 0,
      id: textOf(error, 'id', 300),
      message: textOf(error, 'message', 500),
    },
  }
}

/** A property of the machine's own, never one that every object has. */
function property(of: unknown, name: string): unknown {
  return typeof of === 'object' && of !== null && Object.hasOwn(of, name) ? Reflect.get(of, name) : undefined
}

/** Never by `String()`: an object of the machine's may have a `toString` that is none. No character is cut in two. */
function textOf(of: unknown, name: string, most: number): string {
  const said = property(of, name)
  return typeof said === 'string' ? said.slice(0, most).toWellFormed() : ''
}
