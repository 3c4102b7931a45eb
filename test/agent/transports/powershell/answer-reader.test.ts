import canonicalize from 'canonicalize'
import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { AnswerReader, type ScriptAnswer } from '../../../../agent/transports/powershell/answer-reader.ts'
import { boundedJson } from '../../../../agent/transports/powershell/bounded-json.ts'

const nonce = '00112233445566778899aabbccddeeff'
const authority = 'S-1-5-21-1004336348-1177238915-682003330'

const marked = (number: number, json: string, by = nonce) =>
  `\n<${by} ${number} 7 ${Buffer.from(json, 'utf8').toString('base64')} ${by}>\n`

function read(pieces: readonly (Buffer | string)[], count = 10, longest?: number) {
  const reader = new AnswerReader(nonce, count, longest)
  const answers: ScriptAnswer[] = []
  for (const piece of pieces)
    answers.push(...reader.push(typeof piece === 'string' ? Buffer.from(piece, 'latin1') : piece))
  return { answers, authority: reader.authority }
}

/** A text in pieces that end at these places. */
function cutAt(text: string, places: readonly number[]): string[] {
  const ends = [...places.map((place) => place % (text.length + 1)), text.length].sort((a, b) => a - b)
  return ends.map((end, i) => text.slice(ends[i - 1] ?? 0, end))
}

// What a profile, a module or a hostile machine may write around: half marks, marks of another nonce, the nonce alone.
const noise = fc
  .array(
    fc.oneof(
      fc.string({ unit: 'binary', maxLength: 30 }),
      fc.constantFrom(
        nonce,
        nonce.slice(0, 20),
        `<${nonce}`,
        `${nonce}>`,
        `< ${nonce} >`,
        '<',
        '>',
        '\r\n',
        marked(0, '{"value":"foreign"}', 'f'.repeat(32)),
        marked(0, '{"value":"foreign"}', nonce.toUpperCase()),
        marked(0, '{"value":"foreign"}').replace(`${nonce}>`, `${'0'.repeat(32)}>`),
      ),
    ),
    { maxLength: 4 },
  )
  .map((parts) => parts.join('').replaceAll(/[^\0-\xff]/g, '?'))

const values = fc.jsonValue({ maxDepth: 4 })
const names = fc.constantFrom('type', 'code', 'id', 'message', '__proto__', 'toString')
const hostile = fc.oneof(
  values,
  fc.constant({ toString: 1, valueOf: 1 }),
  fc.constant(['x']),
  fc.constant('é\u{1f600}'.repeat(300)),
)

