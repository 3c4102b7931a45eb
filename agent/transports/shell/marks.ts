/** The part of an output that belongs to one question, and the status that its mark gave. */
export interface MarkedOutput {
  readonly index: number
  readonly status: string
  readonly bytes: Buffer
  /** Length before the cut. */
  readonly length: number
}

/** Longest text of a mark after the nonce: space, index, space, status, newline. */
const longestTail = 32

/**
 * Cuts one output (standard or error) of the program into the outputs of its questions. Pure, and bounded: of each
 * output the first `limit` bytes are kept. Bytes are kept as they came, whatever they hold; only the nonce,
 * which the machine's programs never get to see, separates.
 */
export class MarkReader {
  readonly #mark: Buffer
  readonly #limit: number
  #kept: Buffer[] = []
  #keptLength = 0
  #length = 0
  /** Bytes that may be the beginning of a mark. */
  #pending: Buffer = Buffer.alloc(0)

  /** `nonce`: ASCII; `limit`: bytes kept of one output. */
  constructor(nonce: string, limit: number) {
    this.#mark = Buffer.from(`\n${nonce} `, 'latin1')
    this.#limit = limit
  }

  /** Bytes of the output under way, including those not kept. */
  get length(): number {
    return this.#length + this.#pending.length
  }

  /** Takes what arrived; gives the outputs that it completes. */
  *take(chunk: Buffer): Generator<MarkedOutput> {
    let data = this.#pending.length === 0 ? chunk : Buffer.concat([this.#pending, chunk])
    for (;;) {
      const at = data.indexOf(this.#mark)
      if (at < 0) {
        const safe = Math.max(0, data.length - this.#mark.length + 1)
        this.#keep(data.subarray(0, safe))
        this.#pending = data.subarray(safe)
        return
      }
      const from = at + this.#mark.length
      const end = data.indexOf(0x0a, from)
      if (end < 0 && data.length - from <= longestTail) {
        this.#keep(data.subarray(0, at))
        this.#pending = data.subarray(at)
        return
      }
      const tail = end < 0 ? '' : data.toString('latin1', from, Math.min(end, from + longestTail))
      const mark = /^(\d{1,5}) (\d{1,3}|[a-z]{4,8})$/.exec(tail)
      if (mark) {
        this.#keep(data.subarray(0, at))
        yield this.#complete(Number(mark[1]), mark[2]!)
        data = data.subarray(end + 1)
      } else {
        this.#keep(data.subarray(0, from))
        data = data.subarray(from)
      }
    }
  }

  /** What there is of the output under way, as if it ended here. */
  partial(): Buffer {
    return Buffer.concat([...this.#kept, this.#pending]).subarray(0, this.#limit)
  }

  #keep(bytes: Buffer): void {
    this.#length += bytes.length
    const room = this.#limit - this.#keptLength
    if (room <= 0 || bytes.length === 0) return
    // A copy: a view would keep the whole chunk it came in alive.
    const kept = Buffer.from(bytes.subarray(0, room))
    this.#kept.push(kept)
    this.#keptLength += kept.length
  }

  #complete(index: number, status: string): MarkedOutput {
    const output = { index, status, bytes: Buffer.concat(this.#kept), length: this.#length }
    this.#kept = []
    this.#keptLength = 0
    this.#length = 0
    return output
  }
}
