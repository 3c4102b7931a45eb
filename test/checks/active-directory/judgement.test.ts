import { describe, expect, it } from 'vitest'
import { computer } from '../../../checks/active-directory/computer.ts'
import { groupPolicyLink } from '../../../checks/active-directory/gpo-link.ts'
import { groupPolicyObject } from '../../../checks/active-directory/gpo.ts'
import { group } from '../../../checks/active-directory/group.ts'
import { organisationalUnit } from '../../../checks/active-directory/ou.ts'
import { passwordPolicy } from '../../../checks/active-directory/password-policy.ts'
import { user } from '../../../checks/active-directory/user.ts'
import type { Check, Facts } from '../../../checks/define.ts'
import type { Observation } from '../../../checks/observation.ts'
import { probeKey, type Probe } from '../../../checks/probe.ts'
import { questions, replay } from '../replay.ts'

// What a directory says, written by hand: the cases that the lab's domains don't have (hidden objects, answers cut
// short, inheritance, filters, hostile values). The recordings hold what a real one says.

const facts: Facts = {
  candidate: 'C01',
  targets: {
    dc: { kind: 'windows', address: '10.0.1.10', transports: ['ldap'], domain: 'agence1.lan', shared: false },
  },
}
const BASE = 'DC=agence1,DC=lan'
type Attributes = Record<string, string | string[]>
interface Said {
  readonly entries?: readonly { dn: string; attributes: Attributes }[]
  readonly found?: boolean
  readonly truncated?: boolean
}
const at = (rdns: string, attributes: Attributes = {}) => ({
  dn: rdns === '' ? BASE : `${rdns},${BASE}`,
  attributes,
})
const none: Said = { entries: [] }

function observation(probe: Probe, { entries = [], found = true, truncated = false }: Said): Observation {
  return {
    probe: probeKey(probe),
    transport: 'ldap',
    address: '10.0.1.10',
    identity: null,
    at: '2026-11-24T00:00:00.000Z',
    ms: 1,
    truncated,
    answer: {
      kind: 'ldap',
      found,
      entries: entries.map(({ dn, attributes }) => ({
        dn,
        attributes: Object.fromEntries(Object.entries(attributes).map(([k, v]) => [k, [v].flat()])),
      })),
    },
    failure: null,
  }
}

/** Verdict, or verdict and cause, of a check whose questions are answered by their names; `observed` in French. */
function judged(check: Check, params: Record<string, unknown>, said: Record<string, Said>) {
  const whole = { on: 'dc', ...params }
  const given: Record<string, Observation> = {}
  // Round after round: what is asked depends on what was answered.
  for (let round = 0; round < 6; round++) {
    let asked: Record<string, Probe>
    try {
      asked = questions(check, whole, facts, given)
    } catch {
      break
    }
    for (const [name, probe] of Object.entries(asked)) {
      const answer = said[name]
      if (!answer) throw new Error(`the check asks ${name}`)
      given[name] = observation(probe, answer)
    }
  }
  const [finding] = replay(check, whole, facts, given)
  return {
    verdict: finding?.cause ? `${finding.verdict}/${finding.cause}` : finding?.verdict,
    observed: finding?.judgement?.observed.fr ?? '',
    english: finding?.judgement?.observed.en ?? '',
  }
}

const sid = (rid: number) => {
  const bytes = Buffer.alloc(28)
  bytes.set([1, 5, 0, 0, 0, 0, 0, 5])
  for (const [i, part] of [21, 1, 2, 3, rid].entries()) bytes.writeUInt32LE(part, 8 + 4 * i)
  return bytes.toString('base64')
}
const VERROUILLAGE = '90C6C9E6-694D-46BA-9927-22D768BDC610'
const DEFAULT_POLICY = '31B2F340-016D-11D2-945F-00C04FB984F9'
const link = (guid: string, options: number) =>
  `[LDAP://cn={${guid}},cn=policies,cn=system,${BASE};${options}]`
const gpo = (guid: string, displayName: string, more: Attributes = {}) =>
  at(`CN={${guid}},CN=Policies,CN=System`, {
    cn: `{${guid}}`,
    displayname: displayName,
    flags: '0',
    versionnumber: '65537',
    ...more,
  })
const defaultPolicy = gpo(DEFAULT_POLICY, 'Default Domain Policy')
const unit = (rdns: string, more: Attributes = {}) =>
  at(rdns, { objectclass: ['top', 'organizationalUnit'], ...more })
