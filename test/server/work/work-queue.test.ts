import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterEach, beforeEach, expect, it } from 'vitest'
import { JournalVerifier } from '../../../checks/evidence/journal-chain.ts'
import { requeueLostWork } from '../../../server/work/watches.ts'
import { Changes } from '../../../server/live/changes.ts'
import { openSqliteStore } from '../../../server/store/sqlite/open.ts'
import type { Store } from '../../../server/store/store.ts'
import { codesTo, runningSession, wanted } from './session-fixture.ts'

let folder: string
let store: Store
let clock: number
const passes = (seconds: number) => void (clock += seconds * 1000)

beforeEach(async () => {
  folder = mkdtempSync(join(tmpdir(), 'probant-work-'))
  clock = Date.parse('2026-12-01T08:00:00.000Z')
  store = await openSqliteStore(join(folder, 'probant.sqlite'), () => new Date(clock))
})
afterEach(async () => {
  await store.close()
  rmSync(folder, { recursive: true, force: true })
})

const enrol = async (name: string, key = `key ${name}`) => {
  await store.work.invite(`code ${name}`, new Date(clock + 900_000).toISOString(), 'test')
  expect(await store.work.enrol(`code ${name}`, name, key)).toBe('enrolled')
}
const beat = (agent: string, ...works: string[]) =>
  store.work.heartbeat(
    agent,
    { host: 'h', version: '0' },
    works.map((work) => ({ work, asked: 4, answered: 2, silent: [] })),
    30,
  )
const acts = async (session: string) => {
  const found: string[] = []
  const verifier = new JournalVerifier()
  for await (const { session: of, candidate: _, contents, ...entry } of store.journal.all()) {
    expect(verifier.follows({ ...entry, contents: contents && { ...contents } })).toBe(true)
    if (of === session && contents && contents.act.startsWith('work-')) found.push(contents.act)
  }
  return found
}

it('gives the oldest first, and what one act asked for a session all together', async () => {
  const first = await runningSession(store, { candidates: 3, title: 'Une' })
  const second = await runningSession(store, { candidates: 2, title: 'Autre' })
  await store.work.ask([wanted(second, 'C02')], 'surv')
  passes(1)
  await store.work.ask(
    [
      ...codesTo(3)
        .toReversed()
        .map((code) => wanted(first, code)),
      wanted(second, 'C01'),
    ],
    'surv',
  )
  const order: string[] = []
  for (let work = await store.work.lease('a', 30); work; work = await store.work.lease('a', 30))
    order.push(`${work.session === first ? 'first' : 'second'} ${work.candidate}`)
  const firsts = order.filter((one) => one.startsWith('first'))
  expect(order[0]).toBe('second C02')
  expect(firsts).toEqual(['first C01', 'first C02', 'first C03'])
  expect(order.indexOf('first C03') - order.indexOf('first C01')).toBe(2)
})

it('asks a candidate for the same kind of work once at a time', async () => {
  const session = await runningSession(store)
  expect(await store.work.ask([wanted(session, 'C01'), wanted(session, 'C01')], 'surv')).toHaveLength(1)
  expect(
    await store.work.ask([wanted(session, 'C01'), wanted(session, 'C01', 'preflight')], 'surv'),
  ).toHaveLength(1)
  const work = await store.work.lease('a', 30)
  expect(await store.work.ask([wanted(session, work!.candidate, work!.kind)], 'surv')).toEqual([])
  const pins = ['web', 'dc', 'web'].map((target) =>
    wanted(session, 'C01', 'repin', { target, reason: 'réinstallée' }),
  )
  expect((await store.work.ask(pins, 'surv')).map(({ target }) => target)).toEqual(['web', 'dc'])
})

it('puts the work of an agent that died back once, and tells who watches', async () => {
  const session = await runningSession(store)
  await store.work.ask([wanted(session, 'C01')], 'surv')
  const work = (await store.work.lease('a', 30))!
  const changes = new Changes()
  const told: (string | null)[] = []
  changes.watch(session, ({ candidate }) => told.push(candidate))
  const watched = { store, changes, now: () => new Date(clock) }
  passes(29)
  await requeueLostWork(watched)
  expect(await store.work.lease('b', 30)).toBeNull()
  passes(2)
  await requeueLostWork(watched)
  await requeueLostWork(watched)
  expect(told).toEqual(['C01'])
  expect(await store.work.lease('b', 30)).toMatchObject({ id: work.id, agent: 'b', attempts: 2, asked: 0 })
  expect(await beat('a', work.id)).toMatchObject({ gone: [work.id], cancel: [] })
  expect(await acts(session)).toEqual(['work-asked', 'work-requeued'])
})

it('keeps the lease as long as there are signs of life, and gives a lost one back to its agent while nobody took it', async () => {
  const session = await runningSession(store)
  await store.work.ask([wanted(session, 'C01')], 'surv')
  const work = (await store.work.lease('a', 30))!
  for (let i = 0; i < 5; i++) {
    passes(25)
    expect((await beat('a', work.id)).gone).toEqual([])
    expect(await store.work.requeueLost()).toEqual([])
  }
  passes(31)
  expect(await store.work.requeueLost()).toHaveLength(1)
  expect((await beat('a', work.id)).gone).toEqual([])
  expect(await store.work.lease('b', 30)).toBeNull()
  expect(await store.work.byId(work.id)).toMatchObject({ state: 'leased', agent: 'a', asked: 4, answered: 2 })
})

