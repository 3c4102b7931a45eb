import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { readExam } from '../../checks/exam.ts'
import { factsOf, readSession, resolveCandidate } from '../../checks/session-reader.ts'
import { sources, valid } from './exam-file.ts'
import { exam, sessionDiagnostics, validSession } from './session-file.ts'

function resolved(code: string) {
  const { session } = readSession('session.yaml', validSession)
  const candidate = session!.file.candidates.find((c) => c.code === code)!
  return resolveCandidate(session!, exam, candidate).resolved!
}

/** The valid session with its domain controller asked in other ways, and two more credentials. */
const withDc = (ways: string) =>
  validSession
    .replace('shared:', '  cle: { user: a, key: env:CLE }\n  nom: { user: a }\nshared:')
    .replace('ldap: { credential: ad, domain: "agence{{n}}.lan" }', ways)

describe('the ways to a Windows machine', () => {
  const facts = (ways: string) => {
    const { session } = readSession('session.yaml', withDc(ways))
    const { resolved: found, diagnostics } = resolveCandidate(session!, exam, session!.file.candidates[0]!)
    expect(diagnostics).toEqual([])
    return factsOf(exam, found!).targets['dc']!.transports
  }
  it.each([
    ['winrm: { credential: ad }', ['powershell']],
    ['winrm: { credential: ad, scheme: https }', ['powershell']],
    ['winrm: { credential: ad, identity: S-1-5-21-1-2-3 }', ['powershell']],
    ['ssh: { credential: ad, shell: powershell }', ['powershell']],
    ['ssh: { credential: ad }', ['ssh']],
    ['local: powershell', ['powershell']],
    ['local: true', ['local']],
    ['winrm: { credential: ad }, ldap: { through: powershell, domain: a.lan }', ['powershell', 'ldap']],
    ['smb: { credential: ad }', ['smb']],
  ])('%s', (ways, transports) => {
    expect(facts(ways)).toEqual(transports)
  })

  it.each([
    ['ldap: { through: powershell, domain: a.lan }', /rien ne mène au PowerShell de « dc »/],
    ['ldap: { domain: a.lan }', /« credential » .* ou « through: powershell »/],
    [
      'winrm: { credential: ad }, ldap: { credential: ad, through: powershell, domain: a.lan }',
      /pas les deux/,
    ],
    ['winrm: { credential: ad, ca: ca.pem }', /n’a de sens qu’avec « scheme: https »/],
    [`winrm: { credential: ad, identity: "SHA256:${'A'.repeat(43)}" }`, /le SID du domaine/],
    ['winrm: { credential: ad, scheme: https, identity: S-1-5-21-1-2-3 }', /l’empreinte du certificat/],
    ['winrm: { credential: cle }', /identifiants « cle » : winrm demande « user » et « password », une clé/],
    ['smb: { credential: cle }', /identifiants « cle » : smb demande « user » et « password »/],
    ['snmp: { credential: ad, version: 2c }', /identifiants « ad » : SNMP 2c demande « community »/],
    ['ssh: { credential: nom }', /identifiants « nom » : ssh demande « user », et « password » ou « key »/],
    ['winrm: { credential: ad, tls: https }', /clé inconnue « tls » ; clés possibles : ca, port, /],
    ['winrm: { credential: nobody }', /identifiants inconnus « nobody »/],
    ['smb: { credential: nobody }', /identifiants inconnus « nobody »/],
  ])('%s is refused', (ways, why) => {
    const { fr } = sessionDiagnostics(withDc(ways))
    expect(fr.length).toBeGreaterThan(0)
    expect(fr[0]).toMatch(why)
    expect(fr[0]).toMatch(/^session\.yaml:12:\d+/)
  })
})

it('says what a directory needs, and not “not both” where it has neither', () => {
  const said = (ways: string) => sessionDiagnostics(withDc(ways)).fr.join()
  expect(said('ldap: { domain: a.lan }')).not.toContain('pas les deux')
  const both = 'winrm: { credential: ad }, ldap: { credential: ad, through: powershell, domain: a.lan }'
  expect(said(both)).toContain('pas les deux')
})

