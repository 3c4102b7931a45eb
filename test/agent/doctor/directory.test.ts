import { execFileSync } from 'node:child_process'
import { randomBytes } from 'node:crypto'
import { mkdir, mkdtemp, rm, writeFile } from 'node:fs/promises'
import { connect } from 'node:net'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import type { Target } from '../../../checks/session.ts'
import { ensure, program } from '../../setup/debian.ts'
import { Authority } from '../transports/certificates.ts'
import { freePort, freeUdpPort, start, type Service } from '../transports/service.ts'
import { failing, lines, placeOf, walked } from './walked.ts'

const password = randomBytes(12).toString('base64url')

describe.skipIf(!ensure(['slapd', 'openssl']))('diagnosing a directory, a real slapd', () => {
  const admin = 'cn=admin,dc=agence1,dc=lan'
  let folder = ''
  let service: Service
  let [secure, plain] = [0, 0]
  let issued: ReturnType<Authority['issue']>

  beforeAll(async () => {
    folder = await mkdtemp(join(tmpdir(), 'probant-doctor-ldap-'))
    issued = new Authority(folder).issue('dc', 'DNS:dc.agence1.lan')
    ;[secure, plain] = [await freePort(), await freePort()]
    await mkdir(join(folder, 'data'))
    const configuration = [
      'include /etc/ldap/schema/core.schema',
      "attributetype ( 1.2.840.113556.1.4.1 NAME 'defaultNamingContext' SYNTAX 1.3.6.1.4.1.1466.115.121.1.12 )",
      'modulepath /usr/lib/ldap',
      'moduleload back_mdb',
      `rootDSE ${join(folder, 'root.ldif')}`,
      `TLSCertificateFile ${issued.cert}`,
      `TLSCertificateKeyFile ${issued.key}`,
      'database mdb',
      'suffix "dc=agence1,dc=lan"',
      `rootdn "${admin}"`,
      `rootpw ${password}`,
      `directory ${join(folder, 'data')}`,
      'access to attrs=userPassword by anonymous auth by * none',
      'access to * by * none',
    ]
    await writeFile(join(folder, 'slapd.conf'), `${configuration.join('\n')}\n`, { mode: 0o600 })
    await writeFile(join(folder, 'root.ldif'), 'dn:\ndefaultNamingContext: DC=agence1,DC=lan\n')
    const entries = [
      'dn: dc=agence1,dc=lan\nobjectClass: dcObject\nobjectClass: organization\no: agence1\n',
      `dn: cn=eleve,dc=agence1,dc=lan\nobjectClass: person\ncn: eleve\nsn: E\nuserPassword: ${password}\n`,
    ]
    await writeFile(join(folder, 'data.ldif'), entries.join('\n'))
    execFileSync(program('slapadd')!, [
      '-q',
      '-f',
      join(folder, 'slapd.conf'),
      '-l',
      join(folder, 'data.ldif'),
    ])
    const urls = `ldaps://127.0.0.1:${secure} ldap://127.0.0.1:${plain}`
    service = await start(
      program('slapd')!,
      ['-d', '0', '-h', urls, '-f', join(folder, 'slapd.conf')],
      () =>
        new Promise((resolve) => {
          const socket = connect(secure, '127.0.0.1')
          socket.once('connect', () => resolve(true)).once('error', () => resolve(false))
          socket.once('connect', () => socket.destroy())
        }),
    )
  }, 60_000)
  afterAll(async () => {
    await service?.stop()
    await rm(folder, { recursive: true, force: true })
  })

  type Ldap = NonNullable<Target['ldap']>
  const on = (ldap: Partial<Ldap> = {}, user = admin, secret = password) =>
    walked(
      'ldap',
      placeOf(
        {
          address: '127.0.0.1',
          ldap: { credential: 'c', tls: 'ldaps', port: secure, domain: 'agence1.lan', ...ldap },
        },
        { user, password: secret },
      ),
    )

  it.each(['ldaps', 'starttls'] as const)('%s: every step, the domain before the password', async (tls) => {
    const result = await on({ tls, port: tls === 'ldaps' ? secure : plain })
    expect(lines(result)).toEqual([
      'name works',
      'port works',
      'tls works',
      'domain works',
      'accepted works',
      'directory works',
    ])
    expect(result.findings.find(({ step }) => step === 'tls')?.identity).toBe(issued.fingerprint)
  })

  it('a wrong password, another domain, another certificate, an account that reads nothing', async () => {
    expect(failing(await on({}, admin, 'autre'))).toBe('accepted account-refused')
    expect(failing(await on({ domain: 'autre.lan' }))).toBe('domain other-domain')
    expect(failing(await on({ identity: `SHA256:${'A'.repeat(43)}` }))).toBe('tls tls-identity')
    expect(failing(await on({}, 'cn=eleve,dc=agence1,dc=lan'))).toBe('directory directory-unreadable')
  })

  it('no certificate there: the way through PowerShell is what remains', async () => {
    expect(failing(await on({ port: plain }))).toBe('tls tls-missing')
    expect(failing(await on({ port: await freePort() }))).toBe('port port-refused')
  }, 20_000)

  it('StartTLS where only TLS is spoken', async () => {
    expect(failing(await on({ tls: 'starttls', port: secure }))).toBe('tls port-speaks-tls')
  }, 20_000)
})

