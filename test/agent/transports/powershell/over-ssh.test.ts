import { afterAll, afterEach, beforeAll, describe, expect, it } from 'vitest'
import { argumentsFor, readHost, windowsPowerShell } from '../../../../agent/transports/powershell/host.ts'
import { connect } from '../../../../agent/transports/ssh/connection.ts'
import {
  openPowerShellOverSsh,
  PowerShellOverSsh,
} from '../../../../agent/transports/ssh/powershell-over-ssh.ts'
import type { OpenCredential, Transport, TransportContext } from '../../../../agent/transports/transport.ts'
import { powershell } from '../../../../checks/probe.ts'
import { sshdReady, startSshd, type Sshd } from '../sshd.ts'
import { asked, causes, forty, machine, StandIn } from './stand-in.ts'

describe('the command line', () => {
  it('is read alike by cmd.exe and PowerShell, and is short enough for both', async () => {
    const { bootstrap } = await readHost()
    const command = [windowsPowerShell, ...argumentsFor(bootstrap)].join(' ')
    expect(command).toMatch(/^[A-Za-z0-9\\:.+/= -]+$/)
    expect(command.length).toBeLessThan(8191)
  })
})

// Against OpenSSH's own server, on loopback. What it starts is not PowerShell, but refuses any other command line.
describe.skipIf(!sshdReady())(
  'PowerShell over SSH (needs root and openssh-server)',
  { timeout: 60_000 },
  () => {
    const standIn = new StandIn()
    const transports: Transport[] = []
    let sshd: Sshd
    beforeAll(async () => {
      sshd = await startSshd([`ForceCommand ${standIn.command}`, 'PasswordAuthentication yes'])
    })
    afterEach(async () => {
      await Promise.all(transports.splice(0).map((transport) => transport.close()))
    })
    afterAll(() => {
      sshd?.stop()
      standIn.remove()
    })

    const context = (identity: string, credential: OpenCredential): TransportContext => ({
      role: 'dc',
      target: {
        address: '127.0.0.1',
        ssh: { credential: 'admin', port: sshd.port, identity, shell: 'powershell' },
      },
      credentials: async () => credential,
      checkIdentity: (_where, shown, pinned) => pinned === 'first-use' || pinned === shown,
      readFile: async () => '',
      connectTimeoutMs: 10_000,
      signal: AbortSignal.timeout(60_000),
    })
    const transportTo = (
      identity = 'first-use',
      credential: OpenCredential = { user: 'root', key: sshd.key },
    ) => {
      const transport = openPowerShellOverSsh(context(identity, credential))
      transports.push(transport)
      return transport
    }
    const connections = () => new Set(standIn.starts().map(({ connection }) => connection)).size

    it('forty questions in one channel, two rounds over one connection, and the host key says who answers', async () => {
      standIn.behave({})
      const transport = transportTo(sshd.fingerprint)
      const outcomes = await asked(transport, forty)
      expect(outcomes.map(({ probe }) => probe)).toEqual(forty)
      expect(causes(outcomes)).toEqual(forty.map(() => 'answer'))
      expect(outcomes[0]).toMatchObject({
        identity: sshd.fingerprint,
        answer: { kind: 'powershell', error: null, value: { computer: 'SRV-AD' } },
      })
      expect(standIn.starts()).toHaveLength(1)
      expect(causes(await asked(transport, [machine(), machine(6000)]))).toEqual(['answer', 'answer'])
      expect(standIn.starts().map(({ text }) => text)).toEqual(['bootstrap', 'bootstrap'])
      expect(connections()).toBe(1)
    })

    it('a wrong password is said for all, and nothing is started', async () => {
      standIn.behave({})
      const password = 'mot-de-passe-à-ne-pas-dire'
      const outcomes = await asked(transportTo('first-use', { user: 'nobody', password }), forty)
      expect(new Set(causes(outcomes))).toEqual(new Set(['auth']))
      expect(JSON.stringify(outcomes)).not.toContain(password)
      expect(standIn.starts()).toEqual([])
    })

    it('another host key than the pinned one is another machine, and nothing is started', async () => {
      standIn.behave({})
      const outcomes = await asked(transportTo(`SHA256:${'A'.repeat(43)}`), [machine(), machine(6000)])
      expect(causes(outcomes)).toEqual(['identity', 'identity'])
      expect(standIn.starts()).toEqual([])
    })

    it('a connection lost in the middle keeps what was answered, and is opened once more', async () => {
      standIn.behave({ does: 'cut' })
      const transport = transportTo()
      const found = causes(await asked(transport, forty))
      expect(found).toHaveLength(forty.length)
      expect(found.filter((cause) => cause === 'answer').length).toBeGreaterThan(10)
      expect(found.at(-1)).toBe('unreachable')
      expect(new Set(found)).toEqual(new Set(['answer', 'unreachable']))
      standIn.behave({})
      expect(causes(await asked(transport, [machine()]))).toEqual(['answer'])
    })

    it('a connection lost between two rounds is opened once more by the second', async () => {
      standIn.behave({})
      const narrow = await startSshd([`ForceCommand ${standIn.command}`, 'UnusedConnectionTimeout 1s'])
      try {
        const transport = openPowerShellOverSsh({
          ...context('first-use', { user: 'root', key: narrow.key }),
          target: {
            address: '127.0.0.1',
            ssh: { credential: 'admin', port: narrow.port, identity: 'first-use', shell: 'powershell' },
          },
        })
        transports.push(transport)
        expect(causes(await asked(transport, [machine()]))).toEqual(['answer'])
        await new Promise((resolve) => setTimeout(resolve, 3000))
        expect(causes(await asked(transport, [machine(), machine(6000)]))).toEqual(['answer', 'answer'])
        expect(connections()).toBe(2)
      } finally {
        narrow.stop()
      }
    })

    it('a program that never ends is given up at its deadline', async () => {
      standIn.behave({ does: 'silent' })
      const { client } = await connect(
        context('first-use', { user: 'root', key: sshd.key }),
        AbortSignal.timeout(5000),
      )
      const shell = new PowerShellOverSsh(client, 5000)
      const limits = { deadlineMs: 1500, maxBytes: 1000, signal: AbortSignal.timeout(20_000) }
      await expect(shell.run(Buffer.from('e30=\r\n'), limits, () => false)).rejects.toMatchObject({
        reason: 'timeout',
      })
      await shell.close()
    })

    it('an interruption is cancelled for all', async () => {
      standIn.behave({ does: 'silent' })
      const interrupted = new AbortController()
      const outcomes = asked(transportTo(), forty, interrupted.signal)
      await expect.poll(() => standIn.starts().length, { timeout: 10_000 }).toBe(1)
      interrupted.abort()
      expect(new Set(causes(await outcomes))).toEqual(new Set(['cancelled']))
    })

    it.each(['flood', 'flood-errors'] as const)(
      '100 MB of %s are cut off, and the connection stays',
      async (does) => {
        standIn.behave({ does })
        const transport = transportTo()
        const began = performance.now()
        expect(causes(await asked(transport, [machine(), machine(6000)]))).toEqual(['truncated', 'truncated'])
        expect(performance.now() - began).toBeLessThan(10_000)
        standIn.behave({})
        expect(causes(await asked(transport, [machine()]))).toEqual(['answer'])
        expect(connections()).toBe(1)
      },
    )

    it('no mark is no answer, with the words and the exit code of the machine', async () => {
      standIn.behave({ slip: 'no-mark' })
      const [outcome] = await asked(transportTo(), [machine()])
      expect(outcome).toMatchObject({
        failure: { cause: 'unparsable', detail: expect.stringMatching(/exit code 1: Accès <refusé>/) },
      })
    })

    it('a program that does not read what it is asked is known by how it ends', async () => {
      standIn.behave({ does: 'deaf' })
      const [outcome] = await asked(transportTo(), [
        powershell('dc', 'machine', { text: 'é'.repeat(500_000) }),
      ])
      expect(outcome).toMatchObject({
        failure: { cause: 'unparsable', detail: expect.stringMatching(/exit code 1: Impossible de charger/) },
      })
    })

    it('a megabyte is asked as well as a word', async () => {
      standIn.behave({})
      const probe = powershell('dc', 'machine', { text: 'é'.repeat(1_000_000) })
      expect(causes(await asked(transportTo(), [probe]))).toEqual(['answer'])
    })
  },
)
