import { describe, expect, it } from 'vitest'
import { pointsOf } from '../../../agent/self-test/curve.ts'
import { explained, type Seen } from '../../../agent/self-test/explained.ts'
import type { Try } from '../../../agent/self-test/memory.ts'
import { trainingPage, type PageContents } from '../../../agent/self-test/page.ts'
import type { Explanation } from '../../../checks/explanation.ts'
import type { Finding } from '../../../checks/finding.ts'
import type { Verdict } from '../../../checks/verdict.ts'

const hostile =
  '</p><script>alert(1)</script><img src=//evil.example/x onerror=alert(1)>\u001b[31m\u202e{{n}}'
const text = (fr: string) => ({ fr, en: `en ${fr}` })

const finding = (demand: string, verdict: Verdict): Finding => ({
  demand,
  alternative: 0,
  check: 'linux.file',
  says: text(`dit ${hostile}`),
  cell: null,
  criteria: ['C9.1'],
  from: 'agent',
  target: 'web',
  address: '192.0.2.20',
  transport: 'ssh',
  verdict,
  cause: verdict === 'unknown' ? 'refused' : null,
  blame: null,
  detail: verdict === 'unknown' ? hostile : null,
  expected: text('droits 600'),
  observed: text(hostile),
  contradiction: false,
  byHand: text('stat -- /x : y'),
  evidence: [],
  ms: 1,
})
const explanation: Explanation = {
  why: [
    { text: text('On attendait : '), ours: true },
    { text: text(hostile), ours: false },
  ],
  lesson: text('Une leçon.'),
  next: null,
  contradiction: null,
}
const seen = (demand: string, verdict: Verdict): [string, Seen] => [
  demand,
  { verdict, alternative: null, findings: [{ finding: finding(demand, verdict), explanation }] },
]
const verdicts: Record<string, Verdict> = { a: 'pass', b: 'fail', c: 'unknown', d: 'jury' }
const paper = {
  demands: Object.keys(verdicts).map((id, index) => ({
    number: index + 1,
    id,
    text: `Demande ${id} : ${hostile}`,
    criteria: [{ id: 'C9.1', words: 'Le fonctionnement du serveur Linux est conforme à la demande' }],
    alternatives: 1,
    question: id === 'b' ? 'Pourquoi ?' : null,
    hints: id === 'b' ? [`premier ${hostile}`, 'second'] : [],
  })),
}
const tries: Try[] = (
  [
    ['2026-12-01T19:00:00.000Z', { a: 'fail', b: 'pass', c: 'fail', d: 'jury' }],
    ['2026-12-01T20:05:00.000Z', verdicts],
  ] as const
).map(([at, all]) => ({ run: crypto.randomUUID(), file: 'x.run.json', at, asked: [], verdicts: { ...all } }))
const contents = (lang: 'fr' | 'en', more: Partial<PageContents> = {}): PageContents => ({
  exam: {
    title: `Agence ${hostile}`,
    demands: paper.demands as never,
    referential: {
      certificates: [{ id: 'TITRE', label: 'Technicien supérieur systèmes et réseaux' }],
    } as never,
    certificate: 'TITRE',
  },
  demands: explained(
    paper,
    new Map(Object.entries(verdicts).map(([id, one]) => seen(id, one))),
    tries[0]!.verdicts,
    () => 0,
  ),
  tries,
  at: '2026-12-01T20:05:00.000Z',
  lang,
  ...more,
})
const french = trainingPage(contents('fr'))

