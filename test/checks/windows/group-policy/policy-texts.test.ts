import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { policyVersion } from '../../../../checks/windows/group-policy/gpt-ini.ts'
import { MalformedPolicyFile } from '../../../../checks/windows/group-policy/policy-file.ts'
import { policyScripts } from '../../../../checks/windows/group-policy/scripts-ini.ts'
import { securityTemplate } from '../../../../checks/windows/group-policy/security-template.ts'

/** As Windows' own editors write it: UTF-16LE with a byte order mark. */
const utf16 = (text: string): Buffer => Buffer.from(`\ufeff${text}`, 'utf16le')
const signed = (text: string): string =>
  `[Unicode]\r\nUnicode=yes\r\n[Version]\r\nsignature="$CHICAGO$"\r\nRevision=1\r\n${text}`
const settings = (text: string) => securityTemplate(utf16(signed(text))).settings

describe('GptTmpl.inf', () => {
  it('numbers, words and logs', () => {
    expect(
      settings(
        '[System Access]\r\nMinimumPasswordLength = 12\r\nNewAdministratorName = "Économe, A"\r\nLockoutDuration=-1\r\n' +
          '[Kerberos Policy]\r\nMaxClockSkew=5\r\n[Security Log]\r\nMaximumLogSize = 204800\r\n[Event Audit]\r\nAuditLogonEvents = 3\r\nAuditPolicyChange=1',
      ),
    ).toEqual([
      { section: 'system-access', name: 'MinimumPasswordLength', value: 12 },
      { section: 'system-access', name: 'NewAdministratorName', value: 'Économe, A' },
      { section: 'system-access', name: 'LockoutDuration', value: -1 },
      { section: 'kerberos-policy', name: 'MaxClockSkew', value: 5 },
      { section: 'event-log', name: 'Security.MaximumLogSize', value: 204_800 },
      { section: 'event-audit', name: 'AuditLogonEvents', success: true, failure: true },
      { section: 'event-audit', name: 'AuditPolicyChange', success: true, failure: false },
    ])
  })

  it('registry values of each type', () => {
    const key = String.raw`MACHINE\System\CurrentControlSet\Services\LanManServer\Parameters`
    expect(
      settings(
        `[Registry Values]\r\n${key}\\RequireSecuritySignature=4,1\r\n${key}\\Text=1,"a, b ""c"""\r\n${key}\\Bytes=3,0,255\r\n${key}\\List=7,un,deux\r\n${key}\\Minus=4,-1`,
      ),
    ).toEqual([
      {
        section: 'registry-values',
        key,
        value: 'RequireSecuritySignature',
        data: { type: 'REG_DWORD', value: 1 },
      },
      { section: 'registry-values', key, value: 'Text', data: { type: 'REG_SZ', value: 'a, b "c"' } },
      { section: 'registry-values', key, value: 'Bytes', data: { type: 'REG_BINARY', value: '00ff' } },
      {
        section: 'registry-values',
        key,
        value: 'List',
        data: { type: 'REG_MULTI_SZ', value: ['un', 'deux'] },
      },
      { section: 'registry-values', key, value: 'Minus', data: { type: 'REG_DWORD', value: 0xffff_ffff } },
    ])
  })

  it('rights, groups, services and files; an empty list is a list', () => {
    expect(
      settings(
        '[Privilege Rights]\r\nSeRemoteInteractiveLogonRight = *S-1-5-32-544,Équipe\r\nSeDenyNetworkLogonRight =\r\n' +
          '[Group Membership]\r\n*S-1-5-32-544__Members = *s-1-5-21-1-2-3-500\r\nCompta__Memberof =\r\n' +
          '[Service General Setting]\r\n"Spooler",4,""\r\nW32Time=2,"D:AR"\r\n[File Security]\r\n"%SystemRoot%\\a, b",0,"D:PAR"',
      ),
    ).toEqual([
      {
        section: 'privilege-rights',
        right: 'SeRemoteInteractiveLogonRight',
        accounts: ['S-1-5-32-544', 'Équipe'],
      },
      { section: 'privilege-rights', right: 'SeDenyNetworkLogonRight', accounts: [] },
      {
        section: 'group-membership',
        group: 'S-1-5-32-544',
        relation: 'members',
        accounts: ['S-1-5-21-1-2-3-500'],
      },
      { section: 'group-membership', group: 'Compta', relation: 'member-of', accounts: [] },
      { section: 'service', name: 'Spooler', start: 4, sddl: '' },
      { section: 'service', name: 'W32Time', start: 2, sddl: 'D:AR' },
      { section: 'file-security', path: String.raw`%SystemRoot%\a, b`, mode: 0, sddl: 'D:PAR' },
    ])
  })

  it('a section that is not known is named, not left out in silence', () => {
    const read = securityTemplate(utf16(signed('[Wireless]\r\nx=1')))
    expect(read).toEqual({ settings: [], unknownSections: ['wireless'] })
  })

  it.each([
    ['no signature', '[System Access]\r\nMinimumPasswordLength=1', /CHICAGO/],
    [
      'an audit setting that is none',
      signed('[Event Audit]\r\nAuditLogonEvents = 4'),
      /line 7: no audit setting/,
    ],
    [
      'a number of 33 bits',
      signed('[Registry Values]\r\nMACHINE\\a\\b=4,4294967296'),
      /line 7: no number of 32/,
    ],
    ['another registry type', signed('[Registry Values]\r\nMACHINE\\a\\b=11,1'), /line 7: a registry type/],
    ['a quote that is not closed', signed('[Registry Values]\r\nMACHINE\\a\\b=1,"x'), /line 7: a quote/],
    ['a line without a key', signed('[System Access]\r\nbonjour'), /line 7: no key/],
    ['a section that is not closed', signed('[System'), /line 6: a section/],
    ['text before any section', `x=1\r\n${signed('')}`, /line 1: text before/],
  ])('%s is refused with its line', (_name, text, why) => {
    expect(() => securityTemplate(utf16(text))).toThrow(why)
  })

  it('is read in UTF-8 and ANSI as well; half a character is refused', () => {
    const text = signed('[System Access]\r\nNewGuestName = "Invité"')
    const value = [{ section: 'system-access', name: 'NewGuestName', value: 'Invité' }]
    for (const encoding of ['utf8', 'latin1'] as const)
      expect(securityTemplate(Buffer.from(text, encoding)).settings).toEqual(value)
    expect(() => securityTemplate(utf16(text).subarray(0, -1))).toThrow(/half/)
  })
})

