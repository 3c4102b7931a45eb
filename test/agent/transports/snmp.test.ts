import { randomBytes } from 'node:crypto'
import { createSocket, type Socket } from 'node:dgram'
import { once } from 'node:events'
import { mkdtemp, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, afterEach, beforeAll, describe, expect, it } from 'vitest'
import { openSnmp } from '../../../agent/transports/snmp/snmp.ts'
import { isAfter, rowOf } from '../../../agent/transports/snmp/varbind.ts'
import type { OpenCredential, Transport } from '../../../agent/transports/transport.ts'
import { snmpGet, snmpWalk } from '../../../checks/probe.ts'
import type { Target } from '../../../checks/session.ts'
import { ensure, program } from '../../setup/debian.ts'
import { answerOf, askAll, askOne, causeOf, context, freeUdpPort, start, type Service } from './service.ts'

const SYS_NAME = '1.3.6.1.2.1.1.5.0'
const SYSTEM = '1.3.6.1.2.1.1'
const RIGHTS = '1.3.6.1.2.1.2'
const secret = () => randomBytes(12).toString('base64url')
const opened: Transport[] = []
const open = (port: number, version: '2c' | 3, credential: OpenCredential, address = '127.0.0.1') => {
  const target: Target = { address, snmp: { credential: 'c', version, port } }
  const transport = openSnmp(context(target, { credential, connectTimeoutMs: 1500 }))
  opened.push(transport)
  return transport
}
afterEach(async () => {
  await Promise.all(opened.splice(0).map((transport) => transport.close()))
})

