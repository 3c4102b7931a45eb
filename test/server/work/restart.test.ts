import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import type { FastifyInstance } from 'fastify'
import { expect, it } from 'vitest'
import { catalogue } from '../../../checks/catalogue.ts'
import { firstBrokenLink } from '../../../checks/evidence/chain.ts'
import type { Run } from '../../../checks/run.ts'
import { Changes } from '../../../server/live/changes.ts'
import { createServer } from '../../../server/server.ts'
import { openSqliteStore } from '../../../server/store/sqlite/open.ts'
import type { Store } from '../../../server/store/store.ts'
import { launch } from '../../../server/work/asking.ts'
import { codesTo, runningSession } from './session-fixture.ts'
import { enrolled, type PrintedWork, type SignedAgent } from './signed-agent.ts'

/** A small deterministic generator (mulberry32): a failure can be run again. */
function random(seed: number): () => number {
  let state = seed
  return () => {
    state = (state + 0x6d2b79f5) | 0
    let t = Math.imul(state ^ (state >>> 15), 1 | state)
    t = (t + Math.imul(t ^ (t >>> 7), 61 | t)) ^ t
    return ((t ^ (t >>> 14)) >>> 0) / 4_294_967_296
  }
}

const codes = codesTo(4)
const steps = 120

it.each([1, 2, 3, 4])(
  'agents that die and come back and a server that ends in the middle lose nothing and double nothing (seed %i)',
  { timeout: 60_000 },
  async (seed) => {
    const folder = mkdtempSync(join(tmpdir(), 'probant-restart-'))
    let clock = Date.parse('2026-12-01T08:00:00.000Z')
    const now = () => clock
    let store!: Store
    let app!: FastifyInstance
    const open = async () => {
      store = await openSqliteStore(join(folder, 'probant.sqlite'), () => new Date(clock))
      app = await createServer({
        store,
        changes: new Changes(),
        catalogue,
        referentials: async () => null,
        allReferentials: async () => new Map(),
        version: '0',
        cookieKey: 'k'.repeat(64),
        dataFolder: folder,
        logger: false,
        now: () => new Date(clock),
      })
      await app.ready()
    }
    const close = async () => {
      await app.close()
      await store.close()
    }
    await open()
    const session = await runningSession(store, { candidates: codes.length })
    const agents = [await enrolled(app, store, 'a', { now }), await enrolled(app, store, 'b', { now })]
    /** What each agent has in hand, as far as it knows; what it made stays in its spool until it is acknowledged. */
    const held = new Map<SignedAgent, PrintedWork[]>(agents.map((agent) => [agent, []]))
    const spool = new Map<SignedAgent, Run[]>(agents.map((agent) => [agent, []]))
    const acknowledged = new Map<string, string>()
    const launched = new Set<string>()
    const dice = random(seed)
    const pick = <T>(from: readonly T[]): T => from[Math.floor(dice() * from.length)]!

    const deliver = async (agent: SignedAgent) => {
      const run = spool.get(agent)![0]
      if (!run) return
      const answer = await agent.deliver(run)
      expect([200, 201, 409]).toContain(answer.statusCode)
      if (answer.statusCode !== 409) {
        const { fingerprint } = answer.json<{ receipt: { fingerprint: string } }>().receipt
        expect(acknowledged.get(run.id) ?? fingerprint).toBe(fingerprint)
        acknowledged.set(run.id, fingerprint)
      }
      // An answer that is lost on its way leaves the run in the spool: it is sent once more.
      if (dice() < 0.7) spool.get(agent)!.shift()
    }
    const acts: (() => Promise<void>)[] = [
      async () => {
        const works = await launch(store, session, [pick(codes)], pick(['start', 'end']), 'surv')
        for (const { id } of works) launched.add(id)
      },
      async () => {
        const agent = pick(agents)
        const work = await agent.lease()
        if (work) held.get(agent)!.push(work)
      },
      async () => {
        const agent = pick(agents)
        const { gone } = await agent.heartbeat(...held.get(agent)!.map(({ id }) => id))
        held.set(
          agent,
          held.get(agent)!.filter(({ id }) => !gone.includes(id)),
        )
      },
      async () => {
        const agent = pick(agents)
        const work = held.get(agent)!.shift()
        if (work) spool.get(agent)!.push(agent.runFor(work))
      },
      () => deliver(pick(agents)),
      () => deliver(pick(agents)),
      // An agent is killed: what it had in hand is gone, its spool isn't.
      async () => void held.set(pick(agents), []),
      async () => {
        const works = await store.work.ofSession(session)
        if (works.length > 0 && dice() < 0.3) await store.work.cancel(pick(works).id, 'surv')
      },
      async () => {
        clock += Math.floor(dice() * 40_000)
        await store.work.requeueLost()
      },
      async () => {
        await close()
        await open()
        for (const agent of agents) agent.app = app
        const chain = await store.chain()
        for (const [run, fingerprint] of acknowledged)
          expect(chain.find((link) => link.run === run)?.fingerprint).toBe(fingerprint)
      },
    ]
    try {
      for (let step = 0; step < steps; step++) await pick(acts)()

      // Left alone, all of it ends.
      for (let round = 0; round < 100; round++) {
        clock += 31_000
        await store.work.requeueLost()
        const works = await store.work.ofSession(session)
        const open = works.filter(({ state }) => state === 'queued' || state === 'leased')
        if (open.length === 0 && [...spool.values()].every((runs) => runs.length === 0)) break
        for (const agent of agents) {
          const work = await agent.lease()
          if (work) spool.get(agent)!.push(agent.runFor(work))
          await deliver(agent)
        }
      }
      const works = await store.work.ofSession(session)
      const chain = await store.chain()
      expect(acknowledged.size).toBeGreaterThan(0)
      expect(works.map(({ id }) => id).sort()).toEqual([...launched].sort())
      expect(works.filter(({ state }) => state !== 'done' && state !== 'cancelled')).toEqual([])
      expect(chain.map(({ run }) => run).sort()).toEqual([...acknowledged.keys()].sort())
      const done = works.filter(({ state }) => state === 'done').map(({ id }) => id)
      expect(chain.map(({ run }) => run).sort()).toEqual(done.sort())
      expect(firstBrokenLink(chain)).toBeNull()
    } finally {
      await close()
      rmSync(folder, { recursive: true, force: true })
    }
  },
)
