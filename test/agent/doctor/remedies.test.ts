import { describe, expect, it } from 'vitest'
import { parse } from 'yaml'
import { problemOf, problems, StepFailure, type Problem } from '../../../agent/doctor/problem.ts'
import { remediesFor } from '../../../agent/doctor/remedies/remedies.ts'
import type { Situation } from '../../../agent/doctor/remedies/remedy.ts'
import { doctorWays, steps, type Step } from '../../../agent/doctor/step.ts'
import { programName } from '../../../agent/terminal/program-name.ts'
import { TransportFailure } from '../../../agent/transports/transport.ts'
import { causeSchema } from '../../../checks/verdict.ts'

const situation = (way: Situation['way'], more: Partial<Situation> = {}): Situation => ({
  way,
  address: '10.0.1.10',
  port: 5985,
  tls: false,
  starttls: false,
  user: String.raw`AGENCE\surveillant`,
  domain: 'agence.lan',
  snmp: null,
  from: { address: '10.0.0.5', network: '10.0.0.0/24' },
  identity: null,
  where: 'winrm 10.0.1.10:5985',
  jump: null,
  again: 'probant doctor dc',
  credential: 'admin',
  secrets: [{ kind: 'password', from: 'env:ADMIN_PASSWORD', missing: false }],
  usualPort: 5985,
  pinned: false,
  ca: null,
  doctorOf: (role) => `probant doctor ${role}`,
  typed: null,
  folder: '/session',
  ...more,
})
const names = Object.keys(problems) as Problem[]
const variants = doctorWays.flatMap((way) => [
  situation(way),
  situation(way, {
    tls: true,
    port: null,
    user: null,
    domain: null,
    where: null,
    from: { address: null, network: null },
  }),
  situation(way, { starttls: true, snmp: { version: '2c', auth: 'sha', privacy: 'aes' } }),
  situation(way, {
    port: 15985,
    identity: `SHA256:${'A'.repeat(43)}`,
    credential: null,
    doctorOf: null,
    typed: { address: 'winrm://surveillant@10.0.1.10:15985', options: ['--password-env', 'PW'] },
    secrets: [{ kind: 'password', from: 'prompt', missing: false }],
  }),
  situation(way, { secrets: [], ca: 'ca.pem', pinned: true }),
])
const everything = variants.flatMap((one) =>
  names.flatMap((problem) =>
    remediesFor(problem, one).map((remedy) => ({ ...remedy, problem, way: one.way })),
  ),
)

