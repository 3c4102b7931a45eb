import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import { createHash } from 'node:crypto'
import { request } from 'node:http'
import type { AddressInfo } from 'node:net'
import type { InjectOptions } from 'fastify'
import { newEnrolmentCode } from '../../../server/access/enrolment-code.ts'
import { askUnobservedAgain, launch } from '../../../server/work/asking.ts'
import { createAgentToken } from '../../../server/store/agent-token.ts'
import { startExamDay, type ExamDay } from '../exam-day-server.ts'
import { runningSession, wanted } from './session-fixture.ts'
import { enrolled, SignedAgent } from './signed-agent.ts'

let day: ExamDay
let clock: number
const now = () => clock
const passes = (seconds: number) => void (clock += seconds * 1000)
const enrol = (name: string) => enrolled(day.app, day.store, name, { now })
const lost = async () => {
  passes(31)
  await day.store.work.requeueLost()
}

beforeEach(async () => {
  clock = Date.parse('2026-12-01T08:00:00.000Z')
  day = await startExamDay({ now: () => new Date(clock) })
})
afterEach(() => day.close())

const invite = async () => {
  const { code, hash } = newEnrolmentCode()
  await day.store.work.invite(hash, new Date(clock + 900_000).toISOString(), 'test')
  return code
}

describe('enrolment', () => {
  it('takes a code once, as somebody types it, and its own answer again', async () => {
    const code = await invite()
    expect(code).toMatch(/^([0-9A-Z]{4}-){3}[0-9A-Z]{4}$/)
    const agent = new SignedAgent(day.app, 'salle 12', { now })
    expect((await agent.enrol('AAAA-AAAA-AAAA-AAAA')).json()).toMatchObject({ code: 'enrolment-code' })
    expect((await agent.enrol(` ${code.toLowerCase().replaceAll('-', ' ')}`)).statusCode).toBe(201)
    expect((await agent.enrol(code)).statusCode).toBe(201)
    expect((await new SignedAgent(day.app, 'autre', { now }).enrol(code)).statusCode).toBe(403)
    const rival = new SignedAgent(day.app, 'salle 12', { now })
    expect((await rival.enrol(await invite())).statusCode).toBe(409)
  })

  it('takes no code that is too old, and no key that whoever shows it has not', async () => {
    const [old, fresh] = [await invite(), await invite()]
    const agent = new SignedAgent(day.app, 'a', { now })
    const thief = new SignedAgent(day.app, 'b', { now })
    const body = { code: fresh, name: 'b', publicKey: agent.key.publicKey }
    expect((await thief.post('enrol', body)).statusCode).toBe(401)
    expect((await agent.enrol(fresh)).statusCode).toBe(201)
    passes(901)
    expect((await thief.enrol(old)).statusCode).toBe(403)
  })

  it('answers 429, which agents take as a pause, to whoever tries codes in numbers', async () => {
    const agent = new SignedAgent(day.app, 'a', { now })
    const statuses = new Set<number>()
    let last
    for (let i = 0; i < 130; i++) statuses.add((last = await agent.enrol(`CODE-${i}`)).statusCode)
    expect([...statuses]).toEqual([403, 429])
    expect(last?.json()).toMatchObject({ code: 'too-many' })
    expect(last?.headers['retry-after']).toMatch(/^\d+$/)
  })
})