describe('a session', () => {
  it('gives each candidate their machines, what is their own over what is everybody’s', () => {
    expect(sessionDiagnostics(validSession).fr).toEqual([])
    expect(resolved('C01').targets['web']?.target).toMatchObject({
      address: '10.0.1.20',
      ssh: { port: 2201 },
    })
    expect(resolved('C02').targets['web']?.target).toMatchObject({ address: '10.9.9.9', ssh: { port: 2202 } })
    expect(resolved('C02').targets['sw']?.shared).toEqual({ name: 'sw', candidates: 4 })
    expect(resolved('C02').credentials['ad']?.user).toBe('lecture@agence2.lan')
  })

  it('lets checks know addresses and ways, and no credential', () => {
    const facts = factsOf(exam, resolved('C01'))
    expect(facts.targets['dc']).toEqual({
      kind: 'windows',
      address: '10.0.1.10',
      transports: ['ldap'],
      shared: false,
      domain: 'agence1.lan',
    })
    expect(JSON.stringify(facts)).not.toMatch(/env:|vault:|root|lecture/)
  })

  it.each([
    [
      'a secret written out',
      'env:ADMIN',
      'hunter2',
      '4:34: « password » : un secret ne s’écrit pas ici',
      '4:34: “password”: a secret is not written here',
    ],
    [
      'an unknown credential',
      'credential: admin',
      'credential: admn',
      '9:55: identifiants inconnus « admn »',
      '9:55: unknown credential “admn”',
    ],
    [
      'an unresolved placeholder',
      '10.0.{{n}}.20',
      '10.0.{{m}}.20',
      '9:19: {{m}} ne désigne rien pour le candidat C01',
      '9:19: {{m}} stands for nothing for candidate C01',
    ],
    [
      'an unknown way of asking',
      'ldap:',
      'ldpa:',
      '10:35: clé inconnue « ldpa »',
      '10:35: unknown key “ldpa”',
    ],
    [
      'a wrong address',
      '10.9.9.9',
      '"-oProxyCommand=x"',
      '14:51: « address » : une adresse IP ou un nom de machine',
      '14:51: “address”: an IP address or a host name',
    ],
    [
      'a code given twice',
      'code: C02',
      'code: C01',
      '14:13: « C01 » est déjà donné',
      '14:13: “C01” is already',
    ],
    ['a number given twice', 'n: 2,', 'n: 1,', '14:21: « 1 » est déjà donné', '14:21: “1” is already'],
    [
      'a machine both shared and not',
      'targets:\n  web',
      'targets:\n  sw: { address: 10.0.0.3 }\n  web',
      '9:7: « sw » est déjà une machine partagée',
      '9:7: “sw” is a shared machine already',
    ],
    [
      'a machine missing',
      '  dc: { address: "10.0.{{n}}.10", ldap: { credential: ad, domain: "agence{{n}}.lan" } }\n',
      '',
      "9:3: le rôle « dc » du sujet n'a pas de machine",
      '9:3: role “dc” of the exam has no machine',
    ],
    [
      'a jump host that is none',
      'credential: admin,',
      'credential: admin, jump: bastion,',
      '9:68: rebond inconnu « bastion »',
      '9:68: unknown jump host “bastion”',
    ],
    [
      'a jump host without ssh',
      'credential: admin,',
      'credential: admin, jump: dc,',
      "9:68: le rebond « dc » n'est pas joint par ssh",
      '9:68: the jump host “dc” is not reached by ssh',
    ],
    [
      'a jump host through itself',
      'credential: admin,',
      'credential: admin, jump: web,',
      '9:68: les rebonds tournent en rond',
      '9:68: the jump hosts go round',
    ],
    [
      'no candidate',
      /candidates:\n {2}-[^]*$/,
      'candidates: []\n',
      '12:13: « candidates »',
      '12:13: “candidates”',
    ],
    ['a wrong date', '2026-12-01', '2026-13-01', '2:7: « date »', '2:7: “date”'],
  ])('says where there is %s, in both languages', (_what, from, to, fr, en) => {
    const text = validSession.replace(from, to)
    expect(text).not.toBe(validSession)
    const said = sessionDiagnostics(text)
    expect(
      said.fr.find((line) => line.startsWith(`session.yaml:${fr}`)),
      said.fr.join('\n'),
    ).toBeDefined()
    expect(
      said.en.find((line) => line.startsWith(`session.yaml:${en}`)),
      said.en.join('\n'),
    ).toBeDefined()
  })

  it('never repeats a secret that was written where none belongs', () => {
    const said = sessionDiagnostics(validSession.replace('env:ADMIN', 'hunter2'))
    expect([...said.fr, ...said.en].join()).not.toContain('hunter2')
  })

  it('takes no machine for one whose name every object knows', () => {
    const other = readExam(
      'sujet.yaml',
      valid.replace('sw: switch', 'sw: switch, constructor: host'),
      sources,
    ).exam!
    const { session } = readSession('session.yaml', validSession)
    const { resolved: none, diagnostics } = resolveCandidate(session!, other, session!.file.candidates[0]!)
    expect(none).toBeNull()
    expect(diagnostics[0]?.message.en).toContain('role “constructor”')
  })

  it('never throws, whatever is cut, doubled, or put in', () => {
    const odd = fc.constantFrom(
      '',
      '{',
      '}',
      '[',
      '&a ',
      '*a',
      '"',
      ': ',
      '- ',
      '\n',
      '\t',
      'null',
      '{{n}}',
      '__proto__: ',
      'constructor: ',
      '~',
      '<<: *a',
      '\u0000',
    )
    const edit = fc.tuple(fc.nat({ max: validSession.length }), fc.nat({ max: 30 }), odd)
    fc.assert(
      fc.property(fc.array(edit, { minLength: 1, maxLength: 4 }), (edits) => {
        let text = validSession
        for (const [at, length, put] of edits) text = text.slice(0, at) + put + text.slice(at + length)
        const { session, diagnostics } = readSession('session.yaml', text)
        expect(session === null).toBe(diagnostics.length > 0)
        for (const candidate of session?.file.candidates ?? []) {
          const { resolved: one, diagnostics: wrong } = resolveCandidate(session!, exam, candidate)
          expect(one === null).toBe(wrong.length > 0)
          if (one) factsOf(exam, one)
        }
      }),
      { numRuns: 600 },
    )
  }, 30_000)
})
