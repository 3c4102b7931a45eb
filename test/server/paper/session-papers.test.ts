import { describe, expect, it } from 'vitest'
import { verdictWords } from '../../../server/pages/wording.ts'
import { incidentsPdf, type IncidentsInput } from '../../../server/paper/incidents-annex.ts'
import { receiptPdf } from '../../../server/paper/receipt.ts'
import { summaryPdf } from '../../../server/paper/session-summary.ts'
import type { DossierOutline, RunReceipt } from '../../../server/store/store.ts'
import { hostile, makeRun } from '../run-fixture.ts'
import { key, referential, summaryOf } from './dossier-made.ts'
import { every, readPdf, textOf, type Tagged } from '../../paper/pdf-read.ts'

const runs = Array.from({ length: 16 }, (_, i) => makeRun(key, { n: i + 1, broken: i === 1 }))
const paper = {
  session: {
    id: runs[0]!.session.id,
    title: 'Session de Lyon',
    date: '2026-12-01',
    exam: 'Sujet 1',
    purpose: 'examination' as const,
  },
  lang: 'fr' as const,
  timeZone: 'Europe/Paris',
  generatedAt: new Date('2026-12-01T16:30:00Z'),
}
const outlineOf = (run: (typeof runs)[number]): DossierOutline => {
  const { probes: _, observations: _1, findings, ...header } = run
  return {
    code: run.candidate.code,
    seat: run.candidate.seat,
    shown: summaryOf(run),
    stage: null,
    runs: [header],
    unobserved: findings
      .filter(({ verdict }) => verdict === 'unknown')
      .map(({ demand, from, target, address, cause, blame }) => ({
        run: run.id,
        demand,
        from,
        target,
        address,
        cause,
        blame,
      })),
  }
}
const rows = (table: Tagged) => table.children.map(({ children }) => children.map(textOf))
const sectionOf = (root: Tagged, title: string) =>
  every(root).find(({ tag, children }) => tag === 'Sect' && children[0]?.text.startsWith(title))!
const tableOf = (root: Tagged, title: string) =>
  rows(sectionOf(root, title).children.find(({ tag }) => tag === 'Table')!)
const anyVerdict = new RegExp(
  Object.values(verdictWords)
    .flatMap(({ fr, en }) => [fr, en])
    .join('|'),
)

describe('the summary of a session', () => {
  it('counts demands by verdict in words, without any sum', async () => {
    const { root, stray, pages } = readPdf(
      await summaryPdf({ ...paper, referential, outlines: runs.map(outlineOf) }),
    )
    expect(stray).toBe('')
    const linux = tableOf(root, 'C9\u2002')
    expect(linux[0]).toEqual([
      'Candidat',
      'constaté',
      'non constaté',
      'non vérifié',
      'à apprécier par le jury',
      'sans objet',
    ])
    expect(linux).toHaveLength(17)
    expect(linux[1]).toEqual(['C01\u2002A1', '1', '1', '–', '1', '–'])
    expect(linux[2]).toEqual(['C02\u2002A2', '–', '1', '1', '1', '–'])
    expect(textOf(sectionOf(root, 'C1\u2002'))).toContain('non couvert par le sujet')
    expect(textOf(root)).not.toMatch(/total|%|moyenne/i)
    // The head of a table that goes on is seen again, and read once.
    expect(pages[1]).toMatch(/^Session de Lyon.*Candidatconstaténon constaté/s)
    const heads = every(root).filter(({ tag, text }) => tag === 'TH' && text === 'Candidat')
    const tables = every(root).filter(({ tag, children }) => tag === 'Table' && children.length === 17)
    expect(heads).toHaveLength(tables.length)
  })

  it('says what was not observed, and no longer what was observed when asked again', async () => {
    const broken = outlineOf(runs[1]!)
    const again = { ...outlineOf(makeRun(key, { n: 2 })).runs[0]!, stage: 'again' as const }
    const read = async (outline: DossierOutline) =>
      textOf(readPdf(await summaryPdf({ ...paper, referential, outlines: [outline] })).root)
    expect(await read(broken)).toContain('files (10.0.2.21), pas de réponse dans le délai')
    const followed = await read({ ...broken, runs: [...broken.runs, again] })
    expect(followed).not.toContain('files (10.0.2.21)')
    expect(followed).toContain('invite (10.2.2.40), vu de web')
  })

  it('is there before any run, and without the référentiel', async () => {
    const empty = textOf(readPdf(await summaryPdf({ ...paper, referential: null, outlines: [] })).root)
    expect(empty).toContain('Aucun passage')
    const unknown = textOf(
      readPdf(await summaryPdf({ ...paper, referential: null, outlines: runs.map(outlineOf) })).root,
    )
    expect(unknown).toContain('Le référentiel de ce sujet n’est pas connu')
  })
})