describe('signatures', () => {
  const beat = { version: '0', host: 'h', now: '', doing: [] }

  it('are good once, in time, for the body and the path that were signed', async () => {
    const agent = await enrol('a')
    const good = await agent.signed('/api/v1/agent/heartbeat', beat)
    const status = async (sent: InjectOptions) => (await day.app.inject(sent)).statusCode
    expect(await status({ ...good, payload: good.payload.replace('"h"', '"x"') })).toBe(401)
    const again = await agent.signed('/api/v1/agent/heartbeat', beat)
    expect(await status(again)).toBe(200)
    expect(await status(again)).toBe(401)
    const elsewhere = await agent.signed('/api/v1/agent/heartbeat', { wait: 0 })
    expect(await status({ ...elsewhere, url: '/api/v1/agent/lease' })).toBe(401)
    const { signature: _, ...bare } = again.headers
    expect(await status({ ...again, headers: bare })).toBe(401)
    const early = await agent.signed('/api/v1/agent/heartbeat', beat)
    passes(301)
    expect(await status(early)).toBe(401)
    const future = await agent.signed('/api/v1/agent/heartbeat', beat)
    clock -= 302_000
    expect(await status(future)).toBe(401)
  })

  it('of keys that nobody enrolled are no agent’s, and neither is a token, nor the key bound to one', async () => {
    const stranger = new SignedAgent(day.app, 'x', { now })
    expect((await stranger.post('lease', { wait: 0 })).statusCode).toBe(401)
    const session = await runningSession(day.store)
    // Nor does a name that an enrolled agent has left make one.
    const renamed = await enrol('jeton')
    const other = new SignedAgent(day.app, 'autre', { key: renamed.key, now })
    expect((await other.enrol(await invite())).statusCode).toBe(201)
    expect((await other.post('lease', { wait: 0 })).statusCode).toBe(204)
    const token = await createAgentToken(day.store, 'jeton')
    const authorization = `Bearer ${token}`
    const run = stranger.runFor({
      id: crypto.randomUUID(),
      kind: 'end',
      candidate: 'C01',
      demands: null,
      follows: null,
      session: { id: session },
    })
    const sent = { method: 'POST', url: '/api/v1/runs', headers: { authorization }, payload: run } as const
    expect((await day.app.inject(sent)).statusCode).toBe(201)
    expect(
      (await day.app.inject({ ...sent, url: '/api/v1/agent/lease', payload: { wait: 0 } })).statusCode,
    ).toBe(401)
    expect((await stranger.post('lease', { wait: 0 })).statusCode).toBe(401)
  })

  it('of a revoked agent open nothing any more, and its work goes to another', async () => {
    const session = await runningSession(day.store)
    const [agent, other] = [await enrol('a'), await enrol('b')]
    await launch(day.store, session, ['C01'], 'end', 'surv')
    const work = (await agent.lease())!
    const responsable = await day.signIn('responsable')
    const asked = await day.get('/agents?revoke=a', responsable)
    expect(asked.body).toContain('action="/agents/a/revoke"')
    expect((await day.get('/agents', responsable)).body).not.toContain('action="/agents/a/revoke"')
    expect((await day.post('/agents/a/revoke', {}, responsable)).statusCode).toBe(303)
    expect((await agent.post('lease', { wait: 0 })).statusCode).toBe(401)
    expect((await agent.deliver(agent.runFor(work))).statusCode).toBe(401)
    expect(await other.lease()).toMatchObject({ id: work.id })
  })
})

