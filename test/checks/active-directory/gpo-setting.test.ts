import { describe, expect, it } from 'vitest'
import { groupPolicySetting } from '../../../checks/active-directory/gpo-setting.ts'
import type { AnswerOf, Observation } from '../../../checks/observation.ts'
import { defaultDomainPolicy } from '../../../checks/windows/group-policy/paths.ts'
import { facts, observed, unanswered } from '../observed.ts'
import { replay } from '../replay.ts'
import { registryPol, sz, uint32 } from '../windows/group-policy/registry-pol-file.ts'

const guid = '5a5b514b-82fe-43c2-86b3-f5c9260f89e0'
const other = '6a5b514b-82fe-43c2-86b3-f5c9260f89e0'
const key = String.raw`Software\Policies\Probant`
const utf16 = (text: string) => Buffer.from(`\ufeff${text.replaceAll('\n', '\r\n')}`, 'utf16le')
const template = (body: string) =>
  utf16(`[Unicode]\nUnicode=yes\n[Version]\nsignature="$CHICAGO$"\nRevision=1\n${body}`)

type Attributes = Record<string, string>
const policy = (cn: string, attributes: Attributes = {}) => ({
  dn: `CN={${cn}}`,
  attributes: Object.fromEntries(
    Object.entries({
      cn: `{${cn.toUpperCase()}}`,
      displayname: 'P',
      flags: '0',
      versionnumber: '65537',
      ...attributes,
    }).map(([name, value]): [string, string[]] => [name, [value]]),
  ),
})
const listOf = (...entries: AnswerOf<'ldap'>['entries']) =>
  observed({
    kind: 'ldap',
    found: true,
    entries: [policy(defaultDomainPolicy, { displayname: 'Default Domain Policy' }), ...entries],
  })
const gptIni = (version = 65_537) => ({ 'GPT.INI': Buffer.from(`[General]\r\nVersion=${version}\r\n`) })
const holding = (files: Record<string, Buffer>, more: Partial<Observation> = {}) =>
  observed(
    {
      kind: 'group-policy',
      found: true,
      files: Object.entries(files).map(([path, content]) => ({ path, content: content.toString('base64') })),
    },
    more,
  )
const said = (
  wanted: Record<string, unknown>,
  files: Observation | Record<string, Buffer>,
  policies = listOf(policy(guid)),
  more: Record<string, Observation> = {},
) => {
  const seen = 'transport' in files ? (files as Observation) : holding({ ...gptIni(), ...files })
  const [finding, ...rest] = replay(groupPolicySetting, { on: 'dc', gpo: 'p', ...wanted }, facts, {
    policies,
    [`files ${guid}`]: seen,
    ...more,
  })
  expect(rest).toEqual([])
  return finding!.cause === null ? finding!.verdict : `${finding!.verdict}/${finding!.cause}`
}
const value = (more: Record<string, unknown> = {}) => ({
  registry: { key, value: 'V', data: 1, scope: 'computer', ...more },
})
const pol = (...entries: [name: string, type: number, data: Buffer, key?: string][]) => ({
  'Machine/Registry.pol': registryPol(
    entries.map(([name, type, data, at = key]) => ({ key: at, value: name, type, data })),
  ),
})
const one = pol(['V', 4, uint32(1)])

