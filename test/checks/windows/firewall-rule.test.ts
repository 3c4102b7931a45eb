import { describe, expect, it } from 'vitest'
import { addressRange, firewallRule } from '../../../checks/windows/firewall/firewall-rule-text.ts'
import { isLimitedTo, relation, type Traffic } from '../../../checks/windows/firewall/firewall-traffic.ts'

const asked: Traffic = {
  direction: 'in',
  protocol: 6,
  ports: { from: 8080, to: 8080 },
  message: null,
  program: null,
  remote: null,
}
const read = (fields: string) => firewallRule('{X}', `v2.31|${fields}|`, false)!
const standing = (fields: string, more: Partial<Traffic> = {}) =>
  relation(read(`Action=Allow|Active=TRUE|Dir=In|${fields}`), 'domain', { ...asked, ...more }, {})
const network = { ranges: [{ from: 0x0a000000, to: 0x0a0000ff }], words: [] }

describe('how an allow rule stands to TCP 8080', () => {
  it.each([
    ['Protocol=6|LPort=8080', 'covers'],
    ['Protocol=6', 'covers'],
    ['Name=tout', 'covers'],
    ['Protocol=256', 'covers'],
    ['Protocol=6|LPort2_10=8000-8100|LPort=22', 'covers'],
    ['Protocol=6|LPort=22|LPort=8081', 'apart'],
    ['Protocol=17|LPort=8080', 'apart'],
    ['Protocol=6|LPort=RPC', 'apart'],
    ['Protocol=6|LPort=8080|Profile=Domain|Profile=Private', 'covers'],
    ['Protocol=6|LPort=8080|Profile=Public', 'apart'],
    ['Protocol=6|LPort=8080|RPort=1024', 'partly'],
    ['Protocol=6|LPort=8080|RA4=10.0.0.0/255.255.255.0', 'partly'],
    ['Protocol=6|LPort=8080|RA4=LocalSubnet|RA6=LocalSubnet', 'partly'],
    ['Protocol=6|LPort=8080|App=C:\\x.exe|Svc=x', 'covers'],
    ['Protocol=6|App=C:\\x.exe', 'unsure'],
    ['Protocol=6|LPort=8080|IFType=Lan', 'unsure'],
    ['Protocol=6|LPort=8080|LA4=10.0.0.1', 'unsure'],
    ['Protocol=6|LPort=8080|Security=Authenticate', 'unsure'],
    ['Protocol=6|LPort=8080|Something=New', 'unsure'],
    ['Protocol=6|LPort=8080|Platform=2:6:1|Platform2=GTEQ', 'covers'],
    ['Protocol=6|LPort=8080|Platform=2:10:0|Platform2=GTEQ', 'covers'],
    ['Protocol=6|LPort=8080|Platform=2:11:0|Platform2=GTEQ', 'unsure'],
    ['Protocol=6|LPort=8080|Platform=2:6:1', 'unsure'],
    ['AppPkgId=S-1-15-2-1', 'apart'],
    ['Protocol=6|LPort=8080|Edge=TRUE|Defer=App', 'covers'],
  ])('%s: %s', (fields, expected) => expect(standing(fields)).toBe(expected))

  it('and to other traffic', () => {
    expect(standing('Protocol=6|LPort=RPC', { ports: { from: 50_000, to: 50_000 } })).toBe('unsure')
    expect(standing('Protocol=6|LPort=RPC-EPMap', { ports: { from: 135, to: 135 } })).toBe('unsure')
    expect(standing('Protocol=6|LPort2_10=1-100', { ports: { from: 50, to: 150 } })).toBe('partly')
    expect(standing('Protocol=6|LPort2_10=1-100|LPort2_10=101-150', { ports: { from: 50, to: 150 } })).toBe(
      'covers',
    )
    expect(standing('Protocol=6|LPort=8080', { ports: null })).toBe('partly')
    expect(standing('Protocol=6', { protocol: null, ports: null })).toBe('partly')
    expect(standing('Protocol=1|ICMP4=8:*', { protocol: 1, ports: null, message: 8 })).toBe('covers')
    expect(standing('Protocol=1|ICMP4=3:4', { protocol: 1, ports: null, message: 8 })).toBe('apart')
    expect(standing('Protocol=1|ICMP4=8:0', { protocol: 1, ports: null, message: 8 })).toBe('covers')
    expect(standing('Protocol=1|ICMP4=3:4', { protocol: 1, ports: null, message: 3 })).toBe('partly')
    expect(standing('Protocol=1|App=System', { protocol: 1, ports: null, message: 8 })).toBe('covers')
    expect(standing('Protocol=6|App=C:\\X.exe', { program: 'C:\\x.exe' })).toBe('covers')
    expect(standing('Protocol=6|App=C:\\y.exe', { program: 'C:\\x.exe' })).toBe('apart')
    expect(standing('Protocol=6|App=C:\\x.exe|Svc=a', { program: 'C:\\x.exe' })).toBe('unsure')
    expect(standing('Protocol=6|RA4=10.0.0.0/24', { remote: network })).toBe('covers')
    expect(standing('Protocol=6|RA4=10.0.0.0-10.0.0.99', { remote: network })).toBe('partly')
    expect(standing('Protocol=6|RA4=10.0.1.0/24', { remote: network })).toBe('apart')
    expect(standing('Protocol=6|RA4=LocalSubnet', { remote: network })).toBe('unsure')
    expect(standing('Protocol=6|RA4=LocalSubnet', { remote: { ranges: [], words: ['localsubnet'] } })).toBe(
      'covers',
    )
  })

  it('for a program only, it keeps a part out where it blocks', () => {
    const rule = read('Action=Block|Active=TRUE|Dir=In|Protocol=6|LPort=8080|App=C:\\x.exe')
    expect(relation(rule, 'domain', asked, {})).toBe('partly')
  })
  it('is never of the other direction', () => {
    expect(relation(read('Action=Allow|Active=TRUE|Dir=Out|Protocol=6'), 'domain', asked, {})).toBe('apart')
  })
})

describe('whom a rule is limited to', () => {
  it.each([
    ['RA4=10.0.0.0/255.255.255.0', true],
    ['RA4=10.0.0.5', true],
    ['Protocol=6', false],
    ['RA4=10.0.0.0/23', false],
    ['RA4=LocalSubnet', null],
    ['RA4=10.0.0.5|RA6=fe80::1', null],
  ])('%s: %s', (fields, expected) => expect(isLimitedTo(read(fields), network)).toBe(expected))
})

describe('addresses', () => {
  it.each([
    ['192.168.10.7/24', { from: 0xc0a80a00, to: 0xc0a80aff }],
    ['192.168.10.0/255.255.255.0', { from: 0xc0a80a00, to: 0xc0a80aff }],
    ['10.0.0.1', { from: 0x0a000001, to: 0x0a000001 }],
    ['10.0.0.1-10.0.0.3', { from: 0x0a000001, to: 0x0a000003 }],
    ['0.0.0.0/0', { from: 0, to: 0xffffffff }],
    ['10.0.0.3-10.0.0.1', null],
    ['LocalSubnet', null],
    ['10.0.0.256', null],
    ['10.0.0.0/33', null],
  ])('%s', (text, expected) => expect(addressRange(text)).toEqual(expected))
  it('a text that is no rule is none', () => {
    expect(firewallRule('x', 'Action=Allow|', false)).toBeNull()
    expect(firewallRule('x', '', false)).toBeNull()
  })
})
