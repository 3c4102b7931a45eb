import fc from 'fast-check'
import { expect, it } from 'vitest'
import { drawnValues, variableSchema } from '../../checks/drawn-values.ts'

const cities = { among: ['Lyon', 'Nantes', 'Dijon', 'Brest', 'Metz'] }

it('gives the same for ever to the same seed and number', () => {
  const all = [1, 2, 3, 4, 5, 6].map((n) =>
    drawnValues({ ville: cities, vlan: { from: 100, to: 199 } }, 'mai', n),
  )
  expect(all).toMatchInlineSnapshot(`
    [
      {
        "ville": "Lyon",
        "vlan": 199,
      },
      {
        "ville": "Brest",
        "vlan": 188,
      },
      {
        "ville": "Nantes",
        "vlan": 177,
      },
      {
        "ville": "Metz",
        "vlan": 166,
      },
      {
        "ville": "Dijon",
        "vlan": 155,
      },
      {
        "ville": "Lyon",
        "vlan": 144,
      },
    ]
  `)
})

it('gives neighbours different values, each value once before any again, whatever the seed', () => {
  fc.assert(
    fc.property(
      fc.string(),
      fc.integer({ min: 2, max: 200 }),
      fc.integer({ min: 0, max: 99_000 }),
      (seed, count, n) => {
        const range = { plage: { from: 7, to: 6 + count } }
        const values = Array.from({ length: count }, (_, i) => drawnValues(range, seed, n + i)['plage'])
        expect(new Set(values).size).toBe(count)
        expect(Math.min(...(values as number[]))).toBe(7)
      },
    ),
  )
})

it('depends on the seed, and on the name of what is drawn', () => {
  const wide = { from: 0, to: 100_000 }
  const { a, b } = drawnValues({ a: wide, b: wide }, 'x', 1)
  expect(a).not.toBe(b)
  expect(drawnValues({ a: wide }, 'y', 1)['a']).not.toBe(a)
})

it('leaves what is the same for everybody alone', () => {
  expect(drawnValues({ domaine: 'agence.lan', port: 80 }, 'x', 3)).toEqual({
    domaine: 'agence.lan',
    port: 80,
  })
})

it.each([
  ['one value only', { among: ['Lyon'] }],
  ['words beside numbers', { among: ['Lyon', 3] }],
  ['a range the wrong way round', { from: 9, to: 3 }],
  ['a list and a range', { among: ['a', 'b'], from: 1, to: 2 }],
])('refuses %s', (_what, written) => {
  expect(variableSchema.safeParse(written).success).toBe(false)
})
