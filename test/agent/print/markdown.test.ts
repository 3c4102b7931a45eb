import { execFileSync } from 'node:child_process'
import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { markdownOf } from '../../../agent/print/markdown.ts'
import { inline, paragraphsOf } from '../../../agent/print/markdown-text.ts'
import { visible } from '../../../checks/visible.ts'
import { ensure, program } from '../../setup/debian.ts'
import { canaries, paperOf, paperWith } from './small-exam.ts'

/** As an editor shows it, where narrow spaces can't be told from others. */
const shown = (markdown: string) => markdown.replaceAll('\u202f', '~').replaceAll('\u00a0', '~')

describe('a paper as Markdown', { timeout: 30_000 }, () => {
  it('is what C01 receives', async () => {
    const paper = await paperOf(0)
    expect(shown(markdownOf(paper, 'fr'))).toBe(`# Agence~: le réseau

Sujet d’examen

- **Candidat~:** C01, place A1
- **Session~:** Session d'essai, 1er~décembre 2026
- **Certification~:** CCP~2 Maintenir, exploiter et sécuriser une infrastructure centralisée (TP-01351, millésime 01)
- **Durée~:** 1~h, première phase de la mise en situation professionnelle
- **Conditions~:** Le candidat effectue des manipulations sur des machines virtuelles de serveurs. Le candidat dispose de consignes pour tracer ses interventions. Cette phase est effectuée sous surveillance, sans la présence du jury et dure 1 heure. L'épreuve de questionnaire professionnel et la première phase de la mise en situation professionnelle sont réalisées sous surveillance. La présence d'un surveillant est indispensable pendant toute la durée de ces épreuves.

## Situation

L'agence de Lyon ouvre~; vous en préparez le serveur.

Son nom~: srv-Lyon.

## Machines

| Machine | Nature | Adresse |
| --- | --- | --- |
| web | Linux | 10.0.1.20 |
| sw | commutateur | 10.0.0.2 (partagée entre candidats) |

## Demandes

1. Créez le compte «~admin ; Lyon~» sur le serveur web~!

2. Le commutateur porte le VLAN 142.  
   \\- nom~: V142_01

---

Sujet ${paper.fingerprint} · variante ${paper.variant}
`)
  })

  it('differs for C02 in its values, its machines and its time', async () => {
    const [first, second] = [markdownOf(await paperOf(0), 'fr'), markdownOf(await paperOf(1), 'fr')]
    const others = shown(second)
      .split('\n')
      .filter((line) => !shown(first).split('\n').includes(line))
    expect(others.map((line) => line.replace(/[0-9a-f]{8}$/, '…'))).toEqual([
      '- **Candidat~:** C02',
      '- **Durée~:** 1~h~20, première phase de la mise en situation professionnelle~: 1~h, et 20~min de temps majoré',
      expect.stringMatching(/^L'agence de (?!Lyon)/),
      expect.stringMatching(/^Son nom~: srv-(?!Lyon)/),
      '| web | Linux | 10.0.2.20 |',
      expect.stringMatching(/^1\. Créez le compte/),
      expect.stringMatching(/^2\. Le commutateur porte le VLAN (?!142)/),
      expect.stringMatching(/nom~: V\d+_02$/),
      expect.stringMatching(/ · variante …$/),
    ])
  })

  it('never shows a hint, a question, a check or what only a check knows', async () => {
    for (const purpose of ['examination', 'training'] as const)
      for (const index of [0, 1]) {
        const paper = markdownOf(await paperOf(index, { purpose, hints: purpose === 'examination' }), 'fr')
        for (const canary of canaries) expect(paper, canary).not.toContain(canary)
      }
    const helped = markdownOf(await paperOf(0, { purpose: 'training', hints: true }), 'fr')
    expect(shown(helped)).toContain(
      '   *Indice 1~:* INDICEUN regardez\n\n   *Indice 2~:* INDICEDEUX cherchez',
    )
  })

  it('is in English where that is asked, the official wording left as it is', async () => {
    const paper = markdownOf(await paperOf(1, { lang: 'en' }), 'en')
    for (const said of [
      'Examination paper',
      '**Duration:** 1\u00a0h\u00a020 min',
      '## Demands',
      'shared by candidates',
    ])
      expect(paper.replaceAll('20\u00a0min', '20 min')).toContain(said)
    expect(paper).toContain('Maintenir, exploiter et sécuriser')
  })
})

const hasCmark = ensure(['cmark-gfm'])

describe.skipIf(!hasCmark)('Markdown as cmark-gfm reads it', () => {
  /** The texts of the demands of a paper, as a browser would show them. */
  const read = (markdown: string): string[] => {
    const args = [
      '--extension',
      'table',
      '--extension',
      'strikethrough',
      '--extension',
      'autolink',
      '--extension',
      'tasklist',
    ]
    const html = execFileSync(program('cmark-gfm')!, [...args, '--to', 'html'], {
      input: markdown,
      encoding: 'utf8',
      maxBuffer: 64 * 1024 * 1024,
    })
    // The lists of a paper: its facts, then its demands. What markup a text made would show as tags inside.
    const list = html.slice(html.indexOf('<ol>') + 4, html.lastIndexOf('</ol>'))
    return list
      .split('<li>')
      .slice(1)
      .map((item) =>
        item
          .slice(0, item.lastIndexOf('</li>'))
          .replace(/<a href="[^"]*">|<\/a>/g, '') // an address is a link that reads the same
          .replaceAll('<br />\n', '\n')
          .replaceAll('</p>\n<p>', '\n\n')
          .replace(/^\s*<p>|<\/p>\s*$/g, '')
          .replace(
            /&(lt|gt|quot|amp);/g,
            (_, name: string) => ({ lt: '<', gt: '>', quot: '"', amp: '&' })[name]!,
          ),
      )
  }
  /** What a reader is to see: signs for what can't be seen, lines, the spaces that set a line in. */
  const wanted = (text: string): string =>
    text
      .trim()
      .replaceAll('\r\n', '\n')
      .split('\n')
      .map((line) => {
        const [, indent = '', rest = ''] = /^([ \t]*)([^]*)$/.exec(visible(line).trimEnd())!
        return indent.replaceAll('\t', '    ').replaceAll(' ', '\u00a0') + rest.replaceAll('\t', ' ')
      })
      .join('\n')
      .replace(/\n{2,}/g, '\n\n')
  const same = async (texts: readonly string[]) => {
    const paper = await paperWith(texts.map((text) => text.trim()))
    expect(read(markdownOf(paper, 'fr'))).toEqual(texts.map(wanted))
  }

  it('shows hostile texts as they are', { timeout: 30_000 }, async () => {
    await same([
      '*gras* **très** _italique_ __souligné__ GG_Compta_RW _x',
      '# titre #',
      'a\n===\nb\n---\nc\n- d\n+ e\n* f\n1. g\n2) h\n> i',
      '`code` ``` ~~~ ~~barré~~',
      '<b>gras</b> <script>alert(1)</script> <!-- rien --> <http://a.b>',
      '&amp; &lt; &#65; &#x41; & x',
      '[lien](http://a.b) ![image](x) [ref]: x\n[x] fait',
      'http://web.agence1.lan/\nsuite www.exemple.fr\nfin',
      'a | b\n--|--\n1 | 2',
      'a\n:-\nb',
      'D:\\Partages\\Compta \\* \\\\serveur\\Compta$ fin\\',
      'ligne\\\nsuivante\\',
      '    indenté\n  puis\n\n    code ?',
      'http://a.b/c_d*e?f=g&h=i www.exemple.fr/_x_',
      '\u001b[31mrouge \u202Erevers\u0000',
      '1986. Une année',
      '***\n---\n___\n```',
      '\\',
      '$x^2$ H~2~O x^2^',
      '| a |',
    ])
  })

  it('shows any text as it is', { timeout: 60_000 }, async () => {
    const markup = fc.constantFrom(
      ...'*_`#|<>[]()!~\\&;:-+=.1$^@"\'{}/ \n\ta',
      '&amp;',
      '\n\n',
      '    ',
      '1. ',
      'é',
      'http://a.b/',
    )
    const text = fc
      .oneof(
        fc.array(markup, { minLength: 1, maxLength: 40 }).map((parts) => parts.join('')),
        fc.string({ unit: 'binary', minLength: 1, maxLength: 60 }),
      )
      // YAML has no lone carriage return; a text of spaces only is shown as nothing.
      .map((one) => one.replace(/\r(?!\n)/g, '').toWellFormed())
      .map((one) => (one.trim() === '' ? 'a' : one))
    for (let run = 0; run < 4; run++) await same(fc.sample(text, 200))
  })
})

it('a title stays on its line', () => {
  expect(inline('a\n# b #')).toBe('a \\# b \\#')
  expect(paragraphsOf('a\n\n\n  b\r\nc')).toEqual(['a', '\u00a0\u00a0b  \nc'])
})
