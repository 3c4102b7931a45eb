import * as fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import {
  directoryAnswer,
  directoryInput,
  type FoundEntries,
} from '../../../../agent/transports/powershell/directory-search.ts'
import { TransportFailure } from '../../../../agent/transports/transport.ts'
import { ldap, type LdapFilter } from '../../../../checks/probe.ts'
import { parsedFilter } from '../../../../fixtures/windows/model/directory.ts'

const base64 = (text: string | Buffer) => Buffer.from(text).toString('base64')
const domain = 'agence1.lan'
const given = (more: Partial<FoundEntries> = {}): FoundEntries => ({
  contexts: {
    defaultNamingContext: 'DC=agence1,DC=lan',
    configurationNamingContext: 'CN=Configuration,DC=agence1,DC=lan',
    schemaNamingContext: 'CN=Schema,CN=Configuration,DC=agence1,DC=lan',
  },
  result: { stage: 'search', code: 0, message: '' },
  entries: [],
  cut: false,
  ...more,
})
const entry = (attributes: Record<string, (string | Buffer)[]>, dn = 'CN=Chloé,DC=agence1,DC=lan') => ({
  dn: base64(dn),
  attributes: Object.entries(attributes).map(([type, values]) => ({ type, values: values.map(base64) })),
})
const asked = ldap('dc', {
  filter: { present: 'objectClass' },
  attributes: ['cn', 'objectSid', 'member'],
  binary: ['objectSid'],
  sizeLimit: 2,
})
const read = (value: unknown, probe = asked, of = domain) => {
  try {
    return directoryAnswer(probe, of)(value)
  } catch (error) {
    if (error instanceof TransportFailure) return error.reason
    throw error
  }
}
const result = (code: number, stage: FoundEntries['result']['stage'] = 'search', message = '') =>
  given({ result: { stage, code, message } })

describe('what a directory is asked by script', () => {
  it('is a name below a context, and a filter of which every byte of a value is escaped', () => {
    const filter: LdapFilter = {
      and: [
        { equals: ['sAMAccountName', 'é*)(cn=*'] },
        { not: { or: [{ present: 'mail' }, { equals: ['cn', ' x '] }] } },
      ],
    }
    const rdns: [string, string][] = [
      ['OU', 'Ventes, Export'],
      ['OU', ' #a"+;<>\\ '],
    ]
    const input = directoryInput(
      ldap('dc', { rdns, filter, attributes: ['cn'], scope: 'one', timeoutMs: 5001 }),
    )
    expect(input).toEqual({
      naming: 'defaultNamingContext',
      relative: String.raw`OU=Ventes\, Export,OU=\ #a\"\+\;\<\>\\\ `,
      filter: String.raw`(&(sAMAccountName=\c3\a9\2a\29\28\63\6e\3d\2a)(!(|(mail=*)(cn=\20\78\20))))`,
      scope: 1,
      attributes: ['cn'],
      sizeLimit: 1000,
      maxBytes: 1_048_576,
      seconds: 6,
    })
    expect(
      directoryInput(ldap('dc', { context: 'root', filter, attributes: ['cn'], scope: 'base' })),
    ).toMatchObject({
      naming: null,
      relative: '',
      scope: 0,
    })
  })

  it('has a filter that says the same to whoever reads it', () => {
    const attribute = fc.constantFrom('cn', 'sAMAccountName', '2.5.4.3')
    const { filter } = fc.letrec<{ filter: LdapFilter }>((tie) => ({
      filter: fc.oneof(
        { maxDepth: 4 },
        fc.record({ present: attribute }),
        fc.record({ equals: fc.tuple(attribute, fc.string({ unit: 'binary' })) }),
        fc.record({ not: tie('filter') }),
        fc.record({ and: fc.array(tie('filter'), { minLength: 1, maxLength: 3 }) }),
        fc.record({ or: fc.array(tie('filter'), { minLength: 1, maxLength: 3 }) }),
      ),
    }))
    fc.assert(
      fc.property(filter, (one) => {
        const text = directoryInput({ ...asked, filter: one }).filter
        expect(text).toMatch(/^[\x21-\x7e]+$/)
        expect(parsedFilter(text).toString()).toBe(text)
      }),
    )
  })
})

