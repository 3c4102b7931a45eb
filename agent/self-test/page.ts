import { h, type ComponentChild, type VNode } from 'preact'
import { render } from 'preact-render-to-string'
import type { Exam } from '../../checks/exam.ts'
import type { Lang, Text } from '../../checks/text.ts'
import { verdictLook } from '../terminal/colour.ts'
import { french } from '../terminal/typography.ts'
import { visible } from '../terminal/visible.ts'
import { curve, curveWords, drawn, pointsOf, type Point } from './curve.ts'
import type { ExplainedDemand, ExplainedFinding } from './explained.ts'
import { hintLabel } from './lines.ts'
import type { Try } from './memory.ts'
import { pageStyle } from './page-style.ts'
import { changeWords, momentWords, summaryWords } from './words.ts'

const policy = "default-src 'none'; style-src 'unsafe-inline'"

export interface PageContents {
  readonly exam: Pick<Exam, 'title' | 'demands' | 'referential' | 'certificate'>
  readonly demands: readonly ExplainedDemand[]
  /** Oldest first. */
  readonly tries: readonly Try[]
  readonly at: string
  readonly lang: Lang
}

type Say = (text: Text) => string

/** What a candidate keeps of their training: one page that stands alone, without a script, that asks nothing of anybody. */
export function trainingPage({ exam, demands, tries, at, lang }: PageContents): string {
  const say: Say = (text) => (lang === 'fr' ? french(text.fr) : text.en)
  const title = visible(exam.title)
  const certificate = exam.referential.certificates.find(({ id }) => id === exam.certificate)
  const verdicts = Object.fromEntries(demands.map(({ id, verdict }) => [id, verdict]))
  const points = pointsOf(
    tries,
    exam.demands.map(({ id }) => id),
  )
  const body = [
    h('h1', null, title),
    h('p', { class: 'quiet' }, [
      say({ fr: 'Entraînement', en: 'Training' }),
      certificate ? ` · ${certificate.label}` : '',
      ` · ${momentWords(at, lang)}`,
    ]),
    h('p', null, `${say(summaryWords(verdicts))}.`),
    h(
      'p',
      { class: 'quiet' },
      say({
        fr: 'Probant ne décide de rien : il dit ce que vos machines montrent et ce que le sujet demandait. Cette page ne quitte pas votre poste.',
        en: 'Probant decides nothing: it says what your machines show and what the exam asked for. This page does not leave your computer.',
      }),
    ),
    ...(points.length > 0 ? progress(points, lang, say) : []),
    h('h2', null, say({ fr: 'Demande par demande', en: 'Demand by demand' })),
    ...demands.map((demand) => article(demand, lang, say)),
  ]
  const page = h('html', { lang }, [
    h('head', null, [
      h('meta', { charset: 'utf-8' }),
      h('meta', { 'http-equiv': 'Content-Security-Policy', content: policy } as never),
      h('meta', { name: 'viewport', content: 'width=device-width, initial-scale=1' }),
      h('title', null, `${title} — Probant`),
      h('style', { dangerouslySetInnerHTML: { __html: pageStyle } }),
    ]),
    h('body', null, h('main', null, body)),
  ])
  return `<!doctype html>\n${render(page)}\n`
}

function progress(points: readonly Point[], lang: Lang, say: Say): ComponentChild[] {
  const label = say({
    fr: 'Nombre de demandes par constat, essai après essai',
    en: 'Number of demands by finding, try after try',
  })
  const shown = drawn.filter((one) => points.some(({ counts }) => counts[one] > 0))
  return [
    h('h2', null, say({ fr: 'Vos essais', en: 'Your tries' })),
    h('figure', null, [
      h('div', { class: 'curve' }, curve(points, lang, label)),
      h('figcaption', { class: 'quiet' }, `${label}.`),
    ]),
    h('details', null, [
      h('summary', null, say({ fr: 'Les mêmes essais en tableau', en: 'The same tries as a table' })),
      h('div', { class: 'scroll' }, [
        h('table', null, [
          h('caption', { class: 'quiet' }, label),
          h('thead', null, [
            h('tr', null, [
              h('th', { scope: 'col' }, say({ fr: 'Essai', en: 'Try' })),
              ...shown.map((one) =>
                h(
                  'th',
                  { scope: 'col', class: 'count' },
                  `${verdictLook[one].shape} ${curveWords[one][lang]}`,
                ),
              ),
            ]),
          ]),
          h(
            'tbody',
            null,
            points.map(({ at, counts }) =>
              h('tr', null, [
                h('th', { scope: 'row' }, momentWords(at, lang)),
                ...shown.map((one) => h('td', { class: 'count' }, String(counts[one]))),
              ]),
            ),
          ),
        ]),
      ]),
    ]),
  ]
}