const controllers = unit('OU=Domain Controllers', { gplink: link('6AC1786C-016F-11D2-945F-00C04fB984F9', 0) })
const compta = unit('OU=Comptabilité')
const domain: Said = {
  entries: [at('', { objectclass: ['domain'], objectsid: sid(0), gplink: link(DEFAULT_POLICY, 0) })],
}
const account = (rdns: string, name: string, more: Attributes = {}) =>
  at(rdns, {
    objectclass: ['top', 'person', 'user'],
    samaccountname: name,
    useraccountcontrol: '512',
    primarygroupid: '513',
    objectsid: sid(1100),
    ...more,
  })
const krbtgt = account('CN=krbtgt,CN=Users', 'krbtgt', {
  memberof: `CN=Denied RODC Password Replication Group,CN=Users,${BASE}`,
})
const controller = at('CN=DC,OU=Domain Controllers', {
  objectclass: ['computer'],
  samaccountname: 'DC$',
  primarygroupid: '516',
})
const witnesses: Said = { entries: [krbtgt, controller] }
const durand = account('CN=Chloé Durand,OU=Comptabilité', 'c.durand1', { displayname: 'Chloé Durand' })
/** Owner and group left out; grants reading to Authenticated Users, and refuses listing to them where asked. */
const descriptor = (refuses: boolean, granted = Buffer.from('01010000000000050b000000', 'hex')) => {
  const entry = (type: number, mask: number) => {
    const bytes = Buffer.alloc(8 + granted.length)
    bytes.writeUInt8(type, 0)
    bytes.writeUInt16LE(bytes.length, 2)
    bytes.writeUInt32LE(mask, 4)
    granted.copy(bytes, 8)
    return bytes
  }
  const body = Buffer.concat([...(refuses ? [entry(1, 0x4)] : []), entry(0, 0x20094)])
  const head = Buffer.alloc(28)
  head.writeUInt8(1, 0)
  head.writeUInt16LE(0x8004, 2)
  head.writeUInt32LE(20, 16)
  head.writeUInt8(4, 20)
  head.writeUInt16LE(8 + body.length, 22)
  head.writeUInt16LE(refuses ? 2 : 1, 24)
  return Buffer.concat([head, body]).toString('base64')
}

const open: Said = { entries: [unit('OU=Comptabilité', { ntsecuritydescriptor: descriptor(false) })] }
const closed: Said = {
  entries: [...(open.entries ?? []), unit('OU=Cachée', { ntsecuritydescriptor: descriptor(true) })],
}

describe('active-directory.ou', () => {
  const units = (...more: ReturnType<typeof unit>[]): Said => ({ entries: [controllers, ...more] })
  it('passes where it is, in any case and composition of its name', () => {
    for (const path of ['Comptabilité', 'COMPTABILITÉ', 'Comptabilite\u0301'])
      expect(judged(organisationalUnit, { path }, { domain, units: units(compta) }).verdict).toBe('pass')
  })
  it('fails elsewhere, and says where', () => {
    const moved = unit('OU=Comptabilité,OU=Siège')
    const { verdict, observed } = judged(
      organisationalUnit,
      { path: 'Comptabilité' },
      { domain, units: units(moved) },
    )
    expect(verdict).toBe('fail')
    expect(observed).toContain('Siège/Comptabilité')
  })
  it('fails where only accents differ, and shows it', () => {
    const plain = unit('OU=Comptabilite')
    const { verdict, observed } = judged(
      organisationalUnit,
      { path: 'Comptabilité' },
      { domain, units: units(plain) },
    )
    expect(verdict).toBe('fail')
    expect(observed).toContain('Comptabilite')
  })
  it('says nothing of an absence where the unit of every domain is not shown', () => {
    const few: Said = { entries: [compta] }
    expect(judged(organisationalUnit, { path: 'Ventes' }, { domain, units: few }).verdict).toBe(
      'unknown/control',
    )
    expect(judged(organisationalUnit, { path: 'Ventes' }, { domain, units: none }).verdict).toBe(
      'unknown/control',
    )
  })
  it('asks for the one unit where the list is cut short', () => {
    const cut: Said = { entries: [compta], truncated: true }
    const there: Said = { entries: [unit('OU=Ventes')] }
    const away: Said = { entries: [], found: false }
    expect(judged(organisationalUnit, { path: 'Ventes' }, { domain, units: cut, exact: there }).verdict).toBe(
      'pass',
    )
    expect(judged(organisationalUnit, { path: 'Ventes' }, { domain, units: cut, exact: away }).verdict).toBe(
      'fail',
    )
    expect(judged(organisationalUnit, { path: 'Comptabilité' }, { domain, units: cut }).verdict).toBe('pass')
  })
  it('gives a domain that hides itself, or a name that cannot be read, as unknown', () => {
    expect(judged(organisationalUnit, { path: 'A' }, { domain: none, units: units() }).verdict).toBe(
      'unknown/denied',
    )
    const broken: Said = { entries: [{ dn: 'not a name', attributes: {} }] }
    expect(judged(organisationalUnit, { path: 'A' }, { domain, units: broken }).verdict).toBe(
      'unknown/unparsable',
    )
  })
  it('refuses the domain itself and a container as a unit', () => {
    for (const path of ['/', 'CN=Users'])
      expect(organisationalUnit.params.safeParse({ on: 'dc', path }).success).toBe(false)
  })
})

