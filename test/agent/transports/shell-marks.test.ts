import fc from 'fast-check'
import { expect, test } from 'vitest'
import { MarkReader, type MarkedOutput } from '../../../agent/transports/shell/marks.ts'

const nonce = '0123456789abcdef0123456789abcdef'
const mark = (index: number, status: string) => Buffer.from(`\n${nonce} ${index} ${status}\n`)

/** Cuts bytes at the given places and has them read piece by piece. */
function read(bytes: Buffer, cuts: readonly number[], limit = 1 << 20): MarkedOutput[] {
  const reader = new MarkReader(nonce, limit)
  const places = [0, ...cuts.map((c) => c % (bytes.length + 1)).sort((a, b) => a - b), bytes.length]
  return places.slice(1).flatMap((end, i) => [...reader.take(bytes.subarray(places[i], end))])
}

const output = fc
  .array(
    fc.oneof(
      fc.uint8Array({ maxLength: 80 }).map((b) => Buffer.from(b)),
      fc.constantFrom(
        Buffer.from('\n'),
        Buffer.from(`\n${nonce}`),
        Buffer.from(`\n${nonce.slice(0, 31)} 1 0\n`),
        Buffer.from(`x${nonce} 1 0\n`),
        Buffer.from(`\n${nonce} x\n`),
        Buffer.from(`\n${nonce} 1 `),
        Buffer.from('\0\xff\xfe', 'latin1'),
      ),
    ),
    { maxLength: 6 },
  )
  .map((parts) => Buffer.concat(parts))
  // A whole mark, which a program would have to guess 128 bits to write; the next mark's newline may complete one.
  .filter(
    (bytes) =>
      !new RegExp(`\\n${nonce} \\d{1,5} (\\d{1,3}|[a-z]{4,8})\\n`).test(`${bytes.toString('latin1')}\n`),
  )

test('whatever the outputs hold and wherever they are cut, they come back byte by byte', () => {
  fc.assert(
    fc.property(
      fc.array(output, { minLength: 1, maxLength: 6 }),
      fc.array(fc.nat(), { maxLength: 12 }),
      (outputs, cuts) => {
        const whole = Buffer.concat(outputs.flatMap((bytes, i) => [bytes, mark(i + 1, String(i))]))
        const got = read(whole, cuts)
        expect(got.map(({ index, status }) => [index, status])).toEqual(
          outputs.map((_, i) => [i + 1, String(i)]),
        )
        expect(got.map(({ bytes }) => bytes.toString('hex'))).toEqual(
          outputs.map((bytes) => bytes.toString('hex')),
        )
        expect(got.map(({ length }) => length)).toEqual(outputs.map((bytes) => bytes.length))
      },
    ),
    { numRuns: 500 },
  )
})

test('keeps no more than the limit of an output, and says how long it was', () => {
  const [first, second] = read(
    Buffer.concat([Buffer.alloc(5000, 'x'), mark(1, '0'), Buffer.from('y'), mark(2, '0')]),
    [10, 70, 4000],
    100,
  )
  expect(first).toMatchObject({ length: 5000, bytes: Buffer.alloc(100, 'x') })
  expect(second).toMatchObject({ length: 1, bytes: Buffer.from('y') })
})
