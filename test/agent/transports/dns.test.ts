import { mkdtemp, rm, writeFile } from 'node:fs/promises'
import { createSocket, type Socket } from 'node:dgram'
import { once } from 'node:events'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { decode, encode, type Packet } from 'dns-packet'
import { afterAll, afterEach, beforeAll, describe, expect, it } from 'vitest'
import { askOnce } from '../../../agent/transports/asking.ts'
import { openDns } from '../../../agent/transports/dns/dns.ts'
import { resolveAt } from '../../../agent/transports/dns/exchange.ts'
import { dns, type ProbeOf } from '../../../checks/probe.ts'
import { ensure, program } from '../../setup/debian.ts'
import { answerOf, askOne, causeOf, context, freePort, freeUdpPort, start, type Service } from './service.ts'

const ask = (
  port: number,
  name: string,
  type: ProbeOf<'dns'>['type'],
  limits: Partial<ProbeOf<'dns'>> = {},
) =>
  askOnce({ ...dns('m', name, type), ...limits }, AbortSignal.timeout(10_000), (probe, stop) =>
    resolveAt({ address: '127.0.0.1', port }, probe, stop),
  )

describe.skipIf(!ensure(['bind9']))('dns, a real BIND', () => {
  let folder: string
  let port: number
  let service: Service
  beforeAll(async () => {
    folder = await mkdtemp(join(tmpdir(), 'probant-dns-'))
    port = await freePort()
    const many = Array.from({ length: 80 }, (_, i) => `many A 10.9.${i >> 8}.${i & 255}`)
    const zone = [
      '$TTL 600',
      '@ SOA NS.agence1.lan. hostmaster 2026112301 3600 600 86400 300',
      '@ NS ns',
      'ns A 127.0.0.1',
      'web A 10.0.1.20',
      'web AAAA 2001:db8::20',
      'www CNAME WEB',
      '@ MX 10 mail.Example.org.',
      '_ldap._tcp SRV 0 100 389 dc',
      'dc A 10.0.1.10',
      'note TXT "v=spf1 -all" "; suite é"',
      ...many,
    ]
    await writeFile(join(folder, 'zone'), `${zone.join('\n')}\n`)
    await writeFile(
      join(folder, 'reverse'),
      '$TTL 600\n@ SOA ns.agence1.lan. h.agence1.lan. 1 1 1 1 1\n@ NS ns.agence1.lan.\n20 PTR web.agence1.lan.\n',
    )
    const options = `options { directory "${folder}"; listen-on port ${port} { 127.0.0.1; }; listen-on-v6 { none; }; pid-file none; session-keyfile none; recursion no; allow-query { any; }; dnssec-validation no; };`
    const zones = `zone "agence1.lan" { type master; file "${folder}/zone"; }; zone "1.0.10.in-addr.arpa" { type master; file "${folder}/reverse"; };`
    await writeFile(join(folder, 'named.conf'), `${options}\ncontrols { };\n${zones}\n`)
    service = await start(
      program('named')!,
      ['-g', '-n', '1', '-c', join(folder, 'named.conf')],
      async () => 'answer' in (await ask(port, 'ns.agence1.lan', 'A', { timeoutMs: 300 })),
    )
  }, 60_000)
  afterAll(async () => {
    await service?.stop()
    await rm(folder, { recursive: true, force: true })
  })

  it.each([
    ['web.agence1.lan', 'A', '10.0.1.20'],
    ['web.agence1.lan', 'AAAA', '2001:db8::20'],
    ['agence1.lan', 'MX', '10 mail.example.org'],
    ['agence1.lan', 'NS', 'ns.agence1.lan'],
    ['_ldap._tcp.agence1.lan', 'SRV', '0 100 389 dc.agence1.lan'],
    ['agence1.lan', 'SOA', 'ns.agence1.lan hostmaster.agence1.lan 2026112301 3600 600 86400 300'],
    ['20.1.0.10.in-addr.arpa', 'PTR', 'web.agence1.lan'],
    ['note.agence1.lan', 'TXT', 'v=spf1 -all; suite é'],
  ] as const)('reads %s %s', async (name, type, data) => {
    expect(answerOf(await ask(port, name.toUpperCase(), type))).toEqual({
      kind: 'dns',
      rcode: 'NOERROR',
      authoritative: true,
      answers: [{ name, type, ttl: 600, data }],
    })
  })

  it('gives the chain of an alias', async () => {
    expect(answerOf(await ask(port, 'www.agence1.lan.', 'A'))).toMatchObject({
      answers: [
        { name: 'www.agence1.lan', type: 'CNAME', data: 'web.agence1.lan' },
        { name: 'web.agence1.lan', type: 'A', data: '10.0.1.20' },
      ],
    })
  })

  it('gives response codes as answers', async () => {
    expect(answerOf(await ask(port, 'none.agence1.lan', 'A'))).toEqual({
      kind: 'dns',
      rcode: 'NXDOMAIN',
      authoritative: true,
      answers: [],
    })
    expect(answerOf(await ask(port, 'example.org', 'A'))).toMatchObject({
      rcode: 'REFUSED',
      authoritative: false,
    })
    expect(answerOf(await ask(port, 'web.agence1.lan', 'MX'))).toMatchObject({
      rcode: 'NOERROR',
      answers: [],
    })
  })

  it('asks again by TCP what does not fit a datagram, and cuts it at its bytes', async () => {
    const whole = await ask(port, 'many.agence1.lan', 'A')
    expect(whole).toMatchObject({ truncated: false, answer: { answers: { length: 80 } } })
    expect(await ask(port, 'many.agence1.lan', 'A', { maxBytes: 100 })).toMatchObject({ truncated: true })
  })

  it('says refused where nobody listens, grader for a name that is none', async () => {
    expect(causeOf(await ask(await freeUdpPort(), 'web.agence1.lan', 'A'))).toBe('refused')
    expect(causeOf(await ask(port, `${'x'.repeat(70)}.lan`, 'A'))).toBe('grader')
  })
})

