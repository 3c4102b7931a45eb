import { execFileSync } from 'node:child_process'
import { randomBytes } from 'node:crypto'
import { mkdir, mkdtemp, rm, writeFile } from 'node:fs/promises'
import { connect, createServer, type Server } from 'node:net'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { once } from 'node:events'
import { createServer as createTlsServer } from 'node:tls'
import { readFileSync } from 'node:fs'
import { afterAll, afterEach, beforeAll, describe, expect, it } from 'vitest'
import { domainOf, escapeValue } from '../../../agent/transports/ldap/distinguished-name.ts'
import { openLdap } from '../../../agent/transports/ldap/ldap.ts'
import type { CheckIdentity, Transport } from '../../../agent/transports/transport.ts'
import { ldap, type LdapFilter } from '../../../checks/probe.ts'
import type { Target } from '../../../checks/session.ts'
import { ensure, program } from '../../setup/debian.ts'
import { Authority } from './certificates.ts'
import { answerOf, askAll, askOne, causeOf, context, freePort, start, type Service } from './service.ts'

const password = randomBytes(12).toString('base64url')
const admin = 'cn=admin,dc=agence1,dc=lan'
const anything: LdapFilter = { present: 'objectClass' }
const opened: Transport[] = []
afterEach(async () => {
  await Promise.all(opened.splice(0).map((transport) => transport.close()))
})

type Way = Partial<NonNullable<Target['ldap']>>
function open(
  port: number,
  way: Way = {},
  options: {
    user?: string
    password?: string
    checkIdentity?: CheckIdentity
    files?: Record<string, string>
    connectTimeoutMs?: number
  } = {},
): Transport {
  const credential = { user: options.user ?? admin, password: options.password ?? password }
  const target: Target = {
    address: '127.0.0.1',
    ldap: { credential: 'c', tls: 'ldaps', port, domain: 'agence1.lan', ...way },
  }
  const transport = openLdap(context(target, { ...options, credential }))
  opened.push(transport)
  return transport
}