describe('a setting of a policy: what an absence needs', () => {
  it('is there, or isn’t', () => {
    expect(said(value(), one)).toBe('pass')
    expect(said(value(), {})).toBe('fail')
    expect(said(value({ data: 2 }), one)).toBe('fail')
  })

  it('is unknown where the files are not all there, of another version, or can’t be read', () => {
    expect(said(value(), holding(gptIni(), { truncated: true }))).toBe('unknown/truncated')
    expect(said(value(), holding({ ...gptIni(), ...one }, { truncated: true }))).toBe('pass')
    expect(said(value(), holding({}))).toBe('unknown/control')
    expect(said(value(), holding(gptIni(65_538)))).toBe('unknown/control')
    expect(said(value(), holding({ 'GPT.INI': Buffer.from('x') }))).toBe('unknown/control')
    expect(said(value(), { 'Machine/Registry.pol': Buffer.from('PReg') })).toBe('unknown/unparsable')
    expect(said(value({ data: 2 }), holding({ ...gptIni(1), ...one }))).toBe('unknown/control')
    expect(said(value(), { 'User/Registry.pol': Buffer.from('PReg') })).toBe('fail')
    expect(said(value(), unanswered('denied'))).toBe('unknown/denied')
    expect(said(value(), observed({ kind: 'group-policy', found: false, files: [] }))).toBe('unknown/control')
  })

  it('takes the versions of both halves as 32 bits', () => {
    const large = listOf(policy(guid, { versionnumber: String(0xffff_0001 | 0) }))
    expect(said(value(), holding(gptIni(0xffff_0001)), large)).toBe('fail')
  })

  it('is unknown where the list of policies proves nothing', () => {
    const empty = observed({ kind: 'ldap', found: true, entries: [] })
    expect(said(value(), one, empty)).toBe('unknown/control')
    expect(said(value(), one, listOf())).toBe('fail')
    expect(said(value(), one, { ...listOf(), truncated: true })).toBe('unknown/truncated')
    expect(said(value(), {}, { ...listOf(policy(guid)), truncated: true })).toBe('unknown/truncated')
    expect(said(value(), one, { ...listOf(policy(guid)), truncated: true })).toBe('pass')
    expect(said(value(), one, unanswered('auth'))).toBe('unknown/auth')
    expect(said(value(), one, listOf(policy('pas-un-guid')))).toBe('unknown/not-asked')
    expect(said(value(), {}, listOf(policy(guid, { versionnumber: '' })))).toBe('unknown/unparsable')
  })

  it('counts only in a half that is enabled', () => {
    expect(said(value(), one, listOf(policy(guid, { flags: '2' })))).toBe('fail')
    expect(said(value(), one, listOf(policy(guid, { flags: '3' })))).toBe('fail')
    expect(said(value(), one, listOf(policy(guid, { flags: '1' })))).toBe('pass')
  })

  it('may be in any of several policies of that name', () => {
    const two = listOf(policy(guid), policy(other))
    const also = (files: Observation) => ({ [`files ${other}`]: files })
    expect(said(value(), {}, two, also(holding({ ...gptIni(), ...one })))).toBe('pass')
    expect(said(value(), one, two, also(unanswered('denied')))).toBe('pass')
    expect(said(value(), {}, two, also(unanswered('denied')))).toBe('unknown/denied')
    expect(said(value(), {}, two, also(holding(gptIni())))).toBe('fail')
    expect(said(value(), {}, two)).toBe('unknown/not-asked')
  })
})

describe('a registry value', () => {
  it.each<[string, Record<string, unknown>, ReturnType<typeof pol>]>([
    ['pass', {}, pol(['v', 4, uint32(1), key.toUpperCase()])],
    ['pass', { data: '1' }, one],
    ['pass', { data: undefined }, pol(['V', 1, sz('x')])],
    ['pass', {}, pol(['V', 1, sz('1')])],
    ['fail', { type: 'REG_DWORD' }, pol(['V', 1, sz('1')])],
    ['pass', { data: 'Accès réservé' }, pol(['V', 1, sz('Accès réservé')])],
    ['fail', { data: 'Accès réservé' }, pol(['V', 1, sz('accès réservé')])],
    ['pass', { data: String.raw`\\srv\Fond.jpg` }, pol(['V', 2, sz(String.raw`\\SRV\fond.jpg`)])],
    ['pass', { data: ['a', 'b'] }, pol(['V', 7, sz('a\0b\0')])],
    ['fail', { data: ['b', 'a'] }, pol(['V', 7, sz('a\0b\0')])],
    ['fail', {}, pol(['**del.V', 1, sz(' ')])],
    ['fail', {}, pol(['V', 4, uint32(1)], ['**del.V', 1, sz(' ')])],
    ['pass', {}, pol(['**del.V', 1, sz(' ')], ['V', 4, uint32(1)])],
    ['pass', {}, pol(['**delvals.', 1, sz(' ')], ['V', 4, uint32(1)])],
    ['fail', {}, pol(['V', 4, uint32(1)], ['**delvals.', 1, sz(' ')])],
    ['pass', {}, pol(['V', 4, uint32(1)], ['**delvals.', 1, sz(' '), `${key}\\Below`])],
    ['fail', {}, pol(['V', 4, uint32(1)], ['**DeleteKeys', 1, sz('Probant'), String.raw`Software\Policies`])],
    ['pass', {}, pol(['V', 4, uint32(1)], ['**DeleteKeys', 1, sz('Proban'), String.raw`Software\Policies`])],
    ['fail', {}, pol(['V', 4, uint32(1)], ['**DeleteValues', 1, sz('a;v')])],
    ['fail', {}, pol(['V', 4, uint32(1)], ['V', 4, uint32(0)])],
    ['fail', {}, pol(['V', 4, uint32(0)], ['**soft.V', 4, uint32(1)])],
    ['pass', {}, pol(['**soft.V', 4, uint32(1)])],
    ['fail', {}, pol(['', 0, Buffer.alloc(0)])],
    ['fail', {}, pol(['W', 4, uint32(1)])],
    ['fail', { scope: 'user' }, one],
  ])('%s where %j is asked', (verdict, more, files) => expect(said(value(more), files)).toBe(verdict))
})

