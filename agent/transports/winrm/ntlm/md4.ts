/**
 * MD4 (RFC 1320): what NTLM makes of a password. OpenSSL 3 has it in its legacy provider only, which Node doesn't load.
 * In: bytes. Out: 16 bytes. Of no use for anything but NTLM.
 */
export function md4(message: Uint8Array): Buffer {
  const padded = Buffer.alloc((((message.length + 8) >> 6) + 1) << 6)
  padded.set(message)
  padded[message.length] = 0x80
  padded.writeBigUInt64LE(BigInt(message.length) * 8n, padded.length - 8)
  const state = [0x67452301, 0xefcdab89, 0x98badcfe, 0x10325476]
  for (let at = 0; at < padded.length; at += 64) {
    const word = Array.from({ length: 16 }, (_, i) => padded.readUInt32LE(at + 4 * i))
    let [a = 0, b = 0, c = 0, d = 0] = state
    for (const { mix, constant, order, shifts } of rounds)
      for (let i = 0; i < 16; i++) {
        const sum = (a + mix(b, c, d) + word[order[i]!]! + constant) | 0
        const shift = shifts[i % 4]!
        ;[a, b, c, d] = [d, (sum << shift) | (sum >>> (32 - shift)), b, c]
      }
    for (const [i, value] of [a, b, c, d].entries()) state[i] = (state[i]! + value) | 0
  }
  const digest = Buffer.alloc(16)
  for (const [i, value] of state.entries()) digest.writeInt32LE(value | 0, 4 * i)
  return digest
}

type Mix = (x: number, y: number, z: number) => number
/** The three rounds of RFC 1320, section 3.4. */
const rounds: readonly {
  readonly mix: Mix
  readonly constant: number
  readonly order: readonly number[]
  readonly shifts: readonly number[]
}[] = [
  {
    mix: (x, y, z) => (x & y) | (~x & z),
    constant: 0,
    order: [0, 1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11, 12, 13, 14, 15],
    shifts: [3, 7, 11, 19],
  },
  {
    mix: (x, y, z) => (x & y) | (x & z) | (y & z),
    constant: 0x5a827999,
    order: [0, 4, 8, 12, 1, 5, 9, 13, 2, 6, 10, 14, 3, 7, 11, 15],
    shifts: [3, 5, 9, 13],
  },
  {
    mix: (x, y, z) => x ^ y ^ z,
    constant: 0x6ed9eba1,
    order: [0, 8, 4, 12, 2, 10, 6, 14, 1, 9, 5, 13, 3, 11, 7, 15],
    shifts: [3, 9, 11, 15],
  },
]
