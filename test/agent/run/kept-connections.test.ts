import { execFileSync } from 'node:child_process'
import { randomBytes } from 'node:crypto'
import { mkdir, mkdtemp, rm, writeFile } from 'node:fs/promises'
import { connect } from 'node:net'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, afterEach, beforeAll, describe, expect, it } from 'vitest'
import { Channels } from '../../../agent/run/channels.ts'
import type { Way } from '../../../agent/run/ways.ts'
import type { OpenCredential, Outcome } from '../../../agent/transports/transport.ts'
import { command, groupPolicy, ldap, powershell, snmpGet, type Probe } from '../../../checks/probe.ts'
import type { Target } from '../../../checks/session.ts'
import { defaultDomainPolicy } from '../../../checks/windows/group-policy/paths.ts'
import { windowsServer } from '../../../fixtures/windows/model/server.ts'
import { programs } from '../../../fixtures/windows/programs.ts'
import { withModelledPowerShell } from '../../../fixtures/windows/modelled-powershell.ts'
import { RemoteShells } from '../../../fixtures/windows/remote-shells.ts'
import { listen, type Listener } from '../../../fixtures/windows/winrm-listener.ts'
import { ensure, program } from '../../setup/debian.ts'
import { Authority } from '../transports/certificates.ts'
import { freePort, freeUdpPort, start, type Service } from '../transports/service.ts'
import { password as sharePassword, plant, smbd, smbdReady, user } from '../transports/smb/smbd.ts'
import { sshdReady, startSshd, type Sshd } from '../transports/sshd.ts'

const secret = () => randomBytes(12).toString('base64url')
const opened: Channels[] = []
afterEach(async () => {
  await Promise.all(opened.splice(0).map((channels) => channels.close()))
})

/** The connections to one machine of this session, as a run keeps them. */
function channelsTo(target: Target, credential: OpenCredential, connectTimeoutMs = 10_000): Channels {
  const channels = new Channels({
    candidate: {
      candidate: { code: 'C01', n: 1 },
      variables: {},
      targets: { m: { role: 'm', target, shared: null } },
      credentials: {},
    },
    credentials: async () => credential,
    checkIdentity: () => true,
    folder: tmpdir(),
    connectTimeoutMs,
    machineTimeoutMs: 20_000,
    signal: new AbortController().signal,
  })
  opened.push(channels)
  return channels
}

/** What one look sees: `answer`, or the cause. */
async function look(channels: Channels, way: Way, probes: readonly Probe[]): Promise<string[]> {
  channels.beginLook()
  return await asked(channels, way, probes)
}
async function asked(channels: Channels, way: Way, probes: readonly Probe[]): Promise<string[]> {
  const outcomes: Outcome[] = []
  for await (const outcome of channels.ask('m', way, probes)) outcomes.push(outcome)
  expect(new Set(outcomes.map(({ probe }) => probe))).toEqual(new Set(probes))
  return outcomes.map((o) => ('answer' in o ? 'answer' : o.failure.cause))
}

interface Restarted {
  readonly way: Way
  readonly probes: readonly Probe[]
  readonly channels: Channels
  /** What its absence looks like from here. */
  readonly gone: string
  stop(): Promise<void>
  startAgain(): Promise<void>
}

/** The service is there, restarted behind our back, gone, and back again: each look tells of its own moment. */
async function outlives({ way, probes, channels, gone, stop, startAgain }: Restarted): Promise<void> {
  const answers = probes.map(() => 'answer')
  expect(await look(channels, way, probes), 'at first').toEqual(answers)
  expect(await look(channels, way, probes), 'again').toEqual(answers)
  await stop()
  await startAgain()
  expect(await look(channels, way, probes), 'restarted in between').toEqual(answers)
  await stop()
  expect(await look(channels, way, probes), 'gone').toEqual(probes.map(() => gone))
  // Within one look a machine that is not there is tried once.
  expect(await asked(channels, way, probes), 'still gone').toEqual(probes.map(() => gone))
  await startAgain()
  expect(await look(channels, way, probes), 'back').toEqual(answers)
  expect(await look(channels, way, probes), 'and again').toEqual(answers)
}