describe('active-directory.user', () => {
  const said = (found: Said, more: Record<string, Said> = {}) => ({
    account: found,
    witnesses,
    domain,
    permissions: open,
    ...more,
  })
  const here: Said = { entries: [durand] }
  it('compares place, state and name, each of them', () => {
    const all = { name: 'c.durand1', in: 'Comptabilité', enabled: true, display: 'Chloé Durand' }
    expect(judged(user, all, said(here)).verdict).toBe('pass')
    expect(judged(user, { ...all, in: 'Ventes, Export' }, said(here)).verdict).toBe('fail')
    expect(judged(user, { ...all, enabled: false }, said(here)).verdict).toBe('fail')
    expect(judged(user, { ...all, display: 'Chloe Durand' }, said(here)).verdict).toBe('fail')
  })
  it('says where the account is when it is elsewhere', () => {
    const away: Said = { entries: [account('CN=Chloé Durand,OU=Ventes\\, Export', 'c.durand1')] }
    const { verdict, observed } = judged(user, { name: 'c.durand1', in: 'Comptabilité' }, said(away))
    expect([verdict, observed]).toEqual(['fail', expect.stringContaining('Ventes, Export')])
  })
  it('does not take a look-alike for the account', () => {
    const alike: Said = { entries: [account('CN=x,CN=Users', 'c.dùrand1')] }
    expect(judged(user, { name: 'c.durand1' }, said(alike)).verdict).toBe('fail')
  })
  it('does not take a group or a computer for a user', () => {
    const other: Said = { entries: [at('CN=g', { objectclass: ['group'], samaccountname: 'c.durand1' })] }
    expect(judged(user, { name: 'c.durand1' }, said(other)).verdict).toBe('fail')
  })
  it('believes an absence only where accounts of every domain are shown', () => {
    expect(judged(user, { name: 'x' }, said(none)).verdict).toBe('fail')
    expect(judged(user, { name: 'x' }, said(none, { permissions: closed })).verdict).toBe('unknown/control')
    for (const seen of [none, { entries: [krbtgt] }, { entries: [controller] }])
      expect(
        judged(user, { name: 'x' }, { account: none, witnesses: seen, domain, permissions: open }).verdict,
      ).toBe('unknown/control')
  })
  it('believes an absence from a unit only where that unit may be listed', () => {
    const params = { name: 'x', in: 'Comptabilité' }
    const container = (attributes: Attributes): Said => ({ entries: [unit('OU=Comptabilité', attributes)] })
    const seen = (c: Said) => judged(user, params, said(none, { permissions: c })).verdict
    expect(seen(container({ ntsecuritydescriptor: descriptor(false) }))).toBe('fail')
    expect(seen(container({ ntsecuritydescriptor: descriptor(true) }))).toBe('unknown/control')
    expect(seen(container({}))).toBe('unknown/control')
    expect(seen(container({ ntsecuritydescriptor: 'AAAA' }))).toBe('unknown/unparsable')
    expect(seen({ entries: [], found: false })).toBe('fail')
  })
  it('does not read a state that is hidden as enabled', () => {
    const bare = at('CN=a,CN=Users', { objectclass: ['user'], samaccountname: 'a' })
    expect(judged(user, { name: 'a', enabled: true }, said({ entries: [bare] })).verdict).toBe(
      'unknown/denied',
    )
  })
  it('knows direct membership by either list, and by the primary group', () => {
    const params = { name: 'c.durand1', groups: ['GG'] }
    const gg = (more: Attributes = {}) =>
      at('CN=GG', { objectclass: ['group'], samaccountname: 'GG', objectsid: sid(1200), ...more })
    const seen = (mine: Attributes, its: Attributes, by = witnesses) =>
      judged(user, params, {
        account: { entries: [account('CN=Chloé Durand,OU=Comptabilité', 'c.durand1', mine)] },
        domain,
        witnesses: by,
        'group GG': { entries: [gg(its)] },
      }).verdict
    expect(seen({ memberof: `CN=GG,${BASE}` }, {})).toBe('pass')
    expect(seen({}, { member: `cn=CHLOÉ DURAND,ou=Comptabilité,${BASE}` })).toBe('pass')
    expect(seen({ primarygroupid: '1200' }, {})).toBe('pass')
    expect(seen({}, {})).toBe('fail')
    const silent = account('CN=krbtgt,CN=Users', 'krbtgt')
    expect(seen({}, {}, { entries: [silent, controller] })).toBe('unknown/control')
  })
})