describe('a security setting', () => {
  const files = (body: string) => ({ 'Machine/Microsoft/Windows NT/SecEdit/GptTmpl.inf': template(body) })
  const right = (accounts: string[], exactly = false) => ({
    right: 'SeDenyNetworkLogonRight',
    accounts,
    exactly,
  })
  const rights = (list: string) => `[Privilege Rights]\nSeDenyNetworkLogonRight = ${list}\n`
  it.each<[string, Record<string, unknown>, string]>([
    [
      'pass',
      { setting: 'minimumpasswordlength', value: 12 },
      '[System Access]\nMinimumPasswordLength = 12\n',
    ],
    ['fail', { setting: 'MinimumPasswordLength', value: 12 }, '[System Access]\nMinimumPasswordLength = 7\n'],
    ['fail', { setting: 'MinimumPasswordLength', value: 12 }, ''],
    [
      'unknown/unparsable',
      { setting: 'LockoutBadCount', value: 5 },
      '[System Access]\nLockoutBadCount = 5\nLockoutBadCount = 3\n',
    ],
    ['unknown/unparsable', { setting: 'LockoutBadCount', value: 5 }, '[Ailleurs]\nx\n'],
    ['pass', { setting: 'Security.MaximumLogSize', value: 4096 }, '[Security Log]\nMaximumLogSize = 4096\n'],
    [
      'pass',
      { audit: 'AuditLogonEvents', success: false, failure: true },
      '[Event Audit]\nAuditLogonEvents = 2\n',
    ],
    [
      'fail',
      { audit: 'AuditLogonEvents', success: true, failure: true },
      '[Event Audit]\nAuditLogonEvents = 2\n',
    ],
    ['pass', right(['S-1-5-32-546']), rights('*S-1-5-32-546,*S-1-5-32-545')],
    ['fail', right(['S-1-5-32-546'], true), rights('*S-1-5-32-546,*S-1-5-32-545')],
    ['pass', right(['S-1-5-32-546'], true), rights('*s-1-5-32-546')],
    ['fail', right(['S-1-5-32-546']), rights('*S-1-5-32-545')],
    ['unknown/unparsable', right(['S-1-5-32-546']), rights('Invités,*S-1-5-32-545')],
    ['pass', right(['S-1-5-32-545']), rights('Invités,*S-1-5-32-545')],
    ['unknown/unparsable', right(['S-1-5-32-545'], true), rights('Invités,*S-1-5-32-545')],
    ['pass', right([], true), rights('')],
    ['fail', right([], true), rights('*S-1-5-32-545')],
    ['pass', { service: 'SPOOLER', start: 'disabled' }, '[Service General Setting]\n"Spooler",4,""\n'],
    ['fail', { service: 'Spooler', start: 'automatic' }, '[Service General Setting]\n"Spooler",4,""\n'],
    [
      'pass',
      { option: String.raw`MACHINE\Software\X\Y`, data: 'Bonjour, vous' },
      '[Registry Values]\nMACHINE\\Software\\X\\Y=1,"Bonjour, vous"\n',
    ],
    [
      'fail',
      { option: String.raw`MACHINE\Software\X\Y`, data: 1 },
      '[Registry Values]\nMACHINE\\Software\\X\\Y=4,0\n',
    ],
  ])('%s where %j is asked', (verdict, security, body) =>
    expect(said({ security }, files(body))).toBe(verdict),
  )
})

