import { afterEach, beforeEach, expect, it } from 'vitest'
import { launchAtClockEnd, startWatches } from '../../../server/work/watches.ts'
import { startExamDay, type ExamDay } from '../exam-day-server.ts'
import { runningSession } from './session-fixture.ts'

let day: ExamDay
let clock: number
const now = () => new Date(clock)
const ends = async (session: string) =>
  (await day.store.work.ofSession(session))
    .filter(({ kind }) => kind === 'end')
    .map(({ candidate }) => candidate)

beforeEach(async () => {
  clock = Date.parse('2026-12-01T08:00:00.000Z')
  day = await startExamDay({ now })
})
afterEach(() => day.close())

it('launches the end run once when a clock ends, where the session is set so', async () => {
  const watched = { store: day.store, changes: day.changes, now }
  const session = await runningSession(day.store, { candidates: 2, launch: 'clock' })
  const byHand = await runningSession(day.store, { candidates: 1, title: 'Par le surveillant' })
  await day.store.life.startClocks(session, ['C01'], 'surv')
  await day.store.life.startClocks(byHand, ['C01'], 'surv')
  const { minutes } = (await day.store.life.session(session))!
  clock += minutes! * 60_000 - 1000
  await launchAtClockEnd(watched)
  expect(await ends(session)).toEqual([])
  clock += 1000
  await launchAtClockEnd(watched)
  expect(await ends(session)).toEqual(['C01'])
  const [work] = await day.store.work.ofSession(session)
  await day.store.work.cancel(work!.id, 'surv')
  await launchAtClockEnd(watched)
  expect(await ends(session)).toEqual(['C01'])
  expect(await ends(byHand)).toEqual([])
})

it('goes on after a failure, and ends when told', async () => {
  const failures: unknown[] = []
  const stop = startWatches(
    {
      ...day,
      store: { ...day.store, work: { requeueLost: () => Promise.reject(new Error('busy')) } } as never,
      now,
    },
    { error: (said: unknown) => void failures.push(said) } as never,
  )
  await expect.poll(() => failures.length, { timeout: 10_000 }).toBe(2)
  await stop()
})