describe.skipIf(!ensure(['snmpd']))('snmp, a real snmpd', () => {
  const community = secret()
  const authKey = secret()
  const privKey = secret()
  const protocols = ['sha', 'sha256', 'sha512'] as const
  let port: number
  let service: Service
  let folder: string
  const user = (
    name: string,
    auth = authKey,
    privacy = privKey,
    protocol: (typeof protocols)[number] = 'sha256',
  ): OpenCredential => ({
    user: name,
    auth: { protocol, secret: auth },
    privacy: { protocol: 'aes', secret: privacy },
  })

  beforeAll(async () => {
    folder = await mkdtemp(join(tmpdir(), 'probant-snmp-'))
    port = await freeUdpPort()
    const users = protocols.flatMap((p) => [
      `createUser ${p} ${p === 'sha' ? 'SHA' : p.replace('sha', 'SHA-')} ${authKey} AES ${privKey}`,
      `rouser ${p} authpriv .1.3.6.1.2.1.1`,
    ])
    const lines = [
      `agentAddress udp:127.0.0.1:${port}`,
      'sysName sw-é',
      'sysLocation salle',
      `rocommunity ${community} 127.0.0.1`,
      ...users,
    ]
    await writeFile(join(folder, 'snmpd.conf'), `${lines.join('\n')}\n`, { mode: 0o600 })
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
    service = await start(program('snmpd')!, argv, async () => {
      const transport = openSnmp(
        context(
          { address: '127.0.0.1', snmp: { credential: 'c', version: '2c', port } },
          { credential: { community }, connectTimeoutMs: 500 },
        ),
      )
      const outcome = await askOne(transport, snmpGet('m', [SYS_NAME]))
      await transport.close()
      return 'answer' in outcome
    })
  }, 60_000)
  afterAll(async () => {
    await service?.stop()
    await rm(folder, { recursive: true, force: true })
  })

  it('gets by v2c, with the bytes of octet strings and the type names of absences', async () => {
    const answer = answerOf(
      await askOne(
        open(port, '2c', { community }),
        snmpGet('m', [SYS_NAME, '1.3.6.1.2.1.1.99.0', '1.3.6.1.2.1.1.3.1']),
      ),
    )
    expect(answer).toEqual({
      kind: 'snmp',
      varbinds: [
        { oid: SYS_NAME, type: 'OctetString', value: 'sw-é', hex: Buffer.from('sw-é').toString('hex') },
        { oid: '1.3.6.1.2.1.1.99.0', type: 'NoSuchObject', value: '' },
        { oid: '1.3.6.1.2.1.1.3.1', type: 'NoSuchInstance', value: '' },
      ],
    })
  })

  it.each(protocols)('asks by v3 authPriv with %s and AES', async (protocol) => {
    const outcome = await askOne(
      open(port, 3, user(protocol, authKey, privKey, protocol)),
      snmpGet('m', [SYS_NAME]),
    )
    expect(answerOf(outcome)).toMatchObject({ varbinds: [{ value: 'sw-é' }] })
  })

  it('walks several subtrees in their order, over one session', async () => {
    const outcome = await askOne(
      open(port, '2c', { community }),
      snmpWalk('m', ['1.3.6.1.2.1.2.2.1.2', SYSTEM]),
    )
    if (!('answer' in outcome) || outcome.answer.kind !== 'snmp') throw new Error(causeOf(outcome))
    const oids = outcome.answer.varbinds.map((v) => v.oid)
    expect(oids[0]).toMatch(/^1\.3\.6\.1\.2\.1\.2\.2\.1\.2\./)
    expect(oids).toContain(SYS_NAME)
    expect(outcome.answer.varbinds.find((v) => v.oid.startsWith('1.3.6.1.2.1.2.2.1.2.'))?.value).toBe('lo')
    expect(outcome.truncated).toBe(false)
  })

  it('cuts a walk at its rows and at its bytes, and says so', async () => {
    const [rows, bytes] = await askAll(open(port, '2c', { community }), [
      snmpWalk('m', [SYSTEM], { maxRows: 3 }),
      { ...snmpWalk('m', [SYSTEM]), maxBytes: 100 },
    ])
    expect(rows).toMatchObject({ truncated: true, answer: { varbinds: { length: 3 } } })
    expect(bytes).toMatchObject({ truncated: true })
  })

  it('tells a walk that ends exactly at its rows from one that was cut', async () => {
    const all = await askOne(open(port, '2c', { community }), snmpWalk('m', [SYSTEM]))
    const count = 'answer' in all && all.answer.kind === 'snmp' ? all.answer.varbinds.length : 0
    const exact = await askOne(open(port, '2c', { community }), snmpWalk('m', [SYSTEM], { maxRows: count }))
    expect(exact).toMatchObject({ truncated: false, answer: { varbinds: { length: count } } })
  })

  it('answers a walk of nothing with nothing', async () => {
    const outcome = await askOne(open(port, '2c', { community }), snmpWalk('m', ['1.3.6.1.2.1.17.7']))
    expect(answerOf(outcome)).toEqual({ kind: 'snmp', varbinds: [] })
  })

  it('knows a wrong key or user (auth) from silence (timeout)', async () => {
    expect(causeOf(await askOne(open(port, 3, user('sha256', secret())), snmpGet('m', [SYS_NAME])))).toBe(
      'auth',
    )
    expect(causeOf(await askOne(open(port, 3, user('nobody')), snmpGet('m', [SYS_NAME])))).toBe('auth')
    expect(causeOf(await askOne(open(port, '2c', { community: secret() }), snmpGet('m', [SYS_NAME])))).toBe(
      'timeout',
    )
    // A wrong privacy key only: net-snmp reports a decryption error, or stays silent where the padding happens to fit.
    expect(['auth', 'timeout']).toContain(
      causeOf(await askOne(open(port, 3, user('sha256', authKey, secret())), snmpGet('m', [SYS_NAME]))),
    )
  })

  it('asks by a well-known community beside its credential', async () => {
    const [mine, theirs] = await askAll(open(port, 3, user('sha256')), [
      snmpGet('m', [SYS_NAME]),
      snmpGet('m', [SYS_NAME], { community: 'public', timeoutMs: 600 }),
    ])
    expect(mine).toMatchObject({ answer: { kind: 'snmp' } })
    expect(causeOf(theirs!)).toBe('timeout')
  })

  it('gives what a view hides as absent, not as a failure', async () => {
    const outcome = await askOne(open(port, 3, user('sha256')), snmpWalk('m', [RIGHTS]))
    expect(answerOf(outcome)).toEqual({ kind: 'snmp', varbinds: [] })
  })

  it('spends one deadline on a silent device, and none on a closed port', async () => {
    const began = performance.now()
    const silent = createSocket('udp4').bind(0, '127.0.0.1')
    await once(silent, 'listening')
    const probes = Array.from({ length: 12 }, (_, i) => snmpGet('m', [`1.3.6.1.2.1.1.${i + 1}.0`]))
    const outcomes = await askAll(open(silent.address().port, '2c', { community }), probes)
    silent.close()
    expect(new Set(outcomes.map(causeOf))).toEqual(new Set(['timeout']))
    expect(performance.now() - began).toBeLessThan(3500)
    const closed = await askOne(open(await freeUdpPort(), '2c', { community }), snmpGet('m', [SYS_NAME]))
    expect(causeOf(closed)).toBe('refused')
  })

  it('says no secret in a failure', async () => {
    const wrong = secret()
    const outcome = await askOne(open(port, 3, user('sha256', wrong)), snmpGet('m', [SYS_NAME]))
    expect(JSON.stringify(outcome)).not.toContain(wrong)
  })
})