describe('dns, a hostile server', () => {
  let server: Socket | undefined
  afterEach(() => server?.close())
  const serve = async (answers: (query: Packet & { id: number }) => (Buffer | Packet)[]) => {
    server = createSocket('udp4')
    server.on('message', (message, from) => {
      for (const reply of answers(decode(message) as never))
        server?.send(Buffer.isBuffer(reply) ? reply : encode(reply), from.port, from.address)
    })
    server.bind(0, '127.0.0.1')
    await once(server, 'listening')
    return server.address().port
  }
  const reply = (query: Packet, changes: Partial<Packet>, data: string): Packet => ({
    type: 'response',
    id: query.id!,
    questions: query.questions!,
    answers: [{ type: 'A', name: 'web.lan', ttl: 1, data }],
    ...changes,
  })

  it('passes over what does not answer this question', async () => {
    const port = await serve((query) => [
      Buffer.from('garbage'),
      Buffer.from('000080000001000100000000c00c00010001c00c0001000100000001000401020304', 'hex'), // a name that is its own end
      reply(query, { id: (query.id + 1) & 0xffff }, '10.6.6.1'),
      reply(query, { questions: [{ type: 'A', name: 'other.lan', class: 'IN' }] }, '10.6.6.2'),
      reply(query, { type: 'query' }, '10.6.6.3'),
      reply(query, {}, '10.0.0.7'),
    ])
    expect(answerOf(await ask(port, 'web.lan', 'A'))).toMatchObject({ answers: [{ data: '10.0.0.7' }] })
  })

  it('asks again where a datagram was lost, and says timeout where all are', async () => {
    let asked = 0
    const port = await serve((query) => (++asked < 2 ? [] : [reply(query, {}, '10.0.0.8')]))
    expect(answerOf(await ask(port, 'web.lan', 'A'))).toMatchObject({ answers: [{ data: '10.0.0.8' }] })
    server!.close()
    const silent = await serve(() => [])
    expect(causeOf(await ask(silent, 'web.lan', 'A', { timeoutMs: 300 }))).toBe('timeout')
  })

  it('fails where TCP is refused after a truncated answer', async () => {
    const port = await serve((query) => [reply(query, { flags: 0x0200 }, '10.0.0.9')])
    expect(causeOf(await ask(port, 'web.lan', 'A'))).toBe('refused')
  })
})

it('asks port 53 of the target', async () => {
  // 127.90.0.1 has no DNS server: the kernel says so at once.
  const outcome = await askOne(
    openDns(context({ address: '127.90.0.1' })),
    dns('m', 'web.lan', 'A', { timeoutMs: 1000 }),
  )
  expect(causeOf(outcome)).toBe('refused')
})