describe.skipIf(!ensure(['slapd', 'openssl']))('ldap, a real slapd', () => {
  let folder: string
  let service: Service
  let [secure, plain] = [0, 0]
  let authority: Authority
  let issued: ReturnType<Authority['issue']>
  const sid = Buffer.from('010400000000000515000000010000000200000003000000', 'hex')

  beforeAll(async () => {
    folder = await mkdtemp(join(tmpdir(), 'probant-ldap-'))
    authority = new Authority(folder)
    issued = authority.issue('dc', 'DNS:dc.agence1.lan')
    ;[secure, plain] = [await freePort(), await freePort()]
    await mkdir(join(folder, 'data'))
    // slapd with the attributes of a domain controller that matter here.
    const microsoft = [
      "attributetype ( 1.2.840.113556.1.4.1 NAME 'defaultNamingContext' SYNTAX 1.3.6.1.4.1.1466.115.121.1.12 )",
      "attributetype ( 1.2.840.113556.1.4.146 NAME 'objectSid' EQUALITY octetStringMatch SYNTAX 1.3.6.1.4.1.1466.115.121.1.40 )",
      "objectclass ( 1.2.840.113556.1.5.67 NAME 'withSid' AUXILIARY MAY ( objectSid ) )",
    ]
    const configuration = [
      ...['core', 'cosine', 'inetorgperson'].map((name) => `include /etc/ldap/schema/${name}.schema`),
      ...microsoft,
      'modulepath /usr/lib/ldap',
      'moduleload back_mdb',
      `rootDSE ${join(folder, 'root.ldif')}`,
      `TLSCertificateFile ${issued.cert}`,
      `TLSCertificateKeyFile ${issued.key}`,
      'sizelimit unlimited',
      'database mdb',
      'suffix "dc=agence1,dc=lan"',
      `rootdn "${admin}"`,
      `rootpw ${password}`,
      `directory ${join(folder, 'data')}`,
      'access to dn.subtree="ou=Hidden,dc=agence1,dc=lan" by * none',
      'access to * by * read',
    ]
    await writeFile(join(folder, 'slapd.conf'), `${configuration.join('\n')}\n`, { mode: 0o600 })
    await writeFile(join(folder, 'root.ldif'), 'dn:\ndefaultNamingContext: DC=agence1,DC=lan\n')
    const units = ['Comptabilité', 'Ventes, Export', 'Hidden', '#1 "quoted" \\ a+b<c>;d=e', ' spaces '].map(
      (ou) =>
        `dn:: ${Buffer.from(`ou=${escapeValue(ou)},dc=agence1,dc=lan`).toString('base64')}\nobjectClass: organizationalUnit\nou:: ${Buffer.from(ou).toString('base64')}\n`,
    )
    const users = Array.from(
      { length: 700 },
      (_, i) =>
        `dn: uid=u${i},ou=Comptabilit\\C3\\A9,dc=agence1,dc=lan\nobjectClass: inetOrgPerson\nuid: u${i}\ncn: U (${i}) *\nsn: U\ndescription: ${'x'.repeat(100)}\n`,
    )
    const reader = `dn: cn=lecture,dc=agence1,dc=lan\nobjectClass: inetOrgPerson\ncn: lecture\nsn: L\nuserPassword: ${password}\n`
    const domain = `dn: dc=agence1,dc=lan\nobjectClass: dcObject\nobjectClass: organization\nobjectClass: withSid\no: agence1\nobjectSid:: ${sid.toString('base64')}\n`
    const entries = [domain, reader, ...units, ...users].join('\n')
    await writeFile(join(folder, 'data.ldif'), entries)
    execFileSync(program('slapadd')!, [
      '-q',
      '-f',
      join(folder, 'slapd.conf'),
      '-l',
      join(folder, 'data.ldif'),
    ])
    const urls = `ldaps://127.0.0.1:${secure} ldap://127.0.0.1:${plain}`
    service = await start(program('slapd')!, ['-d', '0', '-h', urls, '-f', join(folder, 'slapd.conf')], () =>
      listening(plain),
    )
  }, 60_000)
  afterAll(async () => {
    await service?.stop()
    await rm(folder, { recursive: true, force: true })
  })

  it.each(['ldaps', 'starttls'] as const)(
    'finds an entry by %s, and says whose directory it is',
    async (tls) => {
      const transport = open(
        tls === 'ldaps' ? secure : plain,
        { tls, ca: 'ca.pem' },
        { files: { 'ca.pem': authority.pem } },
      )
      const outcome = await askOne(
        transport,
        ldap('dc', {
          rdns: [['OU', 'Ventes, Export']],
          scope: 'base',
          filter: anything,
          attributes: ['ou', 'objectClass'],
        }),
      )
      expect(outcome).toMatchObject({ identity: 'S-1-5-21-1-2-3', truncated: false })
      expect(answerOf(outcome)).toEqual({
        kind: 'ldap',
        found: true,
        entries: [
          {
            dn: 'ou=Ventes\\2C Export,dc=agence1,dc=lan',
            attributes: { ou: ['Ventes, Export'], objectclass: ['organizationalUnit'] },
          },
        ],
      })
    },
  )

  it('reaches entries whose names need escaping, and filters by values that do', async () => {
    const transport = open(secure)
    const names = ['#1 "quoted" \\ a+b<c>;d=e', ' spaces ', 'Comptabilité']
    const bases = names.map((ou) =>
      ldap('dc', { rdns: [['ou', ou]], scope: 'base', filter: anything, attributes: ['ou'] }),
    )
    const filters = ['U (7) *', '*', ')(uid=*', '\\2a'].map((cn) =>
      ldap('dc', { filter: { equals: ['cn', cn] }, attributes: ['uid'] }),
    )
    const outcomes = await askAll(transport, [...bases, ...filters])
    const found = outcomes.map((o) =>
      'answer' in o && o.answer.kind === 'ldap' ? o.answer.entries.length : causeOf(o),
    )
    expect(found).toEqual([1, 1, 1, 1, 0, 0, 0])
  })

  it('pages through what is longer than a page, and cuts at entries and at bytes', async () => {
    const people: LdapFilter = {
      and: [
        { present: 'uid' },
        { not: { equals: ['uid', 'u3'] } },
        { or: [{ present: 'cn' }, { present: 'sn' }] },
      ],
    }
    const search = { filter: people, attributes: ['uid', 'description'] }
    const transport = open(secure)
    // One after the other: slapd, unlike a domain controller, keeps one paged search for each connection.
    const count = async (limits: { sizeLimit?: number; maxBytes?: number }) => {
      const outcome = await askOne(transport, ldap('dc', { ...search, ...limits }))
      return 'answer' in outcome && outcome.answer.kind === 'ldap'
        ? { entries: outcome.answer.entries.length, truncated: outcome.truncated }
        : causeOf(outcome)
    }
    expect(await count({})).toEqual({ entries: 699, truncated: false })
    expect(await count({ sizeLimit: 300 })).toEqual({ entries: 300, truncated: true })
    expect(await count({ sizeLimit: 699 })).toEqual({ entries: 699, truncated: false })
    expect(await count({ maxBytes: 2000 })).toEqual({ entries: 10, truncated: true })
  })

  it('gives binary attributes as base64', async () => {
    const outcome = await askOne(
      open(secure),
      ldap('dc', { scope: 'base', filter: anything, attributes: ['objectSid'], binary: ['objectSid'] }),
    )
    expect(answerOf(outcome)).toMatchObject({
      entries: [{ attributes: { objectsid: [sid.toString('base64')] } }],
    })
  })

  it('says of a base that does not exist that it was not found', async () => {
    const outcome = await askOne(
      open(secure),
      ldap('dc', { rdns: [['ou', 'Nowhere']], filter: anything, attributes: ['ou'] }),
    )
    expect(answerOf(outcome)).toEqual({ kind: 'ldap', found: false, entries: [] })
  })

  it('says auth for a refused account, and tells no password', async () => {
    const wrong = randomBytes(12).toString('base64url')
    const outcome = await askOne(
      open(secure, {}, { password: wrong }),
      ldap('dc', { filter: anything, attributes: ['ou'] }),
    )
    expect(causeOf(outcome)).toBe('auth')
    expect(JSON.stringify(outcome)).not.toContain(wrong)
  })

  it('never binds without a password, which would succeed', async () => {
    const outcome = await askOne(
      open(secure, {}, { password: '' }),
      ldap('dc', { filter: anything, attributes: ['ou'] }),
    )
    expect(causeOf(outcome)).toBe('grader')
  })

  it('says identity for another domain, certificate, authority or name', async () => {
    const probe = ldap('dc', { scope: 'base', filter: anything, attributes: ['ou'] })
    const other = new Authority(folder, 'other')
    const ask = async (...all: Parameters<typeof open>) => await askOne(open(...all), probe)
    const domain = await ask(secure, { domain: 'agence2.lan', identity: 'first-use' })
    expect(domain).toMatchObject({
      failure: { cause: 'identity', detail: 'the directory of agence1.lan answers, not that of agence2.lan' },
    })
    expect(causeOf(await ask(secure, { ca: 'o' }, { files: { o: other.pem } }))).toBe('identity')
    const named = await ask(secure, { ca: 'c', domain: 'agence2.lan' }, { files: { c: authority.pem } })
    expect(named).toMatchObject({
      failure: { cause: 'identity', detail: expect.stringContaining('bears none') as string },
    })
    const pinned: CheckIdentity = (where, shown, pin) => where === `ldap 127.0.0.1:${secure}` && shown === pin
    expect(causeOf(await ask(secure, { identity: issued.fingerprint }, { checkIdentity: pinned }))).toMatch(
      /^answered/,
    )
    expect(
      causeOf(await ask(secure, { identity: `SHA256:${'A'.repeat(43)}` }, { checkIdentity: pinned })),
    ).toBe('identity')
    expect(causeOf(await ask(secure, {}, { checkIdentity: () => false }))).toBe('identity')
  })

  it('answers many questions over one connection', async () => {
    const probes = Array.from({ length: 40 }, (_, i) =>
      ldap('dc', { filter: { equals: ['uid', `u${i}`] }, attributes: ['uid'] }),
    )
    const transport = open(secure)
    const outcomes = (
      await Promise.all([askAll(transport, probes.slice(0, 20)), askAll(transport, probes.slice(20))])
    ).flat()
    expect(
      outcomes.every(
        (o, i) =>
          'answer' in o &&
          o.answer.kind === 'ldap' &&
          o.answer.entries[0]?.attributes['uid']?.[0] === `u${i}`,
      ),
    ).toBe(true)
  })

  it('says refused for a closed port, unparsable for what is no TLS', async () => {
    const probe = ldap('dc', { filter: anything, attributes: ['ou'] })
    expect(causeOf(await askOne(open(await freePort()), probe))).toBe('refused')
    expect(['unparsable', 'refused']).toContain(causeOf(await askOne(open(plain), probe)))
  })
})