describe('answers found in what a machine writes', () => {
  it('are those that were sent, whatever stands around them and however it is cut', () => {
    fc.assert(
      fc.property(
        fc.uniqueArray(fc.tuple(fc.nat(9), values), { selector: ([number]) => number }),
        fc.array(noise, { minLength: 12, maxLength: 12 }),
        fc.array(fc.nat(5000), { maxLength: 12 }),
        (sent, between, places) => {
          const lines = [
            marked(-1, JSON.stringify({ authority })),
            ...sent.map(([n, value]) => marked(n, JSON.stringify({ value }))),
          ]
          const text = lines.map((line, i) => `${between[i]}${line}`).join('') + between.at(-1)
          const found = read(cutAt(text, places))
          expect(found.authority).toBe(authority)
          expect(found.answers).toEqual(
            sent.map(([number, value]) => ({
              number,
              ms: 7,
              result: { value: JSON.parse(JSON.stringify(value)) },
            })),
          )
        },
      ),
      { numRuns: 500 },
    )
  })

  it('come whole or not at all, and nothing throws, from bytes that were spoiled', () => {
    fc.assert(
      fc.property(
        fc.array(fc.tuple(fc.integer({ min: -2, max: 12 }), values), { maxLength: 6 }),
        fc.array(fc.tuple(fc.nat(5000), fc.nat(255)), { maxLength: 8 }),
        fc.array(fc.nat(5000), { maxLength: 8 }),
        (sent, spoiled, places) => {
          const whole = sent.map(([n, value]) => marked(n, JSON.stringify({ value }))).join('')
          const bytes = Buffer.from(whole, 'latin1')
          for (const [place, byte] of spoiled) if (bytes.length > 0) bytes[place % bytes.length] = byte
          const { answers } = read(cutAt(bytes.toString('latin1'), places))
          const numbers = answers.map(({ number }) => number)
          expect(new Set(numbers).size).toBe(numbers.length)
          expect(numbers.every((number) => number >= 0 && number < 10)).toBe(true)
        },
      ),
      { numRuns: 500 },
    )
  })

  it('are never those of another nonce', () => {
    fc.assert(
      fc.property(
        fc.stringMatching(/^[0-9a-f]{32}$/).filter((other) => other !== nonce),
        values,
        (other, value) => {
          const found = read([marked(0, JSON.stringify({ value }), other)])
          expect(found).toEqual({ answers: [], authority: null })
        },
      ),
    )
  })

  it('of two to one question the first, and none to a question that was not asked', () => {
    const text = [3, 0, 3, 10, -2, 9999].map((n, i) => marked(n, `{"value":${i}}`)).join('')
    expect(read([text]).answers.map(({ number, result }) => [number, result])).toEqual([
      [3, { value: 0 }],
      [0, { value: 1 }],
    ])
  })

  it('a line that was cut off spoils only itself', () => {
    const cut = marked(0, '{"value":"long ago"}').slice(0, 50)
    expect(read([cut, marked(1, '{"value":1}')]).answers).toEqual([
      { number: 1, ms: 7, result: { value: 1 } },
    ])
  })

  it('line breaks that something put into a line change nothing', () => {
    const line = marked(0, '{"value":"abcdefghijklmnopqrstuvwxyz"}')
    const broken = line.replace(/( 7 .{8})(.{8})/, '$1\r\n$2\r\n')
    expect(broken).not.toBe(line)
    expect(read([broken])).toEqual(read([line]))
  })

  it('a line longer than its limit is none, and what follows counts', () => {
    const long = marked(0, JSON.stringify({ value: 'x'.repeat(3000) }))
    const short = marked(1, '{"value":1}')
    expect(read([long, short], 2, 2000).answers.map(({ number }) => number)).toEqual([1])
    expect(
      read([...long.split(''), ...short.split('')], 2, 2000).answers.map(({ number }) => number),
    ).toEqual([1])
    expect(read([long, short], 2, 9000).answers.map(({ number }) => number)).toEqual([0, 1])
  })
})