describe('a script and a preference', () => {
  const scripts = (body: string, half = 'User', name = 'scripts') => ({
    [`${half}/Scripts/${name}.ini`]: utf16(body),
  })
  const logon = '[Logon]\n0CmdLine=\\\\agence1.lan\\netlogon\\Lecteurs.BAT\n0Parameters=/x\n'
  it.each<[string, Record<string, unknown>, Record<string, Buffer>]>([
    ['pass', { when: 'logon', command: 'lecteurs.bat' }, scripts(logon)],
    ['pass', { when: 'logon', command: String.raw`\\AGENCE1.lan\netlogon\lecteurs.bat` }, scripts(logon)],
    ['fail', { when: 'logon', command: String.raw`\\autre.lan\netlogon\lecteurs.bat` }, scripts(logon)],
    ['fail', { when: 'logon', command: 'teurs.bat' }, scripts(logon)],
    ['fail', { when: 'logon', command: 'lecteurs.bat', parameters: '' }, scripts(logon)],
    ['fail', { when: 'logoff', command: 'lecteurs.bat' }, scripts(logon)],
    ['fail', { when: 'logon', command: 'lecteurs.bat' }, scripts(logon, 'Machine')],
    [
      'pass',
      { when: 'startup', command: 'a.ps1' },
      scripts('[Startup]\n0CmdLine="C:\\un dossier\\a.ps1"\n0Parameters=\n', 'Machine', 'psscripts'),
    ],
    ['unknown/unparsable', { when: 'logon', command: 'b.bat' }, scripts('[Logon]\n0CmdLine\n')],
  ])('%s where %j is asked', (verdict, script, files) => expect(said({ script }, files)).toBe(verdict))

  const drives = (...drives: [letter: string, action: string, more?: string][]) => ({
    'User/Preferences/Drives/Drives.xml': Buffer.from(
      `<?xml version="1.0"?><Drives>${drives
        .map(
          ([letter, action, more = '']) =>
            `<Drive name="${letter}:" ${more}><Properties action="${action}" letter="${letter}" path="\\\\srv\\p" persistent="1" cpassword=""/></Drive>`,
        )
        .join('')}</Drives>`,
    ),
  })
  const firstFree = {
    'User/Preferences/Drives/Drives.xml': Buffer.from(
      '<Drives><Drive name="P:"><Properties action="U" letter="P" useLetter="0" path="x"/></Drive></Drives>',
    ),
  }
  const drive = (properties: Record<string, unknown>, more = {}) => ({ kind: 'drive', properties, ...more })
  it.each<[string, Record<string, unknown>, Record<string, Buffer>]>([
    [
      'pass',
      drive({ letter: 'P', path: String.raw`\\SRV\P`, persistent: true }),
      drives(['Q', 'U'], ['P', 'U']),
    ],
    ['fail', drive({ letter: 'P' }), drives(['Q', 'U'])],
    ['pass', drive({ letter: 'p' }), drives(['P', 'U'])],
    ['unknown/control', drive({ letter: 'P' }), firstFree],
    ['pass', drive({ letter: 'P', useLetter: false }), firstFree],
    ['fail', drive({ letter: 'P' }), drives(['P', 'D'])],
    ['pass', drive({ letter: 'P' }, { action: 'delete' }), drives(['P', 'D'])],
    ['pass', drive({ letter: 'P' }, { action: 'update' }), drives(['P', ''])],
    ['fail', drive({ letter: 'P' }, { action: 'create' }), drives(['P', 'U'])],
    ['fail', drive({ letter: 'P' }), drives(['P', 'U', 'disabled="1"'])],
    ['fail', drive({ letter: 'P', label: 'x' }), drives(['P', 'U'])],
    ['fail', drive({ letter: 'P' }, { scope: 'computer' }), drives(['P', 'U'])],
    ['pass', drive({ letter: 'P' }, { scope: 'user' }), drives(['P', 'U'])],
    [
      'unknown/unparsable',
      drive({ letter: 'P' }),
      { 'User/Preferences/Drives/Drives.xml': Buffer.from('<Drives>') },
    ],
    ['fail', { kind: 'printer', properties: { path: 'x' } }, drives(['P', 'U'])],
  ])('%s where %j is asked', (verdict, preference, files) =>
    expect(said({ preference }, files)).toBe(verdict),
  )
})

describe('what an author may ask', () => {
  const read = (wanted: Record<string, unknown>) =>
    groupPolicySetting.params.safeParse({ on: 'dc', gpo: 'P', ...wanted }).success
  const script = { when: 'logon', command: 'a.bat' }
  it('is exactly one setting, of a known shape', () => {
    expect(read({ script })).toBe(true)
    expect(read({})).toBe(false)
    expect(read({ script, ...value() })).toBe(false)
    expect(read(value({ key: String.raw`HKLM\Software\X` }))).toBe(false)
    expect(read({ security: { right: 'SeDenyNetworkLogonRight', accounts: ['Invités'] } })).toBe(false)
    expect(read({ security: { setting: 'LockoutBadCount' } })).toBe(false)
    expect(read({ preference: { kind: 'drive', properties: {} } })).toBe(false)
  })
})
