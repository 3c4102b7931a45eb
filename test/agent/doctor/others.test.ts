import { createServer } from 'node:net'
import { describe, expect, it } from 'vitest'
import { waysTo } from '../../../agent/doctor/diagnose.ts'
import { seenFrom } from '../../../agent/doctor/network.ts'
import { walk, type Stage } from '../../../agent/doctor/walk.ts'
import { findingsOf } from '../../../agent/doctor/walk.ts'
import { ensure } from '../../setup/debian.ts'
import { freePort } from '../transports/service.ts'
import { failing, lines, placeOf, walked } from './walked.ts'

describe('the other ways', () => {
  it('this machine’s own shell', async () => {
    const result = await walked('local', placeOf({ address: '127.0.0.1', local: true }, {}), { root: true })
    expect(lines(result)).toEqual([
      'shell works',
      expect.stringMatching(/^rights (works|fails sudo-refused)$/),
    ])
  })

  it.skipIf(!ensure(['iputils-ping']))('an echo', async () => {
    expect(lines(await walked('icmp', placeOf({ address: '127.0.0.1' }, {})))).toEqual([
      'name works',
      'echo works',
    ])
  })

  it('a SYSVOL that is not there', async () => {
    const place = placeOf(
      {
        address: '127.0.0.1',
        smb: { credential: 'c', port: await freePort() },
        ldap: { through: 'powershell', tls: 'ldaps', domain: 'agence.lan' },
      },
      { user: 'lecture', password: 'a-password' },
    )
    expect(failing(await walked('smb', place))).toBe('port port-refused')
  })

  it('the domain of a SYSVOL is a step of its own', async () => {
    const { smbDiagnosis } = await import('../../../agent/doctor/smb.ts')
    const place = placeOf(
      {
        address: '127.0.0.1',
        smb: { credential: 'c', port: 445 },
        ldap: { through: 'powershell', tls: 'ldaps', domain: 'agence.lan' },
      },
      {},
    )
    expect(smbDiagnosis(place).stages.map(({ step }) => step)).toEqual([
      'name',
      'port',
      'accepted',
      'domain',
      'directory',
    ])
  })

  it('a PowerShell beside the agent, where there may be none', async () => {
    const place = placeOf({ address: '127.0.0.1', local: 'powershell' }, {})
    expect(failing(await walked('powershell-local', place))).toMatch(
      /^(shell no-powershell|marker no-marker|machine .*)$/,
    )
  }, 60_000)

  it('are those that the session gives; an echo where it gives none', () => {
    const winrm = { credential: 'c', scheme: 'http' } as const
    const ldap = { through: 'powershell', tls: 'ldaps', domain: 'agence.lan' } as const
    expect(waysTo({ address: 'h', winrm, ldap })).toEqual(['winrm'])
    expect(waysTo({ address: 'h', snmp: { credential: 'c', version: 3, port: 161 } })).toEqual(['snmp'])
    expect(waysTo({ address: 'h' })).toEqual(['icmp'])
  })
})

describe('a walk', () => {
  const stage = (step: Stage['step'], run: Stage['run'], more: Partial<Stage> = {}): Stage => ({
    step,
    timeoutMs: 200,
    run,
    ...more,
  })
  const of = async (...stages: Stage[]) => {
    let closed = 0
    const diagnosis = {
      way: 'winrm',
      stages,
      said: () => [],
      names: () => [],
      close: async () => void closed++,
    } as const
    const findings = await findingsOf(walk(diagnosis, AbortSignal.timeout(5000)))
    return { findings, closed }
  }

  it('is bounded whatever a step does, and closes once', async () => {
    const { findings, closed } = await of(
      stage('port', () => new Promise(() => undefined)),
      stage('offered', async () => undefined),
    )
    expect(lines({ findings })).toEqual(['port fails port-silent', 'offered not-tried'])
    expect(closed).toBe(1)
  })

  it('goes on after a step on which nothing rests; an error of ours is said to be that', async () => {
    const { findings } = await of(
      stage('directory', () => Promise.reject(new TypeError('ours')), { alone: true }),
      stage('rights', async () => undefined),
    )
    expect(lines({ findings })).toEqual(['directory fails agent-fault', 'rights works'])
  })

  it('tells each step before it is tried', async () => {
    const states: string[] = []
    const diagnosis = {
      way: 'winrm',
      stages: [stage('port', async () => undefined)],
      said: () => [],
      names: () => [],
      close: async () => undefined,
    } as const
    for await (const { step, state } of walk(diagnosis, AbortSignal.timeout(5000)))
      states.push(`${step} ${state}`)
    expect(states).toEqual(['port trying', 'port works'])
  })
})

describe('from where a machine is asked', () => {
  it('our own address towards it, and its network where it has one', async () => {
    expect(await seenFrom('127.0.0.1')).toEqual({ address: '127.0.0.1', network: '127.0.0.0/8' })
    expect(await seenFrom('no-such-machine.invalid')).toEqual({ address: null, network: null })
  })
})

it('a port that answers at another address of the same name is told', async () => {
  // `localhost` may be 127.0.0.1 and ::1; a server at one of them only is found at that one.
  const server = createServer((socket) => socket.destroy())
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve))
  const { port } = server.address() as { port: number }
  const place = { address: 'localhost', addresses: ['::1', '127.0.0.1'] }
  const { tryPort } = await import('../../../agent/doctor/network.ts')
  const told = await tryPort(place, port, AbortSignal.timeout(3000)).then(
    (socket) => {
      socket.destroy()
      return 'answers'
    },
    (error: { problem?: string }) => error.problem,
  )
  server.close()
  expect(['answers', 'port-elsewhere']).toContain(told)
})
