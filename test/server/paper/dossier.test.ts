import { execFileSync } from 'node:child_process'
import { randomUUID } from 'node:crypto'
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { describe, expect, it } from 'vitest'
import type { Finding } from '../../../checks/finding.ts'
import { readingOrder } from '../../../checks/referential/referential.ts'
import type { Run } from '../../../checks/run.ts'
import { same } from '../../../checks/text.ts'
import type { Verdict } from '../../../checks/verdict.ts'
import { dossierPdf, type DossierInput } from '../../../server/paper/dossier-pdf.ts'
import { verdictWords } from '../../../server/pages/wording.ts'
import type { Note } from '../../../server/store/notes.ts'
import { ensure } from '../../setup/debian.ts'
import { hostile, makeRun } from '../run-fixture.ts'
import { dossierOf, generatedRun, inputOf, key, recordedRun, referential, summaryOf } from './dossier-made.ts'
import { every, readPdf, textOf, type Tagged } from '../../paper/pdf-read.ts'

const read = async (input: DossierInput) => readPdf(await dossierPdf(input))
const some: readonly Verdict[] = ['pass', 'fail', 'unknown', 'jury', 'na']
const mixed = (index: number): Verdict => some[index % some.length] ?? 'pass'
const items = (root: Tagged) =>
  every(root)
    .filter(({ tag }) => tag === 'LI')
    .map(({ children: [label, body] }) => ({
      label: label ? textOf(label) : '',
      paragraphs: body?.children.map(textOf) ?? [],
    }))
const note = (over: Partial<Note>): Note => ({
  id: randomUUID(),
  candidate: 'C01',
  kind: 'shared',
  criterion: 'C8.1',
  run: null,
  ordinal: null,
  author: 'a',
  authorName: 'Mme Garnier',
  at: '2026-12-01T15:10:00Z',
  text: 'Explique la délégation.',
  withdrawnAt: null,
  ...over,
})
/** The same run at another moment, some of its findings otherwise. */
const changed = (
  run: Run,
  stage: NonNullable<Run['stage']>,
  change: (finding: Finding) => Partial<Finding>,
): Run => ({
  ...run,
  id: randomUUID(),
  stage,
  findings: run.findings.map((finding) => ({ ...finding, ...change(finding) })),
})

