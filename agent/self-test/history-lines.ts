import type { Terminal } from '../terminal/terminal.ts'
import { wrapped } from '../terminal/wrapped.ts'
import { compared } from './comparison.ts'
import type { Try } from './memory.ts'
import { momentWords, summaryWords } from './words.ts'

/** One try a line, oldest first: when, how many demands had each verdict, what was lost and gained. Demands that the exam no longer has are left out. */
export function* historyLines(
  tries: readonly Try[],
  demands: readonly string[],
  terminal: Terminal,
): Generator<string> {
  const { say, lang, columns } = terminal
  if (tries.length === 0) {
    yield say({ fr: 'Aucun essai de ce sujet n’est gardé ici.', en: 'No try of this exam is kept here.' })
    return
  }
  const ofExam = (one: Try) =>
    Object.fromEntries(
      demands.flatMap((id) => (Object.hasOwn(one.verdicts, id) ? [[id, one.verdicts[id]!]] : [])),
    )
  for (const [index, one] of tries.entries()) {
    const before = tries[index - 1]
    const change = before && compared(ofExam(before), ofExam(one))
    const parts = change
      ? [
          ...(change.lost.length > 0
            ? [`${say({ fr: 'perdu : ', en: 'lost: ' })}${change.lost.join(', ')}`]
            : []),
          ...(change.gained.length > 0
            ? [`${say({ fr: 'gagné : ', en: 'gained: ' })}${change.gained.join(', ')}`]
            : []),
        ]
      : []
    const line = [momentWords(one.at, lang), say(summaryWords(ofExam(one))), ...parts].join('  ')
    yield* wrapped(line, columns, 4, 0)
  }
}
