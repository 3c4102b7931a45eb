import { randomBytes } from 'node:crypto'
import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterEach, beforeEach, expect, it } from 'vitest'
import { Channels } from '../../../agent/run/channels.ts'
import { routeOf } from '../../../agent/run/ways.ts'
import { catalogue } from '../../../checks/catalogue.ts'
import type { Facts } from '../../../checks/define.ts'
import { judge } from '../../../checks/judgement.ts'
import type { Observation } from '../../../checks/observation.ts'
import { nextRound, type PlannedCheck } from '../../../checks/plan.ts'
import { probeKey } from '../../../checks/probe.ts'
import type { ResolvedCandidate } from '../../../checks/session.ts'
import { windowsServer } from '../../../fixtures/windows/model/server.ts'
import { serveWindows, type ModelledServer } from '../../../fixtures/windows/serve.ts'
import { fortyWindowsQuestions } from '../../bench/forty-windows-questions.ts'

const password = randomBytes(12).toString('base64')
const facts: Facts = {
  candidate: 'C01',
  targets: { srv: { kind: 'windows', address: '127.0.0.1', transports: ['powershell'], shared: false } },
}
const demand = { id: 'd', text: '', criteria: [], question: null, transient: false, alternatives: [] }
/** All checks of one exam, each knowing its siblings, as the planner makes them. */
const checks = fortyWindowsQuestions.map(([id, params]): PlannedCheck => {
  const check = catalogue.get(id)!
  const parse = (written: object): unknown => check.params.parse({ on: 'srv', ...written })
  const siblings = fortyWindowsQuestions.flatMap(([other, its]) => (other === id ? [parse(its)] : []))
  return { demand, alternative: 0, check, checkId: id, params: parse(params), siblings, not: false }
})

let server: ModelledServer
let folder: string
beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), 'probant-rounds-'))
  server = await serveWindows(windowsServer('fr'), {
    account: { user: 'surveillant', domain: '', password },
    maxShells: 1,
  })
})
afterEach(async () => {
  await server.close()
  await rm(folder, { recursive: true })
})

it('forty Windows checks: one shell, and one Command, one Send, one Receive for each round of questions', async () => {
  const target = {
    address: '127.0.0.1',
    winrm: { credential: 'admin', scheme: 'http', port: server.port } as const,
  }
  const candidate: ResolvedCandidate = {
    candidate: { code: 'C01', n: 1 },
    variables: {},
    targets: { srv: { role: 'srv', target, shared: null } },
    credentials: {},
  }
  const channels = new Channels({
    candidate,
    credentials: async () => ({ user: 'surveillant', password }),
    checkIdentity: () => true,
    folder,
    connectTimeoutMs: 5000,
    machineTimeoutMs: 20_000,
    signal: AbortSignal.timeout(30_000),
  })
  const plan = { demands: [], checks, facts }
  const observations = new Map<string, Observation>()
  let rounds = 0
  for (;;) {
    const round = [...nextRound(plan, observations).values()]
    if (round.length === 0) break
    rounds++
    expect(round.map((probe) => routeOf(probe, candidate.targets)?.way)).toEqual(round.map(() => 'winrm'))
    for await (const outcome of channels.ask('srv', 'winrm', round)) {
      if (!('answer' in outcome)) throw new Error(outcome.failure.detail)
      const key = probeKey(outcome.probe)
      observations.set(key, {
        probe: key,
        transport: 'winrm',
        address: '',
        identity: outcome.identity,
        at: '2026-12-01T09:00:00.000Z',
        ms: 0,
        truncated: outcome.truncated,
        answer: outcome.answer,
        failure: null,
      })
    }
  }
  await channels.close()
  expect(fortyWindowsQuestions).toHaveLength(40)
  // The modelled server is a domain controller, which has no groups of its own.
  const kinds = [...catalogue.keys()].filter((id) => /^(windows|hyper-v)\.(?!local-group$)/.test(id))
  expect([...new Set(fortyWindowsQuestions.map(([id]) => id))].sort()).toEqual(kinds.sort())
  const findings = judge(plan, observations).findings
  expect(findings.filter(({ verdict }) => verdict !== 'pass')).toEqual([])
  expect(rounds).toBeLessThanOrEqual(2)
  expect(Object.fromEntries(server.shells.asked)).toEqual({
    Create: 1,
    Command: rounds,
    Send: rounds,
    Receive: rounds,
    Signal: rounds,
    Delete: 1,
  })
  expect(server.connections()).toBe(1)
})
