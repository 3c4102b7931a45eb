import { h, type ComponentChild, type VNode } from 'preact'
import { render } from 'preact-render-to-string'
import type { Finding } from '../../checks/finding.ts'
import type { Run } from '../../checks/run.ts'
import type { Lang, Text } from '../../checks/text.ts'
import { verdictLook } from '../terminal/colour.ts'
import { french } from '../terminal/typography.ts'
import { visible } from '../terminal/visible.ts'
import { blameWords, causeWords } from './words.ts'

const style = `:root{color-scheme:light dark}body{font:1rem/1.45 system-ui,sans-serif;max-width:60rem;margin:1.5rem auto;padding:0 1rem}
h2{margin-top:2rem;break-after:avoid}section,article{break-inside:avoid}article{border-left:.25rem solid;padding:.1rem .8rem;margin:.8rem 0}
dl{display:grid;grid-template-columns:max-content 1fr;gap:.1rem .8rem;margin:.3rem 0}dt{font-weight:600}dd{margin:0;overflow-wrap:anywhere;white-space:pre-wrap}
.pass{border-color:#2e7d32}.fail{border-color:#c62828}.unknown{border-color:#b26a00}.jury{border-color:#1565c0}.na{border-color:#888}`
const policy = "default-src 'none'; style-src 'unsafe-inline'"

/** Runs as one page that stands alone: for a candidate in training, or to print. No script, nothing loaded. */
export function html(runs: readonly Run[], lang: Lang): string {
  const say = (text: Text) => (lang === 'fr' ? french(text.fr) : text.en)
  const title = runs[0] ? `Probant — ${visible(runs[0].exam.title)}` : 'Probant'
  const page = h('html', { lang }, [
    h('head', null, [
      h('meta', { charset: 'utf-8' }),
      h('meta', { 'http-equiv': 'Content-Security-Policy', content: policy } as never),
      h('meta', { name: 'viewport', content: 'width=device-width, initial-scale=1' }),
      h('title', null, title),
      h('style', { dangerouslySetInnerHTML: { __html: style } }),
    ]),
    h('body', null, h('main', null, [h('h1', null, title), ...runs.map((run) => section(run, lang, say))])),
  ])
  return `<!doctype html>\n${render(page)}\n`
}

type Say = (text: Text) => string

function section(run: Run, lang: Lang, say: Say): VNode {
  const when = moment(new Date(run.startedAt), lang)
  const state = run.complete
    ? say({ fr: 'passage complet', en: 'complete run' })
    : say({ fr: 'passage interrompu', en: 'interrupted run' })
  return h('section', null, [
    h('h2', null, `${run.candidate.code} — ${when} — ${state}`),
    ...run.demands.map(({ demand, verdict }) => {
      const { shape, [lang]: word } = verdictLook[verdict]
      const asked = run.exam.demands.find((d) => d.id === demand)
      return h('article', { class: verdict }, [
        h('h3', null, `${shape} ${word} — ${demand}`),
        asked && asked.text !== demand ? h('p', null, visible(asked.text, { lines: true })) : null,
        ...run.findings.filter((f) => f.demand === demand).map((finding) => details(finding, lang, say)),
      ])
    }),
  ])
}

/** « 1er décembre 2026, 14 h 05 », in the reader's time zone. */
function moment(at: Date, lang: Lang): string {
  if (lang === 'en')
    return new Intl.DateTimeFormat('en', { dateStyle: 'long', timeStyle: 'short' }).format(at)
  const day = new Intl.DateTimeFormat('fr', { dateStyle: 'long' }).format(at).replace(/^1 /, '1er ')
  return `${day}, ${at.getHours()}\u202fh\u202f${String(at.getMinutes()).padStart(2, '0')}`
}

function details(finding: Finding, lang: Lang, say: Say): VNode {
  const { shape, [lang]: word } = verdictLook[finding.verdict]
  const row = (label: Text, value: string): ComponentChild[] => [
    h('dt', null, say(label)),
    h('dd', null, visible(value, { lines: true })),
  ]
  const cell = finding.cell ? ` — ${finding.cell[lang]}` : ''
  const cause = finding.cause
    ? row(
        { fr: 'Cause', en: 'Cause' },
        `${causeWords[finding.cause][lang]}${finding.blame ? `, ${blameWords[finding.blame][lang]}` : ''}`,
      )
    : []
  return h('dl', null, [
    ...row({ fr: 'Constat', en: 'Finding' }, `${shape} ${word} : ${finding.says[lang]}${cell}`),
    ...row({ fr: 'Machine', en: 'Machine' }, `${finding.target} ${finding.address} (${finding.transport})`),
    ...row({ fr: 'Attendu', en: 'Expected' }, finding.expected[lang]),
    ...row({ fr: 'Relevé', en: 'Observed' }, finding.observed[lang]),
    ...cause,
    ...row({ fr: 'À la main', en: 'By hand' }, finding.byHand[lang]),
  ])
}
