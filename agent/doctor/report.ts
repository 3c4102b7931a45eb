import { causeWords } from '../reports/words.ts'
import { painted } from '../terminal/colour.ts'
import type { Terminal } from '../terminal/terminal.ts'
import { visibleLine } from '../terminal/visible.ts'
import { fitted, width } from '../terminal/width.ts'
import { wrapped } from '../terminal/wrapped.ts'
import { beyondText } from './detail.ts'
import { problems, type Problem } from './problem.ts'
import { places, type Remedy } from './remedies/remedy.ts'
import { steps, type StepFinding } from './step.ts'

/** Narrower than this, what is said of a step stands below its name. */
const WIDE = 64
const NAME = Math.max(...Object.values(steps).flatMap(({ fr, en }) => [width(fr), width(en)]))

const looks = {
  works: { shape: '●', colour: 'green' },
  fails: { shape: '✕', colour: 'red' },
  'not-tried': { shape: '–', colour: 'dim' },
} as const

/** Problems whose note says what their detail does. */
const noted: ReadonlySet<Problem> = new Set([
  'credential-unfit',
  'ca-unreadable',
  'ca-no-certificate',
  'account-state',
])

/** The lines of one step: its shape and name, what was learned or why it fails, wrapped within the terminal. */
export function stepLines(finding: StepFinding, terminal: Terminal): string[] {
  const { step, state } = finding
  const { say, columns, colour } = terminal
  const { shape, colour: tint } = looks[state]
  const name = say(steps[step])
  const said = saidOf(finding, terminal)
  const [indent, head] =
    columns < WIDE ? [4, `${shape} ${name}`] : [NAME + 4, `${shape} ${fitted(name, NAME)}`]
  const below = said.flatMap((text) => wrapped(text, columns, indent, indent))
  const lines =
    columns < WIDE
      ? [head, ...below.map((line) => ' '.repeat(indent) + line.trimStart())]
      : below.length === 0
        ? [head.trimEnd()]
        : below.map((line, i) => (i === 0 ? `${head}  ${line}` : ' '.repeat(indent) + line.trimStart()))
  return lines.map((line) => (state === 'works' ? line : painted(line, tint, colour.out)))
}

function saidOf(
  { state, problem, cause, note, detail, ms, identity }: StepFinding,
  terminal: Terminal,
): string[] {
  const { say, lang } = terminal
  if (state === 'not-tried')
    return [
      cause === 'cancelled'
        ? say({ fr: 'interrompu', en: 'interrupted' })
        : say({ fr: 'pas essayé', en: 'not tried' }),
    ]
  const known = note === null ? '' : say(note)
  if (state === 'works')
    return [
      [known, identity ? visibleLine(identity, 80) : '', `${Math.round(ms)} ms`]
        .filter((part) => part !== '')
        .join(', '),
    ]
  const why = problem === null ? causeWords[cause ?? 'grader'][lang] : say(problems[problem].says)
  return [
    why,
    known,
    identity ? visibleLine(identity, 80) : '',
    note !== null && problem !== null && noted.has(problem) ? '' : beyondText(detail, problem, terminal),
  ].filter((text) => text !== '')
}

/** What to do, thing by thing; the lines to copy stand as they are, never wrapped nor cut. */
export function* remedyLines(remedies: readonly Remedy[], terminal: Terminal): Generator<string> {
  const { say, columns, colour } = terminal
  let before: Remedy['place'] | null = null
  for (const { place, says, lines } of remedies) {
    if (place !== before)
      yield* wrapped(`${say(places[place])}${terminal.lang === 'fr' ? '\u202f' : ''}:`, columns, 2, 0).map(
        (line) => painted(line, 'bold', colour.out),
      )
    before = place
    yield* wrapped(`– ${say(says)}`, columns, 4, 2).map((line, i) => (i === 0 ? `  ${line}` : line))
    for (const line of lines) yield `      ${line}`
  }
}