describe.skipIf(!sshdReady())('ssh, a real sshd', () => {
  let server: Sshd
  beforeAll(async () => {
    server = await startSshd()
  }, 60_000)
  afterAll(() => server?.stop())
  const target = (): Target => ({
    address: '127.0.0.1',
    ssh: { credential: 'c', port: server.port, identity: 'first-use', shell: 'posix' },
  })

  it('is looked at again after it was restarted', async () => {
    await outlives({
      way: 'ssh',
      probes: [command('m', ['true']), command('m', ['hostname'])],
      channels: channelsTo(target(), { user: 'root', key: server.key }),
      gone: 'refused',
      stop: () => server.kill(),
      startAgain: () => server.startAgain(),
    })
  }, 60_000)

  it("a key that can't be read is tried once a look, and the right one helps at the next", async () => {
    let key = 'not a key'
    const channels = channelsTo(target(), {
      user: 'root',
      get key() {
        return key
      },
    })
    const probes = [command('m', ['true'])]
    expect(await look(channels, 'ssh', probes)).toEqual(['grader'])
    key = server.key
    expect(await asked(channels, 'ssh', probes), 'in the same look').toEqual(['grader'])
    expect(await look(channels, 'ssh', probes)).toEqual(['answer'])
  })
})

describe.skipIf(!ensure(['slapd', 'openssl']))('ldap, a real slapd', () => {
  const password = secret()
  const admin = 'cn=admin,dc=agence1,dc=lan'
  let folder: string
  let port: number
  let service: Service
  const begin = async () => {
    service = await start(
      program('slapd')!,
      ['-d', '0', '-h', `ldaps://127.0.0.1:${port}`, '-f', join(folder, 'slapd.conf')],
      () => takes(port),
    )
  }
  beforeAll(async () => {
    folder = await mkdtemp(join(tmpdir(), 'probant-kept-ldap-'))
    const issued = new Authority(folder).issue('dc', 'DNS:dc.agence1.lan')
    port = await freePort()
    await mkdir(join(folder, 'data'))
    await writeFile(
      join(folder, 'slapd.conf'),
      `${[
        'include /etc/ldap/schema/core.schema',
        "attributetype ( 1.2.840.113556.1.4.1 NAME 'defaultNamingContext' SYNTAX 1.3.6.1.4.1.1466.115.121.1.12 )",
        'modulepath /usr/lib/ldap',
        'moduleload back_mdb',
        `rootDSE ${join(folder, 'root.ldif')}`,
        `TLSCertificateFile ${issued.cert}`,
        `TLSCertificateKeyFile ${issued.key}`,
        // Who asks nothing for so many seconds is sent away, as a domain controller does after fifteen minutes.
        'idletimeout 1',
        'database mdb',
        'suffix "dc=agence1,dc=lan"',
        `rootdn "${admin}"`,
        `rootpw ${password}`,
        `directory ${join(folder, 'data')}`,
        'access to * by * read',
      ].join('\n')}\n`,
      { mode: 0o600 },
    )
    await writeFile(join(folder, 'root.ldif'), 'dn:\ndefaultNamingContext: DC=agence1,DC=lan\n')
    await writeFile(
      join(folder, 'data.ldif'),
      'dn: dc=agence1,dc=lan\nobjectClass: dcObject\nobjectClass: organization\no: agence1\n',
    )
    execFileSync(program('slapadd')!, [
      '-q',
      '-f',
      join(folder, 'slapd.conf'),
      '-l',
      join(folder, 'data.ldif'),
    ])
    await begin()
  }, 60_000)
  afterAll(async () => {
    await service?.stop()
    await rm(folder, { recursive: true, force: true })
  })
  const directory = () =>
    channelsTo(
      { address: '127.0.0.1', ldap: { credential: 'c', tls: 'ldaps', port, domain: 'agence1.lan' } },
      { user: admin, password },
    )
  const probes = [
    ldap('m', { scope: 'base', filter: { present: 'objectClass' }, attributes: ['o'] }),
    ldap('m', { scope: 'sub', filter: { present: 'objectClass' }, attributes: ['o'] }),
  ]

  it('is looked at again after it was restarted', async () => {
    await outlives({
      way: 'ldap',
      probes,
      channels: directory(),
      gone: 'refused',
      stop: () => service.stop(),
      startAgain: begin,
    })
  }, 60_000)

  it('is looked at again after it sent away who was idle', async () => {
    const channels = directory()
    expect(await look(channels, 'ldap', probes)).toEqual(['answer', 'answer'])
    // No test of ours waits without a reason: this is the shortest idle time that slapd knows.
    await new Promise((resolve) => setTimeout(resolve, 2500))
    expect(await look(channels, 'ldap', probes)).toEqual(['answer', 'answer'])
  })
})