describe('what stands between the marks', () => {
  it('gives a result and no exception, whatever JSON it is, and one that can be signed', () => {
    fc.assert(
      fc.property(
        fc.oneof(
          fc.json({ depthSize: 'large' }),
          fc.string({ unit: 'binary', minLength: 1 }),
          fc
            .record(
              {
                value: values,
                error: fc.oneof(values, fc.dictionary(names, hostile)),
                late: values,
                long: values,
              },
              { requiredKeys: [] },
            )
            .map((said) => JSON.stringify(said)),
        ),
        (json) => {
          const [answer] = read([marked(0, json)]).answers
          expect(answer).toBeDefined()
          if ('error' in answer!.result) canonicalize(answer!.result.error)
        },
      ),
      { numRuns: 1000 },
    )
  })
  it.each([
    [
      'an object that is no text',
      '{"error":{"type":"X","id":{"toString":1,"valueOf":1},"message":["x"]}}',
      { id: '', message: '' },
    ],
    [
      'a character that the limit cuts in two',
      `{"error":{"type":"X","message":"${'x'.repeat(499)}\u{1f600}"}}`,
      { message: `${'x'.repeat(499)}\ufffd` },
    ],
    ['a code that is none', '{"error":{"type":"X","code":1e999}}', { code: 0 }],
  ])('%s', (_name, json, error) => {
    expect(read([marked(0, json)]).answers[0]!.result).toMatchObject({ error })
  })

  it.each([
    ['a prototype', '{"__proto__":{"value":1}}'],
    ['an exception by prototype', '{"__proto__":{"error":{"type":"X"}}}'],
    ['an array', '[{"value":1}]'],
    ['a text', '"value"'],
    ['nothing', 'null'],
    ['half a character', String.raw`{"value":"\ud83d"}`],
    ['half a character in a name', String.raw`{"value":{"\udc00":1}}`],
    ['depth', `{"value":${'['.repeat(30)}${']'.repeat(30)}}`],
    ['more depth than any parser takes', `{"value":${'['.repeat(1_000_000)}`],
    ['quotation marks without end', `{"value":"${'\\"'.repeat(1_000_000)}`],
    ['backslashes without end', `{"value":"${'\\'.repeat(2_000_000)}`],
  ])('%s is no answer, soon', (_name, json) => {
    const began = performance.now()
    expect(Object.keys(read([marked(0, json)]).answers[0]!.result)).toEqual(['unparsable'])
    expect(performance.now() - began).toBeLessThan(1000)
  })

  it('keeps names that JavaScript has a meaning for, and changes no prototype', () => {
    const [answer] = read([marked(0, '{"value":{"__proto__":{"polluted":1},"constructor":2}}')]).answers
    expect(JSON.stringify(answer!.result)).toBe('{"value":{"__proto__":{"polluted":1},"constructor":2}}')
    expect(Object.hasOwn(Object.prototype, 'polluted')).toBe(false)
    expect({}).not.toHaveProperty('polluted')
  })

  it('takes the longest text that a question may ask for', () => {
    const value = '\\"é'.repeat(1_000_000)
    const [answer] = read([marked(0, JSON.stringify({ value }))], 1, 12_000_000).answers
    expect(answer!.result).toEqual({ value })
  })

  it('is read as JSON.parse does, where it nests no deeper than 24', () => {
    fc.assert(
      fc.property(fc.jsonValue({ maxDepth: 20 }), (value) => {
        const text = JSON.stringify(value)
        expect(boundedJson(text)).toEqual(JSON.parse(text))
      }),
    )
    const nested = (depth: number) => '['.repeat(depth) + ']'.repeat(depth)
    expect(() => boundedJson(nested(25))).toThrow(/deeper/)
    expect(JSON.stringify(boundedJson(nested(24)))).toBe(nested(24))
    // Brackets in a text are none.
    expect(boundedJson(`["${'['.repeat(100)}\\"[[["]`)).toHaveLength(1)
  })
})

describe('100 MB that hold no answer', () => {
  const size = 100 * 1_048_576
  const pieces = size / 32_768

  it.each([
    ['without a mark', () => Buffer.alloc(32_768, 'x')],
    ['of the beginnings of marks', () => Buffer.alloc(32_768, `<${nonce.slice(0, 31)} `)],
    [
      'behind a mark that begins and never ends',
      (i: number) => (i === 0 ? Buffer.from(`<${nonce} 0 1 `) : Buffer.alloc(32_768, 'A')),
    ],
    ['behind many of them', () => Buffer.from(`<${nonce} 0 1 ${'A'.repeat(32_700)}`)],
    ['of the nonce alone', () => Buffer.alloc(32_768, nonce)],
  ])('%s take bounded time and memory', (_name, piece) => {
    const reader = new AnswerReader(nonce, 1)
    let most = 0
    const before = process.memoryUsage().heapUsed
    const began = performance.now()
    for (let i = 0; i < pieces; i++) {
      expect(reader.push(piece(i)).length).toBe(0)
      if (i % 100 === 0) most = Math.max(most, process.memoryUsage().heapUsed - before)
    }
    const took = performance.now() - began
    expect(took).toBeLessThan(5000)
    expect(most).toBeLessThan(200 * 1_048_576)
    expect(reader.push(Buffer.from(marked(0, '{"value":1}')))).toHaveLength(1)
  })
})
