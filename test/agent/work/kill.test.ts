import { mkdtempSync, readdirSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { setTimeout as pause } from 'node:timers/promises'
import { afterAll, beforeAll, expect, it } from 'vitest'
import { startAgent } from './agent-child.ts'
import { ProtocolServer } from './protocol-server.ts'
import { gate, until, workSession, type Gate } from './work-session.ts'

const home = mkdtempSync(join(tmpdir(), 'probant-killed-'))
const server = new ProtocolServer()
let web: Gate
beforeAll(async () => {
  server.leaseMs = 1500
  server.codes.add('one-time')
  await server.start()
  web = await gate()
})
afterAll(async () => {
  await server.stop()
  rmSync(home, { recursive: true, force: true })
})

const spooled = (): string[] => {
  try {
    return readdirSync(join(home, 'spool')).flatMap((one) =>
      readdirSync(join(home, 'spool', one)).filter((name) => name.endsWith('.json')),
    )
  } catch {
    return []
  }
}

/** When an agent is killed: after each of these, and at moments that nobody chose. */
const moments: Record<string, () => Promise<void>> = {
  'while it asks a machine': async () => {
    const before = web.asked.length
    web.open = false
    await until('a machine is asked', () => web.asked.length > before)
  },
  'with a result on the disk': async () => {
    server.interfere = (path) => (path === '/api/v1/runs' ? 503 : undefined)
    await until('a result on the disk', () => spooled().length > 0)
  },
  'before it hears that the server has it': async () => {
    let cut = false
    server.interfere = (path, moment) => {
      if (path !== '/api/v1/runs' || moment !== 'out') return undefined
      cut = true
      return 'cut'
    }
    await until('the server has one', () => cut)
  },
  'at any moment': () => pause(Math.random() * 700),
}

it('killed at any moment, an agent loses nothing and doubles nothing', { timeout: 240_000 }, async () => {
  const session = workSession(web.port)
  const kinds = ['start', 'end', 'preflight', 'end', 'again'] as const
  const killed: string[] = []
  for (let round = 0; round < 12; round++) {
    for (const [i, kind] of kinds.entries())
      server.add({
        kind,
        session,
        candidate: `C0${(i % 2) + 1}`,
        demands: kind === 'again' ? ['page'] : null,
        follows: kind === 'again' ? [...server.works.keys()][0]! : null,
      })
    const name = Object.keys(moments)[round % 4]!
    web.release()
    const env = { PROBANT_ENROL_CODE: 'one-time' }
    const { child, ended, text } = startAgent(home, ['--server', server.url.href, '--enrol'], env)
    try {
      await until('it is connected', () => text.err.includes('Connecté'))
      await moments[name]!()
    } finally {
      child.kill('SIGKILL')
      await ended
    }
    killed.push(`${name}: ${spooled().length} in the spool`)
    server.interfere = () => undefined
  }
  web.release()
  const last = startAgent(home, ['--server', server.url.href])
  const works = [...server.works.values()]
  await until('all is done', () => works.every(({ state }) => state === 'done' || state === 'failed'), 60_000)
  await until('nothing waits', () => spooled().length === 0)
  last.child.kill('SIGTERM')
  expect(await last.ended, last.text.err).toBe(0)

  expect([server.faults, [...server.failures.values()]], killed.join('\n')).toEqual([[], []])
  const ofRuns = works.filter(({ kind }) => kind !== 'preflight').map(({ id }) => id)
  expect([...server.runs.keys()].sort()).toEqual(ofRuns.sort())
  expect([...server.preflights.keys()].length).toBe(works.length - ofRuns.length)
  for (const run of server.runs.values()) expect(run.complete).toBe(true)
  // The moments were really met: works done anew, and results brought twice.
  expect(works.some(({ leases }) => leases > 1)).toBe(true)
  expect(server.repeated).toBeGreaterThan(0)
})