describe.skipIf(!ensure(['snmpd']))('snmp, a real snmpd', () => {
  const authKey = secret()
  const privKey = secret()
  const community = secret()
  let folder: string
  let port: number
  let service: Service
  const begin = async () => {
    service = await start(
      program('snmpd')!,
      [
        '-f',
        '-Lo',
        '-C',
        '-c',
        join(folder, 'snmpd.conf'),
        '-p',
        join(folder, 'pid'),
        '-I',
        '-smux',
        '--persistentDir=' + join(folder, 'kept'),
      ],
      async () =>
        (await asked(channelsTo(device('2c'), { community }, 500), 'snmp', probes)).includes('answer'),
    )
  }
  const probes = [snmpGet('m', ['1.3.6.1.2.1.1.5.0'])]
  const device = (version: '2c' | 3): Target => ({
    address: '127.0.0.1',
    snmp: { credential: 'c', version, port },
  })
  beforeAll(async () => {
    folder = await mkdtemp(join(tmpdir(), 'probant-kept-snmp-'))
    port = await freeUdpPort()
    const lines = [
      `agentAddress udp:127.0.0.1:${port}`,
      'sysName sw',
      `rocommunity ${community} 127.0.0.1`,
      `createUser reader SHA-256 ${authKey} AES ${privKey}`,
      'rouser reader authpriv .1.3.6.1.2.1.1',
    ]
    await writeFile(join(folder, 'snmpd.conf'), `${lines.join('\n')}\n`, { mode: 0o600 })
    await begin()
  }, 60_000)
  afterAll(async () => {
    await service?.stop()
    await rm(folder, { recursive: true, force: true })
  })

  it.each([
    ['2c', { community }],
    [
      3,
      {
        user: 'reader',
        auth: { protocol: 'sha256' as const, secret: authKey },
        privacy: { protocol: 'aes' as const, secret: privKey },
      },
    ],
  ] as const)(
    'is looked at again after it was restarted, by version %s',
    async (version, credential) => {
      await outlives({
        way: 'snmp',
        probes,
        channels: channelsTo(device(version), credential, 2500),
        gone: 'refused',
        stop: () => service.stop(),
        startAgain: begin,
      })
    },
    60_000,
  )
})

describe.skipIf(!smbdReady())('group policies over SMB, a real smbd', () => {
  it('is looked at again after it was not there', async () => {
    const server = await smbd('sysvol')
    try {
      plant(server.folder, {
        [`agence1.lan/Policies/{${defaultDomainPolicy.toUpperCase()}}/GPT.INI`]: '[General]\r\nVersion=0\r\n',
      })
      await outlives({
        way: 'smb',
        probes: [groupPolicy('m', defaultDomainPolicy)],
        channels: channelsTo(
          {
            address: '127.0.0.1',
            smb: { credential: 'c', port: server.port },
            ldap: { credential: 'c', tls: 'ldaps', domain: 'agence1.lan' },
          },
          { user, password: sharePassword },
        ),
        gone: 'refused',
        stop: () => server.kill(),
        startAgain: () => server.startAgain(),
      })
    } finally {
      await server.stop()
    }
  }, 60_000)
})

describe('PowerShell over WinRM, on a modelled machine', () => {
  const password = secret()
  const account = { user: 'surveillant', domain: '', password }
  const find = withModelledPowerShell(windowsServer('fr'), programs)
  const fresh = () => new RemoteShells({ find, maxShells: 1 })
  let shells: RemoteShells
  let listener: Listener
  const begin = async (port = 0) => {
    shells = fresh()
    listener = await listen({ account, port, answer: (envelope) => shells.answer(envelope) })
  }
  const machine = () =>
    channelsTo(
      { address: '127.0.0.1', winrm: { credential: 'c', scheme: 'http', port: listener.port } },
      { user: 'surveillant', password },
    )
  const probes = [powershell('m', 'machine')]
  afterEach(() => listener.close())

  it('is looked at again after it was restarted', async () => {
    await begin()
    const { port } = listener
    await outlives({
      way: 'winrm',
      probes,
      channels: machine(),
      gone: 'refused',
      stop: () => listener.close(),
      startAgain: () => begin(port),
    })
  }, 60_000)

  it('is looked at again, over the same connection, after it has deleted an idle shell', async () => {
    await begin()
    const channels = machine()
    expect(await look(channels, 'winrm', probes)).toEqual(['answer'])
    shells = fresh()
    expect(await look(channels, 'winrm', probes)).toEqual(['answer'])
    expect(shells.asked.get('Create')).toBe(1)
    expect(listener.connections()).toBe(1)
  })
})

const takes = (port: number): Promise<boolean> =>
  new Promise((resolve) => {
    const socket = connect(port, '127.0.0.1')
    socket.once('connect', () => (socket.destroy(), resolve(true)))
    socket.once('error', () => resolve(false))
  })
