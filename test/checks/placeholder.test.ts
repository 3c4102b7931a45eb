import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { resolvePlaceholders } from '../../checks/placeholder.ts'

const variables = { n: 7, code: 'C07', vrai: true }
const resolved = (value: unknown) => resolvePlaceholders(value, variables)

describe('placeholders', () => {
  it.each([
    ['{{n}}', 7],
    ['{{n+100}}', 107],
    ['{{n:02}}', '07'],
    ['{{ n }}', 7],
    ['{{vrai}}', true],
    ['10.0.{{n}}.20', '10.0.7.20'],
    ['{{code}}-{{n:03}}', 'C07-007'],
    ['rien', 'rien'],
    ['{ {n} }', '{ {n} }'],
  ])('%s gives %j', (written, expected) => {
    expect(resolved(written)).toEqual({ value: expected, unresolved: [] })
  })

  it.each([
    '{{m}}',
    '{{n-1}}',
    '{{n*2}}',
    '{{}}',
    '{{code+1}}',
    '{{code:02}}',
    '{{N}}',
    '{{toString}}',
    '{{constructor}}',
    `{{${'n'.repeat(200)}}}`,
  ])('%s stands for nothing, and stays as written', (written) => {
    expect(resolved(written)).toEqual({ value: written, unresolved: [{ path: [], placeholder: written }] })
  })

  it('says where, at any depth, and leaves keys alone', () => {
    const { value, unresolved } = resolved({ a: [{ '{{n}}': 'x{{m}}' }, '{{n}}'] })
    expect(value).toEqual({ a: [{ '{{n}}': 'x{{m}}' }, 7] })
    expect(unresolved).toEqual([{ path: ['a', 0, '{{n}}'], placeholder: '{{m}}' }])
  })

  it('changes nothing that holds no placeholder', () => {
    fc.assert(
      fc.property(fc.jsonValue(), (value) => {
        fc.pre(!JSON.stringify(value).includes('{{'))
        expect(resolved(value)).toEqual({ value, unresolved: [] })
      }),
    )
  })
})
