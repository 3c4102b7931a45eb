import { spawnSync } from 'node:child_process'
import * as fc from 'fast-check'
import { DN } from 'ldapts'
import { describe, expect, it } from 'vitest'
import {
  folded,
  formatDistinguishedName,
  parentOf,
  parseDistinguishedName,
  relativeTo,
  sameName,
  sameValue,
  type DistinguishedName,
} from '../../../checks/active-directory/distinguished-name.ts'
import { NotObserved } from '../../../checks/observation.ts'
import { ensure } from '../../setup/debian.ts'

// Values full of what has to be escaped, and of what must not be.
const value = fc.oneof(
  {
    weight: 3,
    arbitrary: fc.string({
      unit: fc.constantFrom(...Array.from(' ,+"\\<>;=#/éÉ\0\n日a1')),
      minLength: 1,
      maxLength: 8,
    }),
  },
  { weight: 1, arbitrary: fc.string({ minLength: 1, maxLength: 12 }) },
)
/** Any UTF-16, lone surrogates included, with many characters that mean something in a name. */
const anyText = fc
  .array(
    fc.oneof(
      fc.integer({ min: 0, max: 0xffff }),
      fc.constantFrom(...Array.from('\\,=+"#; 0aé', (c) => c.charCodeAt(0))),
    ),
    {
      maxLength: 60,
    },
  )
  .map((codes) => String.fromCharCode(...codes))
const type = fc.constantFrom('OU', 'CN', 'DC', 'ou', '2.5.4.3', 'l')
const rdn = fc.array(fc.tuple(type, value), { minLength: 1, maxLength: 3 })
const name: fc.Arbitrary<DistinguishedName> = fc.array(rdn, { maxLength: 6 })

// Debian's python3-ldb belongs to Debian's own Python, which need not be the first one found.
const hasLdb = ensure(['python3-ldb'])
const python = '/usr/bin/python3'

