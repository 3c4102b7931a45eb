import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import { clockEnd } from '../../../server/session-life/clock.ts'
import { launchAtClockEnd } from '../../../server/work/watches.ts'
import { startExamDay, type ExamDay, type SignedIn } from '../exam-day-server.ts'
import { prepared } from './session-files.ts'

describe('a candidate’s clock', () => {
  it('ends after the minutes of phase 1, his own and those given back', () => {
    const candidate = { clockStartedAt: '2026-12-01T09:00:00.000Z', extraMinutes: 30, addedSeconds: 90 }
    expect(clockEnd(candidate, 90)?.toISOString()).toBe('2026-12-01T11:01:30.000Z')
    expect(clockEnd({ ...candidate, addedSeconds: -90 }, 90)?.toISOString()).toBe('2026-12-01T10:58:30.000Z')
  })
  it('has no end before its start, or without a length', () => {
    expect(clockEnd({ clockStartedAt: null, extraMinutes: 0, addedSeconds: 0 }, 90)).toBeNull()
    expect(
      clockEnd({ clockStartedAt: '2026-12-01T09:00:00Z', extraMinutes: 0, addedSeconds: 0 }, null),
    ).toBeNull()
  })
})

describe('the end of a clock', () => {
  let day: ExamDay
  let head: SignedIn
  let at = new Date()
  const now = () => at
  const later = (minutes: number) => {
    at = new Date(at.getTime() + minutes * 60_000)
  }
  beforeEach(async () => {
    at = new Date('2026-12-01T09:00:00Z')
    day = await startExamDay({ now })
    head = await day.signIn('responsable')
  })
  afterEach(() => day.close())
  const tick = () => launchAtClockEnd({ store: day.store, changes: day.changes, now })
  const running = async (launch: 'hand' | 'clock') => {
    const id = await prepared(day, head, { launch })
    await day.store.life.setState(id, 'prepared', 'running', 'r')
    await day.store.life.startClocks(id, ['C01', 'C02'], 's')
    return id
  }
  const asked = async (id: string) =>
    (await day.store.work.ofSession(id)).map(({ candidate, kind, requestedBy }) => [
      candidate,
      kind,
      requestedBy,
    ])

  it('launches the end run of that candidate, once, whoever asks again and whatever became of it', async () => {
    const id = await running('clock')
    later(89)
    await tick()
    expect(await asked(id)).toEqual([])
    later(1)
    await Promise.all([tick(), tick()])
    expect(await asked(id)).toEqual([['C01', 'end', 'server']])
    const [work] = await day.store.work.ofSession(id)
    await day.store.work.cancel(work!.id, 's')
    later(10)
    await tick()
    expect(await asked(id)).toHaveLength(1)
    // The second has thirty minutes more.
    later(20)
    await tick()
    expect((await asked(id)).map(([candidate]) => candidate)).toEqual(['C01', 'C02'])
  })

  it('waits for what an incident gave back, and passes over the absent', async () => {
    const id = await running('clock')
    await day.store.life.noteIncident(
      id,
      { candidate: 'C01', at: now().toISOString(), text: 'coupure', addedSeconds: 600 },
      's',
    )
    await day.store.life.setAbsent(id, 'C02', true, 's')
    later(95)
    await tick()
    expect(await asked(id)).toEqual([])
    later(30)
    await tick()
    expect(await asked(id)).toEqual([['C01', 'end', 'server']])
  })

  it('launches nothing where somebody does by hand, nor once phase 1 is over', async () => {
    const id = await running('hand')
    later(500)
    await tick()
    await day.store.life.change(id, { launch: 'clock' }, 'r')
    await day.store.life.setState(id, 'running', 'collected', 'r')
    await tick()
    expect(await asked(id)).toEqual([])
  })
})