describe('active-directory.group', () => {
  const global = '-2147483646'
  const groupAt = (name: string, more: Attributes = {}) =>
    at(`CN=${name},CN=Users`, {
      objectclass: ['top', 'group'],
      samaccountname: name,
      grouptype: global,
      ...more,
    })
  const above = (name: string) => `above CN=${name},CN=Users,${BASE}`
  const memberOf = (...names: string[]) => ({ memberof: names.map((n) => `CN=${n},CN=Users,${BASE}`) })
  const primary: Record<string, Said> = { 'above S-1-5-21-1-2-3-513': none }
  const member = (...groups: string[]): Said => ({
    entries: [account('CN=a,CN=Users', 'a', groups.length > 0 ? memberOf(...groups) : {})],
  })

  it('compares scope, type and place', () => {
    const said = { group: { entries: [groupAt('GG')] }, witnesses, domain }
    expect(
      judged(group, { name: 'GG', scope: 'global', type: 'security', in: 'CN=Users' }, said).verdict,
    ).toBe('pass')
    expect(judged(group, { name: 'GG', scope: 'universal' }, said).verdict).toBe('fail')
    expect(judged(group, { name: 'GG', type: 'distribution' }, said).verdict).toBe('fail')
    expect(judged(group, { name: 'GG', in: 'Groupes' }, said).verdict).toBe('fail')
  })
  it('follows groups in groups only where asked, and says by which way', () => {
    const said = {
      group: { entries: [groupAt('GL')] },
      witnesses,
      domain,
      'member a': member('GG'),
      [above('GG')]: { entries: [groupAt('GG', memberOf('GU'))] },
      [above('GU')]: { entries: [groupAt('GU', memberOf('GL'))] },
      ...primary,
    }
    const nested = judged(group, { name: 'GL', members: ['a'], nested: true }, said)
    expect(nested.verdict).toBe('pass')
    expect(nested.observed).toContain(
      '« GG » → « GU »'.replaceAll('« ', '«\u202f').replaceAll(' »', '\u202f»'),
    )
    expect(judged(group, { name: 'GL', members: ['a'] }, said).verdict).toBe('fail')
  })
  it('ends in a loop of groups', () => {
    const said = {
      group: { entries: [groupAt('GL')] },
      witnesses,
      domain,
      'member a': member('G1'),
      [above('G1')]: { entries: [groupAt('G1', memberOf('G2'))] },
      [above('G2')]: { entries: [groupAt('G2', memberOf('G1'))] },
      ...primary,
    }
    expect(judged(group, { name: 'GL', members: ['a'], nested: true }, said).verdict).toBe('fail')
  })
  it('says nothing of groups nested deeper than it asks, or in another domain', () => {
    const foreign: Said = { entries: [account('CN=a,CN=Users', 'a', { memberof: 'CN=GG,DC=autre,DC=lan' })] }
    const said = { group: { entries: [groupAt('GL')] }, witnesses, domain, 'member a': foreign, ...primary }
    expect(judged(group, { name: 'GL', members: ['a'], nested: true }, said).verdict).toBe(
      'unknown/truncated',
    )
  })
  it('never passes with a member that is not there, or with an empty list', () => {
    const said = { group: { entries: [groupAt('GG')] }, witnesses, domain, 'member a': none }
    expect(judged(group, { name: 'GG', members: ['a'] }, said).verdict).toBe('fail')
    expect(group.params.safeParse({ on: 'dc', name: 'GG', members: [] }).success).toBe(false)
    expect(group.params.safeParse({ on: 'dc', name: 'GG', only: true }).success).toBe(false)
  })
  it('refuses others where only these may be in it, and a list in ranges', () => {
    const params = { name: 'GG', members: ['a'], only: true }
    const seen = (attributes: Attributes, truncated = false) =>
      judged(group, params, {
        group: { entries: [groupAt('GG', attributes)], truncated },
        witnesses,
        domain,
        'member a': member('GG'),
      }).verdict
    expect(seen({ member: `CN=a,CN=Users,${BASE}` })).toBe('pass')
    expect(seen({ member: [`CN=a,CN=Users,${BASE}`, `CN=b,CN=Users,${BASE}`] })).toBe('fail')
    expect(seen({ member: `CN=a,CN=Users,${BASE}` }, true)).toBe('unknown/truncated')
  })
  it('is there though its many members come in part', () => {
    const said = {
      group: { entries: [groupAt('GG')], truncated: true },
      witnesses,
      domain,
      'member a': member('GG'),
    }
    expect(judged(group, { name: 'GG', members: ['a'] }, said).verdict).toBe('pass')
    expect(
      judged(group, { name: 'GG' }, { ...said, permissions: open, group: { ...none, truncated: true } })
        .verdict,
    ).toBe('unknown/truncated')
  })
  it('believes its absence only with its control', () => {
    expect(judged(group, { name: 'GG' }, { group: none, witnesses, domain, permissions: open }).verdict).toBe(
      'fail',
    )
    expect(
      judged(group, { name: 'GG' }, { group: none, witnesses, domain, permissions: closed }).verdict,
    ).toBe('unknown/control')
    expect(
      judged(group, { name: 'GG' }, { group: none, witnesses: none, domain, permissions: open }).verdict,
    ).toBe('unknown/control')
  })
})