describe('scripts.ini and psscripts.ini', () => {
  it('by event and by number, whatever their order in the file', () => {
    const text =
      '\r\n[ScriptsConfig]\r\nStartExecutePSFirst=true\r\n[Logon]\r\n1CmdLine=deux.cmd\r\n1Parameters=\r\n0CmdLine=\\\\srv\\netlogon\\un.cmd\r\n0Parameters=/q "a=b"\r\n[Startup]\r\n0cmdline=c.cmd\r\n'
    expect(policyScripts(utf16(text), 'command')).toEqual([
      { event: 'startup', language: 'command', order: 0, command: 'c.cmd', parameters: '' },
      {
        event: 'logon',
        language: 'command',
        order: 0,
        command: String.raw`\\srv\netlogon\un.cmd`,
        parameters: '/q "a=b"',
      },
      { event: 'logon', language: 'command', order: 1, command: 'deux.cmd', parameters: '' },
    ])
  })
  it('parameters without a script, and other lines, are refused', () => {
    expect(() => policyScripts(utf16('[Logon]\r\n0Parameters=x'), 'powershell')).toThrow(/without a script/)
    expect(() => policyScripts(utf16('[Logon]\r\nCmdLine=x'), 'powershell')).toThrow(/line 2/)
  })
})

describe('GPT.INI', () => {
  it('the user’s half is above the computer’s', () => {
    const text = '[General]\r\nVersion=131075\r\ndisplayName=Nouvel objet\r\nVersion=1\r\n'
    expect(policyVersion(Buffer.from(text))).toEqual({ user: 2, computer: 3, displayName: 'Nouvel objet' })
    expect(policyVersion(Buffer.from('[General]'))).toEqual({ user: 0, computer: 0, displayName: null })
  })
  it('what is no version is refused', () => {
    for (const version of ['4294967296', '-1', 'x', ''])
      expect(() => policyVersion(Buffer.from(`[General]\r\nVersion=${version}`))).toThrow(/32 bits/)
    expect(() => policyVersion(Buffer.from('Version=1'))).toThrow(/before the first section/)
  })
})

it('whatever the bytes, they are read or refused', () => {
  const line = fc.constantFrom(
    '[System Access]',
    '[Logon]',
    '[General]',
    'a=1',
    '0CmdLine=x',
    '"a",1,"b',
    '"',
    ',',
    '=',
    '\0',
    'é',
  )
  const text = fc.array(line).map((lines) => Buffer.from(signed(lines.join('\r\n'))))
  fc.assert(
    fc.property(fc.oneof(fc.uint8Array({ maxLength: 400 }), text), (bytes) => {
      for (const read of [securityTemplate, policyVersion, (b: Uint8Array) => policyScripts(b, 'command')])
        try {
          read(bytes)
        } catch (error) {
          if (!(error instanceof MalformedPolicyFile)) throw error
        }
    }),
    { numRuns: 1000 },
  )
})
