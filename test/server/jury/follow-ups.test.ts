import { describe, expect, it } from 'vitest'
import type { Verdict } from '../../../checks/verdict.ts'
import { changesBetween } from '../../../server/dossier/changes-between.ts'
import { withFollowUps, type RunContents } from '../../../server/dossier/follow-ups.ts'
import { followUpsOf, runToRead, startOf } from '../../../server/dossier/run-to-read.ts'
import { filterOutline } from '../../../server/pages/dossier/filter.ts'
import { layOut } from '../../../server/pages/dossier/outline.ts'
import type { DossierView } from '../../../server/pages/dossier/view.ts'
import { testReferential } from '../exam-day-server.ts'
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
  it('is not another duration or moment of the same thing', () => {
    const said = (fr: string, en: string) => ({ ...one, observed: { fr, en } })
    expect(
      kinds(
        [said('2 réponses sur 2 (0,1 ms)', '2 of 2 (0.1 ms)')],
        [said('2 réponses sur 2 (12,4 ms)', '2 of 2 (12.4 ms)')],
      ),
    ).toEqual(['same'])
    expect(
      kinds(
        [said('appliquée à 2026-12-01T09:00:02Z', 'applied at 2026-12-01T09:00:02Z')],
        [said('appliquée à 2026-12-01T10:30:00Z', 'applied at 2026-12-01T10:30:00Z')],
      ),
    ).toEqual(['same'])
    expect(
      kinds(
        [said('1 réponse sur 2 (0,1 ms)', '1 of 2 (0.1 ms)')],
        [said('2 réponses sur 2 (0,1 ms)', '2 of 2 (0.1 ms)')],
      ),
    ).toEqual(['changed'])
  })
  it('is told from its namesake by what was expected', () => {
    const namesake = { ...one, expected: { fr: 'autre chose', en: 'something else' } }
    const changes = changesBetween([one, { ...namesake, verdict: 'fail' }], [namesake, one])
    expect(changes.map(({ kind, start }) => [kind, start?.verdict])).toEqual([
      ['changed', 'fail'],
      ['same', one.verdict],
    ])
    expect(kinds([one], [one, namesake])).toEqual(['same', 'unsaid'])
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

describe('a demand that no check looks at', () => {
  it('is among what was not verified and what is left to the jury, not among what differs', () => {
    const body = makeBody()
    const bare = { ...body.exam.demands[0]!, id: 'à voir', alternatives: [[]] }
    const run = { ...body, exam: { ...body.exam, demands: [bare] }, findings: [] }
    const demands = withFollowUps(
      {
        run: { ...run, demands: [{ demand: bare.id, verdict: 'unknown', alternative: null }] },
        findings: [],
      },
      [],
    )
    const view = { changes: new Map(), marks: new Map(), notes: [], account: '' } as unknown as DossierView
    const outline = layOut(run, demands, testReferential)
    const kept = (show: 'unobserved' | 'jury' | 'differs') =>
      filterOutline(outline, show, view).competencies.flatMap(({ criteria }) =>
        criteria.flatMap((one) => one.demands.map(({ demand }) => demand.id)),
      )
    expect(new Set(kept('unobserved'))).toEqual(new Set(['à voir']))
    expect(new Set(kept('jury'))).toEqual(new Set(['à voir']))
    expect(kept('differs')).toEqual([])
  })
})
