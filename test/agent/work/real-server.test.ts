import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterEach, beforeEach, expect, it } from 'vitest'
import { secretSource } from '../../../agent/secrets/resolve.ts'
import type { AgentEvent } from '../../../agent/work/agent-event.ts'
import { runAgent } from '../../../agent/work/run-agent.ts'
import { readReferentials } from '../../../referentials.ts'
import { newEnrolmentCode } from '../../../server/access/enrolment-code.ts'
import type { WorkKind } from '../../../server/store/work-queue.ts'
import { startExamDay, type ExamDay } from '../../server/exam-day-server.ts'
import { gate, until, workSession, type Gate } from './work-session.ts'

let day: ExamDay
let folder: string
let web: Gate
let url: URL
const controller = new AbortController()
const events: AgentEvent[] = []
let ended: Promise<void> = Promise.resolve()
beforeEach(async () => {
  folder = mkdtempSync(join(tmpdir(), 'probant-both-'))
  day = await startExamDay()
  url = new URL(`${await day.app.listen({ host: '127.0.0.1', port: 0 })}/`)
  web = await gate()
})
afterEach(async () => {
  controller.abort()
  await ended
  // A connection that the client opened and never used is not idle to Node's server: it would be waited for.
  day.app.server.closeAllConnections()
  await day.close()
  rmSync(folder, { recursive: true, force: true })
})

it('agent and server understand each other, from the enrolment to the run', { timeout: 60_000 }, async () => {
  process.env['PROBANT_TEST_PASSWORD'] = 'not-used'
  const { store } = day
  const session = workSession(web.port)
  const { account } = await day.signIn('responsable')
  await store.life.create({
    session: {
      id: session.id,
      title: 'Une session',
      date: '2026-12-01',
      exam: 'Sujet local',
      purpose: 'examination',
      referential: 'tp-01351-01',
      certificate: 'TITRE',
      launch: 'hand',
      minutes: 90,
      purgeAfter: null,
    },
    files: session.files,
    candidates: ['C01', 'C02'].map((code) => ({ code, seat: null, name: null, extraMinutes: 0 })),
    by: { account: account.account, name: account.name },
  })
  const ask = async (kind: WorkKind, candidate: string, more: object = {}) => {
    const asked = {
      session: session.id,
      candidate,
      kind,
      demands: null,
      follows: null,
      target: null,
      reason: null,
    }
    const [work] = await store.work.ask([{ ...asked, ...more }], 'test')
    return work!.id
  }
  const { code, hash } = newEnrolmentCode()
  await store.work.invite(hash, new Date(Date.now() + 60_000).toISOString(), 'test')
  ended = runAgent({
    server: url,
    name: 'salle 12',
    folder,
    enrolCode: () => Promise.resolve(code),
    signal: controller.signal,
    secrets: secretSource(),
    version: '0',
    referentials: readReferentials,
    onEvent: (event) => events.push(event),
    timing: { heartbeat: 200, throttle: 20 },
  })
  const stateOf = async (id: string) => (await store.work.byId(id))?.state
  const done = (id: string) => until(`${id} done`, async () => (await stateOf(id)) === 'done')

  const preflight = await ask('preflight', 'C01')
  await done(preflight)
  const ways = await store.work.ways(session.id, 'C01')
  expect(ways.find(({ role, way }) => role === 'muet' && way === 'ssh')).toMatchObject({
    worked: false,
    cause: 'refused',
  })

  const cancelled = await ask('end', 'C02')
  await until('progress is seen', async () => ((await store.work.byId(cancelled))?.answered ?? 0) > 0)
  await store.work.cancel(cancelled, 'test')
  await until('cancelled', () => events.some((event) => event.type === 'ended' && !event.complete))
  web.release()

  const start = await ask('start', 'C01')
  await done(start)
  const again = await ask('again', 'C01', { demands: ['muet'], follows: start })
  await done(again)
  const repin = await ask('repin', 'C01', { target: 'muet', reason: 'recréée' })
  await done(repin)
  await until('the incomplete run is there', () =>
    events.some((event) => event.type === 'delivered' && event.task.id === cancelled),
  )
  expect(events.filter(({ type }) => type === 'refused' || type === 'failed')).toEqual([])
  expect((await store.work.agents()).map(({ name, about }) => [name, about?.version])).toEqual([
    ['salle 12', '0'],
  ])
})