describe('distinguished names (RFC 4514)', () => {
  it('are read as they were written', () => {
    fc.assert(
      fc.property(name, (n) => {
        expect(parseDistinguishedName(formatDistinguishedName(n))).toEqual(n)
      }),
    )
  })

  it('are read as ldapts writes them', () => {
    const plain = fc.string({
      unit: fc.constantFrom(...Array.from(',+"\\<>;=é日 a1')),
      minLength: 1,
      maxLength: 8,
    })
    fc.assert(
      fc.property(
        fc.array(fc.tuple(fc.constantFrom('OU', 'CN'), plain), { minLength: 1, maxLength: 5 }),
        (avas) => {
          // ldapts leaves a space at either end unescaped, where it doesn't count.
          const trimmed = avas.map(([t, v]): [string, string] => [t, v.trim() || 'x'])
          const dn = new DN()
          for (const [t, v] of trimmed) dn.addPairRDN(t, v)
          expect(parseDistinguishedName(dn.toString())).toEqual(trimmed.map((ava) => [ava]))
        },
      ),
    )
  })

  it.skipIf(!hasLdb)('are written so that Samba reads them (needs python3-ldb)', () => {
    const plain = fc
      .string({
        unit: fc.constantFrom(...Array.from(',+"\\<>;=#é日 a1')),
        minLength: 1,
        maxLength: 8,
      })
      // ldb 2.6 loses the end of a value where a space is followed by nothing but escaped characters.
      .filter((v) => !/ [,+"\\<>;=]+$/.test(v))
    const names = fc.sample(
      fc.array(fc.tuple(fc.constantFrom('OU', 'CN'), plain), { minLength: 1, maxLength: 4 }),
      300,
    )
    const program = `import sys, json, ldb
db = ldb.Ldb()
for line in sys.stdin:
    dn = ldb.Dn(db, json.loads(line))
    print(json.dumps([[dn.get_component_name(i), dn.get_component_value(i)] for i in range(len(dn))]))`
    const input = names.map((n) => JSON.stringify(formatDistinguishedName(n.map((a) => [a])))).join('\n')
    const read = spawnSync(python, ['-c', program], { input, encoding: 'utf8' })
    expect(read.stderr).toBe('')
    expect(
      read.stdout
        .trim()
        .split('\n')
        .map((line) => JSON.parse(line) as unknown),
    ).toEqual(names)
  })

  it.each([
    ['', []],
    [
      'OU=Ventes\\, Export,DC=agence1,DC=lan',
      [[['OU', 'Ventes, Export']], [['DC', 'agence1']], [['DC', 'lan']]],
    ],
    ['OU=R\\+D \\"labo\\" \\<x\\>\\3B \\#1', [[['OU', 'R+D "labo" <x>; #1']]]],
    ['CN=L\\C3\\A9a', [[['CN', 'Léa']]]],
    ['CN=Supprim\u00e9\\0ADEL:1', [[['CN', 'Supprimé\nDEL:1']]]],
    ['OU=fin\\20', [[['OU', 'fin ']]]],
    ['OU=fin\\ ', [[['OU', 'fin ']]]],
    ['OU=fin  , DC = lan', [[['OU', 'fin']], [['DC', 'lan']]]],
    [
      'CN=a+SN=b,DC=c',
      [
        [
          ['CN', 'a'],
          ['SN', 'b'],
        ],
        [['DC', 'c']],
      ],
    ],
    ['1.2.840=#04024869', [[['1.2.840', '#04024869']]]],
    ['OU=\\#1', [[['OU', '#1']]]],
    ['OU=', [[['OU', '']]]],
    ['OU=a/b', [[['OU', 'a/b']]]],
  ] as [string, DistinguishedName][])('reads %j', (text, expected) => {
    expect(parseDistinguishedName(text)).toEqual(expected)
  })

  it.each([
    'OU',
    'OU=a,',
    '=a',
    'OU=a\\',
    'OU=a\\zz',
    'OU=a;DC=b',
    'OU="a"',
    'OU=\\FF',
    'OU=#0',
    'OU=#00x',
    ',',
    'OU=a,,DC=b',
    'é=a',
    `OU=${'a'.repeat(9000)}`,
    Array(80).fill('OU=a').join(','),
  ])('refuses %.20j', (text) => expect(() => parseDistinguishedName(text)).toThrow(NotObserved))

  it('takes any text without crashing, in a bounded time', () => {
    fc.assert(
      fc.property(anyText, (text) => {
        try {
          parseDistinguishedName(text)
        } catch (error) {
          expect(error).toBeInstanceOf(NotObserved)
        }
      }),
    )
  })
})

describe('comparison', () => {
  it('ignores case, composition and spaces that do not count; keeps accents', () => {
    expect(sameValue('COMPTABILITÉ', 'comptabilite\u0301')).toBe(true)
    expect(sameValue('Ventes,  Export ', 'ventes, export')).toBe(true)
    expect(sameValue('Comptabilite', 'Comptabilité')).toBe(false)
    expect(sameValue('A B', 'AB')).toBe(false)
  })

  it('folds what is folded to itself', () => {
    fc.assert(
      fc.property(anyText, (s) => {
        expect(folded(folded(s))).toBe(folded(s))
      }),
    )
  })

  it('ignores the case of types and the order inside an RDN, not the order of RDNs', () => {
    const same = (a: string, b: string) => sameName(parseDistinguishedName(a), parseDistinguishedName(b))
    expect(same('cn=A+sn=b,dc=X', 'SN=B+CN=a,DC=x')).toBe(true)
    expect(same('OU=a,OU=b', 'OU=b,OU=a')).toBe(false)
    expect(same('OU=a', 'CN=a')).toBe(false)
    expect(same('OU=a\\,OU\\=b', 'OU=a,OU=b')).toBe(false)
  })

  it('tells what is below a base', () => {
    const base = parseDistinguishedName('DC=agence1,DC=lan')
    expect(relativeTo(parseDistinguishedName('OU=A,dc=AGENCE1,dc=lan'), base)).toEqual([[['OU', 'A']]])
    expect(relativeTo(base, base)).toEqual([])
    expect(relativeTo(parseDistinguishedName('OU=A,DC=autre,DC=lan'), base)).toBeNull()
    expect(relativeTo(parseDistinguishedName('DC=lan'), base)).toBeNull()
    expect(parentOf(parseDistinguishedName('OU=A,DC=x'))).toEqual([[['DC', 'x']]])
  })
})