describe.skipIf(!ensure(['snmpd']))('diagnosing a device, a real snmpd', () => {
  const [community, authKey, privKey] = [0, 1, 2].map(() => randomBytes(12).toString('base64url'))
  let folder = ''
  let port = 0
  let service: Service
  const user = (name: string, auth = authKey!, privacy = privKey!) => ({
    user: name,
    auth: { protocol: 'sha256' as const, secret: auth },
    privacy: { protocol: 'aes' as const, secret: privacy },
  })
  const on = (version: '2c' | 3, credential: Parameters<typeof placeOf>[1], at = port) =>
    walked(
      'snmp',
      placeOf({ address: '127.0.0.1', snmp: { credential: 'c', version, port: at } }, credential),
    )

  beforeAll(async () => {
    folder = await mkdtemp(join(tmpdir(), 'probant-doctor-snmp-'))
    port = await freeUdpPort()
    const configuration = [
      `agentAddress udp:127.0.0.1:${port}`,
      'sysName sw-1',
      `rocommunity ${community} 127.0.0.1`,
      ...['whole', 'narrow'].map((name) => `createUser ${name} SHA-256 ${authKey} AES ${privKey}`),
      'rouser whole authpriv',
      'rouser narrow authpriv .1.3.6.1.2.1.1',
    ]
    await writeFile(join(folder, 'snmpd.conf'), `${configuration.join('\n')}\n`, { mode: 0o600 })
    process.env['SNMP_PERSISTENT_DIR'] = folder
    const argv = [
      '-f',
      '-Lo',
      '-C',
      '-c',
      join(folder, 'snmpd.conf'),
      '-p',
      join(folder, 'pid'),
      '-I',
      '-smux',
    ]
    service = await start(
      program('snmpd')!,
      argv,
      async () => failing(await on('2c', { community: community! })) === 'all works',
    )
  }, 60_000)
  afterAll(async () => {
    await service?.stop()
    await rm(folder, { recursive: true, force: true })
  })

  it('v3 and v2c: every step, and that v2c goes in clear', async () => {
    const result = await on(3, user('whole'))
    expect(lines(result)).toEqual(['name works', 'port works', 'accepted works', 'rights works'])
    expect(result.findings.at(-1)?.note?.en).toMatch(/^sw-1, \d+ interfaces$/)
    const clear = await on('2c', { community: community! })
    expect(clear.findings.find(({ step }) => step === 'accepted')?.note?.fr).toContain('en clair')
  })

  it('a wrong key, an unknown user, a view that is too narrow', async () => {
    expect(failing(await on(3, user('whole', 'another-key')))).toBe('accepted account-refused')
    expect(failing(await on(3, user('nobody')))).toBe('accepted account-refused')
    expect(failing(await on(3, user('narrow')))).toBe('rights snmp-view')
  }, 20_000)

  it('silence may be a wrong community: the remedies say both', async () => {
    expect(failing(await on('2c', { community: 'another-one' }))).toBe('port port-silent')
    expect(failing(await on('2c', { community: community! }, await freeUdpPort()))).toBe('port port-refused')
  }, 20_000)

  it('a credential that is not whole is the agent’s', async () => {
    expect(failing(await on(3, {}))).toBe('accepted credential-unfit')
  })
})