describe('leases', () => {
  it('give the files, so that the agent finds the same session, and what the preflight found', async () => {
    const session = await runningSession(day.store)
    const agent = await enrol('a')
    await launch(day.store, session, ['C01'], 'preflight', 'surv')
    const preflight = (await agent.lease())!
    expect(preflight).toMatchObject({
      kind: 'preflight',
      candidate: 'C01',
      preflight: null,
      leaseSeconds: 30,
    })
    expect(preflight.session.files.map(({ name }) => name)).toEqual(['session.yaml', 'sujet.yaml'])
    const [file] = preflight.session.files
    expect(createHash('sha256').update(file!.text).digest('hex')).toBe(session)
    const at = '2026-12-01T08:00:00.000Z'
    const way = {
      role: 'moi',
      way: 'ssh',
      address: '127.0.0.1',
      worked: false,
      cause: 'auth',
      detail: 'non',
      identity: null,
    }
    const found = { at, ways: [way], control: null }
    expect((await agent.post(`work/${preflight.id}/preflight`, found)).statusCode).toBe(204)
    expect((await agent.post(`work/${preflight.id}/preflight`, found)).statusCode).toBe(204)
    await launch(day.store, session, ['C01'], 'start', 'surv')
    expect((await agent.lease())!.preflight).toEqual({
      at,
      ways: { 'C01 moi ssh': { worked: false, cause: 'auth', detail: 'non' } },
    })
  })

  it('wait for work, and are answered as soon as there is some', async () => {
    const session = await runningSession(day.store)
    const agent = await enrol('a')
    const waiting = agent.lease(20)
    await watchers(1)
    await launch(day.store, session, ['C01'], 'end', 'surv')
    day.changes.announce(session, 'C01')
    expect(await waiting).toMatchObject({ candidate: 'C01' })
    expect(day.changes.watchers).toBe(before())
  })

  it('end at once when the server ends', async () => {
    const agent = await enrol('a')
    const waiting = agent.lease(25)
    await watchers(1)
    const began = performance.now()
    await day.app.close()
    expect(await waiting).toBeNull()
    expect(performance.now() - began).toBeLessThan(5000)
  })

  it('take nothing for an agent that went away while it waited', async () => {
    const session = await runningSession(day.store)
    const agent = await enrol('a')
    await day.app.listen({ port: 0, host: '127.0.0.1' })
    const { port } = day.app.server.address() as AddressInfo
    const { url, payload, headers } = await agent.signed('/api/v1/agent/lease', { wait: 25 })
    const asking = request({ port, host: '127.0.0.1', path: url, method: 'POST', headers })
    asking.on('error', () => undefined).end(payload)
    await watchers(1)
    asking.destroy()
    // Before the server can know of it: whatever wakes it up then finds work.
    await launch(day.store, session, ['C01'], 'end', 'surv')
    await watchers(0)
    expect((await day.store.work.ofSession(session)).map(({ state }) => state)).toEqual(['queued'])
  })

  let idle = 0
  beforeEach(() => void (idle = day.changes.watchers))
  const before = () => idle
  const watchers = (more: number) =>
    expect.poll(() => day.changes.watchers, { timeout: 5000, interval: 5 }).toBe(idle + more)
})

