import { readFile } from 'node:fs/promises'
import { afterAll, describe, expect, it } from 'vitest'
import { openDns } from '../../agent/transports/dns/dns.ts'
import { openHttp } from '../../agent/transports/http/http.ts'
import { openIcmp } from '../../agent/transports/icmp/icmp.ts'
import { openLdap } from '../../agent/transports/ldap/ldap.ts'
import { openSnmp } from '../../agent/transports/snmp/snmp.ts'
import { openTcp } from '../../agent/transports/tcp/tcp.ts'
import type { OpenCredential, OpenTransport, Transport } from '../../agent/transports/transport.ts'
import { dns, http, icmp, ldap, snmpGet, snmpWalk, tcp } from '../../checks/probe.ts'
import type { Target } from '../../checks/session.ts'
import { answerOf, askAll, askOne, causeOf, context } from '../agent/transports/service.ts'

const { env } = process
const opened: Transport[] = []
const open = (
  transport: OpenTransport,
  target: Target,
  credential: OpenCredential = {},
  files: Record<string, string> = {},
) => {
  const one = transport(context(target, { credential, files }))
  opened.push(one)
  return one
}
afterAll(() => Promise.all(opened.map((transport) => transport.close())))

const anything = { present: 'objectClass' }

describe.skipIf(!env['LAB_DIR'])('the transports against the lab', () => {
  const directory = async (n: number, domain: string, tls: 'ldaps' | 'starttls' = 'ldaps') => {
    const target: Target = { address: `10.0.${n}.10`, ldap: { credential: 'c', tls, domain, ca: 'ca' } }
    const credential = { user: `lecture@${domain}`, password: env['LAB_AD_PASSWORD'] }
    return open(openLdap, target, credential, { ca: await readFile(env['LAB_CA']!, 'utf8') })
  }

  it.each(['ldaps', 'starttls'] as const)('asks a Samba domain controller by %s', async (tls) => {
    const began = performance.now()
    const transport = await directory(1, 'agence1.lan', tls)
    const outcomes = await askAll(transport, [
      ldap('dc', { rdns: [['OU', 'Ventes, Export']], scope: 'base', filter: anything, attributes: ['ou'] }),
      ldap('dc', {
        filter: { equals: ['sAMAccountName', 'c.durand1'] },
        attributes: ['displayName', 'objectSid'],
        binary: ['objectSid'],
      }),
      ldap('dc', { context: 'root', scope: 'base', filter: anything, attributes: ['dnsHostName'] }),
      ldap('dc', { context: 'configuration', scope: 'base', filter: anything, attributes: ['objectClass'] }),
      ldap('dc', {
        context: 'schema',
        scope: 'one',
        filter: { equals: ['lDAPDisplayName', 'user'] },
        attributes: ['cn'],
      }),
      ldap('dc', { rdns: [['OU', 'Nulle part']], scope: 'sub', filter: anything, attributes: ['ou'] }),
      ldap('dc', {
        rdns: [
          ['CN', 'Policies'],
          ['CN', 'System'],
        ],
        scope: 'one',
        filter: anything,
        attributes: ['displayName', 'nTSecurityDescriptor'],
        binary: ['nTSecurityDescriptor'],
        maxBytes: 4_194_304,
      }),
    ])
    console.log(`7 searches by ${tls}: ${Math.round(performance.now() - began)} ms`)
    const found = outcomes.map((o) => ('answer' in o && o.answer.kind === 'ldap' ? o.answer : causeOf(o)))
    expect(found[0]).toMatchObject({ found: true, entries: [{ attributes: { ou: ['Ventes, Export'] } }] })
    expect(found[1]).toMatchObject({ entries: [{ attributes: { displayname: ['Chloé Durand'] } }] })
    expect(found[2]).toMatchObject({ entries: [{ dn: '' }] })
    expect(found[3]).toMatchObject({ entries: [{ dn: 'CN=Configuration,DC=agence1,DC=lan' }] })
    expect(found[4]).toMatchObject({ entries: [{ attributes: { cn: ['User'] } }] })
    expect(found[5]).toEqual({ kind: 'ldap', found: false, entries: [] })
    const policies = typeof found[6] === 'object' ? found[6].entries : []
    expect(policies.length).toBeGreaterThanOrEqual(6)
    expect(policies.every(({ attributes }) => attributes['ntsecuritydescriptor']?.length === 1)).toBe(true)
    expect(outcomes.every((o) => o.identity?.startsWith('S-1-5-21-'))).toBe(true)
  })

  it('keeps nine paged searches apart on one connection', async () => {
    const transport = await directory(1, 'agence1.lan')
    const classes = { equals: ['objectClass', 'classSchema'] as [string, string] }
    const search = ldap('dc', {
      context: 'schema',
      scope: 'one',
      filter: classes,
      attributes: ['cn'],
      timeoutMs: 30_000,
    })
    const outcomes = await askAll(
      transport,
      Array.from({ length: 9 }, (_, i) => ({ ...search, sizeLimit: 1000 + i })),
    )
    const counts = outcomes.map((o) =>
      'answer' in o && o.answer.kind === 'ldap' ? o.answer.entries.length : causeOf(o),
    )
    expect(counts[0]).toBeGreaterThan(250)
    expect(new Set(counts).size).toBe(1)
  })

  it('knows another domain, and a wrong password', async () => {
    const probe = ldap('dc', { filter: anything, attributes: ['ou'], sizeLimit: 1 })
    expect(causeOf(await askOne(await directory(3, 'agence3.lan'), probe))).toBe('identity')
    const target: Target = {
      address: '10.0.1.10',
      ldap: { credential: 'c', tls: 'ldaps', domain: 'agence1.lan' },
    }
    expect(
      causeOf(await askOne(open(openLdap, target, { user: 'lecture@agence1.lan', password: 'x' }), probe)),
    ).toBe('auth')
  })

  it('asks a switch by v3, and walks its bridge', async () => {
    const credential: OpenCredential = {
      user: 'probant',
      auth: { protocol: 'sha256', secret: env['LAB_SNMP_AUTH']! },
      privacy: { protocol: 'aes', secret: env['LAB_SNMP_PRIV']! },
    }
    const target: Target = { address: '10.0.1.2', snmp: { credential: 'c', version: 3, port: 161 } }
    const began = performance.now()
    const [name, bridge, open_] = await askAll(open(openSnmp, target, credential), [
      snmpGet('sw', ['1.3.6.1.2.1.1.5.0']),
      snmpWalk('sw', [
        '1.3.6.1.2.1.17.7.1.4.3.1.1',
        '1.3.6.1.2.1.17.7.1.4.3.1.2',
        '1.3.6.1.2.1.17.1.4.1.2',
        '1.3.6.1.2.1.31.1.1.1.1',
      ]),
      snmpGet('sw', ['1.3.6.1.2.1.1.5.0'], { community: 'public', timeoutMs: 1500 }),
    ])
    console.log(`get and walk: ${bridge!.ms} ms of ${Math.round(performance.now() - began)} ms`)
    expect(answerOf(name!)).toMatchObject({ varbinds: [{ value: 'sw-1' }] })
    expect(JSON.stringify(answerOf(bridge!))).toContain('INVITES')
    expect(causeOf(open_!)).toBe('timeout')
  })

  it('asks the domain controller for names', async () => {
    const transport = open(openDns, { address: '10.0.1.10' })
    const [web, none, services] = await askAll(transport, [
      dns('dc', 'WEB.agence1.lan', 'A'),
      dns('dc', 'nulle-part.agence1.lan', 'A'),
      dns('dc', '_ldap._tcp.agence1.lan', 'SRV'),
    ])
    expect(answerOf(web!)).toMatchObject({
      rcode: 'NOERROR',
      authoritative: true,
      answers: [{ name: 'web.agence1.lan', type: 'A', data: '10.0.1.20' }],
    })
    expect(answerOf(none!)).toMatchObject({ rcode: 'NXDOMAIN', answers: [] })
    expect(answerOf(services!)).toMatchObject({
      answers: [{ data: expect.stringMatching(/^\d+ \d+ 389 dc\S*\.agence1\.lan$/) as string }],
    })
    const foreign = await askOne(open(openDns, { address: '10.0.3.10' }), dns('dc', 'web.agence3.lan', 'A'))
    expect(['REFUSED', 'NXDOMAIN', 'SERVFAIL']).toContain((answerOf(foreign) as { rcode?: string }).rcode)
  })

  it('asks the site, the supervision with its password, ports and echoes', async () => {
    const site = await askOne(open(openHttp, { address: '10.0.1.20' }), http('web', {}))
    expect(answerOf(site)).toMatchObject({
      status: 200,
      body: expect.stringContaining("Intranet de l'agence 1") as string,
    })
    const path = '/nagios4/cgi-bin/objectjson.cgi?query=hostlist'
    const credential = { user: 'probant', password: env['LAB_NAGIOS_PASSWORD'] }
    const noc: Target = { address: '10.0.0.5', http: { credential: 'c' } }
    const asked = http('noc', { path, authenticated: true })
    expect(answerOf(await askOne(open(openHttp, noc, credential), asked))).toMatchObject({
      status: 200,
      body: expect.stringContaining('web1') as string,
    })
    expect(causeOf(await askOne(open(openHttp, noc, { ...credential, password: 'x' }), asked))).toBe('auth')
    const ports = await askAll(open(openTcp, { address: '10.0.1.20' }), [tcp('web', 80), tcp('web', 81)])
    expect(ports.map(answerOf)).toMatchObject([{ state: 'open' }, { state: 'refused' }])
    expect(answerOf(await askOne(open(openIcmp, { address: '10.2.1.40' }), icmp('invite')))).toMatchObject({
      sent: 2,
      received: 2,
    })
  })
})