describe('active-directory.computer', () => {
  const pc = at('CN=PC-01,OU=Postes', {
    objectclass: ['user', 'computer'],
    samaccountname: 'PC-01$',
    useraccountcontrol: '4096',
  })
  const said = (found: Said, permissions = open) => ({ account: found, witnesses, domain, permissions })
  it('compares its place and state', () => {
    expect(
      judged(computer, { name: 'pc-01', in: 'Postes', enabled: true }, said({ entries: [pc] })).verdict,
    ).toBe('pass')
    expect(judged(computer, { name: 'PC-01', in: 'CN=Computers' }, said({ entries: [pc] })).verdict).toBe(
      'fail',
    )
    expect(judged(computer, { name: 'PC-01', enabled: false }, said({ entries: [pc] })).verdict).toBe('fail')
  })
  it('believes its absence only with its control', () => {
    expect(judged(computer, { name: 'PC-02' }, said(none)).verdict).toBe('fail')
    expect(judged(computer, { name: 'PC-02' }, said(none, closed)).verdict).toBe('unknown/control')
    expect(
      judged(computer, { name: 'PC-02' }, { account: none, witnesses: none, domain, permissions: open })
        .verdict,
    ).toBe('unknown/control')
  })
})

describe('a computer that joined', () => {
  const pc = (more: Attributes): Said => ({
    entries: [
      at('CN=PC-01,CN=Computers', {
        objectclass: ['computer'],
        samaccountname: 'PC-01$',
        useraccountcontrol: '4096',
        ...more,
      }),
    ],
  })
  const named: Said = {
    entries: [
      krbtgt,
      { ...controller, attributes: { ...controller.attributes, dnshostname: 'dc.agence1.lan' } },
    ],
  }
  it.each([
    [true, { dnshostname: 'pc-01.agence1.lan' }, named, 'pass'],
    [true, {}, named, 'fail'],
    [false, {}, named, 'pass'],
    [false, { dnshostname: 'pc-01.agence1.lan' }, named, 'fail'],
    [true, {}, witnesses, 'unknown/control'],
  ])('asked %s, with %j', (joined, attributes, by, verdict) => {
    const said = { account: pc(attributes), witnesses: by, domain }
    expect(judged(computer, { name: 'PC-01', joined }, said).verdict).toBe(verdict)
  })
})

