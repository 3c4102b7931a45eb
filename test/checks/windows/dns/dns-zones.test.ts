import { describe, expect, it } from 'vitest'
import { canonical, canonicalOf, nameInZone } from '../../../../checks/windows/dns/dns-zones.ts'

const asked = (zone: string, name: string, type: 'A' | 'PTR' = 'A') => ({ zone, name, type, exists: true })

describe('the name of a record within its zone', () => {
  it.each([
    ['agence1.lan', 'www', 'www'],
    ['agence1.lan', 'WWW.Agence1.lan.', 'www'],
    ['agence1.lan', 'a.b', 'a.b'],
    ['agence1.lan', '@', '@'],
    ['Agence1.lan.', 'agence1.lan', '@'],
    ['agence1.lan', '*', '*'],
    ['agence1.lan', '*.web', '*.web'],
    // Not at the boundary of a label.
    ['lan', 'xlan', 'xlan'],
  ])('in %s, %s is %s', (zone, name, within) => expect(nameInZone(asked(zone, name))).toBe(within))

  it.each([
    ['1.0.10.in-addr.arpa', '10.0.1.20', '20'],
    ['10.in-addr.arpa', '10.0.1.20', '20.1.0'],
    ['1.0.10.in-addr.arpa', '20', '20'],
    // Another network: the name stays whole, and is found in no such zone.
    ['1.0.10.in-addr.arpa', '10.0.2.20', '20.2.0.10.in-addr.arpa'],
  ])('in %s, the PTR of %s is %s', (zone, name, within) =>
    expect(nameInZone(asked(zone, name, 'PTR'))).toBe(within),
  )
})

describe('data in one written form', () => {
  it.each([
    ['AAAA', 'FD00:0:0:1::020', 'fd00:0:0:1::20'],
    ['CNAME', 'WEB.agence1.lan.', 'web.agence1.lan'],
    ['MX', '010  Mail.agence1.lan.', '10 mail.agence1.lan'],
    ['TXT', '"v=spf1 mx -all"', 'v=spf1 mx -all'],
    ['TXT', 'Casse', 'Casse'],
  ])('%s %s', (type, value, form) => expect(canonical(type, value)).toBe(form))

  it.each([
    { type: 'MX', numbers: [], text: 'mail.agence1.lan.' },
    { type: 'SRV', numbers: [1, 2], text: 'pabx.agence1.lan.' },
    { type: 'A', numbers: [], text: null },
  ])('refuses a record without its data: $type', (data) =>
    expect(() => canonicalOf({ name: '@', static: true, ...data })).toThrow('unparsable'),
  )
})
