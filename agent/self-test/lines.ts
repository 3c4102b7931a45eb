import type { Phrase } from '../../checks/explanation.ts'
import type { Text } from '../../checks/text.ts'
import { painted, verdictLook } from '../terminal/colour.ts'
import type { Terminal } from '../terminal/terminal.ts'
import { visibleLine } from '../terminal/visible.ts'
import { fitted, width } from '../terminal/width.ts'
import { wrapped } from '../terminal/wrapped.ts'
import type { ExplainedDemand, ExplainedFinding } from './explained.ts'
import { changeWords } from './words.ts'

const LABEL = 6

/** What is typed for the next hint of a demand. */
export type HintLine = (number: number) => string

const indented = (text: string, columns: number, indent: number): string[] => {
  const [first = '', ...rest] = wrapped(text, columns, indent)
  return [' '.repeat(indent) + first, ...rest]
}

/** A sentence of which only our own pieces are typeset; what a machine said is made harmless. */
export const phrases = (pieces: readonly Phrase[], { say, lang }: Pick<Terminal, 'say' | 'lang'>): string =>
  pieces.map(({ text, ours }) => (ours ? say(text) : visibleLine(text[lang], 600))).join('')

/** The whole paper: a line for what matches, the explanation below what does not. In the paper's order. */
export function* paperLines(
  demands: readonly ExplainedDemand[],
  terminal: Terminal,
  hintLine: HintLine,
): Generator<string> {
  const columns = columnsFor(demands, terminal)
  for (const demand of demands) {
    yield* headLines(demand, terminal, columns)
    if (demand.verdict !== 'pass' && demand.verdict !== 'na') yield* detailLines(demand, terminal, hintLine)
  }
}

interface Columns {
  readonly number: number
  readonly verdict: number
}

const columnsFor = (demands: readonly ExplainedDemand[], { lang }: Terminal): Columns => ({
  number: Math.max(2, ...demands.map(({ number }) => String(number).length)),
  verdict: Math.max(
    0,
    ...demands.map(({ verdict }) => width(`${verdictLook[verdict].shape} ${verdictLook[verdict][lang]}`)),
  ),
})

/** ` 3  ✕ non constaté  Le site répond … (perdu)`. */
function* headLines(demand: ExplainedDemand, terminal: Terminal, columns: Columns): Generator<string> {
  const { lang, say } = terminal
  const { shape, colour, [lang]: word } = verdictLook[demand.verdict]
  const changed = changeWords[demand.change]
  const which =
    demand.matched === null
      ? []
      : [say({ fr: `solution ${demand.matched}`, en: `alternative ${demand.matched}` })]
  const notes = [...(changed ? [say(changed)] : []), ...which]
  const text = `${visibleLine(demand.text, 400)}${notes.length > 0 ? ` (${notes.join(', ')})` : ''}`
  const indent = columns.number + columns.verdict + 4
  const [first = '', ...rest] = wrapped(
    text,
    terminal.columns,
    Number.isFinite(terminal.columns) ? indent : 0,
  )
  const number = String(demand.number).padStart(columns.number)
  const verdict = painted(fitted(`${shape} ${word}`, columns.verdict), colour, terminal.colour.out)
  yield `${number}  ${verdict}  ${first}`.trimEnd()
  yield* rest
}

/** All that is known of one demand that does not match. */
export function* detailLines(
  demand: ExplainedDemand,
  terminal: Terminal,
  hintLine: HintLine,
): Generator<string> {
  const { say } = terminal
  const block = (text: string) => indented(text, terminal.columns, LABEL)
  for (const { id, words } of demand.criteria)
    yield* block(`${say({ fr: `Critère ${id} : `, en: `Criterion ${id}: ` })}${words}`)
  const shown = demand.findings.filter(
    ({ finding }) => finding.verdict !== 'pass' && finding.verdict !== 'na',
  )
  const told = new Set<string>()
  for (const [index, one] of shown.entries()) {
    if (demand.alternatives > 1 && one.finding.alternative !== shown[index - 1]?.finding.alternative)
      yield* block(
        say({
          fr: `Solution ${one.finding.alternative + 1} sur ${demand.alternatives} (une seule suffit)`,
          en: `Alternative ${one.finding.alternative + 1} of ${demand.alternatives} (one is enough)`,
        }),
      )
    yield* findingLines(one, terminal, told)
  }
  const { hints, hintsShown, number } = demand
  for (const [index, hint] of hints.slice(0, hintsShown).entries())
    yield* block(`${say(hintLabel(index, hints.length))}${visibleLine(hint, 2000)}`)
  if (hintsShown < hints.length)
    yield* block(
      `${say(
        hintsShown === 0
          ? { fr: 'Un indice vous attend : ', en: 'A hint is waiting: ' }
          : { fr: 'Un deuxième indice vous attend : ', en: 'A second hint is waiting: ' },
      )}${hintLine(number)}`,
    )
}

export const hintLabel = (index: number, count: number): Text =>
  count === 1
    ? { fr: 'Indice : ', en: 'Hint: ' }
    : { fr: `Indice ${index + 1} : `, en: `Hint ${index + 1}: ` }

/** What was said already under the same demand is not said again. */
function* findingLines(
  { finding, explanation }: ExplainedFinding,
  terminal: Terminal,
  told: Set<string>,
): Generator<string> {
  const { lang, say, columns } = terminal
  const { shape, colour, [lang]: word } = verdictLook[finding.verdict]
  const cell = finding.cell ? ` — ${visibleLine(finding.cell[lang])}` : ''
  const where = finding.target ? `, ${visibleLine(finding.target, 64)}` : ''
  const [head = '', ...more] = wrapped(
    `${visibleLine(finding.says[lang])}${cell}${say({ fr: ' : ', en: ': ' })}${word}${where}`,
    columns,
    LABEL + 2,
  )
  yield `${' '.repeat(LABEL)}${painted(shape, colour, terminal.colour.out)} ${head}`
  yield* more
  const once = function* (text: string): Generator<string> {
    if (told.has(text)) return
    told.add(text)
    yield* indented(text, columns, LABEL + 2)
  }
  yield* indented(phrases(explanation.why, terminal), columns, LABEL + 2)
  if (explanation.contradiction) yield* once(say(explanation.contradiction))
  if (explanation.lesson) yield* once(say(explanation.lesson))
  if (explanation.next) yield* once(say(explanation.next))
  if (finding.byHand[lang] !== '—')
    yield* once(`${say({ fr: 'À la main : ', en: 'By hand: ' })}${visibleLine(finding.byHand[lang])}`)
  if (finding.verdict === 'unknown' && finding.detail)
    yield* once(
      `${say({ fr: 'Détail technique : ', en: 'Technical detail: ' })}${visibleLine(finding.detail)}`,
    )
}
