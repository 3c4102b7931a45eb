import * as fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { parseGroupPolicyLinks } from '../../../checks/active-directory/group-policy-link.ts'
import { minutesOf } from '../../../checks/active-directory/interval.ts'
import { NotObserved } from '../../../checks/observation.ts'

const place = (guid: string) => `cn={${guid}},cn=policies,cn=system,DC=agence1,DC=lan`
const A = '31B2F340-016D-11D2-945F-00C04FB984F9'
const B = '6ac1786c-016f-11d2-945f-00c04fb984f9'

describe('gPLink ([MS-GPOL] 2.2.2)', () => {
  it('reads links in their order, with their options', () => {
    const links = parseGroupPolicyLinks(`[LDAP://${place(A)};0][ldap://${place(B)};3]`)
    expect(links.map(({ guid, enabled, enforced }) => ({ guid, enabled, enforced }))).toEqual([
      { guid: A.toLowerCase(), enabled: true, enforced: false },
      { guid: B, enabled: false, enforced: true },
    ])
  })

  it.each([
    [1, false, false],
    [2, true, true],
    [4, true, false],
  ])('options %i', (options, enabled, enforced) => {
    expect(parseGroupPolicyLinks(`[LDAP://${place(A)};${options}]`)[0]).toMatchObject({ enabled, enforced })
  })

  it.each(['', ' '])('%j is no link', (text) => expect(parseGroupPolicyLinks(text)).toEqual([]))

  it.each([
    'x',
    `[LDAP://${place(A)};0`,
    `[LDAP://${place(A)}]`,
    `[LDAP://cn=policies;0]`,
    `[LDAP://${place(A)};0]x`,
    `x[LDAP://${place(A)};0]`,
    `[LDAP://${place(A)};0]`.repeat(1200),
  ])('refuses %.40j', (text) => expect(() => parseGroupPolicyLinks(text)).toThrow(NotObserved))

  it('takes any text without crashing', () => {
    const pieces = fc.constantFrom('[', ']', ';', 'LDAP://', place(A), '0', '3', ' ', ',', 'cn=', '{', '}')
    fc.assert(
      fc.property(fc.array(pieces, { maxLength: 20 }), (parts) => {
        try {
          parseGroupPolicyLinks(parts.join(''))
        } catch (error) {
          expect(error).toBeInstanceOf(NotObserved)
        }
      }),
    )
  })
})

describe('intervals', () => {
  it.each([
    ['-77760000000000', false, 129_600],
    ['-18000000000', true, 30],
    ['-9223372036854775808', false, null],
    ['0', true, null],
    ['0', false, 0],
  ])('%s', (text, zeroIsNever, minutes) => expect(minutesOf(text, zeroIsNever)).toBe(minutes))

  it.each(['', 'x', '1', '-9223372036854775809', '-99999999999999999999', '1e3'])('refuses %j', (text) => {
    expect(() => minutesOf(text, false)).toThrow(NotObserved)
  })
})
