import { randomBytes } from 'node:crypto'
import { connect } from 'node:net'
import { once } from 'node:events'
import { afterEach, describe, expect, it } from 'vitest'
import { listen, type Listener, type Misbehaviour } from '../../../../fixtures/windows/winrm-listener.ts'
import { SealingContext } from '../../../../agent/transports/winrm/ntlm/sealing.ts'
import { openBody, sealBody, sealedContentType } from '../../../../agent/transports/winrm/sealed-body.ts'
import { WinRmConnection } from '../../../../agent/transports/winrm/connection.ts'

const account = { user: 'Administrateur', domain: '', password: randomBytes(12).toString('base64') }
const patience = () => AbortSignal.timeout(10_000)

describe('a WinRM connection', () => {
  const open: { listener?: Listener; connection?: WinRmConnection } = {}
  afterEach(async () => {
    open.connection?.close()
    await open.listener?.close()
  })

  async function connected(
    answer: (envelope: string) => string,
    options: { misbehaviour?: Misbehaviour; password?: string } = {},
  ): Promise<WinRmConnection> {
    const { misbehaviour, password = account.password } = options
    open.listener = await listen({
      account,
      answer: async (envelope) => ({ status: 200, envelope: answer(envelope) }),
      ...(misbehaviour ? { misbehaviour } : {}),
    })
    const stream = connect(open.listener.port, '127.0.0.1')
    await once(stream, 'connect')
    open.connection = new WinRmConnection({
      stream,
      host: '127.0.0.1',
      port: open.listener.port,
      identity: { ...account, password },
      bindings: null,
    })
    await open.connection.authenticate(patience())
    return open.connection
  }
  const said = async (connection: WinRmConnection, text: string) =>
    (await connection.post(text, 4_000_000, patience())).body.toString('utf8')

  it('is authenticated once, and seals every message over one stream, in the order of the calls', async () => {
    const connection = await connected((envelope) => `<écho>${envelope}</écho>`)
    const texts = ['', 'é', 'x'.repeat(65_535), '--Encrypted Boundary--\r\n', 'fin']
    const answers = await Promise.all(texts.map((text) => said(connection, text)))
    expect(answers).toEqual(texts.map((text) => `<écho>${text}</écho>`))
    expect(open.listener!.connections()).toBe(1)
  })

  it('cuts sealed bytes by their length, whatever they hold', async () => {
    const key = randomBytes(16)
    const boundary = Buffer.from('--Encrypted Boundary--\r\n')
    // The stream of a fresh context over zeros is the stream itself: what it turns into a boundary is known.
    const stream = new SealingContext('server', key).seal(Buffer.alloc(boundary.length)).sealed
    const message = Buffer.from(boundary.map((byte, i) => byte ^ stream[i]!))
    const body = sealBody(new SealingContext('server', key), message)
    expect(body.indexOf(boundary)).toBeLessThan(body.length - boundary.length)
    expect(openBody(new SealingContext('client', key), sealedContentType, body)).toEqual(message)
  })

  it('says that a password is refused', async () => {
    await expect(connected(() => '', { password: 'autre' })).rejects.toMatchObject({ reason: 'auth' })
  })

  it.each([
    ['unsealed', 'identity', /unsealed/],
    ['bad-signature', 'identity', /signature/],
    ['length-lie', 'identity', /longer than it is/],
    ['more-than-said', 'identity', /more than it says/],
    ['redirect', 'unparsable', /redirect/],
    ['hangs-up', 'refused', /lost/],
  ] as const)('an answer that is %s ends it with %s', async (misbehaviour, reason, detail) => {
    const connection = await connected((envelope) => envelope, { misbehaviour })
    await expect(said(connection, 'demande')).rejects.toMatchObject({ reason, message: detail })
    // And nothing more goes out: the second failure is the first one.
    await expect(said(connection, 'demande')).rejects.toMatchObject({ reason, message: detail })
    expect(open.listener!.connections()).toBe(1)
  })

  it('an answer that is repeated is refused', async () => {
    const connection = await connected((envelope) => envelope, { misbehaviour: 'replayed' })
    expect(await said(connection, 'une')).toBe('une')
    await expect(said(connection, 'deux')).rejects.toMatchObject({ reason: 'identity' })
  })

  it('a machine that falls silent costs the wait, and an answer too long is cut off', async () => {
    const silent = await connected((envelope) => envelope, { misbehaviour: 'silent' })
    await expect(silent.post('x', 1000, AbortSignal.timeout(200))).rejects.toMatchObject({
      reason: 'timeout',
    })
    open.connection!.close()
    await open.listener!.close()
    const long = await connected(() => 'x'.repeat(2_000_000))
    await expect(long.post('x', 100_000, patience())).rejects.toMatchObject({ reason: 'truncated' })
  })
})
