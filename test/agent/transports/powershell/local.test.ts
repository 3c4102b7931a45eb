import { chmodSync, mkdirSync, writeFileSync } from 'node:fs'
import { hostname } from 'node:os'
import { join } from 'node:path'
import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import { LocalPowerShell, openLocalPowerShell } from '../../../../agent/transports/local/local-powershell.ts'
import type { Transport } from '../../../../agent/transports/transport.ts'
import { powershell } from '../../../../checks/probe.ts'
import { asked, causes, forty, machine, StandIn } from './stand-in.ts'

const secret = 'la-phrase-du-coffre'
const elsewhere = 'srv-ad.agence.lan'

// Against a stand-in for `pwsh`, on Linux: what Windows itself does with it is proved by nothing here.
describe.skipIf(process.platform === 'win32')('the PowerShell beside the agent', { timeout: 30_000 }, () => {
  const before = { ...process.env }
  let standIn: StandIn
  const transports: Transport[] = []
  beforeEach(() => {
    standIn = new StandIn()
    const programs = join(standIn.folder, 'bin')
    mkdirSync(programs)
    writeFileSync(join(programs, 'pwsh'), `#!/bin/sh\nexec ${standIn.command} "$@"\n`)
    chmodSync(join(programs, 'pwsh'), 0o755)
    process.env['PATH'] = `${programs}:/usr/bin:/bin`
    process.env['PROBANT_PASSPHRASE'] = secret
    process.env['ADMIN_DC_PASSWORD'] = secret
  })
  afterEach(async () => {
    await Promise.all(transports.splice(0).map((transport) => transport.close()))
    process.env = { ...before }
    standIn.remove()
  })

  const transportTo = (address: string) => {
    const transport = openLocalPowerShell({
      role: 'dc',
      target: { address },
      credentials: async () => ({ user: 'x', password: secret }),
      checkIdentity: () => true,
      readFile: async () => '',
      connectTimeoutMs: 3000,
      signal: AbortSignal.timeout(30_000),
    })
    transports.push(transport)
    return transport
  }

  it.each(['127.0.0.1', '::1', 'localhost', hostname(), hostname().toUpperCase()])(
    'the agent’s own machine, called %s, is asked at once',
    async (address) => {
      const outcomes = await asked(transportTo(address), forty)
      expect(causes(outcomes)).toEqual(forty.map(() => 'answer'))
      expect(outcomes[0]).toMatchObject({
        identity: 'S-1-5-21-1004336348-1177238915-682003330',
        answer: { value: { computer: 'SRV-AD' } },
      })
      expect(standIn.starts().map(({ text }) => text)).toEqual(['bootstrap'])
      expect(standIn.starts()[0]!.environment).not.toHaveProperty('PROBANT_COMPUTER')
    },
  )

  it('another machine is asked through it by Invoke-Command', async () => {
    const [outcome] = await asked(transportTo(elsewhere), [machine()])
    expect(outcome).toMatchObject({ answer: { value: { computer: elsewhere } } })
    expect(standIn.starts()[0]).toMatchObject({
      text: 'bridge',
      environment: { PROBANT_COMPUTER: elsewhere },
    })
  })

  it.each(['localhost', elsewhere])(
    'it is given nothing of the agent’s environment (%s)',
    async (address) => {
      await asked(transportTo(address), [machine()])
      const { environment } = standIn.starts()[0]!
      expect(JSON.stringify(environment)).not.toContain(secret)
      // sh adds the last three by itself.
      const known = /^(PATH|HOME|TEMP|TMP|USERNAME|PROBANT_COMPUTER|PWD|OLDPWD|SHLVL|_)$/
      expect(Object.keys(environment).filter((name) => !known.test(name))).toEqual([])
    },
  )

  it('without it the tool is missing, for every question', async () => {
    process.env['PATH'] = '/nowhere'
    const outcomes = await asked(transportTo(elsewhere), [machine(), machine(6000)])
    expect(causes(outcomes)).toEqual(['missing-tool', 'missing-tool'])
    expect(outcomes[0]).toMatchObject({ failure: { detail: expect.stringContaining('pwsh') } })
  })

  it('what never ends is ended at its deadline', async () => {
    standIn.behave({ does: 'silent' })
    const limits = { deadlineMs: 1500, maxBytes: 1000, signal: AbortSignal.timeout(20_000) }
    const running = new LocalPowerShell(null).run(Buffer.from('e30=\r\n'), limits, () => false)
    await expect(running).rejects.toMatchObject({ reason: 'timeout' })
    expect(standIn.starts()).toHaveLength(1)
    await expect.poll(() => standIn.running()).toEqual([])
  })

  it('a fault of whoever takes its output is that request’s, and ends it', async () => {
    standIn.behave({ does: 'flood' })
    const limits = { deadlineMs: 10_000, maxBytes: 1e9, signal: AbortSignal.timeout(20_000) }
    const running = new LocalPowerShell(null).run(Buffer.from('e30=\r\n'), limits, () => {
      throw new Error('a fault')
    })
    await expect(running).rejects.toThrow('a fault')
    await expect.poll(() => standIn.running()).toEqual([])
  })

  it('an interruption ends it', async () => {
    standIn.behave({ does: 'silent' })
    const interrupted = new AbortController()
    const outcomes = asked(transportTo(elsewhere), forty, interrupted.signal)
    await expect.poll(() => standIn.starts().length, { timeout: 10_000 }).toBe(1)
    interrupted.abort()
    expect(new Set(causes(await outcomes))).toEqual(new Set(['cancelled']))
    await expect.poll(() => standIn.running()).toEqual([])
  })

  it.each(['flood', 'flood-errors'] as const)('100 MB of %s are cut off, and end it', async (does) => {
    standIn.behave({ does })
    expect(causes(await asked(transportTo(elsewhere), [machine(), machine(6000)]))).toEqual([
      'truncated',
      'truncated',
    ])
    await expect.poll(() => standIn.running()).toEqual([])
  })

  it('what ends without reading is no answer, with its words', async () => {
    standIn.behave({ does: 'deaf' })
    const [outcome] = await asked(transportTo(elsewhere), [
      powershell('dc', 'machine', { text: 'é'.repeat(500_000) }),
    ])
    expect(outcome).toMatchObject({
      failure: { cause: 'unparsable', detail: expect.stringMatching(/exit code 1: Impossible de charger/) },
    })
  })
})
