/**
 * RC4, one stream: each call goes on where the last one ended, which is how NTLM seals (MS-NLMP 3.4.4). OpenSSL 3 has it in
 * its legacy provider only. Encrypting and decrypting are the same.
 */
export class Rc4 {
  readonly #state = Uint8Array.from({ length: 256 }, (_, i) => i)
  #i = 0
  #j = 0

  /** `key`: 1 to 256 bytes. */
  constructor(key: Uint8Array) {
    const state = this.#state
    for (let i = 0, j = 0; i < 256; i++) {
      j = (j + state[i]! + key[i % key.length]!) & 255
      ;[state[i], state[j]] = [state[j]!, state[i]!]
    }
  }

  /** The next bytes of the stream over `data`, as new bytes. */
  apply(data: Uint8Array): Buffer {
    const out = Buffer.alloc(data.length)
    const state = this.#state
    let i = this.#i
    let j = this.#j
    for (let at = 0; at < data.length; at++) {
      i = (i + 1) & 255
      const a = state[i]!
      j = (j + a) & 255
      const b = state[j]!
      state[i] = b
      state[j] = a
      out[at] = data[at]! ^ state[(a + b) & 255]!
    }
    this.#i = i
    this.#j = j
    return out
  }
}
