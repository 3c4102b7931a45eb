import type { Finding } from '../../checks/finding.ts'
import type { Run } from '../../checks/run.ts'
import { painted, verdictLook } from '../terminal/colour.ts'
import type { Terminal } from '../terminal/terminal.ts'
import { visibleLine } from '../terminal/visible.ts'
import { blameWords, causeWords } from './words.ts'

/**
 * One run for a person, demand by demand: its verdict as a word and a shape, and under what is not « constaté » what
 * was expected and what was observed. No sum of anything.
 */
export function* runText(run: Run, terminal: Terminal): Generator<string> {
  const { lang, say } = terminal
  const { code, seat } = run.candidate
  const seconds = (Date.parse(run.endedAt) - Date.parse(run.startedAt)) / 1000
  const state = run.complete
    ? say({ fr: 'passage complet', en: 'complete run' })
    : say({
        fr: 'passage interrompu : ce qui manque est non vérifié',
        en: 'interrupted run: what is missing is not verified',
      })
  const duration = new Intl.NumberFormat(lang, { maximumFractionDigits: 1 }).format(seconds)
  yield painted(
    `${code}${seat ? `  ${visibleLine(seat)}` : ''}  ${state}, ${duration} s`,
    'bold',
    terminal.colour.out,
  )
  for (const { demand, verdict, alternative } of run.demands) {
    const { shape, colour, [lang]: word } = verdictLook[verdict]
    const asked = run.exam.demands.find((d) => d.id === demand)
    const text = asked && asked.text !== demand ? ` — ${visibleLine(asked.text, 160)}` : ''
    const which =
      alternative === null
        ? ''
        : say({ fr: ` (solution ${alternative + 1})`, en: ` (alternative ${alternative + 1})` })
    yield `  ${painted(`${shape} ${word}`, colour, terminal.colour.out)}  ${demand}${which}${text}`
    if (verdict === 'pass') continue
    for (const finding of run.findings.filter((f) => f.demand === demand && f.verdict !== 'pass'))
      yield* findingText(finding, terminal, run.exam.purpose === 'training')
  }
}

/** The technical detail of an unknown is for training: in an examination it is not the candidate's to read. */
function* findingText(finding: Finding, terminal: Terminal, training: boolean): Generator<string> {
  const { lang, say } = terminal
  const { shape, colour, [lang]: word } = verdictLook[finding.verdict]
  const cell = finding.cell ? ` — ${visibleLine(finding.cell[lang])}` : ''
  const way = finding.transport ? ` (${finding.transport})` : ''
  yield `      ${painted(shape, colour, terminal.colour.out)} ${visibleLine(finding.says[lang])}${cell}${say({ fr: ' : ', en: ': ' })}${word}, ${finding.target}${way}`
  yield `        ${say({ fr: 'attendu : ', en: 'expected: ' })}${visibleLine(finding.expected[lang])}`
  yield `        ${say({ fr: 'relevé : ', en: 'observed: ' })}${visibleLine(finding.observed[lang])}`
  if (finding.cause) {
    const blame = finding.blame ? `, ${blameWords[finding.blame][lang]}` : ''
    yield `        ${say({ fr: 'cause : ', en: 'cause: ' })}${causeWords[finding.cause][lang]}${blame}`
  }
  if (finding.cause && finding.detail && training)
    yield `        ${say({ fr: 'détail : ', en: 'detail: ' })}${visibleLine(finding.detail)}`
  // What nobody saw is seen by hand, or asked again.
  if (finding.cause && finding.byHand[lang] !== '—')
    yield `        ${say({ fr: 'à la main : ', en: 'by hand: ' })}${visibleLine(finding.byHand[lang])}`
  if (finding.contradiction)
    yield `        ${say({ fr: 'deux points de vue se contredisent', en: 'two vantage points contradict each other' })}`
}
