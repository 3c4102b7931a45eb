import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { all, any, not, verdictSchema, type Verdict } from '../../checks/verdict.ts'

const verdict = fc.constantFrom(...verdictSchema.options)
const some = fc.array(verdict, { minLength: 1, maxLength: 8 })
const strength: Record<'all' | 'any', Verdict[]> = {
  all: ['fail', 'unknown', 'jury', 'pass', 'na'],
  any: ['pass', 'unknown', 'jury', 'fail', 'na'],
}

describe.each([
  ['all', all],
  ['any', any],
] as const)('%s', (name, combine) => {
  it('is the strongest of what it is given, whatever the order', () => {
    fc.assert(
      fc.property(some, (verdicts) => {
        expect(combine(verdicts)).toBe(strength[name].find((v) => verdicts.includes(v)))
        expect(combine(verdicts.toReversed())).toBe(combine(verdicts))
      }),
    )
  })
  it('groups as one likes', () => {
    fc.assert(
      fc.property(some, some, (a, b) => {
        expect(combine([combine(a), combine(b)])).toBe(combine([...a, ...b]))
      }),
    )
  })
  it('says nothing of nothing', () => expect(combine([])).toBe('unknown'))
  it('drops what is not applicable', () => {
    fc.assert(
      fc.property(some, (verdicts) => {
        const applicable = verdicts.filter((v) => v !== 'na')
        expect(combine(verdicts)).toBe(applicable.length === 0 ? 'na' : combine(applicable))
      }),
    )
  })
})

describe('not', () => {
  it('swaps pass and fail and nothing else', () => {
    expect(verdictSchema.options.map(not)).toEqual(['fail', 'pass', 'unknown', 'jury', 'na'])
  })
  it('undoes itself, and turns all into any', () => {
    fc.assert(
      fc.property(some, (verdicts) => {
        expect(verdicts.map(not).map(not)).toEqual(verdicts)
        expect(not(all(verdicts))).toBe(any(verdicts.map(not)))
      }),
    )
  })
})