describe('active-directory.gpo', () => {
  it('knows it by its name, and its sides', () => {
    const policies: Said = {
      entries: [
        defaultPolicy,
        gpo(VERROUILLAGE, 'Verrouillage écran', { flags: '1', versionnumber: '65536' }),
      ],
    }
    const seen = (params: object) =>
      judged(groupPolicyObject, { name: 'verrouillage écran', ...params }, { policies }).verdict
    expect(seen({})).toBe('pass')
    expect(seen({ enabled: ['computer'] })).toBe('pass')
    expect(seen({ enabled: ['user'] })).toBe('fail')
    expect(seen({ written: ['user'] })).toBe('pass')
    expect(seen({ written: ['computer'] })).toBe('fail')
  })
  it('believes its absence only where a default policy is shown, and the list is whole', () => {
    const seen = (policies: Said) => judged(groupPolicyObject, { name: 'Absente' }, { policies }).verdict
    expect(seen({ entries: [defaultPolicy] })).toBe('fail')
    expect(seen(none)).toBe('unknown/control')
    expect(seen({ entries: [gpo(VERROUILLAGE, 'Autre')] })).toBe('unknown/control')
    expect(seen({ entries: [defaultPolicy], truncated: true })).toBe('unknown/truncated')
  })
})

describe('active-directory.gpo-link', () => {
  const policy = (more: Attributes = {}) => gpo(VERROUILLAGE, 'Verrouillage écran', more)
  const linked = (rdns: string, options: number, more: Attributes = {}) =>
    unit(rdns, { gplink: link(VERROUILLAGE, options), ...more })
  const seen = (params: object, units: ReturnType<typeof unit>[], root = domain, found = policy()) =>
    judged(
      groupPolicyLink,
      { gpo: 'Verrouillage écran', to: 'Siège/Compta', ...params },
      {
        policies: { entries: [defaultPolicy, found] },
        domain: root,
        units: { entries: [controllers, ...units] },
      },
    )
  const siege = unit('OU=Siège')
  const compta = unit('OU=Compta,OU=Siège')

  it.each([
    [0, {}, 'pass'],
    [1, {}, 'fail'],
    [1, { enabled: false }, 'pass'],
    [0, { enabled: false }, 'fail'],
    [2, { enforced: true }, 'pass'],
    [0, { enforced: true }, 'fail'],
    [2, { enforced: false }, 'fail'],
    [3, { enabled: false, enforced: true }, 'pass'],
  ])('options %i, asked %j: %s', (options, params, verdict) => {
    expect(seen(params, [siege, linked('OU=Compta,OU=Siège', options)]).verdict).toBe(verdict)
  })
  it.each([
    ['0', { side: 'user' }, 'pass'],
    ['1', { side: 'user' }, 'fail'],
    ['1', { side: 'computer', disabledSide: 'user' }, 'pass'],
    ['2', { side: 'computer' }, 'fail'],
    ['0', { disabledSide: 'user' }, 'fail'],
    ['3', {}, 'fail'],
  ])('flags %s, asked %j: %s', (flags, params, verdict) => {
    expect(seen(params, [siege, linked('OU=Compta,OU=Siège', 0)], domain, policy({ flags })).verdict).toBe(
      verdict,
    )
  })
  it('fails where it is linked elsewhere, and says where', () => {
    const { verdict, observed } = seen({}, [linked('OU=Siège', 0), compta])
    expect([verdict, observed]).toEqual(['fail', expect.stringContaining('Siège')])
  })
  it('counts a link above only where asked', () => {
    const units = [linked('OU=Siège', 0), compta]
    expect(seen({}, units).verdict).toBe('fail')
    expect(seen({ inherited: true }, units).verdict).toBe('pass')
    expect(seen({ inherited: true }, [siege, linked('OU=Compta,OU=Siège', 0)]).verdict).toBe('pass')
    expect(seen({ inherited: true }, [siege, compta]).verdict).toBe('fail')
  })
  it('lets a block stop what is above it, unless enforced', () => {
    const blocking = unit('OU=Compta,OU=Siège', { gpoptions: '1' })
    const root = (options: number): Said => ({
      entries: [at('', { gplink: link(DEFAULT_POLICY, 0) + link(VERROUILLAGE, options) })],
    })
    const blocked = seen({ inherited: true }, [siege, blocking], root(0))
    expect([blocked.verdict, blocked.observed]).toEqual(['fail', expect.stringContaining('héritage bloqué')])
    expect(seen({ inherited: true }, [siege, blocking], root(2)).verdict).toBe('pass')
    expect(seen({ inherited: true }, [unit('OU=Siège', { gpoptions: '1' }), compta], root(0)).verdict).toBe(
      'fail',
    )
    // What blocks is below the link, not the container that holds it.
    expect(seen({ inherited: true }, [linked('OU=Siège', 0, { gpoptions: '1' }), compta]).verdict).toBe(
      'pass',
    )
  })
  it('fails where the unit or the GPO is not there, with their controls', () => {
    expect(seen({ to: 'Absente' }, [siege]).verdict).toBe('fail')
    expect(seen({ gpo: 'Absente' }, [siege]).verdict).toBe('fail')
  })
  it('says nothing of a missing link where no link at all is shown', () => {
    const bare: Said = { entries: [at('', {})] }
    const units = { entries: [unit('OU=Domain Controllers'), siege, compta] }
    const said = { policies: { entries: [defaultPolicy, policy()] }, domain: bare, units }
    const params = { gpo: 'Verrouillage écran', to: 'Siège/Compta' }
    expect(judged(groupPolicyLink, params, said).verdict).toBe('unknown/control')
  })
  it('says nothing of a missing GPO where not even a default one is shown', () => {
    const said = { policies: { entries: [policy()] }, domain, units: { entries: [controllers, compta] } }
    expect(judged(groupPolicyLink, { gpo: 'Absente', to: 'Compta' }, said).verdict).toBe('unknown/control')
  })
  it('is unparsable with hostile links', () => {
    expect(seen({}, [siege, unit('OU=Compta,OU=Siège', { gplink: '[LDAP://x;0]' })]).verdict).toBe(
      'unknown/unparsable',
    )
  })
  it('shows the filtering, and takes it for nothing more', () => {
    const wmi = '0e6dbd0f-7c2d-4d6f-9c8e-0b6f0c9d7f11'
    const said = {
      policies: {
        entries: [
          defaultPolicy,
          policy({
            gpcwqlfilter: `[agence1.lan;{${wmi.toUpperCase()}};0]`,
            ntsecuritydescriptor: descriptor(false),
          }),
        ],
      },
      domain,
      units: { entries: [controllers, linked('OU=Compta', 0)] },
      [`name of ${wmi}`]: { entries: [at('CN=x', { 'mswmi-name': 'Portables' })] },
    }
    const { verdict, observed } = judged(groupPolicyLink, { gpo: 'Verrouillage écran', to: 'Compta' }, said)
    expect(verdict).toBe('pass')
    expect(observed).toContain('Portables')
    expect(observed).toContain('personne')
  })
})

