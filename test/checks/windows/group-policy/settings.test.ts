import { randomBytes } from 'node:crypto'
import * as fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { policyVersion } from '../../../../checks/windows/group-policy/gpt-ini.ts'
import { MalformedPolicyFile } from '../../../../checks/windows/group-policy/policy-file.ts'
import { preferences } from '../../../../checks/windows/group-policy/preferences.ts'
import { policyScripts } from '../../../../checks/windows/group-policy/scripts-ini.ts'
import { securityTemplate } from '../../../../checks/windows/group-policy/security-template.ts'
import { settingsOf } from '../../../../checks/windows/group-policy/settings.ts'
import { registryPol, uint32 } from './registry-pol-file.ts'

const utf16 = (text: string) => Buffer.from(`\ufeff${text.replaceAll('\n', '\r\n')}`, 'utf16le')
const template = (body: string) =>
  utf16(`[Unicode]\nUnicode=yes\n[Version]\nsignature="$CHICAGO$"\nRevision=1\n${body}`)
const drive = (attributes: string, inside = '') =>
  Buffer.from(
    `<?xml version="1.0" encoding="utf-8"?>\n<Drives clsid="{8F}"><Drive name="P:" ${attributes}>` +
      `<Properties action="U" path="\\\\srv\\été &amp; h&#233;" letter="P"/>${inside}</Drive></Drives>`,
  )

describe('preferences', () => {
  test('an item has its action, properties and targeting', () => {
    const filters = '<Filters><FilterGroup bool="AND" not="0" name="LYON\\Compta"/></Filters>'
    expect(preferences(drive('disabled="1"', filters)).preferences).toEqual([
      {
        kind: 'drive',
        element: 'Drive',
        action: 'U',
        name: 'P:',
        properties: { action: 'U', path: '\\\\srv\\été & hé', letter: 'P' },
        details: [],
        filters: [
          {
            name: 'FilterGroup',
            attributes: { bool: 'AND', not: '0', name: 'LYON\\Compta' },
            text: '',
            children: [],
          },
        ],
        disabled: true,
        hasPassword: false,
      },
    ])
  })

  test('a password is said to be there, and is nowhere', () => {
    const secret = randomBytes(24).toString('base64')
    const xml = `<Groups><Collection name="c" disabled="1"><User name="a"><Properties action="C" cpassword="${secret}"><X CPassword="${secret}"/></Properties></User></Collection><User name="b"><Properties action="C" cpassword=""/></User></Groups>`
    const read = preferences(Buffer.from(xml))
    expect(read.preferences.map((p) => [p.name, p.hasPassword, p.disabled])).toEqual([
      ['a', true, true],
      ['b', false, false],
    ])
    expect(JSON.stringify(read)).not.toContain(secret)
    expect(JSON.stringify(read)).not.toMatch(/cpassword/i)
  })

  test('document types, depth and what is not well-formed are refused', () => {
    const bomb = '<!DOCTYPE Drives [<!ENTITY a "aaaa"><!ENTITY b "&a;&a;">]><Drives>&b;</Drives>'
    const deep = `<Drives>${'<Collection>'.repeat(5000)}${'</Collection>'.repeat(5000)}</Drives>`
    expect(() => preferences(Buffer.from(bomb))).toThrow('a document type is refused')
    expect(() => preferences(utf16(bomb))).toThrow('a document type is refused')
    for (const wrong of [
      deep,
      '<Drives>',
      '<Drives/><Drives/>',
      '<Other/>',
      '',
      '<Drives><Drive name="x"/></Drives>',
    ])
      expect(() => preferences(Buffer.from(wrong)), wrong.slice(0, 40)).toThrow(MalformedPolicyFile)
  })
})

test('the files of a policy give their settings, and what could not be read is said', () => {
  const pol = registryPol([{ key: 'K', value: 'v', type: 4, data: uint32(1) }])
  const read = settingsOf(
    new Map<string, Uint8Array>([
      ['GPT.INI', Buffer.from('[General]\nVersion=65537')],
      ['Machine\\Registry.pol', pol],
      ['User/registry.pol', pol.subarray(0, 20)],
      ['MACHINE/Microsoft/Windows NT/SecEdit/GptTmpl.inf', template('[System Access]\nA=1\n[Strange]\nx=1')],
      ['User/Scripts/scripts.ini', utf16('[Logon]\n0CmdLine=a.cmd')],
      ['User/Preferences/Drives/Drives.xml', drive('')],
      ['User/Scripts/Logon/a.cmd', Buffer.from('echo')],
    ]),
  )
  expect(read.version).toEqual({ user: 1, computer: 1, displayName: null })
  expect(read.settings.map((s) => [s.scope, s.source])).toEqual([
    ['computer', 'registry'],
    ['computer', 'security'],
    ['user', 'script'],
    ['user', 'preference'],
  ])
  expect(read.unread).toEqual([
    { path: 'User/registry.pol', why: 'cut at byte 20' },
    { path: 'MACHINE/Microsoft/Windows NT/SecEdit/GptTmpl.inf', why: 'not known here: strange' },
    { path: 'User/Scripts/Logon/a.cmd', why: 'no file of settings that is known here' },
  ])
})

describe('arbitrary files are read or refused, never anything else', () => {
  const words = [
    '[',
    ']',
    '=',
    ',',
    '"',
    '\n',
    'Logon',
    '0CmdLine',
    'Version',
    '<',
    '>',
    '/',
    'Drives',
    'Drive',
  ]
  const more = [
    '<Properties',
    ' action="U"',
    '&#',
    ';',
    '<!--',
    '<![CDATA[',
    '<?',
    '__proto__',
    'Registry Values',
    '4',
  ]
  const text = fc.array(fc.constantFrom(...words, ...more), { maxLength: 60 }).map((parts) => parts.join(''))
  const file = fc.oneof(
    fc.uint8Array({ maxLength: 300 }),
    text.map((t) => Buffer.from(t)),
    text.map(utf16),
    text.map(template),
    text.map((t) => drive('', t)),
  )
  const readers = {
    'GPT.INI': policyVersion,
    'GptTmpl.inf': securityTemplate,
    'scripts.ini': (bytes: Uint8Array) => policyScripts(bytes, 'powershell'),
    preferences,
  }
  test.each(Object.entries(readers))('%s', (_, read) => {
    fc.assert(
      fc.property(file, (bytes) => {
        try {
          read(bytes)
        } catch (error) {
          expect(error).toBeInstanceOf(MalformedPolicyFile)
        }
      }),
      { numRuns: 1000 },
    )
  })
})
