import { describe, expect, it } from 'vitest'
import type { Verdict } from '../../../checks/verdict.ts'
import { changesBetween } from '../../../server/dossier/changes-between.ts'
import { withFollowUps, type RunContents } from '../../../server/dossier/follow-ups.ts'
import { followUpsOf, runToRead, startOf } from '../../../server/dossier/run-to-read.ts'
import { makeBody } from '../run-fixture.ts'

const place = (id: string, stage: string | null, complete = true, follows: string | null = null) => ({
  id,
  stage,
  complete,
  follows,
})

describe('the run that a dossier shows', () => {
  it.each([
    ['the latest complete end run', [place('e2', 'end', false), place('e1', 'end')], 'e1'],
    ['a run that nobody gave a stage', [place('s', 'start'), place('n', null)], 'n'],
    [
      'an interrupted end run rather than a complete start',
      [place('s', 'start'), place('e', 'end', false)],
      'e',
    ],
    ['the start where there is nothing else', [place('a', 'again'), place('s', 'start')], 's'],
    ['never a run that only asks again', [place('a', 'again', true, 'x')], undefined],
  ])('is %s', (_, runs, id) => expect(runToRead(runs)?.id).toBe(id))

  it('has the chain of those that asked again after it, the earliest first, and no other', () => {
    const runs = [
      place('a3', 'again', true, 'a1'),
      place('a2', 'again', true, 'other'),
      place('a1', 'again', true, 'e'),
      place('e', 'end'),
      place('s', 'start'),
    ]
    expect(followUpsOf('e', runs).map(({ id }) => id)).toEqual(['a1', 'a3'])
    expect(startOf(runs)?.id).toBe('s')
  })

  it('survives runs that follow each other in a ring', () => {
    const ring = [place('a', 'again', true, 'b'), place('b', 'again', true, 'a')]
    expect(followUpsOf('e', ring)).toEqual([])
    expect(followUpsOf('a', ring).map(({ id }) => id)).toEqual(['b'])
  })
})

const contents = (id: string, at: string, verdicts: Record<string, Verdict>): RunContents => {
  const body = makeBody({ id, startedAt: at })
  const names = Object.keys(verdicts)
  return {
    run: {
      ...body,
      exam: { demands: body.exam.demands.filter((demand) => names.includes(demand.id)) },
      demands: names.map((demand) => ({ demand, verdict: verdicts[demand]!, alternative: null })),
    },
    findings: body.findings.filter(({ demand }) => names.includes(demand)),
  }
}
const [end, first, second] = [
  '00000000-0000-4000-8000-000000000001',
  '00000000-0000-4000-8000-000000000002',
  '00000000-0000-4000-8000-000000000003',
]

describe('runs that asked again', () => {
  const joined = withFollowUps(
    contents(end!, '2026-12-01T15:00:00.000Z', {
      intranet: 'fail',
      partage: 'unknown',
      supervision: 'unknown',
    }),
    [
      contents(first!, '2026-12-01T15:10:00.000Z', {
        intranet: 'pass',
        partage: 'unknown',
        supervision: 'pass',
      }),
      contents(second!, '2026-12-01T15:20:00.000Z', { partage: 'unknown', supervision: 'fail' }),
    ],
  )
  const of = (id: string) => joined.find(({ demand }) => demand.id === id)!

  it('never replace what was observed', () => {
    expect(of('intranet')).toMatchObject({ run: end, again: false, result: { verdict: 'fail' }, inVain: [] })
  })
  it('take a demand whole, findings of one run only', () => {
    expect(of('supervision')).toMatchObject({ run: first, again: true, result: { verdict: 'pass' } })
    for (const demand of joined)
      expect(new Set(demand.findings.map(({ run }) => run))).toEqual(new Set([demand.run]))
  })
  it('are named where they observed nothing more', () => {
    expect(of('partage')).toMatchObject({ run: end, again: false, result: { verdict: 'unknown' } })
    expect(of('partage').inVain.map(({ run }) => run)).toEqual([first, second])
  })
  it('keep the place of each finding in its own run', () => {
    const { findings } = of('supervision')
    expect(findings.map(({ ordinal }) => ordinal)).toEqual([...new Set(findings.map((f) => f.ordinal))])
    expect(findings.length).toBeGreaterThan(0)
  })
})

describe('what changed between start and end', () => {
  const [finding] = makeBody().findings
  const one = finding!
  const kinds = (start: (typeof one)[], endOf: (typeof one)[]) =>
    changesBetween(start, endOf).map(({ kind }) => kind)

  it('is another verdict or another thing observed', () => {
    expect(kinds([{ ...one, verdict: 'fail' }], [one])).toEqual(['changed'])
    expect(kinds([{ ...one, observed: { fr: 'autre', en: 'other' } }], [one])).toEqual(['changed'])
    expect(kinds([one], [{ ...one, evidence: ['x'] }])).toEqual(['same'])
  })
  it('is not said where one of them is unknown, missing, or can’t be told apart', () => {
    expect(kinds([{ ...one, verdict: 'unknown' }], [one])).toEqual(['unsaid'])
    expect(kinds([one], [{ ...one, verdict: 'unknown' }])).toEqual(['unsaid'])
    expect(kinds([], [one])).toEqual(['unsaid'])
    expect(kinds([one], [])).toEqual(['unsaid'])
    expect(kinds([one, { ...one, verdict: 'fail' }], [one])).toEqual(['unsaid'])
    expect(kinds([one], [{ ...one, target: 'ailleurs' }])).toEqual(['unsaid', 'unsaid'])
  })
})
