import { beyondText } from '../doctor/detail.ts'
import { problems } from '../doctor/problem.ts'
import { stepLines, remedyLines } from '../doctor/report.ts'
import { steps, type StepFinding } from '../doctor/step.ts'
import type { Diagnosed } from '../run/preflight-diagnosis.ts'
import type { PreflightResult } from '../run/preflight.ts'
import { causeWords } from '../reports/words.ts'
import { painted } from '../terminal/colour.ts'
import type { Terminal } from '../terminal/terminal.ts'
import { visibleLine } from '../terminal/visible.ts'
import { fitted, width } from '../terminal/width.ts'
import { wrapped } from '../terminal/wrapped.ts'

/** One way as it was tried, and where it fails as far as it was tried step by step. */
export interface Row extends PreflightResult {
  readonly failing: StepFinding | null
}

/** The command that diagnoses what a row is about. */
export type Again = (result: PreflightResult) => string

/** Up to so many, each gets its own lines; beyond, one is enough to begin with. */
const FEW = 3
/** Narrower than this beside the row, a state stands below it. */
const ROOM = 32

/** How a way is called: what is asked through a connection is not the connection. */
export const wayWords = ({ route, about }: PreflightResult, { say }: Terminal): string =>
  about === 'directory' ? say({ fr: `annuaire (${route.way})`, en: `directory (${route.way})` }) : route.way

/** One row a way; on a terminal no wider than it, and nothing of a state cut. */
export function* tableLines(rows: readonly Row[], terminal: Terminal): Generator<string> {
  const { say, colour, columns } = terminal
  const heads = [
    say({ fr: 'Candidat', en: 'Candidate' }),
    say({ fr: 'Machine', en: 'Machine' }),
    say({ fr: 'Adresse', en: 'Address' }),
    say({ fr: 'Accès', en: 'Way' }),
  ]
  const cellsOf = (row: Row) => [row.candidate, row.route.role, row.address, wayWords(row, terminal)]
  const widths = heads.map((head, i) => Math.max(width(head), ...rows.map((row) => width(cellsOf(row)[i]!))))
  const start = widths.reduce((all, one) => all + one + 2, 0)
  const below = columns - start < ROOM
  const named = (cells: readonly string[]): string =>
    below && start - 2 > columns
      ? cells.join('  ')
      : cells.map((cell, i) => fitted(cell, widths[i]!)).join('  ')
  const line = (cells: readonly string[], state: string): string[] => {
    const [first = '', ...others] = wrapped(state, columns, below ? 4 : start)
    return below
      ? [...wrapped(named(cells).trimEnd(), columns, 4, 0), `    ${first}`, ...others]
      : [`${named(cells)}  ${first}`, ...others]
  }
  const head = below
    ? wrapped(named(heads).trimEnd(), columns, 4, 0)
    : line(heads, say({ fr: 'État', en: 'State' }))
  yield* head.map((text) => painted(text, 'dim', colour.out))
  for (const row of rows)
    for (const text of line(cellsOf(row), stateOf(row, terminal)))
      yield row.worked ? text : painted(text, 'yellow', colour.out)
}

function stateOf({ worked, cause, detail, identity, ms, note, failing }: Row, terminal: Terminal): string {
  const { lang, say } = terminal
  if (worked) {
    const besides = [note && say(note), identity && visibleLine(identity, 60)].filter((part) => part)
    return [`● ${say({ fr: 'fonctionne', en: 'works' })}`, `${Math.round(ms)} ms`, ...besides].join(', ')
  }
  // Tried step by step, a way says more exactly why.
  const why = failing?.cause ?? cause ?? 'grader'
  // A secret or a file that is missing is no fault of the tool: the problem says which.
  const problem = failing?.problem ?? null
  const reason = why === 'grader' && problem !== null ? say(problems[problem].says) : causeWords[why][lang]
  const at = failing
    ? say({ fr: `, étape « ${steps[failing.step].fr} »`, en: `, step “${steps[failing.step].en}”` })
    : ''
  const more = failing ? '' : beyondText(detail, null, terminal)
  return `✕ ${reason}${at}${more === '' ? '' : ` (${more})`}`
}

/** What is worth knowing of ways that work, in full, with the command that says what to do about it. */
export function* noteLines(rows: readonly Row[], again: Again, terminal: Terminal): Generator<string> {
  const noted = rows.filter(({ note }) => note !== null)
  if (noted.length === 0) return
  const { say, columns, colour } = terminal
  const yellow = (lines: readonly string[]) => lines.map((line) => painted(line, 'yellow', colour.out))
  yield ''
  for (const row of noted)
    yield* yellow(
      wrapped(`${titleOf(row, terminal)}${say({ fr: ' :', en: ':' })} ${say(row.note!)}`, columns, 2, 0),
    )
  const meaning = say({
    fr: 'Ce que Windows ne montre qu’aux administrateurs restera « non vérifié ». Quoi y faire, pas à pas :',
    en: 'What Windows shows only to administrators will stay “not verified”. What to do about it, step by step:',
  })
  yield* yellow(wrapped(meaning, columns, 2, 2).map((line, i) => (i === 0 ? `  ${line}` : line)))
  const lines = [...new Set(noted.map(again))]
  for (const line of lines.length > FEW ? lines.slice(0, 1) : lines) yield `      ${line}`
}

const titleOf = (row: PreflightResult, terminal: Terminal): string =>
  `${row.candidate}  ${row.route.role}  ${wayWords(row, terminal)}`

/** What to do about what fails, below the table; nothing where too much fails for it to be read. */
export function* failureLines(diagnosed: readonly Diagnosed[], terminal: Terminal): Generator<string> {
  // One cause on one machine is one thing to do, whatever else went through it.
  const groups = [...Map.groupBy(diagnosed, keyOf).values()]
  if (groups.length > FEW) return
  for (const group of groups) {
    const [{ failing, remedies, result }] = group as [Diagnosed, ...Diagnosed[]]
    const ways = [...new Set(group.map((one) => wayWords(one.result, terminal)))].join(', ')
    yield ''
    yield* wrapped(`${result.candidate}  ${result.route.role}  ${ways}`, terminal.columns, 2, 0).map((line) =>
      painted(line, 'bold', terminal.colour.out),
    )
    if (failing) yield* stepLines(failing, terminal)
    else
      yield* wrapped(
        terminal.say({
          fr: 'Au second essai, tout a fonctionné : relancez le contrôle préalable.',
          en: 'At the second try all worked: run the preflight again.',
        }),
        terminal.columns,
        2,
        0,
      )
    yield* remedyLines(remedies, terminal)
  }
}

const keyOf = ({ result, failing, remedies }: Diagnosed): string =>
  JSON.stringify([result.candidate, result.route.role, failing?.step, failing?.problem, remedies])
