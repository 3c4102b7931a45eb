import { execFileSync } from 'node:child_process'
import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { quoteArgument, quoteArgv } from '../../../agent/transports/shell/quote.ts'
import { shells } from './shells.ts'

const argument = fc
  .oneof(
    fc.string({ unit: 'binary' }),
    fc.string({ unit: fc.constantFrom(...Array.from(`'"\\$\`!*?[]{}()~#&|;<> \t\n\r=-aé`)) }),
    fc.constantFrom('', "'", "''", '$(reboot)', '`id`', '-n', '!!', '\\', "\\'", '\u0085', '\u202e'),
  )
  .filter((s) => !s.includes('\0') && s.isWellFormed())

describe.each(shells)('$name', ({ argv }) => {
  test('reads every quoted argument back as it was', () => {
    fc.assert(
      fc.property(
        fc.array(fc.array(argument, { minLength: 1, maxLength: 8 }), { minLength: 1, maxLength: 20 }),
        (lists) => {
          const script = lists.map((list) => `printf '%s\\0' ${quoteArgv(list)}`).join('\n')
          const read = execFileSync(argv[0]!, argv.slice(1), { input: script }).toString('utf8')
          expect(read.split('\0').slice(0, -1)).toEqual(lists.flat())
        },
      ),
      { numRuns: 60 },
    )
  })
})

test('NUL is refused: no process could get it', () => {
  expect(() => quoteArgument('a\0b')).toThrow(RangeError)
})
