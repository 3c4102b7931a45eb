import { randomBytes } from 'node:crypto'
import { once } from 'node:events'
import { connect } from 'node:net'
import { afterEach, describe, expect, it } from 'vitest'
import { clixmlText } from '../../../../agent/transports/powershell/clixml.ts'
import { runScript } from '../../../../agent/transports/powershell/script.ts'
import { WinRmConnection } from '../../../../agent/transports/winrm/connection.ts'
import { RemotePowerShell } from '../../../../agent/transports/winrm/remote-powershell.ts'
import { programs } from '../../../../fixtures/windows/machine.ts'
import {
  scriptHash,
  withRecordedPowerShell,
  type Recorded,
  type Slip,
} from '../../../../fixtures/windows/recorded-powershell.ts'
import { RemoteShells } from '../../../../fixtures/windows/remote-shells.ts'
import { listen, type Listener } from '../../../../fixtures/windows/winrm-listener.ts'

const account = { user: 'Administrateur', domain: 'AGENCE', password: randomBytes(12).toString('base64') }
const service = `param($asked)\nGet-CimInstance Win32_Service -Filter "Name='$($asked.name)'"`
const recordings = new Map<string, (input: unknown) => Recorded>([
  [
    scriptHash(service),
    (input) => ({ value: { ...(input as object), display: 'Spouleur d’impression', state: 4 } }),
  ],
  [
    scriptHash('throw'),
    () => ({ error: { type: 'System.Exception', code: -2146233088, id: 'é', message: 'non' } }),
  ],
  [scriptHash('$null'), () => ({ value: null })],
])
const limits = () => ({ deadlineMs: 10_000, maxBytes: 1_000_000, signal: AbortSignal.timeout(10_000) })

describe('PowerShell over WinRM, on a recorded machine', () => {
  const open: { listener?: Listener; powershell?: RemotePowerShell } = {}
  afterEach(async () => {
    await open.powershell?.close()
    await open.listener?.close()
  })

  async function powershellOn(shells: RemoteShells): Promise<RemotePowerShell> {
    open.listener = await listen({ account, answer: (envelope) => shells.answer(envelope) })
    const { port } = open.listener
    const stream = connect(port, '127.0.0.1')
    await once(stream, 'connect')
    const connection = new WinRmConnection({
      stream,
      host: '127.0.0.1',
      port,
      identity: account,
      bindings: null,
    })
    await connection.authenticate(AbortSignal.timeout(5000))
    open.powershell = new RemotePowerShell(connection, `http://127.0.0.1:${port}/wsman`)
    return open.powershell
  }
  const machine = (slip?: Slip) =>
    new RemoteShells({ find: withRecordedPowerShell(recordings, programs, slip), maxShells: 1 })

  it('forty scripts: one shell, three round trips each, answers whole and in their own order', async () => {
    const shells = machine()
    const powershell = await powershellOn(shells)
    const names = Array.from({ length: 40 }, (_, i) => `Spouleur-é${i}`)
    const results = await Promise.all(names.map((name) => runScript(powershell, service, { name }, limits())))
    expect(results).toEqual(
      names.map((name) => ({ value: { name, display: 'Spouleur d’impression', state: 4 } })),
    )
    expect(Object.fromEntries(shells.asked)).toEqual({ Create: 1, Command: 40, Send: 40, Receive: 40 })
    await powershell.close()
    expect(shells.open).toBe(0)
  })

  it('an exception is not a value, and nothing is not an exception', async () => {
    const powershell = await powershellOn(machine())
    expect(await runScript(powershell, 'throw', null, limits())).toEqual({
      error: { type: 'System.Exception', code: -2146233088, id: 'é', message: 'non' },
    })
    expect(await runScript(powershell, '$null', null, limits())).toEqual({ value: null })
    expect(await runScript(powershell, 'another script', null, limits())).toMatchObject({
      error: { type: 'Fixture.NotRecorded' },
    })
  })

  it('what a profile says around the marks changes nothing', async () => {
    const powershell = await powershellOn(machine('noise'))
    expect(await runScript(powershell, '$null', null, limits())).toEqual({ value: null })
  })

  it.each([
    ['no-mark', /exit code 1: Accès <refusé>/],
    ['one-mark', /no answer between the marks/],
    ['other-nonce', /no answer between the marks/],
    ['not-json', /not JSON/],
  ] as const)('%s is unparsable, never an absence', async (slip, detail) => {
    const powershell = await powershellOn(machine(slip))
    await expect(runScript(powershell, '$null', null, limits())).rejects.toMatchObject({
      reason: 'unparsable',
      message: detail,
    })
  })
})

describe('CLIXML on the error stream', () => {
  it('is read as words, and anything else is left as it is', () => {
    expect(
      clixmlText('#< CLIXML\r\n<Objs><S S="Error">a &amp;lt; b</S><S S="Warning">_x000A_c</S></Objs>'),
    ).toBe('a &lt; b c')
    expect(clixmlText(' <S S="Error">x</S> ')).toBe('<S S="Error">x</S>')
    expect(clixmlText(`#< CLIXML${'<S S="Error">'.repeat(100_000)}`)).toBe('')
  })
})