describe('remedies', () => {
  it('each step that may fail, for each cause, on each way, leads to one', () => {
    for (const way of doctorWays)
      for (const step of Object.keys(steps) as Step[])
        for (const cause of causeSchema.options) {
          const problem = problemOf(way, step, new TransportFailure(cause, ''))
          const found = remediesFor(problem, situation(way))
          expect(found.length, `${way} ${step} ${cause}`).toBeGreaterThan(0)
          expect(found.some(({ lines, place }) => lines.length > 0 || place === 'room')).toBe(true)
        }
  })

  it('a problem that a step knows exactly stays that one', () => {
    for (const problem of names)
      expect(problemOf('winrm', 'shell', new StepFailure(problem, ''))).toBe(problem)
  })

  it('what is said is in both languages, and no line is cut or broken', () => {
    for (const { says, lines } of everything) {
      expect(says.fr.length).toBeGreaterThan(5)
      expect(says.en.length).toBeGreaterThan(5)
      for (const line of lines) expect(line).not.toMatch(/[\n\r\t\u00a0\u202f]|undefined|\[object|NaN/)
    }
    for (const { says } of Object.values(problems)) expect(says.fr).not.toBe(says.en)
  })

  it('asks nobody to weaken a machine', () => {
    const lines = everything.flatMap((one) => one.lines)
    for (const line of lines) {
      expect(line).not.toMatch(/AllowUnencrypted.*(true|1\b)/i)
      expect(line).not.toMatch(/Basic/i)
      expect(line).not.toMatch(
        /Set-ExecutionPolicy|DisableRealtimeMonitoring|firewall.*(off|disable)|Enabled False/i,
      )
      expect(line).not.toMatch(/TrustedHosts|PermitRootLogin yes|StrictHostKeyChecking|RemoteAddress Any/i)
      expect(line).not.toMatch(/RestrictReceivingNTLMTraffic.*-Value/i)
    }
    // The one that costs something says what, and how to take it back.
    for (const { says, lines, place } of everything.filter((one) =>
      one.lines.join().includes('LocalAccountTokenFilterPolicy'),
    )) {
      expect(place).toBe('windows')
      expect(says.fr).toMatch(/isolée seulement.*mot de passe volé/)
      expect(lines.at(-1)).toContain('Remove-ItemProperty')
    }
  })

  it('groups by their SID, as their names depend on the language', () => {
    const lines = everything.flatMap((one) => one.lines)
    expect(lines.join('\n')).toContain("Add-LocalGroupMember -SID S-1-5-32-580 -Member 'surveillant'")
    expect(lines.join('\n')).not.toMatch(/-Group\b|Administrators|Administrateurs/)
  })

  it('opens a port to the agent’s network alone', () => {
    const lines = remediesFor('port-silent', situation('winrm')).flatMap((one) => one.lines)
    expect(lines[0]).toBe(
      'New-NetFirewallRule -Name Probant-WinRM -DisplayName Probant-WinRM -Direction Inbound -Protocol TCP -LocalPort 5985 -RemoteAddress 10.0.0.0/24 -Action Allow',
    )
  })

  it('an account’s name does no more than name it', () => {
    const user = "o'brien\u2019; Remove-Item C:\\ #"
    const shell = "o'brien; rm -rf /"
    for (const problem of names) {
      for (const { lines, place } of remediesFor(problem, situation('winrm', { user: `AGENCE\\${user}` })))
        for (const line of lines)
          if (place === 'session' && line.includes('brien'))
            expect(parse(line)).toMatchObject({ admin: { user: `AGENCE\\${user}` } })
          else if (line.includes('brien'))
            expect(line.replaceAll(/'(?:[^'\u2019]|''|\u2019\u2019)*'/g, '')).not.toMatch(/brien|Remove-Item/)
      for (const { lines, place } of remediesFor(problem, situation('ssh', { user: shell })))
        for (const line of lines)
          if (place !== 'session' && line.includes('brien'))
            expect(line.replaceAll(String.raw`'\''`, '').replaceAll(/'[^']*'/g, '')).not.toMatch(/rm -rf/)
    }
  })

  it.each([
    ['winrm', 'port-refused', 'Enable-PSRemoting -Force'],
    ['ldap', 'tls-missing', 'ldap: { through: powershell, domain: agence.lan }'],
    ['ssh', 'port-refused', 'systemctl enable --now ssh'],
    ['snmp', 'account-refused', 'createUser surveillant SHA-256 "AUTH-KEY" AES "PRIV-KEY"'],
    ['winrm', 'quota', String.raw`Set-Item -Path WSMan:\localhost\Shell\MaxShellsPerUser -Value 30`],
    ['ssh', 'host-key-other', `${programName()} identities forget 'winrm 10.0.1.10:5985' --reason VM`],
  ] as const)('%s %s: %s', (way, problem, line) => {
    expect(remediesFor(problem, situation(way)).flatMap((one) => one.lines)).toContain(line)
  })
})

const linesOf = (problem: Problem, one: Situation, place?: string): string[] =>
  remediesFor(problem, one)
    .filter((remedy) => place === undefined || remedy.place === place)
    .flatMap(({ lines }) => lines)
const typed = (address: string, options: string[] = [], more: Partial<Situation> = {}): Situation =>
  situation('winrm', {
    credential: null,
    doctorOf: null,
    typed: { address, options },
    again: ['probant doctor', address, ...options].join(' '),
    user: 'surveillant',
    ...more,
  })

describe('refused credentials', () => {
  const from = (origin: string, kind: 'password' | 'key' = 'password'): Partial<Situation> => ({
    secrets: [{ kind, from: origin, missing: false }],
  })

  it.each([
    [
      'env:ADMIN_PASSWORD',
      'env:ADMIN_PASSWORD dans la session',
      'read -rs ADMIN_PASSWORD && export ADMIN_PASSWORD',
    ],
    ['vault:admin', 'vault:admin dans la session', `${programName()} vault set admin`],
  ])('the secret is looked at first, where the session takes it: %s', (origin, said, line) => {
    for (const way of ['winrm', 'ssh', 'powershell-ssh', 'ldap', 'smb', 'snmp'] as const) {
      const [first] = remediesFor('account-refused', situation(way, from(origin)))
      expect(first).toMatchObject({ place: 'agent', lines: [line] })
      expect(first!.says.fr).toContain(said)
    }
  })

  it('or where it was typed', () => {
    const [variable] = remediesFor(
      'account-refused',
      typed('winrm://s@h', ['--password-env', 'PW'], from('env:PW')),
    )
    expect(variable!.says.fr).toContain('variable PW de --password-env')
    expect(variable!.lines).toEqual(['read -rs PW && export PW'])
    const [prompt] = remediesFor('account-refused', typed('winrm://s@h', [], from('prompt')))
    expect(prompt!.says.fr).toContain('à l’invite')
    expect(prompt!.lines).toEqual(['probant doctor winrm://s@h'])
  })

  it('keys are spoken of only where the credential is one', () => {
    for (const way of ['ssh', 'powershell-ssh'] as const) {
      const password = remediesFor('account-refused', situation(way))
      expect(password.flatMap(({ lines }) => lines).join('\n')).not.toMatch(/authorized_keys/)
      expect(password.length).toBeGreaterThan(1)
      const key = linesOf('account-refused', situation(way, from('vault:cle', 'key')))
      expect(key.join('\n')).toMatch(/authorized_keys/)
    }
  })

  it('the address that is proposed keeps its port, scheme, parameters and options', () => {
    const address = `winrm+https://surveillant@10.0.1.10:15986?ca=ca.pem`
    expect(linesOf('account-refused', typed(address, ['--password-env', 'PW']), 'agent')).toContain(
      `${programName()} doctor 'winrm+https://AGENCE\\surveillant@10.0.1.10:15986?ca=ca.pem' --password-env PW`,
    )
  })
})

describe('what the agent lacks', () => {
  it('a secret without a value is named, and only that one', () => {
    const secrets = [
      { kind: 'key', from: 'vault:cle-web', missing: false },
      { kind: 'passphrase', from: 'env:PHRASE', missing: true },
    ] as const
    expect(linesOf('secret-missing', situation('ssh', { secrets }))).toEqual([
      'read -rs PHRASE && export PHRASE',
    ])
    const vault = [{ kind: 'password', from: 'vault:compte-dc', missing: true }] as const
    expect(linesOf('secret-missing', situation('winrm', { secrets: vault }))).toEqual([
      `${programName()} vault set compte-dc`,
    ])
  })

  it('a key for WinRM: the credential is written whole', () => {
    const secrets = [{ kind: 'key', from: 'vault:cle', missing: false }] as const
    const lines = linesOf('credential-unfit', situation('winrm', { secrets }))
    expect(parse(lines[0]!)).toEqual({
      admin: { user: String.raw`AGENCE\surveillant`, password: 'vault:admin' },
    })
    expect(lines[1]).toBe(`${programName()} vault set admin`)
    const address = typed('winrm://s@h:15985', ['--key', 'id', '--password-env', 'PW'], { secrets })
    expect(linesOf('credential-unfit', address)).toEqual([
      `${programName()} doctor winrm://s@h:15985 --password-env PW`,
    ])
  })

  it('a file of authorities, at its place', () => {
    expect(linesOf('ca-unreadable', situation('winrm', { ca: 'ca.pem' }))).toEqual(['ls -l /session/ca.pem'])
    expect(linesOf('ca-no-certificate', situation('winrm', { ca: '/etc/ca.pem' }))[0]).toBe(
      'openssl x509 -noout -subject -in /etc/ca.pem',
    )
  })

  it('never names what nobody wrote', () => {
    for (const { lines } of everything) expect(lines.join('\n')).not.toMatch(/admin-dc|ssh-web/)
  })
})

describe('ports', () => {
  it('one that is not the usual one is doubted first; nothing is pinged that answers', () => {
    const other = remediesFor('port-refused', situation('winrm', { port: 5958 }))
    expect(other[0]).toMatchObject({ place: 'session', lines: ['winrm: { credential: admin, port: 5985 }'] })
    expect(other[0]!.says.fr).toMatch(/5958.*http 5985, https 5986/)
    expect(linesOf('port-refused', situation('winrm')).join('\n')).not.toMatch(/port: 5985 \}|ping/)
    for (const one of variants) expect(linesOf('port-refused', one).join('\n')).not.toMatch(/ping -c/)
    const address = typed('winrm://s@h:5958', ['--password-env', 'PW'], { port: 5958 })
    expect(linesOf('port-refused', address)[0]).toBe(
      `${programName()} doctor winrm://s@h:5985 --password-env PW`,
    )
  })

  it('TLS where HTTP was spoken: the scheme, at the same port', () => {
    const at = situation('winrm', { port: 5986 })
    expect(linesOf('port-speaks-tls', at)).toEqual([
      'winrm: { credential: admin, scheme: https, port: 5986 }',
    ])
    expect(linesOf('port-speaks-tls', typed('winrm://s@h:5986', [], { port: 5986 }))).toEqual([
      `${programName()} doctor winrm+https://s@h:5986`,
    ])
  })
})

describe('another identity', () => {
  const shown = `SHA256:${'A'.repeat(42)}+`

  it('is given as the line that pins it; forgetting is for what was remembered', () => {
    for (const problem of ['host-key-other', 'tls-identity', 'other-machine'] as const) {
      const first = linesOf(problem, situation('ssh', { identity: shown }))
      expect(first).toContain(`identity: ${shown}`)
      expect(first.join('\n')).toContain('identities forget')
      const pinned = linesOf(problem, situation('ssh', { identity: shown, pinned: true }))
      expect(pinned).toContain(`identity: ${shown}`)
      expect(pinned.join('\n')).not.toContain('identities forget')
    }
  })

  it('is no line where it has no form of one, nor in a session that was not opened', () => {
    for (const identity of [null, 'SHA256:…', 'first-use # x', 'S-1-5-32-544'])
      expect(linesOf('tls-identity', situation('winrm', { identity })).join('\n')).not.toContain('identity:')
    const address = typed('winrm+https://s@h?identity=SHA256:x&ca=c', ['--password-env', 'PW'], {
      identity: shown,
    })
    const lines = linesOf('tls-identity', address)
    expect(lines).toContain(
      `${programName()} doctor 'winrm+https://s@h?ca=c&identity=${shown}' --password-env PW`,
    )
    expect(lines.join('\n')).not.toContain('forget')
  })
})