it('ends a cancelled work: at once in the queue, by its agent, or when its agent is lost', async () => {
  const session = await runningSession(store, { candidates: 3 })
  await store.work.ask([wanted(session, 'C01')], 'surv')
  const leased = (await store.work.lease('a', 30))!
  await store.work.ask([wanted(session, 'C02')], 'surv')
  const waiting = (await store.work.ofSession(session)).find(({ candidate }) => candidate === 'C02')!
  for (const { id } of [leased, waiting]) await store.work.cancel(id, 'surv')
  await store.work.cancel(leased.id, 'surv')
  expect(await store.work.byId(waiting.id)).toMatchObject({ state: 'cancelled' })
  expect(await store.work.lease('b', 30)).toBeNull()
  expect(await beat('a', leased.id)).toMatchObject({ cancel: [leased.id], gone: [] })
  passes(31)
  expect((await store.work.requeueLost()).map(({ state }) => state)).toEqual(['cancelled'])
  expect(await store.work.lease('b', 30)).toBeNull()
  expect(await acts(session)).toEqual([
    'work-asked',
    'work-asked',
    'work-cancelled',
    'work-cancelled',
    'work-cancelled',
  ])
})

it('takes from a revoked agent what it had: back in the queue, or ended where it was cancelled', async () => {
  const session = await runningSession(store)
  await enrol('a')
  await store.work.ask([wanted(session, 'C01'), wanted(session, 'C02')], 'surv')
  const [one, two] = [(await store.work.lease('a', 30))!, (await store.work.lease('a', 30))!]
  await store.work.cancel(two.id, 'surv')
  const released = await store.work.revoke('a', 'resp')
  expect(new Map(released!.map(({ id, state }) => [id, state]))).toEqual(
    new Map([
      [one.id, 'queued'],
      [two.id, 'cancelled'],
    ]),
  )
  expect(await store.work.revoke('a', 'resp')).toBeNull()
  expect(await store.work.agentByKey('key a')).toBeNull()
  expect(await store.work.lease('b', 30)).toMatchObject({ id: one.id })
  expect(await store.work.lease('b', 30)).toBeNull()
})

it('takes the end of a work from who has it, of the kind that it is, any number of times', async () => {
  const session = await runningSession(store)
  await store.work.ask([wanted(session, 'C01', 'preflight'), wanted(session, 'C02', 'end')], 'surv')
  const [preflight, end] = [(await store.work.lease('a', 30))!, (await store.work.lease('a', 30))!]
  const way = {
    role: 'moi',
    way: 'ssh',
    address: '127.0.0.1',
    worked: true,
    cause: null,
    detail: '',
    identity: null,
    at: '2026-12-01T08:00:00.000Z',
  }
  expect(await store.work.keepPreflight(end.id, 'a', [way])).toBe(false)
  expect(await store.work.endRepin(end.id, 'a', [])).toBe(false)
  expect(await store.work.byId(end.id)).toMatchObject({ state: 'leased' })
  expect(await store.work.keepPreflight(preflight.id, 'b', [way])).toBe(false)
  expect(await store.work.keepPreflight(preflight.id, 'a', [way])).toBe(true)
  expect(await store.work.keepPreflight(preflight.id, 'a', [{ ...way, worked: false }])).toBe(true)
  expect(await store.work.ways(session)).toEqual([{ candidate: 'C01', ...way }])
  expect(await store.work.fail(end.id, 'a', { fr: 'coffre fermé', en: 'vault closed' })).toBe(true)
  expect(await store.work.fail(end.id, 'a', { fr: 'coffre fermé', en: 'vault closed' })).toBe(true)
  expect(await store.work.byId(end.id)).toMatchObject({ state: 'failed', failure: { en: 'vault closed' } })
  expect(await acts(session)).toEqual(['work-asked', 'work-asked', 'work-failed'])
})

it('keeps what a lost agent found, while nobody else has taken the work', async () => {
  const session = await runningSession(store)
  await store.work.ask([wanted(session, 'C01', 'repin', { target: 'moi', reason: 'réinstallée' })], 'surv')
  const work = (await store.work.lease('a', 30))!
  passes(31)
  await store.work.requeueLost()
  expect(await store.work.fail(work.id, 'a', { fr: '', en: '' })).toBe(false)
  expect(await store.work.endRepin(work.id, 'a', [{ where: 'moi', identity: 'SHA256:x' }])).toBe(true)
  expect(await store.work.lease('b', 30)).toBeNull()
})

it('makes no enrolled agent of a key that only a token is bound to, nor of a name that was left', async () => {
  await store.addAgent('jeton', 'hash')
  await enrol('a')
  expect(await store.work.agentByKey('key a')).toMatchObject({ name: 'a' })
  await store.work.invite('again', new Date(clock + 900_000).toISOString(), 'test')
  expect(await store.work.enrol('again', 'b', 'key a')).toBe('enrolled')
  expect((await store.work.agents()).map(({ name }) => name)).toEqual(['b', 'jeton'])
  expect(await store.work.agentByKey('key a')).toMatchObject({ name: 'b' })
  expect(await store.work.enrol('again', 'b', 'key a')).toBe('enrolled')
  expect(await store.work.enrol('again', 'c', 'key c')).toBe('code')
})

it('keeps an enrolment code for who enrols with it first, in time, under a free name', async () => {
  await enrol('a')
  await store.work.invite('code', new Date(clock + 900_000).toISOString(), 'test')
  expect(await store.work.enrol('code', 'a', 'another key')).toBe('name')
  passes(901)
  expect(await store.work.enrol('code', 'b', 'another key')).toBe('code')
  expect(await store.work.enrol('unknown', 'b', 'another key')).toBe('code')
})