describe.skipIf(!ensure(['openssl']))('ldap, a hostile directory', () => {
  let folder: string
  let issued: ReturnType<Authority['issue']>
  let server: Server | undefined
  beforeAll(async () => {
    folder = await mkdtemp(join(tmpdir(), 'probant-ldap-'))
    issued = new Authority(folder).issue('dc', 'DNS:dc.agence1.lan')
  })
  afterEach(() => server?.close())
  afterAll(() => rm(folder, { recursive: true, force: true }))

  const serve = async (answer: (request: Buffer) => Buffer | null, secure = true) => {
    const options = { key: readFileSync(issued.key), cert: readFileSync(issued.cert) }
    const handle = (socket: import('node:net').Socket) =>
      socket
        .on('error', () => undefined)
        .on('data', (request: Buffer) => {
          const reply = answer(request)
          if (reply) socket.write(reply)
        })
    server = secure ? createTlsServer(options, handle) : createServer(handle)
    server.listen(0, '127.0.0.1')
    await once(server, 'listening')
    const address = server.address()
    return typeof address === 'object' ? address!.port : 0
  }
  const probe = ldap('dc', { filter: anything, attributes: ['ou'] })

  it.each([
    ['an entry whose attributes are longer than the message', '3009020101640404003020'],
    ['an indefinite length', '3080020101'],
    ['lengths of zero', '30003000'],
    ['a length of 4 GiB', '3084ffffffff'],
    ['text', Buffer.from('HTTP/1.1 400 Bad Request\r\n\r\n').toString('hex')],
    ['a notice of disconnection', '300c02010078070a010204000400'],
  ])('ends by a failure on %s', async (_, hex) => {
    const port = await serve(() => Buffer.from(hex, 'hex'))
    const outcome = await askOne(open(port, {}, { connectTimeoutMs: 2000 }), probe)
    expect(['unparsable', 'truncated', 'refused', 'identity']).toContain(causeOf(outcome))
  })

  it('does not send the password before it knows the domain', async () => {
    const seen: Buffer[] = []
    const port = await serve((request) => {
      seen.push(request)
      return Buffer.from('300c02010165070a010004000400', 'hex')
    })
    expect(causeOf(await askOne(open(port), probe))).toBe('identity')
    expect(seen.length).toBe(1)
    expect(Buffer.concat(seen).includes(password)).toBe(false)
  })

  it('spends one deadline on a directory that says nothing, before and after TLS', async () => {
    const began = performance.now()
    for (const secure of [true, false]) {
      const port = await serve(() => null, secure)
      const outcomes = await askAll(open(port, {}, { connectTimeoutMs: 400 }), [
        probe,
        { ...probe, sizeLimit: 5 },
      ])
      expect(outcomes.map(causeOf)).toEqual(['timeout', 'timeout'])
      server?.close()
    }
    expect(performance.now() - began).toBeLessThan(2500)
  })

  it.each([10, 28])(
    'refuses what is said in clear after the answer to StartTLS (%i digits)',
    async (digits) => {
      const yes = '300c02010178070a010004000400'
      const port = await serve(() => Buffer.from(`${yes}${yes.slice(0, digits)}`, 'hex'), false)
      const outcome = await askOne(open(port, { tls: 'starttls' }), probe)
      expect(outcome).toMatchObject({
        failure: { cause: 'unparsable', detail: 'clear text after the answer to StartTLS' },
      })
    },
  )
})

describe('distinguished names', () => {
  it('tells the domain of a naming context', () => {
    expect(domainOf('DC=Agence1,DC=lan')).toBe('agence1.lan')
    expect(domainOf('O=agence1')).toBe(null)
    expect(domainOf('')).toBe(null)
  })
})

const listening = async (port: number): Promise<boolean> => {
  const socket = connect(port, '127.0.0.1')
  return await new Promise((resolve) => {
    socket.once('connect', () => resolve(true)).once('error', () => resolve(false))
  }).then((open) => (socket.destroy(), open as boolean))
}
