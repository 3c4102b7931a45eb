import { execFileSync } from 'node:child_process'
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { pdfOf } from '../../../agent/print/pdf.ts'
import { every, readPdf, textOf, type Tagged } from '../../paper/pdf-read.ts'
import { ensure } from '../../setup/debian.ts'
import { canaries, paperOf, paperWith } from './small-exam.ts'

const at = new Date('2026-12-01T08:00:00Z')
const plain = (text: string) => text.replace(/[\u00a0\u202f]/g, ' ')
const withTag = (root: Tagged, tag: string) => every(root).filter((one) => one.tag === tag)
/** The demands, their numbers left out. */
const demandsOf = (root: Tagged) =>
  withTag(root, 'LI').map((item) => plain(item.children.slice(1).map(textOf).join('')))

describe('a paper as PDF', { timeout: 30_000 }, () => {
  it('is a tagged A4 sheet that says its language, its title, whose it is and which variant', async () => {
    const paper = await paperOf(0)
    const { pages, artifacts, stray, root, catalogue, info } = readPdf(await pdfOf(paper, 'fr', at))
    expect(stray).toBe('')
    expect(catalogue).toContain('/Lang (fr-FR)')
    expect(catalogue).toContain('/MarkInfo')
    expect(info).toContain('/Title')
    expect(withTag(root, 'H1').map(textOf)).toEqual(['Agence\u202f: le réseau'])
    expect(withTag(root, 'H2').map(textOf)).toEqual(['Situation', 'Machines', 'Demandes'])
    expect(demandsOf(root)).toEqual([
      'Créez le compte « admin ; Lyon » sur le serveur web !',
      'Le commutateur porte le VLAN 142.- nom : V142_01',
    ])
    expect(withTag(root, 'Lbl').map(textOf)).toEqual(['1.', '2.'])
    const [whose, machines] = withTag(root, 'Table').map(({ children }) =>
      children.map((row) => row.children.map((cell) => plain(textOf(cell)))),
    )
    expect(whose).toEqual([
      ['Candidat', 'C01, place A1'],
      ['Session', "Session d'essai, 1er décembre 2026"],
      ['Durée', '1 h, première phase de la mise en situation professionnelle'],
    ])
    expect(machines).toEqual([
      ['Machine', 'Nature', 'Adresse'],
      ['web', 'Linux', '10.0.1.20'],
      ['sw', 'commutateur', '10.0.0.2 (partagée entre candidats)'],
    ])
    expect(pages).toHaveLength(1)
    expect(plain(artifacts[0]!)).toBe(
      `Sujet ${paper.fingerprint} · variante ${paper.variant}Sujet d’examen, C01, place A1page 1 sur 1`,
    )
  })

  it('marks the official wording as French where the paper is in English', async () => {
    const { root, catalogue } = readPdf(await pdfOf(await paperOf(0, { lang: 'en' }), 'en', at))
    expect(catalogue).toContain('/Lang (en-GB)')
    const french = every(root).filter(({ lang }) => lang === 'fr-FR')
    expect(french.map(textOf).join(' ')).toMatch(/CCP.2 Maintenir.*Le candidat effectue/s)
  })

  it('goes on to further pages with a demand that is longer than one, and loses nothing of it', async () => {
    const lines = Array.from({ length: 200 }, (_, line) => `ligne ${line} du sujet`)
    const { pages, root } = readPdf(
      await pdfOf(await paperWith([lines.join('\n'), 'mot '.repeat(1500), '   ', 'fin']), 'fr', at),
    )
    expect(pages.length).toBeGreaterThan(3)
    const [first, second, empty, last] = demandsOf(root)
    expect(first).toBe(lines.join(''))
    expect(second?.trim()).toBe('mot '.repeat(1500).trim())
    expect([empty, last]).toEqual(['', 'fin'])
    for (const page of pages.slice(1)) expect(plain(page)).toContain('C01, place A1')
  })

  it('shows any text, whatever it holds', { timeout: 60_000 }, async () => {
    const texts = fc.array(fc.string({ unit: 'binary', minLength: 1, maxLength: 200 }), {
      minLength: 1,
      maxLength: 5,
    })
    await fc.assert(
      fc.asyncProperty(texts, async (all) => {
        const { root, stray } = readPdf(await pdfOf(await paperWith(all, all[0]), 'fr', at))
        expect(stray).toBe('')
        const read = demandsOf(root)
        expect(read).toHaveLength(all.length)
        for (const [index, text] of all.entries()) {
          // Letters that the fonts have are there as they are, in their order.
          const letters = (one: string) => one.match(/[a-zA-Z0-9*#|`<>\\]/g)?.join('') ?? ''
          const signs = read[index]!.replace(/‹(U\+[0-9A-F]+|[A-Z0-9]+|\+\d+)›/g, '')
          expect(letters(signs)).toBe(letters(text))
        }
      }),
      { numRuns: 8 },
    )
  })
})

const hasPoppler = ensure(['poppler-utils'])

describe.skipIf(!hasPoppler)('a paper as poppler reads it', { timeout: 30_000 }, () => {
  const textOfPdf = (bytes: Buffer): string => {
    const folder = mkdtempSync(join(tmpdir(), 'probant-print-'))
    try {
      writeFileSync(join(folder, 'a.pdf'), bytes)
      return execFileSync('pdftotext', ['-layout', join(folder, 'a.pdf'), '-'], { encoding: 'utf8' })
    } finally {
      rmSync(folder, { recursive: true, force: true })
    }
  }

  it('never shows a hint, a question, a check or what only a check knows', async () => {
    for (const purpose of ['examination', 'training'] as const) {
      const text = textOfPdf(
        await pdfOf(await paperOf(1, { purpose, hints: purpose === 'examination' }), 'fr', at),
      )
      expect(plain(text)).toContain('C02')
      for (const canary of canaries) expect(text, canary).not.toContain(canary)
    }
    const helped = textOfPdf(await pdfOf(await paperOf(1, { purpose: 'training', hints: true }), 'fr', at))
    expect(helped).toMatch(/Indice 1\s+INDICEUN regardez\s+Indice 2\s+INDICEDEUX cherchez/)
  })

  it('shows hostile markup as it is', async () => {
    const texts = ['*gras* # titre | case `code` <b>x</b> fichiers', 'D:\\Partages\\Compta$ _x_ &amp;']
    const text = textOfPdf(await pdfOf(await paperWith(texts), 'fr', at))
    for (const one of texts) expect(text).toContain(one)
  })
})
