import { execFileSync, spawnSync } from 'node:child_process'
import { readFileSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { afterEach, beforeAll, beforeEach, describe, expect, it, vi } from 'vitest'
import { ensure } from '../../setup/debian.ts'
import { CommandFailure } from '../../../agent/commands/command-failure.ts'
import { prepare } from '../../../agent/commands/prepare.ts'
import { publicKeyLine } from '../../../agent/commands/prepare/public-key.ts'
import type { Options } from '../../../agent/commands/verb.ts'
import { sudoRule } from '../../../agent/doctor/remedies/sudo.ts'
import { setSecret } from '../../../agent/secrets/vault.ts'
import type { Terminal } from '../../../agent/terminal/terminal.ts'
import { width } from '../../../agent/terminal/width.ts'
import { readReferentials } from '../../../referentials.ts'
import { folderForTests } from './probant.ts'

const folder = folderForTests()
/** A key pair as ssh-keygen makes it: the private half, and the line of the public one without its comment. */
function keyPair(name: string, passphrase = ''): { privateKey: string; publicLine: string } {
  const path = join(folder, name)
  execFileSync('ssh-keygen', ['-q', '-t', 'ed25519', '-a', '1', '-N', passphrase, '-C', '', '-f', path])
  return { privateKey: readFileSync(path, 'utf8'), publicLine: readFileSync(`${path}.pub`, 'utf8').trim() }
}
const { privateKey, publicLine } = keyPair('cle')

beforeAll(() => setSecret(join(folder, 'vault.age'), 'phrase', 'cle', privateKey))
beforeEach(() => {
  vi.stubEnv('PROBANT_HOME', join(folder, 'home'))
  vi.stubEnv('PROBANT_VAULT', join(folder, 'vault.age'))
  vi.stubEnv('PROBANT_VAULT_PASSPHRASE', 'phrase')
})
afterEach(() => vi.unstubAllEnvs())

const everything = {
  roles:
    '{ web: linux, dossier: linux, dc: windows, srv: windows, hv: hypervisor, sw: switch, noc: supervision, seul: host }',
  demands: `
  - { id: a, criteria: [C9.1], checks: [{ linux.file: { on: web, path: /etc/shadow, contains: [root] } }] }
  - { id: b, criteria: [C9.1], checks: [{ linux.service: { on: dossier, name: nginx } }] }
  - { id: c, criteria: [C8.1], checks: [{ active-directory.gpo-setting: { on: dc, gpo: G, registry: { key: Software, value: V, data: 1, scope: computer } } }] }
  - { id: d, criteria: [C8.3], checks: [{ windows.service: { on: srv, name: Spooler } }] }
  - { id: e, criteria: [C8.3], checks: [{ network.vlan: { on: sw, id: 10 } }] }
  - { id: f, criteria: [C9.1], checks: [{ http.site: { on: web } }] }
  - { id: g, criteria: [C8.3], checks: [{ network.reachable: { on: seul } }] }`,
  session: `
credentials:
  linux: { user: probant, key: vault:cle }
  mdp: { user: agent, password: env:MDP }
  bastion: { user: passage, key: vault:cle }
  lecture: { user: "lecture@agence{{n}}.lan", password: vault:lecture }
  admin: { user: 'AGENCE{{n}}\\surveillant', password: env:ADMIN }
  v3: { user: lecteur, auth: { protocol: sha256, secret: env:AUTH }, privacy: { protocol: aes, secret: env:PRIV } }
shared:
  bastion: { address: 10.0.0.4, ssh: { credential: bastion } }
targets:
  web: { address: "10.0.{{n}}.20", ssh: { credential: linux, jump: bastion }, snmp: { credential: v3 } }
  dossier: { address: "10.0.{{n}}.21", ssh: { credential: mdp, port: 2222 } }
  dc: { address: "10.0.{{n}}.10", ldap: { credential: lecture, domain: "agence{{n}}.lan" }, smb: { credential: lecture } }
  srv: { address: "10.0.{{n}}.11", winrm: { credential: admin } }
  hv: { address: "10.0.{{n}}.12", winrm: { credential: admin } }
  sw: { address: "10.0.{{n}}.2", snmp: { credential: v3 } }
  noc: { address: "10.0.{{n}}.5" }
  seul: { address: "10.0.{{n}}.40" }
control: { address: 10.0.0.1 }`,
}

/** Writes a session; gives its path. */
function written({ roles, demands, session }: typeof everything, name = 'session'): string {
  writeFileSync(
    join(folder, `${name}-sujet.yaml`),
    `title: Sujet\npurpose: examination\nreferential: tp-01351-01\ncertificate: TITRE\nroles: ${roles}\ndemands:${demands}\n`,
  )
  const path = join(folder, `${name}.yaml`)
  writeFileSync(
    path,
    `exam: ${name}-sujet.yaml\ntitle: Session d'essai\ndate: 2026-12-01${session}\ncandidates: [{ code: C01, n: 1 }, { code: C02, n: 2 }]\n`,
  )
  return path
}

async function prepared(
  options: Options,
  { lang = 'fr', columns = 80 }: { lang?: 'fr' | 'en'; columns?: number } = {},
) {
  const out: string[] = []
  const err: string[] = []
  const terminal: Terminal = {
    lang,
    out: (line) => void out.push(line),
    err: (line) => void err.push(line),
    say: (text) => text[lang],
    live: false,
    colour: { out: false, err: false },
    screen: false,
    columns,
  }
  const context = { terminal, referentials: readReferentials, version: '0' }
  const status = await prepare([], { from: '10.9.0.5', ...options }, context).catch((error: unknown) => {
    if (!(error instanceof CommandFailure)) throw error
    err.push(error.text[lang])
    return error.exit
  })
  return { status, out, err }
}

interface Report {
  readonly roles: {
    role: string
    kind: string | null
    unused: string[]
    variants: {
      machines: unknown[]
      ways: { way: string; users: string[]; port: number | null }[]
      asRoot: string[]
      steps: { place: string; says: string; lines: string[]; after: string[] }[]
    }[]
  }[]
  readonly openings: {
    role: string
    candidate: string | null
    asker: string
    from: string
    to: string
    protocol: string
    port: number | null
  }[]
  readonly agent: { fingerprint: string; programs: string[]; steps: { lines: string[]; says: string }[] }
  readonly secrets: { role: string; reference: string; state: string }[]
}
async function report(path: string, options: Options = {}): Promise<Report> {
  const { status, out, err } = await prepared({ session: path, json: true, ...options })
  expect([status, err]).toEqual([0, []])
  return JSON.parse(out.join('')) as Report
}
const roleOf = ({ roles }: Report, name: string) => roles.find(({ role }) => role === name)
const linesOf = (all: Report, name: string) =>
  roleOf(all, name)?.variants.flatMap(({ steps }) => steps.flatMap(({ lines }) => lines)) ?? []

describe('probant prepare', () => {
  it('says what each role needs, once for machines that want the same, and nothing of what no check needs', async () => {
    const all = await report(written(everything))
    expect(all.roles.map(({ role }) => role)).toEqual([
      'web',
      'dossier',
      'dc',
      'srv',
      'sw',
      'seul',
      'bastion',
    ])
    expect(roleOf(all, 'dc')?.variants).toMatchObject([
      {
        machines: [
          { candidate: 'C01', address: '10.0.1.10' },
          { candidate: 'C02', address: '10.0.2.10' },
        ],
        ways: [
          { way: 'icmp' },
          { way: 'ldap', users: ['lecture@agence1.lan', 'lecture@agence2.lan'], port: 636 },
          { way: 'smb', port: 445 },
        ],
      },
    ])
    expect(roleOf(all, 'web')).toMatchObject({ unused: ['snmp'], variants: [{ asRoot: ['linux.file'] }] })
    expect(roleOf(all, 'bastion')?.variants[0]?.machines).toEqual([{ candidate: null, address: '10.0.0.4' }])
    expect(linesOf(all, 'seul')).toEqual([])
  })

  it('gives root to the account whose checks may need it, and to no other', async () => {
    const all = await report(written(everything))
    expect(linesOf(all, 'web').join('\n')).toContain(
      `echo 'probant ALL=(root) NOTAFTER=20261203000000 NOPASSWD: /bin/sh ""' > /etc/sudoers.d/probant.new`,
    )
    for (const role of ['dossier', 'bastion']) expect(linesOf(all, role).join('\n')).not.toContain('sudo')
    const cron = '[{ linux.scheduled-task: { on: web, command: /bin/x, user: root } }]'
    const timer = '[{ linux.scheduled-task: { on: web, timer: a.timer } }]'
    const plain = '[{ linux.file: { on: web, path: /etc/x } }]'
    for (const [checks, root] of [
      [cron, true],
      [timer, false],
      [plain, true],
    ] as const) {
      const demands = `\n  - { id: a, criteria: [C9.1], checks: ${checks} }`
      const one = await report(written({ ...everything, demands }, 'root'))
      expect(roleOf(one, 'web')?.variants[0]?.asRoot.length, checks).toBe(root ? 1 : 0)
    }
  })

  it('puts the public key where it serves, from where it is seen to come', async () => {
    const all = await report(written(everything))
    expect(linesOf(all, 'web')).toContain(
      `echo 'restrict,from="10.0.0.4" ${publicLine} probant' >> "$home/.ssh/authorized_keys"`,
    )
    expect(linesOf(all, 'bastion')).toContain(
      `echo 'restrict,port-forwarding,permitopen="10.0.1.20:22",from="10.9.0.5" ${publicLine} probant' >> "$home/.ssh/authorized_keys"`,
    )
    expect(linesOf(all, 'dossier')).toContain('passwd -- agent')
    expect(JSON.stringify(all)).not.toContain('PRIVATE KEY')
  })

  it('opens to the agent alone, and says what takes it back apart from what is pasted before', async () => {
    const all = await report(written(everything))
    const [srv] = roleOf(all, 'srv')!.variants
    expect(linesOf(all, 'srv')).toContain(
      'New-NetFirewallRule -Name Probant-WinRM -DisplayName Probant-WinRM -Direction Inbound -Protocol TCP -LocalPort 5985 -RemoteAddress 10.9.0.5 -Action Allow',
    )
    expect(srv!.steps.flatMap(({ after }) => after)).toEqual([
      'Remove-NetFirewallRule -Name Probant-Ping',
      "Remove-ADUser -Identity 'surveillant'",
      'Remove-NetFirewallRule -Name Probant-WinRM',
    ])
    for (const { variants } of all.roles)
      for (const { lines, says } of variants.flatMap(({ steps }) => steps)) {
        expect(lines.join('\n')).not.toMatch(/^(Remove-|rm |userdel|ufw delete|samba-tool user delete)/m)
        expect(says).not.toMatch(/(seconde|dernière) ligne/)
      }
    const openings = all.openings.map(({ asker, role, candidate, to, protocol, port }) =>
      [asker, role, candidate, to, protocol, port].join(' '),
    )
    expect(openings).toEqual(
      expect.arrayContaining([
        'bastion web C01 10.0.1.20 tcp 22',
        'agent bastion  10.0.0.4 tcp 22',
        'agent dossier C02 10.0.2.21 tcp 2222',
        'agent sw C01 10.0.1.2 udp 161',
        'agent web C01 10.0.1.20 tcp 80',
        'agent control  10.0.0.1 icmp ',
      ]),
    )
    expect(openings.filter((one) => / (hv|noc) /.test(one))).toEqual([])
  })

  it('asks for no more than the directory needs where only the directory is read', async () => {
    const demands =
      '\n  - { id: a, criteria: [C8.1], checks: [{ active-directory.ou: { on: dc, path: V } }] }'
    const session = everything.session.replace(
      'ldap: { credential: lecture, domain',
      'winrm: { credential: admin }, ldap: { through: powershell, domain',
    )
    const all = await report(written({ ...everything, demands, session }, 'annuaire'))
    expect(linesOf(all, 'dc')).toContain("Add-LocalGroupMember -SID S-1-5-32-580 -Member 'surveillant'")
    expect(linesOf(all, 'dc').join('\n')).not.toContain('S-1-5-32-544')
    expect(linesOf(await report(written(everything)), 'srv').join('\n')).toContain('S-1-5-32-544')
    expect(all.agent.programs).toEqual(['ping'])
  })

  it('names the secrets that are missing, never their values, and says so where the vault stays closed', async () => {
    vi.stubEnv('ADMIN', 'tres-secret')
    const all = await report(written(everything))
    const states = Object.fromEntries(all.secrets.map(({ reference, state }) => [reference, state]))
    expect(states).toEqual({
      'vault:cle': 'present',
      'env:MDP': 'missing',
      'vault:lecture': 'missing',
      'env:ADMIN': 'present',
      'env:AUTH': 'missing',
      'env:PRIV': 'missing',
    })
    expect(all.agent.steps.flatMap(({ lines }) => lines).join('\n')).toMatch(/vault set lecture$/m)
    expect(JSON.stringify(all)).not.toContain('tres-secret')
    vi.stubEnv('PROBANT_VAULT_PASSPHRASE', 'fausse')
    const closed = await report(written(everything))
    expect(closed.secrets.find(({ reference }) => reference === 'vault:cle')?.state).toBe('vault-closed')
    expect(linesOf(closed, 'web').join('\n')).toContain('PUBLIC-KEY probant')
    expect(closed.agent.steps.map(({ says }) => says).join('\n')).toContain(
      'ces noms y sont-ils ? cle, lecture',
    )
  })

  it.each([
    ['fr', 80],
    ['en', 80],
    ['fr', 200],
  ] as const)(
    'is readable in %s at %i columns, with what is pasted whole and flush',
    async (lang, columns) => {
      const path = written(everything)
      const { out } = await prepared({ session: path }, { lang, columns })
      const all = await report(path)
      const pasted = new Set([
        ...all.roles.flatMap(({ variants }) =>
          variants.flatMap(({ steps }) => steps.flatMap((one) => [...one.lines, ...one.after])),
        ),
        ...all.agent.steps.flatMap(({ lines }) => lines),
      ])
      for (const line of pasted) expect(out).toContain(line)
      for (const line of out.filter((one) => !pasted.has(one))) {
        expect(width(line), line).toBeLessThanOrEqual(columns)
        if (lang === 'en') expect(line).not.toMatch(/«|[éèàç]/)
      }
      expect(out[0]).toBe(
        lang === 'fr' ? "Session d'essai, 1er décembre 2026" : "Session d'essai, December 1, 2026",
      )
      expect(out).toContain(all.agent.fingerprint)
    },
  )

  it('keeps to one role where one is asked for', async () => {
    const path = written(everything)
    const one = await report(path, { role: 'sw' })
    expect(one.roles.map(({ role }) => role)).toEqual(['sw'])
    expect([...new Set(one.secrets.map(({ reference }) => reference))]).toEqual(['env:AUTH', 'env:PRIV'])
    expect(new Set(one.openings.map(({ role }) => role))).toEqual(new Set(['sw']))
    expect(linesOf(one, 'sw')).toEqual(
      expect.arrayContaining([
        'createUser lecteur SHA-256 "AUTH-KEY" AES "PRIV-KEY"',
        'snmp-server user lecteur PROBANT v3 auth sha AUTH-KEY priv aes 128 PRIV-KEY',
      ]),
    )
    const none = await prepared({ session: path, role: 'nulle-part' })
    expect([none.status, none.err[0]]).toMatchObject([
      2,
      expect.stringContaining('choisissez parmi : web, dossier'),
    ])
  })

  it('resolves no name: where a machine has one, its rules are left to the local network', async () => {
    const session = everything.session.replace('"10.0.{{n}}.11"', 'srv.exemple.invalid')
    const all = await report(written({ ...everything, session }, 'nom'), { from: undefined })
    expect(all.openings.filter(({ role }) => role === 'srv').map(({ from }) => from)).not.toContain(undefined)
    expect(linesOf(all, 'srv').join('\n')).toContain('-RemoteAddress LocalSubnet')
  })

  it.each(['10.0.0.5; rm', '10.0.0', '10.0.0.0/99', 'poste'])('refuses --from %s', async (from) => {
    const { status, err } = await prepared({ session: written(everything), from })
    expect([status, err[0]]).toMatchObject([2, expect.stringContaining('ni une adresse ni un réseau')])
  })

  it('has nothing to say of a session with mistakes but them', async () => {
    const path = written({ ...everything, session: '\nautre: 1' }, 'fausse')
    const { status, out, err } = await prepared({ session: path })
    expect([status, out]).toEqual([2, []])
    expect(err.join(' ')).toContain('clé inconnue « autre »')
  })
})

describe('lines to paste', () => {
  it('are shell that parses', async () => {
    const all = await report(written(everything))
    for (const { variants } of all.roles)
      for (const { place, lines, after } of variants.flatMap(({ steps }) => steps))
        if (place === 'linux')
          expect(spawnSync('/bin/sh', ['-n'], { input: [...lines, ...after].join('\n') }).status).toBe(0)
  })

  const visudo = '/usr/sbin/visudo'
  it.skipIf(!ensure(['sudo']))('are a rule that visudo takes', () => {
    for (const until of [null, '20261203'])
      execFileSync(visudo, ['-cf', '-'], { input: `${sudoRule('AGENCE\\o b;rm', until)}\n` })
  })
  it('are a rule for the very command that is asked for, whatever the account is called', () => {
    expect(sudoRule('probant', null)).toBe('probant ALL=(root) NOPASSWD: /bin/sh ""')
    expect(sudoRule("x' ALL=(ALL) #\n", '20261203')).toBe(
      'xALLALL ALL=(root) NOTAFTER=20261203000000 NOPASSWD: /bin/sh ""',
    )
  })
})

describe('a public key', () => {
  it('is that of the private one, and none where that cannot be read', () => {
    expect(publicKeyLine(privateKey)).toBe(publicLine)
    expect(publicKeyLine('not a key')).toBeNull()
    const locked = keyPair('verrouillee', 'phrase de la cle')
    expect(publicKeyLine(locked.privateKey)).toBeNull()
    expect(publicKeyLine(locked.privateKey, 'phrase de la cle')).toBe(locked.publicLine)
  })
})
