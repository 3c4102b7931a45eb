import { createHash, createHmac, timingSafeEqual } from 'node:crypto'
import { NtlmError } from './ntlm-error.ts'
import { Rc4 } from './rc4.ts'

export interface Sealed {
  /** 16 bytes: version 1, sealed checksum, sequence number (MS-NLMP 2.2.2.9.2). */
  readonly signature: Buffer
  readonly sealed: Buffer
}

/**
 * The two directions of one authenticated connection, with extended session security, 128-bit keys and key exchange
 * (MS-NLMP 3.4). Each message goes on with the stream and the number of the one before, so one that is lost,
 * repeated or out of order does not verify.
 */
export class SealingContext {
  readonly #out: Direction
  readonly #in: Direction

  /** `sessionKey`: the exported session key, 16 bytes. */
  constructor(side: 'client' | 'server', sessionKey: Uint8Array) {
    const client = new Direction('client-to-server', sessionKey)
    const server = new Direction('server-to-client', sessionKey)
    ;[this.#out, this.#in] = side === 'client' ? [client, server] : [server, client]
  }

  /** Seals the next message that goes out. */
  seal(message: Uint8Array): Sealed {
    return this.#out.seal(message)
  }

  /** Opens the next message that came in. Throws an NtlmError where its signature is not that of this message. */
  unseal(sealed: Uint8Array, signature: Uint8Array): Buffer {
    return this.#in.unseal(sealed, signature)
  }
}

class Direction {
  readonly #signKey: Buffer
  readonly #stream: Rc4
  #sequence = 0

  constructor(way: 'client-to-server' | 'server-to-client', sessionKey: Uint8Array) {
    // SIGNKEY and SEALKEY, MS-NLMP 3.4.5.2 and 3.4.5.3.
    const key = (use: 'signing' | 'sealing') =>
      createHash('md5')
        .update(sessionKey)
        .update(`session key to ${way} ${use} key magic constant\0`)
        .digest()
    this.#signKey = key('signing')
    this.#stream = new Rc4(key('sealing'))
  }

  seal(message: Uint8Array): Sealed {
    const sealed = this.#stream.apply(message)
    return { signature: this.#signature(message), sealed }
  }

  unseal(sealed: Uint8Array, signature: Uint8Array): Buffer {
    const message = this.#stream.apply(sealed)
    const expected = this.#signature(message)
    if (signature.length !== expected.length || !timingSafeEqual(signature, expected))
      throw new NtlmError('the signature is not that of this message')
    return message
  }

  #signature(message: Uint8Array): Buffer {
    const number = Buffer.alloc(4)
    number.writeUInt32LE(this.#sequence++ >>> 0)
    const checksum = createHmac('md5', this.#signKey).update(number).update(message).digest().subarray(0, 8)
    return Buffer.concat([Buffer.from([1, 0, 0, 0]), this.#stream.apply(checksum), number])
  }
}
