import { describe, expect, it } from 'vitest'
import { judgeEvents, type Events } from '../../../checks/windows/events.ts'
import { same } from '../../../checks/text.ts'

const record = (at: string | null) => ({ number: 12, at, level: 4, computer: 'SRV-AD.agence1.lan' })
const seen = (different: Partial<Events>): Events => ({
  witness: true,
  exists: true,
  enabled: true,
  mode: 0,
  full: false,
  records: 5230,
  oldestNumber: 1,
  oldest: '2026-11-23T08:02:11Z',
  cleared: false,
  now: '2026-12-01T09:30:00Z',
  since: '2026-12-01T08:30:00Z',
  providerKnown: true,
  found: 1,
  cut: false,
  unreadable: 0,
  events: [record('2026-12-01T08:45:00Z')],
  ...different,
})
const judge = (different: Partial<Events>) =>
  judgeEvents(seen(different), { channel: 'System', atLeast: 1, hours: 1 }, same('an event'))

describe('the window is what the machine was asked for, not what it made of it', () => {
  it('takes an event that is in it', () => expect(judge({}).verdict).toBe('pass'))
  it('takes one of its first second', () =>
    expect(judge({ events: [record('2026-12-01T08:30:00Z')] }).verdict).toBe('pass'))
  it.each([
    ['from before it, as where a date is read as local time', '2026-12-01T07:45:00Z'],
    ['without a time', null],
  ])('does not judge by an event %s', (_what, at) =>
    expect(judge({ events: [record(at)] })).toMatchObject({ verdict: 'unknown', cause: 'unparsable' }),
  )
})