describe('the page of a candidate in training', () => {
  it('asks nothing of anybody and runs nothing, whatever machines and exams say', () => {
    for (const page of [french, trainingPage(contents('en'))]) {
      expect(page).toContain(
        '<meta http-equiv="Content-Security-Policy" content="default-src &#39;none&#39;; style-src &#39;unsafe-inline&#39;"'.replaceAll(
          '&#39;',
          "'",
        ),
      )
      expect(page).not.toMatch(/<(script|img|link|iframe|object|embed|form|base|audio|video)\b/i)
      expect(page).not.toMatch(/<[^>]+\s(src|href|xlink:href|on\w+|srcset|action)\s*=/i)
      expect(page).not.toMatch(/url\(|@import/)
      expect(page).toContain('&lt;script>alert(1)')
      expect(page).not.toMatch(/[\u001b\u202e]/)
      expect(page).toContain('‹U+001B›')
    }
  })

  it('says verdicts by a word and a shape, and adds up nothing', () => {
    for (const words of ['● constaté', '✕ non constaté', '? non vérifié', '◇ à apprécier par le jury'])
      expect(french).toContain(words)
    expect(french).toContain(
      '1 demande constatée, 1 non constatée, 1 non vérifiée, 1 à apprécier par le jury.',
    )
    expect(french.replace(/<style>[^]*?<\/style>/, '')).not.toMatch(/\d ?%|\d \/ \d|\btotal|score/i)
  })

  it('says what became of each demand since the last try', () => {
    expect(french).toMatch(/Demande a[^]*?gagné<[^]*Demande b[^]*?perdu<[^]*Demande c[^]*?changé</)
  })

  it('keeps hints folded, the second inside the first', () => {
    expect(french).toMatch(
      /<details class="noprint"><summary>Premier indice<\/summary><p>[^]*?<details class="noprint"><summary>Deuxième indice<\/summary>[^]*?second<\/p><\/details><\/details>/,
    )
    expect(french).not.toContain('<details open')
  })

  it('has a curve told apart by dashes, shapes and words, and the same as a table', () => {
    const svg = /<svg[^]*?<\/svg>/.exec(french)?.[0] ?? ''
    expect(svg).toContain('role="img"')
    expect(svg).toMatch(/aria-label="Nombre de demandes/)
    const dashes = [...svg.matchAll(/<polyline class="line (\w+)"(?: stroke-dasharray="([^"]*)")?/g)].map(
      ([, one, dash]) => [one, dash ?? ''],
    )
    expect(new Set(dashes.map(([, dash]) => dash)).size).toBe(4)
    for (const words of ['constatées', 'non constatées', 'non vérifiées', 'à apprécier'])
      expect(svg).toContain(`>${words}<`)
    const rows = [...french.matchAll(/<tr><th scope="row">(.*?)<\/th>(.*?)<\/tr>/g)].map(([, , cells = '']) =>
      [...cells.matchAll(/>(\d+)</g)].map(([, n]) => n),
    )
    expect(rows).toEqual([
      ['1', '2', '0', '1'],
      ['1', '1', '1', '1'],
    ])
  })

  it('keeps the numbers of a curve in its frame, for one try or a hundred', () => {
    for (const count of [1, 2, 100]) {
      const many = Array.from({ length: count }, (_, i) => ({
        ...tries[i % 2]!,
        at: new Date(Date.UTC(2026, 10, 1 + i)).toISOString(),
      }))
      const page = trainingPage(contents('fr', { tries: many }))
      const [, wide = '', high = ''] = /viewBox="0 0 ([\d.]+) ([\d.]+)"/.exec(page) ?? []
      expect(Number(wide)).toBeLessThan(1000)
      for (const [, points = ''] of page.matchAll(/ points="([^"]*)"/g))
        for (const pair of points.split(' ')) {
          const [x = -1, y = -1] = pair.split(',').map(Number)
          expect(x >= 0 && x <= Number(wide) && y >= 0 && y <= Number(high), pair).toBe(true)
        }
      expect(pointsOf(many, ['a'])).toHaveLength(count)
    }
  })

  it('is typeset in French where the words are ours, and left as it is where they are a machine’s', () => {
    expect(french).toContain('On attendait\u202f: ')
    expect(french).toContain('À la main\u202f: ')
    expect(french).toContain('<code>stat -- /x : y</code>')
    expect(french).toMatch(/1er décembre 2026, \d+\u00a0h\u00a0\d\d/)
    expect(french).toContain('<html lang="fr">')
  })

  it('is complete in English, the official wording marked as French', () => {
    const page = trainingPage(contents('en'))
    expect(page).toContain('<html lang="en">')
    expect(page).toContain('<span lang="fr">Le fonctionnement du serveur Linux')
    expect(
      page.replace(
        /<style>[^]*?<\/style>|<span lang="fr">.*?<\/span>|Technicien supérieur systèmes et réseaux|(en )?Une leçon|Demande \w/g,
        '',
      ),
    ).not.toMatch(/[éèàç]|À la main|Vos essais/)
  })
})
