import * as fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import {
  formatDistinguishedName,
  sameName,
  type Rdn,
} from '../../../checks/active-directory/distinguished-name.ts'
import {
  domainPlace,
  organisationalPath,
  pathOf,
  placeOf,
  rdnsOf,
} from '../../../checks/active-directory/organisational-path.ts'

describe('a path of organisational units', () => {
  it.each([
    ['Comptabilité', [['OU', 'Comptabilité']]],
    [
      'Siège/Comptabilité',
      [
        ['OU', 'Comptabilité'],
        ['OU', 'Siège'],
      ],
    ],
    [
      '/Siège/Comptabilité',
      [
        ['OU', 'Comptabilité'],
        ['OU', 'Siège'],
      ],
    ],
    [
      'Siège/A\\/B',
      [
        ['OU', 'A/B'],
        ['OU', 'Siège'],
      ],
    ],
    ['a\\\\b', [['OU', 'a\\b']]],
    ['Ventes, Export', [['OU', 'Ventes, Export']]],
    ['CN=Users', [['CN', 'Users']]],
    ['/', []],
  ])('%j', (path, rdns) => {
    expect(organisationalPath.safeParse(path).success).toBe(true)
    expect(rdnsOf(path)).toEqual(rdns)
  })

  it.each(['', '//', 'a/', 'a//b', 'a\\b', 'a\\', ' ', 'a/ /b', 'x'.repeat(300)])('refuses %.20j', (path) => {
    expect(organisationalPath.safeParse(path).success).toBe(false)
  })

  it('is written so that it is read as the same place', () => {
    const unit = fc
      .string({ unit: fc.constantFrom(...Array.from('a/\\,+"= é')), minLength: 1, maxLength: 6 })
      .filter((s) => s.trim() !== '' && !/^cn=/i.test(s))
    fc.assert(
      fc.property(fc.array(unit, { maxLength: 5 }), (names) => {
        const below = names.map((n): Rdn => [['OU', n]])
        const path = pathOf(below)
        expect(organisationalPath.safeParse(path).success).toBe(true)
        expect(rdnsOf(path)).toEqual(below.map(([ava]) => ava))
      }),
    )
  })

  it('has its place in a domain', () => {
    const dn = formatDistinguishedName(placeOf('Siège/Ventes, Export', domainPlace('agence1.lan')))
    expect(dn).toBe('OU=Ventes\\, Export,OU=Siège,DC=agence1,DC=lan')
    expect(sameName(placeOf('/', domainPlace('agence1.lan')), domainPlace('AGENCE1.lan'))).toBe(true)
  })
})