function article(demand: ExplainedDemand, lang: Lang, say: Say): VNode<any> {
  const { shape, [lang]: word } = verdictLook[demand.verdict]
  const changed = changeWords[demand.change]
  const matches = demand.verdict === 'pass' || demand.verdict === 'na'
  const told = [
    ...demand.criteria.map(({ id, words }) =>
      h('p', null, [
        h('strong', null, say({ fr: `Critère ${id} : `, en: `Criterion ${id}: ` })),
        h('span', { lang: 'fr' }, visible(words)),
      ]),
    ),
    ...findings(demand, lang, say),
    ...(demand.question === null
      ? []
      : [
          h('p', null, [
            h('strong', null, say({ fr: 'À l’entretien : ', en: 'At the entretien: ' })),
            visible(demand.question, { lines: true }),
          ]),
        ]),
    ...hints(demand, say),
  ]
  return h('article', { id: `demande-${demand.number}` }, [
    h('header', null, [
      h('span', { class: 'number' }, String(demand.number)),
      h('span', { class: `verdict ${demand.verdict}` }, `${shape} ${word}`),
      h('h3', null, [
        visible(demand.text, { lines: true }),
        changed ? h('span', { class: `changed ${demand.verdict}` }, say(changed)) : null,
      ]),
    ]),
    matches
      ? h('details', { class: 'told' }, [
          h('summary', null, say({ fr: 'Ce qui a été vu', en: 'What was seen' })),
          ...told,
        ])
      : h('div', { class: 'told' }, told),
  ])
}

/** Each alternative under its own heading, where there are several. */
function findings(demand: ExplainedDemand, lang: Lang, say: Say): ComponentChild[] {
  return demand.findings.flatMap((one, index) => {
    const { alternative } = one.finding
    const begins = demand.alternatives > 1 && alternative !== demand.findings[index - 1]?.finding.alternative
    return [
      begins
        ? h(
            'p',
            { class: 'quiet' },
            say({
              fr: `Solution ${alternative + 1} sur ${demand.alternatives} (une seule suffit)`,
              en: `Alternative ${alternative + 1} of ${demand.alternatives} (one is enough)`,
            }),
          )
        : null,
      findingBlock(one, lang, say),
    ]
  })
}

function findingBlock({ finding, explanation }: ExplainedFinding, lang: Lang, say: Say): VNode<any> {
  const { shape, [lang]: word } = verdictLook[finding.verdict]
  const machine = (text: string) => visible(text, { lines: true })
  const cell = finding.cell ? ` — ${machine(finding.cell[lang])}` : ''
  const where = [finding.target, finding.address, finding.transport]
    .filter(Boolean)
    .map((text) => visible(text))
    .join(', ')
  return h('div', { class: `finding ${finding.verdict}` }, [
    h('h4', null, [`${shape} `, machine(finding.says[lang]), cell, `${say({ fr: ' : ', en: ': ' })}${word}`]),
    where === '' ? null : h('p', { class: 'quiet' }, where),
    h(
      'p',
      null,
      explanation.why.map(({ text, ours }) => (ours ? say(text) : h('strong', null, machine(text[lang])))),
    ),
    ...[explanation.contradiction, explanation.lesson, explanation.next].map((words) =>
      words ? h('p', null, say(words)) : null,
    ),
    finding.byHand[lang] === '—'
      ? null
      : h('p', null, [
          say({ fr: 'À la main : ', en: 'By hand: ' }),
          h('code', null, machine(finding.byHand[lang])),
        ]),
    finding.verdict === 'unknown' && finding.detail
      ? h('p', { class: 'quiet' }, [
          say({ fr: 'Détail technique : ', en: 'Technical detail: ' }),
          machine(finding.detail),
        ])
      : null,
  ])
}

/** The second hint is inside the first: it takes two steps to read both. */
function hints({ hints, verdict }: ExplainedDemand, say: Say): ComponentChild[] {
  if (verdict === 'pass' || verdict === 'na') return []
  return hints.reduceRight<ComponentChild[]>(
    (inner, hint, index) => [
      h('details', { class: 'noprint' }, [
        h('summary', null, say(summaries(index, hints.length))),
        h('p', null, [say(hintLabel(index, hints.length)), visible(hint, { lines: true })]),
        ...inner,
      ]),
    ],
    [],
  )
}

const summaries = (index: number, count: number): Text =>
  count === 1
    ? { fr: 'Un indice', en: 'A hint' }
    : index === 0
      ? { fr: 'Premier indice', en: 'First hint' }
      : { fr: 'Deuxième indice', en: 'Second hint' }