describe('snmp, a hostile device', () => {
  let device: Socket
  afterEach(() => device?.close())
  const behave = async (answer: (request: Buffer, send: (reply: Buffer) => void) => void) => {
    device = createSocket('udp4')
    device.on('message', (request, from) =>
      answer(request, (reply) => device.send(reply, from.port, from.address)),
    )
    device.bind(0, '127.0.0.1')
    await once(device, 'listening')
    return device.address().port
  }

  it('survives garbage, and names it', async () => {
    const port = await behave((_, send) =>
      [Buffer.alloc(0), randomBytes(40), Buffer.from('300502', 'hex'), Buffer.alloc(60_000, 0x30)].forEach(
        send,
      ),
    )
    expect(['timeout', 'unparsable']).toContain(
      causeOf(await askOne(open(port, '2c', { community: 'c' }), snmpGet('m', [SYS_NAME]))),
    )
  })

  it('survives a v3 message with the id of a v2c request', async () => {
    // Version 3, msgID of the request's id, authenticated flag: no user is known to the session.
    const port = await behave((request, send) => {
      const id = request.subarray(request.indexOf(Buffer.from([0xa0])) + 2)
      const integer = id.subarray(0, 2 + id[1]!)
      const header = tlv(
        0x30,
        Buffer.concat([
          integer,
          tlv(2, Buffer.from([0x10, 0])),
          tlv(4, Buffer.from([1])),
          tlv(2, Buffer.from([3])),
        ]),
      )
      const empty = tlv(4, Buffer.alloc(0))
      const zero = tlv(2, Buffer.from([0]))
      const usm = tlv(
        4,
        tlv(0x30, Buffer.concat([empty, zero, zero, empty, tlv(4, Buffer.alloc(12)), empty])),
      )
      const pdu = tlv(0xa2, Buffer.concat([integer, zero, zero, tlv(0x30, Buffer.alloc(0))]))
      const scoped = tlv(0x30, Buffer.concat([empty, empty, pdu]))
      send(tlv(0x30, Buffer.concat([tlv(2, Buffer.from([3])), header, usm, scoped])))
    })
    const outcome = await askOne(open(port, '2c', { community: 'c' }), snmpGet('m', [SYS_NAME]))
    expect('failure' in outcome).toBe(true)
  })

  it('ends a walk that goes round in circles', async () => {
    // Answers every GETBULK with the object asked for, again and again; and the greeting as it should.
    const port = await behave((request, send) => send(echo(request)))
    const outcome = await askOne(
      open(port, '2c', { community: 'c' }),
      snmpWalk('m', ['1.3.6.1.2.1.17'], { maxRows: 10_000 }),
    )
    expect(outcome).toMatchObject({ truncated: false, answer: { varbinds: [] } })
    const below = await askOne(open(port, '2c', { community: 'c' }), snmpWalk('m', ['1.3.6.1.2.1']))
    expect(below).toMatchObject({ truncated: true, answer: { varbinds: { length: 1 } } })
  })

  const tlv = (tag: number, value: Buffer): Buffer =>
    Buffer.concat([
      Buffer.from(
        value.length < 128 ? [tag, value.length] : [tag, 0x82, value.length >> 8, value.length & 255],
      ),
      value,
    ])

  /** A response with one varbind for each asked, with the OID asked for and below it a constant one. */
  function echo(request: Buffer): Buffer {
    const at = request.findIndex((byte, i) => (byte === 0xa0 || byte === 0xa5) && i > 6)
    const community = request.subarray(5, at)
    const idEnd = at + 2 + 2 + request[at + 3]!
    const id = request.subarray(at + 2, idEnd)
    const zero = Buffer.from([2, 1, 0])
    const bulk = request[at] === 0xa5
    const asked = request.subarray(request.indexOf(Buffer.from([0x06, 0x08]), idEnd))
    const oid = bulk ? tlv(6, Buffer.from([0x2b, 6, 1, 2, 1, 1, 5, 0])) : asked.subarray(0, 2 + asked[1]!)
    const varbind = tlv(0x30, Buffer.concat([oid, tlv(4, Buffer.from('x'))]))
    const list = tlv(0x30, bulk ? Buffer.concat([varbind, varbind]) : varbind)
    const body = Buffer.concat([
      request.subarray(2, 5),
      community,
      tlv(0xa2, Buffer.concat([id, zero, zero, list])),
    ])
    return tlv(0x30, body)
  }
})

describe('varbinds', () => {
  it('orders OIDs by number, not by text', () => {
    expect(isAfter('1.3.10', '1.3.9')).toBe(true)
    expect(isAfter('1.3.9', '1.3.9')).toBe(false)
    expect(isAfter('1.3.9.0', '1.3.9')).toBe(true)
    expect(isAfter('1.3', '1.3.9')).toBe(false)
  })

  it('writes bitmaps as hex, and large counters whole', () => {
    expect(rowOf({ oid: '1.3', type: 4, value: Buffer.from([0xff, 0]) })).toEqual({
      oid: '1.3',
      type: 'OctetString',
      value: 'hex:ff00',
      hex: 'ff00',
    })
    expect(rowOf({ oid: '1.3', type: 70, value: Buffer.from('00ffffffffffffffff', 'hex') }).value).toBe(
      '18446744073709551615',
    )
  })
})
