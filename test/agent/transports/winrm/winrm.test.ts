import { randomBytes } from 'node:crypto'
import { afterEach, describe, expect, it, vi } from 'vitest'
import type { Outcome, Transport, TransportContext } from '../../../../agent/transports/transport.ts'
import { accountOf, openWinRmTransport } from '../../../../agent/transports/winrm/winrm.ts'
import { command, powershell, type Probe } from '../../../../checks/probe.ts'
import type { Slip } from '../../../../fixtures/windows/modelled-powershell.ts'
import { accessDenied } from '../../../../fixtures/windows/model/exceptions.ts'
import type { WindowsMachine } from '../../../../fixtures/windows/model/machine.ts'
import { windowsServer } from '../../../../fixtures/windows/model/server.ts'
import { serveWindows, type ModelledServer } from '../../../../fixtures/windows/serve.ts'

const password = randomBytes(12).toString('base64')
const account = { user: 'Administrateur', domain: 'AGENCE', password }
const machine = (timeoutMs = 5000): Probe => powershell('dc', 'machine', {}, { timeoutMs })
const forty = Array.from({ length: 40 }, (_, i) => powershell('dc', 'machine', { i }))

describe('PowerShell over WinRM, on a modelled machine', () => {
  const open: { server?: ModelledServer; transport?: Transport } = {}
  afterEach(async () => {
    await open.transport?.close()
    await open.server?.close()
  })

  interface Place {
    readonly slip?: Slip
    readonly differs?: Partial<WindowsMachine>
    readonly context?: Partial<TransportContext>
    readonly identity?: string
    readonly maxShells?: number
  }
  async function transportTo(place: Place = {}): Promise<Transport> {
    const { slip, differs, context, identity, maxShells = 1 } = place
    open.server = await serveWindows(windowsServer('fr', differs), {
      account,
      maxShells,
      ...(slip === undefined ? {} : { slip }),
    })
    open.transport = openWinRmTransport({
      role: 'dc',
      target: {
        address: '127.0.0.1',
        winrm: {
          credential: 'admin',
          scheme: 'http',
          port: open.server.port,
          ...(identity === undefined ? {} : { identity }),
        },
      },
      credentials: async () => ({ user: String.raw`AGENCE\Administrateur`, password }),
      checkIdentity: (_where, shown, pinned) => pinned === 'first-use' || pinned === shown,
      readFile: async () => '',
      connectTimeoutMs: 3000,
      signal: AbortSignal.timeout(20_000),
      ...context,
    })
    return open.transport
  }
  const asked = async (
    transport: Transport,
    probes: readonly Probe[],
    signal = AbortSignal.timeout(20_000),
  ) => {
    const outcomes: Outcome[] = []
    for await (const outcome of transport.ask(probes, signal)) outcomes.push(outcome)
    return outcomes
  }
  const causes = (outcomes: readonly Outcome[]) =>
    outcomes.map((outcome) => ('failure' in outcome ? outcome.failure.cause : 'answer'))

  it('forty questions: one shell, one Command, one Send, one Receive', async () => {
    const transport = await transportTo()
    const outcomes = await asked(transport, forty)
    expect(causes(outcomes)).toEqual(forty.map(() => 'answer'))
    expect(outcomes.map(({ probe }) => probe)).toEqual(forty)
    expect(outcomes[0]).toMatchObject({
      identity: 'S-1-5-21-1004336348-1177238915-682003330',
      answer: { kind: 'powershell', error: null, value: { computer: 'SRV-AD', language: 1036 } },
    })
    await transport.close()
    expect(Object.fromEntries(open.server!.shells.asked)).toEqual({
      Create: 1,
      Command: 1,
      Send: 1,
      Receive: 1,
      Signal: 1,
      Delete: 1,
    })
    expect(open.server!.shells.open).toBe(0)
    expect(open.server!.connections()).toBe(1)
  })

  it('a later round goes to the same shell', async () => {
    const transport = await transportTo()
    await asked(transport, [machine()])
    expect(causes(await asked(transport, [machine(), machine(6000)]))).toEqual(['answer', 'answer'])
    expect(open.server!.shells.asked.get('Create')).toBe(1)
    expect(open.server!.connections()).toBe(1)
  })

  it('a connection that is lost between two rounds is opened once more, and leaves no shell behind', async () => {
    const transport = await transportTo({ maxShells: 2 })
    await asked(transport, [machine()])
    open.server!.dropConnections()
    await vi.waitFor(async () => {
      expect(causes(await asked(transport, [machine(6000)]))).toEqual(['answer'])
    })
    await transport.close()
    expect(open.server!.shells.open).toBe(0)
  })

  it('an exception of a script is its answer, and touches no other question', async () => {
    const transport = await transportTo({ differs: { raises: { machine: accessDenied('fr') } } })
    const [raised, unknownScript] = await asked(transport, [
      machine(),
      powershell('dc', 'no-such-script'),
    ]).then((outcomes) => [outcomes.find((o) => 'answer' in o), outcomes.find((o) => 'failure' in o)])
    expect(raised).toMatchObject({ answer: { value: null, error: { message: 'Accès refusé.' } } })
    expect(unknownScript).toMatchObject({ failure: { cause: 'grader', detail: /no-such-script/ } })
  })

  it('what a profile says around the marks changes nothing', async () => {
    expect(causes(await asked(await transportTo({ slip: 'noise' }), forty))).toEqual(
      forty.map(() => 'answer'),
    )
  })

  it('of two answers to one question the first counts', async () => {
    const [outcome] = await asked(await transportTo({ slip: 'twice' }), [machine()])
    expect(outcome).toMatchObject({ answer: { value: { computer: 'SRV-AD' } } })
  })

  it.each([
    ['no-mark', 'unparsable', /exit code 1: Accès <refusé>/],
    ['one-mark', 'unparsable', /no answer between the marks/],
    ['other-nonce', 'unparsable', /no answer between the marks/],
    ['not-json', 'identity', /does not say/],
    ['no-authority', 'identity', /does not say/],
  ] as const)('%s is no answer, never an absence', async (slip, cause, detail) => {
    const outcomes = await asked(await transportTo({ slip }), [machine(), machine(6000)])
    for (const outcome of outcomes)
      expect(outcome).toMatchObject({ failure: { cause, detail: expect.stringMatching(detail) } })
    expect(outcomes).toHaveLength(2)
  })

  it('another domain than the one that was pinned answers nothing that counts', async () => {
    const transport = await transportTo({ identity: 'S-1-5-21-1-2-3' })
    expect(causes(await asked(transport, [machine()]))).toEqual(['identity'])
  })

  it('more than was allowed is cut off, and said', async () => {
    const probe = powershell('dc', 'machine', {}, { maxBytes: 64 })
    expect(causes(await asked(await transportTo(), [probe]))).toEqual(['truncated'])
  })

  it('an output without end is cut off at its limit', async () => {
    // Enough was said before it: nobody waits for the rest.
    expect(causes(await asked(await transportTo({ slip: 'endless' }), [machine()]))).toEqual(['answer'])
    await open.transport!.close()
    expect(open.server!.shells.open).toBe(0)
  })

  it('a wrong password is said once, for all questions, and tried once', async () => {
    const transport = await transportTo({
      context: { credentials: async () => ({ user: 'Administrateur', password: 'autre' }) },
    })
    const outcomes = await asked(transport, forty)
    expect(new Set(causes(outcomes))).toEqual(new Set(['auth']))
    expect(JSON.stringify(outcomes)).not.toContain(password)
    expect(open.server!.connections()).toBe(1)
  })

  it('an interruption in the middle leaves no shell behind', async () => {
    const transport = await transportTo({ differs: { raises: {} } })
    await asked(transport, [machine()])
    const interrupted = new AbortController()
    const outcomes = asked(transport, forty, interrupted.signal)
    interrupted.abort()
    expect(new Set(causes(await outcomes))).toEqual(new Set(['cancelled']))
    await transport.close()
    expect(open.server!.shells.open).toBe(0)
  })

  it('what no script asks is refused without asking', async () => {
    const transport = await transportTo()
    expect(causes(await asked(transport, [command('dc', ['true'])]))).toEqual(['grader'])
  })
})

describe('the account of a credential', () => {
  it.each([
    [String.raw`AGENCE\lecture`, 'lecture', 'AGENCE'],
    [String.raw`.\eleve`, 'eleve', ''],
    ['lecture@agence.lan', 'lecture@agence.lan', ''],
    ['eleve', 'eleve', ''],
  ])('%s', (written, user, domain) => {
    expect(accountOf(written)).toEqual({ user, domain })
  })
})