describe('the dossier on paper', () => {
  it('is a tagged PDF that says its language and its title', async () => {
    const { root, catalogue, info, stray, pages } = await read(inputOf(dossierOf(makeRun(key))))
    expect(root.tag).toBe('Document')
    expect(catalogue).toContain('/Lang (fr-FR)')
    expect(catalogue).toMatch(/\/MarkInfo/)
    expect(info).toContain('/Title')
    expect(stray).toBe('')
    expect(pages.join('').length).toBeGreaterThan(3000)
    // Headings go down one level at a time, and lists and tables are what they say.
    const levels = every(root).flatMap(({ tag }) => (/^H\d$/.test(tag) ? [Number(tag[1])] : []))
    expect(levels[0]).toBe(1)
    levels.reduce((above, level) => (expect(level).toBeLessThanOrEqual(above + 1), level))
    for (const { tag, children } of every(root)) {
      const inside = children.map((child) => child.tag)
      if (tag === 'L') expect(new Set(inside)).toEqual(new Set(['LI']))
      if (tag === 'LI') expect(inside).toEqual(['Lbl', 'LBody'])
      if (tag === 'Table') expect(new Set(inside)).toEqual(new Set(['TR']))
      if (tag === 'TR') expect(inside.every((cell) => cell === 'TH' || cell === 'TD')).toBe(true)
    }
  })

  it('has its number, the fingerprint of the run and nothing of it in the text on each page', async () => {
    const run = recordedRun('C03')
    const { pages, artifacts, root } = await read(inputOf(dossierOf(run)))
    artifacts.forEach((text, index) => {
      expect(text).toContain(`page\u00A0${index + 1} sur\u00A0${pages.length}`)
      expect(text).toContain(summaryOf(run).fingerprint)
    })
    expect(textOf(root)).not.toContain('page\u00A01 sur')
  })

  it('follows the certificate, and leaves to the jury what no machine shows', async () => {
    const { root } = await read(inputOf(dossierOf(makeRun(key))))
    const headings = every(root).filter(({ tag }) => tag === 'H2')
    const order = headings.flatMap(({ text }) => /^([A-Z]\d+)\u2002/.exec(text)?.[1] ?? [])
    expect(order).toEqual(readingOrder(referential, 'TITRE'))
    const criteria = every(root).filter(({ tag }) => tag === 'H3')
    const wanted = order.flatMap((id) => referential.competencies.find((c) => c.id === id)?.criteria ?? [])
    expect(criteria.map(({ text }) => text.split('\u2002')[0])).toEqual(wanted.map(({ id }) => id))
    for (const { id, label, observable, why } of wanted) {
      const section = every(root).find(
        ({ tag, children }) => tag === 'Sect' && children[0]?.text.startsWith(`${id}\u2002`),
      )!
      expect(section.children[0]).toMatchObject({ tag: 'H3', lang: 'fr-FR' })
      expect(textOf(section)).toContain(label)
      if (observable === 'none') {
        expect(textOf(section)).toContain('à apprécier par le jury')
        expect(textOf(section)).toContain(why.fr)
      }
    }
    expect(textOf(root)).toContain('mise en situation professionnelle')
  })

  it('says what was expected and observed where it matters, on one line where it is as asked', async () => {
    const run = generatedRun({ demands: 5, checks: 1, verdict: mixed })
    const { root } = await read(inputOf(dossierOf(run)))
    const found = items(root).filter(({ paragraphs }) => paragraphs[0]?.includes('Le service demandé'))
    expect(found.map(({ label }) => label).sort()).toEqual(some.map((v) => verdictWords[v].fr).sort())
    for (const { label, paragraphs } of found) {
      const rest = paragraphs.slice(1).join('')
      if (label === 'constaté' || label === 'sans objet') expect(paragraphs).toHaveLength(1)
      else {
        expect(rest).toContain('Attenduactif (running)')
        expect(rest).toContain('Observéinactif (dead)')
      }
      if (label === 'non vérifié') expect(rest).toContain('pas de réponse dans le délai')
    }
    expect(textOf(root)).toContain('Question pour l’entretien\u202F: Comment vérifiez-vous')
  })

  it('has no mark, no sum and no share anywhere', async () => {
    const { root } = await read(inputOf(dossierOf(generatedRun({ demands: 30, checks: 2, verdict: mixed }))))
    expect(textOf(root)).not.toMatch(/%|\d\s*\/\s*\d|total|somme|moyenne|score|\d+ points?\b|\d+ sur \d+/i)
  })

  it('says what the candidate changed since the start, and that nobody looked where nobody did', async () => {
    const run = makeRun(key)
    const start = changed(run, 'start', ({ check }) =>
      check === 'linux.service' ? { verdict: 'fail', observed: same('arrêté') } : {},
    )
    const { root } = await read(inputOf(dossierOf(run, { start })))
    const told = items(root).filter(({ paragraphs }) => paragraphs.join('').includes('Au départ'))
    expect(told).toHaveLength(1)
    expect(told[0]).toMatchObject({ label: 'constaté' })
    expect(told[0]?.paragraphs.join('')).toContain('non constaté, arrêté')
    const alone = textOf((await read(inputOf(dossierOf(run)))).root)
    expect(alone).toContain('ce que le candidat a changé n’est pas montré')
    expect(alone).not.toContain('Au départ')
  })

  it('takes what was asked again, and says when', async () => {
    const run = makeRun(key, { broken: true })
    const again: Run = {
      ...makeRun(key, { startedAt: '2026-12-01T14:50:00.000Z' }),
      stage: 'again',
      follows: run.id,
    }
    const { root } = await read(inputOf(dossierOf(run, { again: [again] })))
    expect(textOf(root)).toContain('constaté lors du passage de 15\u00A0h\u00A050')
    expect(items(root).find(({ paragraphs }) => paragraphs[0]?.startsWith('/srv/compta'))?.label).toBe(
      'constaté',
    )
    // Both runs are named with their fingerprints.
    for (const { id, fingerprint } of [summaryOf(run), summaryOf(again)]) {
      expect(textOf(root)).toContain(id)
      expect(textOf(root)).toContain(fingerprint)
    }
  })

  it('prints what the jury shares, and never what is private or was withdrawn', async () => {
    const run = makeRun(key)
    const ordinal = run.findings.findIndex(({ check }) => check === 'active-directory.user')
    const { root } = await read(
      inputOf(dossierOf(run), {
        notes: [
          note({}),
          note({ kind: 'private', text: 'SECRET' }),
          note({ text: 'RETIRÉ', withdrawnAt: '2026-12-01T15:20:00Z' }),
          note({ kind: 'contest', criterion: null, run: run.id, ordinal, text: 'Déplacé pendant la panne.' }),
          note({ kind: 'contest', criterion: null, run: randomUUID(), ordinal: 0, text: 'Autre passage.' }),
        ],
        traces: [{ name: 'trace.pdf', sha256: 'ab'.repeat(32), at: '2026-12-01T15:00:00Z' }],
      }),
    )
    const text = textOf(root)
    expect(text).toContain(
      'Mme Garnier, 1er\u00A0décembre 2026, 16\u00A0h\u00A010\u202F: Explique la délégation.',
    )
    expect(text).not.toMatch(/SECRET|RETIRÉ/)
    const contested = items(root).find(({ paragraphs }) => paragraphs[0]?.includes('c.durand1'))
    expect(contested?.paragraphs.at(-1)).toContain('Déplacé pendant la panne.')
    expect(text).toContain('Autre passage.')
    expect(text).toContain('ab'.repeat(32))
  })

  it('shows hostile text for what it is', async () => {
    const run = makeRun(key, { says: `${hostile} 中文 שלום مرحبا 👩‍💻` })
    const { root, pages } = await read(inputOf(dossierOf(run)))
    const text = pages.join('')
    expect(text).not.toMatch(/[\p{Cc}\u200b-\u200f\u2028-\u202e\u2066-\u2069\ufeff\ufffd]/u)
    expect(text).not.toMatch(/[\p{Script=Han}\p{Script=Hebrew}\p{Script=Arabic}]/u)
    expect(textOf(root)).toContain('<script>window.pwned=1</script>')
    expect(textOf(root)).toContain('‹U+202E›')
  })

  it('is complete in English, the official wording left in French', async () => {
    const run = recordedRun('C02')
    const { root, catalogue } = await read(inputOf(dossierOf(run), { lang: 'en' }))
    expect(catalogue).toContain('/Lang (en-GB)')
    const english = (element: Tagged): string =>
      element.lang === 'fr-FR' ? '' : element.text + element.children.map(english).join('')
    expect(english(root)).toContain('for the jury to appreciate')
    expect(english(root)).not.toMatch(/constaté|vérifié|Attendu|Observé|Demande |Passage|Empreinte|décembre/)
  })

  it('leaves nothing out where the référentiel is not known', async () => {
    const run = makeRun(key)
    const text = textOf((await read(inputOf(dossierOf(run), { referential: null }))).root)
    for (const { id } of run.exam.demands) expect(text).toContain(`Demande ${id}`)
    expect(text).toContain('Le référentiel de ce sujet n’est pas connu')
  })
})