describe('active-directory.password-policy', () => {
  const settings = (more: Attributes = {}): Record<string, Said> => ({
    domain: {
      entries: [
        at('', {
          minpwdlength: '12',
          pwdhistorylength: '24',
          pwdproperties: '1',
          maxpwdage: '-77760000000000',
          minpwdage: '-864000000000',
          lockoutthreshold: '5',
          lockoutduration: '-18000000000',
          ...more,
        }),
      ],
    },
  })
  const NEVER = '-9223372036854775808'
  it.each([
    [{ minimumLength: 12 }, {}, 'pass'],
    [{ minimumLength: 10 }, {}, 'pass'],
    [{ minimumLength: 10, exactly: true }, {}, 'fail'],
    [{ minimumLength: 12 }, { minpwdlength: '7' }, 'fail'],
    [{ complexity: true }, {}, 'pass'],
    [{ complexity: true }, { pwdproperties: '16' }, 'fail'],
    [{ complexity: false }, {}, 'fail'],
    [{ reversibleEncryption: false }, {}, 'pass'],
    [{ reversibleEncryption: false }, { pwdproperties: '17' }, 'fail'],
    [{ history: 24 }, {}, 'pass'],
    [{ history: 24 }, { pwdhistorylength: '10' }, 'fail'],
    [{ maximumAgeDays: 90 }, {}, 'pass'],
    [{ maximumAgeDays: 60 }, {}, 'fail'],
    [{ maximumAgeDays: 90 }, { maxpwdage: NEVER }, 'fail'],
    [{ maximumAgeDays: 0 }, { maxpwdage: NEVER }, 'pass'],
    [{ maximumAgeDays: 0 }, {}, 'fail'],
    [{ minimumAgeDays: 1 }, {}, 'pass'],
    [{ minimumAgeDays: 2 }, {}, 'fail'],
    [{ lockoutThreshold: 5 }, {}, 'pass'],
    [{ lockoutThreshold: 5 }, { lockoutthreshold: '3' }, 'pass'],
    [{ lockoutThreshold: 5 }, { lockoutthreshold: '10' }, 'fail'],
    [{ lockoutThreshold: 5 }, { lockoutthreshold: '0' }, 'fail'],
    [{ lockoutThreshold: 0 }, { lockoutthreshold: '0' }, 'pass'],
    [{ lockoutMinutes: 30 }, {}, 'pass'],
    [{ lockoutMinutes: 60 }, {}, 'fail'],
    [{ lockoutMinutes: 30 }, { lockoutduration: NEVER }, 'pass'],
    [{ minimumLength: 12, lockoutThreshold: 3 }, {}, 'fail'],
    [{ minimumLength: 12 }, { minpwdlength: 'x' }, 'unknown/unparsable'],
    [{ minimumLength: 12 }, { minpwdlength: [] }, 'unknown/denied'],
  ])('%j with %j: %s', (params, attributes, verdict) => {
    expect(judged(passwordPolicy, params, settings(attributes)).verdict).toBe(verdict)
  })
  it('asks for at least one setting', () => {
    expect(passwordPolicy.params.safeParse({ on: 'dc' }).success).toBe(false)
    expect(passwordPolicy.params.safeParse({ on: 'dc', exactly: true }).success).toBe(false)
  })
})