const receipts: RunReceipt[] = runs.map((run, i) => ({
  run: run.id,
  candidate: run.candidate.code,
  stage: i % 2 ? 'end' : null,
  fingerprint: summaryOf(run).fingerprint,
  startedAt: run.startedAt,
  endedAt: run.endedAt,
  receivedAt: run.endedAt,
  complete: i !== 4,
  sequence: i + 1,
  agent: 'agent-salle-1',
}))

describe('the receipt', () => {
  it('names each run with its fingerprint, its times and its agent, and no verdict', async () => {
    const { root } = readPdf(await receiptPdf({ ...paper, receipts, candidate: null }))
    const table = tableOf(root, 'Candidats')
    expect(table).toHaveLength(17)
    for (const [index, { run, fingerprint }] of receipts.entries()) {
      expect(table[index + 1]?.[4]).toContain(run)
      expect(table[index + 1]?.[4]).toContain(fingerprint)
      expect(table[index + 1]?.[4]).toContain('agent-salle-1')
    }
    expect(table[5]?.[2]).toContain('interrompu')
    expect(textOf(root)).not.toMatch(anyVerdict)
    expect(tableOf(root, 'Signatures').flat()).toContain('Surveillant')
  })

  it('of one candidate has room for his signature too', async () => {
    const { root } = readPdf(
      await receiptPdf({ ...paper, receipts: receipts.slice(0, 1), candidate: 'C01', lang: 'en' }),
    )
    expect(tableOf(root, 'Signatures').map(([capacity]) => capacity)).toEqual([
      'Capacity',
      'Proctor',
      'Candidate',
    ])
  })
})

describe('the annex of incidents', () => {
  const input: IncidentsInput = {
    ...paper,
    incidents: [
      {
        at: '2026-12-01T13:20:00Z',
        notedAt: '2026-12-01T13:22:10Z',
        candidate: null,
        author: 'Mme Roux',
        text: 'Coupure de courant dans la rangée B.',
        addedSeconds: 300,
      },
      {
        at: '2026-12-01T13:40:00Z',
        notedAt: '2026-12-01T13:41:10Z',
        candidate: 'C04',
        author: 'M. Petit',
        text: hostile.repeat(10),
        addedSeconds: 0,
      },
    ],
    clocks: [
      {
        candidate: 'C01',
        absent: false,
        startedAt: '2026-12-01T13:00:00Z',
        endsAt: '2026-12-01T15:05:00Z',
        minutes: 90,
        extraMinutes: 30,
        addedSeconds: 300,
      },
      {
        candidate: 'C02',
        absent: true,
        startedAt: null,
        endsAt: null,
        minutes: 90,
        extraMinutes: 0,
        addedSeconds: 0,
      },
    ],
    launches: [{ at: '2026-12-01T15:06:00Z', candidate: 'C01', kind: 'end', by: 'Mme Roux', state: 'done' }],
  }

  it('has the incidents, the clocks with their extra time, and who launched', async () => {
    const { root } = readPdf(await incidentsPdf(input))
    const incidents = tableOf(root, 'Incidents')
    expect(incidents[1]).toEqual([
      '14\u00A0h\u00A020\u00A0min\u00A000\u00A0s',
      'toute la salle',
      'Coupure de courant dans la rangée B.',
      '5\u00A0min',
      'Mme Roux, noté à 14\u00A0h\u00A022\u00A0min\u00A010\u00A0s',
    ])
    expect(incidents[2]?.[2]).toMatch(/^<script>.*\[…\]$/s)
    expect(tableOf(root, 'Horloges').slice(1)).toEqual([
      [
        'C01',
        '14\u00A0h\u00A000\u00A0min\u00A000\u00A0s',
        '90\u00A0min',
        '30\u00A0min',
        '5\u00A0min',
        '16\u00A0h\u00A005\u00A0min\u00A000\u00A0s',
      ],
      ['C02', 'absent', '90\u00A0min', '–', '–', '–'],
    ])
    expect(tableOf(root, 'Lancements')[1]?.slice(1)).toEqual(['C01', 'passage de fin', 'Mme Roux', 'terminé'])
    expect(textOf(root)).not.toMatch(anyVerdict)
  })

  it('says so where there was none', async () => {
    const { root } = readPdf(await incidentsPdf({ ...input, incidents: [], launches: [], lang: 'en' }))
    expect(textOf(root)).toContain('No incident was noted.')
    expect(textOf(root)).toContain('No launch.')
  })
})