describe('80 checks on at most twelve pages', () => {
  const texts: Record<string, (about: string, index: number) => string> = {
    ordinary: (about, index) => `${about} ${index}`,
    hostile: (about, index) => `${about} ${index} ${hostile.repeat(4)}`,
    'of the widest letters': () => 'W'.repeat(4000),
    'that no font has': () => '中文 עברית '.repeat(400),
    'of many lines': (about, index) => `${about} ${index}\n`.repeat(200),
  }
  for (const [name, text] of Object.entries(texts))
    it(`with texts ${name}`, async () => {
      for (const [demands, checks] of [
        [40, 2],
        [80, 1],
      ] as const)
        for (const verdict of [mixed, (): Verdict => 'unknown']) {
          const run = generatedRun({ demands, checks, verdict, text })
          const start = changed(run, 'start', () => ({ verdict: 'jury' }))
          const { pages, root } = await read(inputOf(dossierOf(run, { start })))
          expect(pages.length).toBeLessThanOrEqual(12)
          // Whatever was cut, every demand and every finding is there.
          const whole = textOf(root)
          for (const { id } of run.exam.demands) expect(whole).toContain(`Demande ${id}\u2003`)
          // The legend has an item for each verdict.
          const findings = items(root).filter(({ label }) => some.some((v) => label === verdictWords[v].fr))
          expect(findings.length).toBe(80 + some.length)
          if (name !== 'ordinary') expect(whole.split('[…]').length).toBeGreaterThan(80)
        }
    }, 60_000)

  it('cuts nothing where there is room', async () => {
    const { root } = await read(inputOf(dossierOf(recordedRun('C01'))))
    // A reference names the place where the whole is; the legend explains the sign.
    const cut = every(root).filter(
      ({ text }) => text.includes('[…]') && !text.includes('Demande détaillée sous'),
    )
    expect(cut.map(({ tag, text }) => [tag, text])).toEqual([['Lbl', '[…]']])
  })
})

const poppler = ensure(['poppler-utils', 'qpdf'])
describe.skipIf(!poppler)('what other programs say of it (poppler-utils, qpdf)', () => {
  it('is sound, tagged and searchable', async () => {
    const folder = mkdtempSync(join(tmpdir(), 'probant-paper-'))
    try {
      const path = join(folder, 'dossier.pdf')
      writeFileSync(path, await dossierPdf(inputOf(dossierOf(makeRun(key, { says: hostile })))))
      const run = (program: string, ...args: string[]) => execFileSync(program, args, { encoding: 'utf8' })
      expect(run('qpdf', '--check', path)).toContain('No syntax or stream encoding errors found')
      expect(run('pdfinfo', path)).toMatch(/Tagged: +yes/)
      const structure = run('pdfinfo', '-struct', path)
      for (const tag of ['Document', 'H1', 'H2', 'H3', 'H4', 'Table', 'LBody'])
        expect(structure).toContain(tag)
      expect(run('pdftotext', '-layout', path, '-')).toMatch(/page\s1 sur\s\d+/)
    } finally {
      rmSync(folder, { recursive: true, force: true })
    }
  })
})