describe('delivery', () => {
  it('ends the work in the same breath, with an entry of the journal, and once', async () => {
    const session = await runningSession(day.store)
    const agent = await enrol('a')
    await launch(day.store, session, ['C01'], 'end', 'surv')
    const work = (await agent.lease())!
    expect(await agent.heartbeat({ work: work.id, asked: 10, answered: 3 })).toMatchObject({
      gone: [],
      cancel: [],
    })
    expect(await day.store.work.byId(work.id)).toMatchObject({ asked: 10, answered: 3 })
    const run = agent.runFor(work)
    const first = await agent.deliver(run)
    expect(first.statusCode).toBe(201)
    const second = await agent.deliver(run)
    expect([second.statusCode, second.json().receipt]).toEqual([200, first.json().receipt])
    expect(await day.store.work.byId(work.id)).toMatchObject({
      state: 'done',
      endedAt: first.json().receipt.receivedAt,
    })
    expect(await agent.heartbeat(work.id)).toMatchObject({ gone: [work.id] })
    const received = (await day.store.journal.read({ session, limit: 50 })).filter(
      ({ contents }) => contents?.act === 'run-received',
    )
    expect(received.map(({ contents }) => contents)).toMatchObject([
      {
        actor: 'agent: a',
        candidate: 'C01',
        details: { run: work.id, fingerprint: first.json().receipt.fingerprint },
      },
    ])
  })

  it('of the first agent, late, after another took its work, counts; the other’s is a conflict', async () => {
    const session = await runningSession(day.store)
    const [first, second] = [await enrol('a'), await enrol('b')]
    await launch(day.store, session, ['C01'], 'end', 'surv')
    const work = (await first.lease())!
    await lost()
    expect(await second.lease()).toMatchObject({ id: work.id })
    expect((await first.deliver(first.runFor(work))).statusCode).toBe(201)
    expect(await second.heartbeat(work.id)).toMatchObject({ gone: [work.id] })
    const answer = await second.deliver(second.runFor(work))
    expect([answer.statusCode, answer.json().code]).toEqual([409, 'conflict'])
    const other = await first.deliver(first.runFor(work, { broken: true }))
    expect([other.statusCode, other.json().code]).toEqual([409, 'conflict'])
    expect(await day.store.chain()).toHaveLength(1)
    await lost()
    expect(await second.lease()).toBeNull()
  })

  it('of an incomplete run of a cancelled work is kept, also when the lease had run out', async () => {
    const session = await runningSession(day.store)
    const agent = await enrol('a')
    for (const late of [false, true]) {
      await launch(day.store, session, ['C01'], 'end', 'surv')
      const work = (await agent.lease())!
      await day.store.work.cancel(work.id, 'surv')
      expect(await agent.heartbeat(work.id)).toMatchObject({ cancel: [work.id], gone: [] })
      if (late) {
        await lost()
        expect(await day.store.work.byId(work.id)).toMatchObject({ state: 'cancelled' })
      }
      const run = agent.runFor(work, { complete: false })
      expect((await agent.deliver(run)).statusCode).toBe(201)
      expect(await day.store.work.byId(work.id)).toMatchObject({ state: 'done' })
    }
  })

  it.each([
    ['another candidate', { candidate: 'C02' }],
    ['another session', { session: { id: 'f'.repeat(64) } }],
    ['another stage', { kind: 'start' }],
    ['another run to follow', { follows: '00000000-0000-4000-8000-000000000000' }],
  ])('of a run of %s than the work’s is refused', async (_, changed) => {
    const session = await runningSession(day.store)
    const agent = await enrol('a')
    await launch(day.store, session, ['C01'], 'end', 'surv')
    const work = (await agent.lease())!
    const answer = await agent.deliver(agent.runFor({ ...work, ...changed }))
    expect([answer.statusCode, answer.json().code]).toEqual([422, 'not-the-work'])
    expect(await day.store.chain()).toEqual([])
    expect(await day.store.work.byId(work.id)).toMatchObject({ state: 'leased' })
  })

  it('to a purged session is over for good', async () => {
    const session = await runningSession(day.store)
    const agent = await enrol('a')
    await launch(day.store, session, ['C01'], 'end', 'surv')
    const work = (await agent.lease())!
    for (const [from, to] of [
      ['running', 'collected'],
      ['collected', 'open'],
      ['open', 'closed'],
    ] as const)
      await day.store.life.setState(session, from, to, 'resp')
    expect(await day.store.retention.purge(session, 'resp')).not.toBeNull()
    const answer = await agent.deliver(agent.runFor(work))
    expect([answer.statusCode, answer.json().code]).toEqual([410, 'purged'])
    expect(await agent.heartbeat(work.id)).toMatchObject({ gone: [work.id] })
  })

  it('leaves to the agent that has the work to say how it ended', async () => {
    const session = await runningSession(day.store)
    const [agent, other] = [await enrol('a'), await enrol('b')]
    await day.store.work.ask(
      [wanted(session, 'C01', 'repin', { target: 'moi', reason: 'réinstallée' })],
      'surv',
    )
    const work = (await agent.lease())!
    expect(work).toMatchObject({ kind: 'repin', role: 'moi', reason: 'réinstallée' })
    const forgotten = [{ where: 'moi 127.0.0.1', identity: 'SHA256:abc' }]
    expect((await other.post(`work/${work.id}/repinned`, { forgotten })).statusCode).toBe(409)
    expect((await agent.post(`work/${work.id}/repinned`, { forgotten })).statusCode).toBe(204)
    expect((await agent.post(`work/${work.id}/repinned`, { forgotten })).statusCode).toBe(204)
    const [entry] = await day.store.journal.read({ session, limit: 1 })
    expect(entry!.contents).toMatchObject({
      act: 'repinned',
      actor: 'agent: a',
      details: { machine: 'moi', reason: 'réinstallée', forgotten: 'moi 127.0.0.1 SHA256:abc' },
    })
    await launch(day.store, session, ['C02'], 'end', 'surv')
    const end = (await agent.lease())!
    const message = { fr: 'Le coffre est fermé.', en: 'The vault is closed.' }
    expect((await agent.post(`work/${end.id}/failed`, { message })).statusCode).toBe(204)
    expect(await day.store.work.byId(end.id)).toMatchObject({ state: 'failed', failure: message })
  })
})