describe('what a directory answers by script', () => {
  it('has names in lower case, binary values in base64 and the others as text', () => {
    const sid = Buffer.from([1, 2, 0xff, 0xfe])
    expect(read(given({ entries: [entry({ CN: ['Chloé'], objectSid: [sid], mail: [] })] }))).toEqual({
      answer: {
        kind: 'ldap',
        found: true,
        entries: [
          {
            dn: 'CN=Chloé,DC=agence1,DC=lan',
            attributes: { cn: ['Chloé'], objectsid: [sid.toString('base64')], mail: [] },
          },
        ],
      },
      truncated: false,
    })
  })

  it('is not whole where an attribute came in part, where it was cut, or beyond what was asked for', () => {
    const ranged = entry({ member: [], 'member;range=0-1499': ['CN=a', 'CN=b'] })
    expect(read(given({ entries: [ranged] }))).toMatchObject({
      answer: { entries: [{ attributes: { member: ['CN=a', 'CN=b'] } }] },
      truncated: true,
    })
    expect(read(given({ entries: [entry({ 'member;range=1500-*': ['CN=c'] })] }))).toMatchObject({
      truncated: false,
    })
    expect(read(given({ entries: [entry({})], cut: true }))).toMatchObject({ truncated: true })
    const three = read(given({ entries: [entry({}), entry({}), entry({})] }))
    expect(three).toMatchObject({ truncated: true, answer: { entries: { length: 2 } } })
  })

  it('is that nothing is there where the base does not exist', () => {
    expect(read(result(32))).toEqual({
      answer: { kind: 'ldap', found: false, entries: [] },
      truncated: false,
    })
  })

  it.each([
    [10, 'unparsable'], // a referral
    [4, 'truncated'],
    [11, 'truncated'],
    [3, 'timeout'],
    [50, 'denied'],
    [1, 'denied'],
    [51, 'refused'],
    [34, 'unparsable'],
    [81, 'refused'],
    [85, 'timeout'],
    [12_345, 'unparsable'],
  ])('result %i of a search is %s', (code, cause) => expect(read(result(code))).toBe(cause))

  it.each([
    [49, 'auth'],
    [82, 'auth'],
    [8, 'auth'],
    [81, 'refused'],
    [85, 'timeout'],
    [32, 'auth'],
  ])('result %i of the logon is %s', (code, cause) => {
    const contexts = {
      defaultNamingContext: null,
      configurationNamingContext: null,
      schemaNamingContext: null,
    }
    expect(read({ ...result(code, 'bind'), contexts })).toBe(cause)
  })

  it('is believed only of the domain that the session names', () => {
    expect(read(given(), asked, 'agence2.lan')).toBe('identity')
    expect(read(given(), asked, 'AGENCE1.LAN')).toMatchObject({ truncated: false })
    const { contexts } = given()
    expect(read(given({ contexts: { ...contexts, defaultNamingContext: null } }))).toBe('identity')
    expect(read(given({ contexts: { ...contexts, defaultNamingContext: 'CN=agence1.lan' } }))).toBe(
      'identity',
    )
    expect(read({ ...result(32), contexts: { ...contexts, defaultNamingContext: 'DC=autre,DC=lan' } })).toBe(
      'identity',
    )
    const schema = { ...asked, context: 'schema' as const }
    expect(read(given({ contexts: { ...contexts, schemaNamingContext: null } }), schema)).toBe('unparsable')
  })

  it.each([
    null,
    [],
    'x',
    {},
    { ...given(), entries: [{ dn: 'pas du base64 !', attributes: [] }] },
    { ...given(), entries: [{ dn: 'Q04=', attributes: [{ type: 'cn', values: 'Q04=' }] }] },
    { ...given(), entries: { count: 1 } },
    { ...given(), result: null },
    { ...given(), result: { stage: 'search', code: '0', message: '' } },
    { ...given(), entries: Array.from({ length: 5001 }, () => entry({})) },
  ])('is none of another shape: %.60j', (value) => expect(read(value)).toBe('unparsable'))

  it('takes no attribute for the prototype of an object', () => {
    const { answer } = directoryAnswer(
      asked,
      domain,
    )(
      given({
        entries: [entry({ cn: ['a'] }), { dn: '', attributes: [{ type: '__proto__', values: ['Q04='] }] }],
      }),
    )
    expect(answer.kind === 'ldap' && Object.keys(answer.entries[1]!.attributes)).toEqual([])
  })
})
