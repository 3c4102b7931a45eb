import { describe, expect, it } from 'vitest'
import { problemOf, problems, StepFailure, type Problem } from '../../../agent/doctor/problem.ts'
import { remediesFor } from '../../../agent/doctor/remedies/remedies.ts'
import type { Situation } from '../../../agent/doctor/remedies/remedy.ts'
import { doctorWays, steps, type Step } from '../../../agent/doctor/step.ts'
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
      for (const { lines } of remediesFor(problem, situation('winrm', { user: `AGENCE\\${user}` })))
        for (const line of lines)
          if (line.includes('brien'))
            expect(line.replaceAll(/'(?:[^'\u2019]|''|\u2019\u2019)*'/g, '')).not.toMatch(/brien|Remove-Item/)
      for (const { lines } of remediesFor(problem, situation('ssh', { user: shell })))
        for (const line of lines)
          if (line.includes('brien'))
            expect(line.replaceAll(String.raw`'\''`, '').replaceAll(/'[^']*'/g, '')).not.toMatch(/rm -rf/)
    }
  })

  it.each([
    ['winrm', 'port-refused', 'Enable-PSRemoting -Force'],
    ['ldap', 'tls-missing', 'ldap: { through: powershell, domain: agence.lan }'],
    ['ssh', 'port-refused', 'systemctl enable --now ssh'],
    ['snmp', 'account-refused', 'createUser surveillant SHA-256 "AUTH-KEY" AES "PRIV-KEY"'],
    ['winrm', 'quota', String.raw`Set-Item -Path WSMan:\localhost\Shell\MaxShellsPerUser -Value 30`],
    ['ssh', 'host-key-other', "probant identities forget 'winrm 10.0.1.10:5985' --reason VM"],
  ] as const)('%s %s: %s', (way, problem, line) => {
    expect(remediesFor(problem, situation(way)).flatMap((one) => one.lines)).toContain(line)
  })
})