describe('what stayed unobserved', () => {
  it('is asked again in a run of its own, until nothing is left; who asks learns neither what nor how much', async () => {
    const session = await runningSession(day.store)
    const agent = await enrol('a')
    const again = () => askUnobservedAgain(day.store, session, 'C01', 'surv')
    expect(await again()).toBe('nothing')
    await launch(day.store, session, ['C01'], 'start', 'surv')
    await agent.deliver(agent.runFor((await agent.lease())!, { broken: true }))
    expect(await again()).toBe('nothing')

    await launch(day.store, session, ['C01'], 'end', 'surv')
    const end = (await agent.lease())!
    const run = agent.runFor(end, { broken: true })
    expect((await agent.deliver(run)).statusCode).toBe(201)
    const open = run.demands.filter(({ verdict }) => verdict === 'unknown').map(({ demand }) => demand)
    expect(open).toContain('partage')
    expect(open.length).toBeLessThan(run.demands.length)
    expect(await again()).toBe('asked')
    expect(await again()).toBe('under-way')
    const work = (await agent.lease())!
    expect(work).toMatchObject({ kind: 'again', follows: end.id })
    expect([...work.demands!].sort()).toEqual([...open].sort())

    // What is seen now is not asked a third time; what is still not seen is.
    const seen = agent.runFor(work)
    expect((await agent.deliver(seen)).statusCode).toBe(201)
    const left = seen.demands.filter(({ verdict }) => verdict === 'unknown').map(({ demand }) => demand)
    expect(left).not.toContain('partage')
    expect(left.length).toBeGreaterThan(0)
    expect(await again()).toBe('asked')
    const third = (await agent.lease())!
    expect([...third.demands!].sort()).toEqual([...left].sort())
    const entries = await day.store.journal.read({ session, limit: 100 })
    const told = entries.flatMap(({ contents }) =>
      contents?.act === 'work-asked' ? [JSON.stringify(contents)] : [],
    )
    for (const demand of open) expect(told.join()).not.toContain(demand)
  })
})

describe('the page of the agents', () => {
  it('says who they are and what they do, to the responsable alone, never for whom', async () => {
    const session = await runningSession(day.store)
    const agent = await enrol('salle 12')
    await agent.heartbeat()
    await launch(day.store, session, ['C01', 'C02'], 'end', 'surv')
    await agent.lease()
    const page = (await day.get('/agents', await day.signIn('responsable'))).body
    expect(page).toContain('salle 12')
    expect(page).toContain('passage de fin (1)')
    expect(page).toMatch(/En attente d’un agent\u202F: passage de fin \(1\)/)
    expect(page).not.toContain('C01')
    for (const role of ['surveillant', 'jury', 'candidate'] as const)
      expect((await day.get('/agents', await day.signIn(role))).statusCode).toBe(403)
  })

  it('shows a code once; it enrols an agent', async () => {
    const responsable = await day.signIn('responsable')
    const made = await day.post('/agents/codes', {}, responsable)
    const code = /([0-9A-Z]{4}-){3}[0-9A-Z]{4}/.exec(made.body)![0]
    expect((await day.get('/agents', responsable)).body).not.toContain(code)
    expect((await new SignedAgent(day.app, 'a', { now }).enrol(code)).statusCode).toBe(201)
  })
})
