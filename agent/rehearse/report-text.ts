import type { Exam } from '../../checks/exam.ts'
import type { Place, Rehearsal } from '../../checks/rehearsal.ts'
import type { Text } from '../../checks/text.ts'
import type { Verdict } from '../../checks/verdict.ts'
import { painted, verdictLook } from '../terminal/colour.ts'
import { inColumns } from '../terminal/columns.ts'
import type { Terminal } from '../terminal/terminal.ts'
import { visible, visibleLine } from '../terminal/visible.ts'
import { wrapped } from '../terminal/wrapped.ts'
import { conclusion, problemWords, reasonOf, warningWords, type Words } from './wording.ts'

/**
 * A rehearsal for its author: each demand in the three runs, what keeps the exam from being proved, what is worth knowing,
 * what stayed non vérifié and why, and the last word. No sum of anything.
 */
export function* rehearsalText(rehearsal: Rehearsal, exam: Exam, terminal: Terminal): Generator<string> {
  const { say } = terminal
  const heading = (text: Text) => painted(say(text), 'bold', terminal.colour.out)
  for (const line of block(visibleLine(exam.title), 0, terminal))
    yield painted(line, 'bold', terminal.colour.out)
  yield* table(rehearsal, terminal)

  if (rehearsal.problems.length > 0) {
    yield ''
    yield heading({ fr: 'Ce qui empêche de prouver le sujet', en: 'What keeps the exam from being proved' })
    for (const problem of rehearsal.problems) {
      const named = 'demand' in problem ? { demand: problem.demand, place: problem.place } : {}
      yield* entry({ ...named, shape: '✕', colour: 'red' }, problemWords(problem), terminal)
    }
  }
  const uncovered = rehearsal.warnings.filter((warning) => warning.kind === 'uncovered-criterion')
  const warnings = rehearsal.warnings.filter((warning) => warning.kind !== 'uncovered-criterion')
  if (warnings.length > 0) {
    yield ''
    yield heading({ fr: 'À savoir', en: 'Worth knowing' })
    for (const warning of warnings)
      yield* entry({ ...warning, shape: '!', colour: 'yellow' }, warningWords(warning), terminal)
  }
  if (uncovered[0]) {
    yield ''
    yield heading({ fr: "Critères qu'aucune demande ne touche", en: 'Criteria that no demand touches' })
    for (const { criterion } of uncovered)
      yield* block(`${criterion.id} ${visibleLine(criterion.label)}`, 2, terminal)
    const { next } = warningWords(uncovered[0])
    yield* block(`→ ${placed(uncovered[0].place)}${say({ fr: ' : ', en: ': ' })}${say(next)}`, 2, terminal)
  }
  if (rehearsal.unknowns.length > 0) {
    yield ''
    yield heading({
      fr: 'Non vérifié sur les machines telles que remises',
      en: 'Not verified on the machines as handed out',
    })
    for (const { demand, place, finding } of rehearsal.unknowns) {
      yield* block(`? ${placed(place)} ${demand}`, 2, terminal)
      const claim = visibleLine(finding.says[terminal.lang], 160)
      yield* block(`${claim}, ${visibleLine(finding.target, 64)}`, 6, terminal)
      yield* block(
        say({ fr: 'cause : ', en: 'cause: ' }) + visibleLine(reasonOf(finding)[terminal.lang]),
        6,
        terminal,
      )
    }
  }
  if (rehearsal.unprovable.length > 0) {
    yield ''
    yield heading({ fr: "Ce qu'aucun passage ne peut prouver", en: 'What no run can prove' })
    for (const { demand, verdict } of rehearsal.unprovable) {
      const { shape, [terminal.lang]: word } = verdictLook[verdict]
      yield* block(`${shape} ${demand}${say({ fr: ' : ', en: ': ' })}${word}`, 2, terminal)
    }
  }
  yield ''
  yield* block(say(conclusion(rehearsal)), 0, terminal)
}

function* table({ demands }: Rehearsal, terminal: Terminal): Generator<string> {
  const { say, lang } = terminal
  const word = (verdict: Verdict) => `${verdictLook[verdict].shape} ${verdictLook[verdict][lang]}`
  const heads = [
    { fr: 'Demande', en: 'Demand' },
    { fr: 'Telle que remise', en: 'Handed out' },
    { fr: 'Réponse modèle', en: 'Model answer' },
    { fr: 'À nouveau', en: 'Once more' },
  ]
  const rows = demands.map(({ demand, verdicts: { handedOut, model, again } }) => [
    demand,
    word(handedOut),
    word(model),
    word(again),
  ])
  for (const line of inColumns([heads.map(say), ...rows], terminal.columns))
    // Names of demands are of lower-case letters and digits: these shapes are the verdicts'.
    yield line.replace(/[●✕?◇](?= )/g, (shape) => {
      const look = Object.values(verdictLook).find((one) => one.shape === shape)
      return look ? painted(shape, look.colour, terminal.colour.out) : shape
    })
}

interface Head {
  readonly demand?: string
  readonly place?: Place
  readonly shape: string
  readonly colour: 'red' | 'yellow'
}

function* entry({ demand, place, shape, colour }: Head, words: Words, terminal: Terminal): Generator<string> {
  const { say, lang } = terminal
  const about = [place && placed(place), demand].filter((part) => part !== undefined).join(' ')
  const title = say(words.title)
  const first = about === '' ? title : `${about}${say({ fr: ' : ', en: ': ' })}${title}`
  const [head = '', ...rest] = [...block(`${shape} ${first}`, 2, terminal)]
  yield head.replace(shape, painted(shape, colour, terminal.colour.out))
  yield* rest
  for (const { label, value } of words.seen)
    yield* block(`${say(label)}${visibleLine(value[lang])}`, 6, terminal)
  yield* block(`→ ${say(words.next)}`, 6, terminal)
}

const placed = ({ file, line, column }: Place): string => `${visible(file)}:${line}:${column}`

/** One paragraph, `indent` columns from the left, as wide as the terminal. */
function* block(text: string, indent: number, { columns }: Terminal): Generator<string> {
  const deeper = Number.isFinite(columns) && indent > 0 ? indent + 2 : indent
  const [first = '', ...rest] = wrapped(text, columns, deeper, indent)
  yield ' '.repeat(indent) + first
  yield* rest
}