describe('sentences', () => {
  const samples: [Check, Record<string, unknown>][] = [
    [organisationalUnit, { path: 'Siège/Ventes, Export' }],
    [user, { name: 'c.durand1', in: 'Comptabilité', enabled: true, display: 'Chloé', groups: ['GG_Compta'] }],
    [
      group,
      {
        name: 'GL',
        members: ['a', 'b'],
        nested: true,
        only: true,
        scope: 'global',
        type: 'security',
        in: 'A',
      },
    ],
    [computer, { name: 'PC-01', in: 'Postes', enabled: false }],
    [groupPolicyObject, { name: "Fond d'écran", enabled: ['user'], written: ['computer'] }],
    [
      groupPolicyLink,
      {
        gpo: "Fond d'écran",
        to: '/',
        enforced: true,
        side: 'user',
        disabledSide: 'computer',
        inherited: true,
      },
    ],
    [
      passwordPolicy,
      { minimumLength: 12, complexity: true, maximumAgeDays: 0, lockoutThreshold: 5, lockoutMinutes: 0 },
    ],
  ]
  it.each(samples.map(([check, params]) => ({ id: check.id, check, params })))(
    '$id follow the typography of both languages',
    ({ check, params }) => {
      const parsed = check.params.parse({ on: 'dc', ...params })
      const texts = [
        check.says,
        check.observes,
        check.control,
        check.expects(parsed, facts),
        check.byHand(parsed, facts),
      ]
      for (const { fr, en } of texts) {
        expect(fr).not.toMatch(/« | »| [;:?!](?! *[|&])|’/)
        expect(en).not.toMatch(/[«»\u202f]/)
        expect(fr.length).toBeGreaterThan(5)
      }
    },
  )
  it('type a name that no shell reads as more', () => {
    const params = groupPolicyObject.params.parse({ on: 'dc', name: "Fond d'écran$(x)" })
    expect(groupPolicyObject.byHand(params, facts).fr).toContain("Get-GPO -Name 'Fond d''écran$(x)'")
    const unitParams = organisationalUnit.params.parse({ on: 'dc', path: 'Siège/Ventes, Export' })
    expect(organisationalUnit.byHand(unitParams, facts).en).toContain(
      "'OU=Ventes\\, Export,OU=Siège,DC=agence1,DC=lan'",
    )
  })
  it('show hostile names on one line, without control or direction characters', () => {
    const hostile = unit('OU=Compta\\0A\\1B[2J\u202e')
    const { verdict, observed } = judged(
      organisationalUnit,
      { path: 'Compta[2J' },
      { domain, units: { entries: [controllers, hostile] } },
    )
    expect(verdict).toBe('fail')
    expect(observed).not.toMatch(/[\n\u001b\u202e]/)
  })
})
