import { TransportFailure } from '../transport.ts'
import { elementLength } from './ber.ts'

/** One message of a directory; the largest is one entry with all that was asked for. */
const LONGEST_MESSAGE = 8 * 1_048_576

/** Every message is one (RFC 4511, 4.1.1). */
const SEQUENCE = 0x30

/** Cuts what a directory sends into whole messages, however the bytes come. */
export class Framing {
  #buffer = Buffer.alloc(0)
  #length = 0

  /** How many bytes wait for the rest of their message. */
  get rest(): number {
    return this.#length
  }

  /** Takes the bytes that came, and gives the messages that are whole now. Throws a TransportFailure. */
  *take(chunk: Buffer): Generator<Buffer> {
    this.#append(chunk)
    let at = 0
    try {
      for (;;) {
        const rest = this.#buffer.subarray(at, this.#length)
        if (rest.length > 0 && rest[0] !== SEQUENCE)
          throw new TransportFailure('unparsable', 'what the directory sends is not LDAP')
        const length = elementLength(rest)
        if (length !== null && length > LONGEST_MESSAGE)
          throw new TransportFailure('truncated', 'one message of the directory is too long')
        if (length === null || length > rest.length) return
        at += length
        yield Buffer.from(rest.subarray(0, length))
      }
    } finally {
      this.#buffer.copyWithin(0, at, this.#length)
      this.#length -= at
    }
  }

  /** Doubles its room, so that many small pieces of a long message are not copied again and again. */
  #append(chunk: Buffer): void {
    const needed = this.#length + chunk.length
    if (needed > this.#buffer.length) {
      const larger = Buffer.allocUnsafe(Math.max(needed, 2 * this.#buffer.length))
      this.#buffer.copy(larger, 0, 0, this.#length)
      this.#buffer = larger
    }
    chunk.copy(this.#buffer, this.#length)
    this.#length = needed
  }
}
