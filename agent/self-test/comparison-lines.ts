import type { Text } from '../../checks/text.ts'
import { painted, type verdictLook } from '../terminal/colour.ts'
import type { Terminal } from '../terminal/terminal.ts'
import { wrapped } from '../terminal/wrapped.ts'
import { isOpen, type Change, type Comparison } from './comparison.ts'
import type { ExplainedDemand } from './explained.ts'
import { paperLines, type HintLine } from './lines.ts'
import type { Look } from './training.ts'
import { hourWords } from './words.ts'

type Colour = (typeof verdictLook)[keyof typeof verdictLook]['colour']
/** What is lost is said first: it worked, and something broke it. */
const parts: readonly (readonly [keyof Comparison & Change, Text, Colour])[] = [
  ['lost', { fr: 'Perdu', en: 'Lost' }, 'red'],
  ['unseen', { fr: 'Ne se vérifie plus', en: 'No longer verified' }, 'yellow'],
  ['gained', { fr: 'Gagné', en: 'Gained' }, 'green'],
  ['moved', { fr: 'Changé', en: 'Changed' }, 'yellow'],
]

/** What changed since the last try, by the numbers of the demands. */
export function* comparisonLines({ demands, comparison }: Look, terminal: Terminal): Generator<string> {
  const { say, columns, colour } = terminal
  if (!comparison) {
    yield say({ fr: 'C’est le premier essai de ce sujet.', en: 'This is the first try of this exam.' })
    return
  }
  const changes = parts.filter(([change]) => comparison[change].length > 0)
  if (changes.length === 0) {
    yield say({ fr: 'Rien n’a changé depuis le dernier essai.', en: 'Nothing changed since the last try.' })
    return
  }
  yield say({ fr: 'Depuis le dernier essai :', en: 'Since the last try:' })
  for (const [change, words, tint] of changes) {
    const [first = '', ...rest] = wrapped(
      listed(comparison[change], demands),
      columns,
      4,
      4 + say(words).length,
    )
    yield `  ${painted(say(words), tint, colour.out)}${say({ fr: ' : ', en: ': ' })}${first}`
    yield* rest
  }
}

const listed = (ids: readonly string[], demands: readonly ExplainedDemand[]): string =>
  demands
    .filter(({ id }) => ids.includes(id))
    .map(({ number, id }) => `${number} (${id})`)
    .join(', ')

/** A later look: the time, then only what is another than before, explained; what did not change by its numbers. */
export function* changedLines(look: Look, terminal: Terminal, hintLine: HintLine): Generator<string> {
  const { say, lang, columns } = terminal
  const changed = look.demands.filter(({ id }) => look.different.has(id))
  const still = look.demands.filter(({ id, verdict }) => isOpen(verdict) && !look.different.has(id))
  const numbers = still.map(({ number }) => number).join(', ')
  const words: Text =
    still.length === 0
      ? {
          fr: changed.length === 0 ? 'rien n’a changé' : 'ce qui a changé',
          en: changed.length === 0 ? 'nothing changed' : 'what changed',
        }
      : changed.length === 0
        ? {
            fr: `rien n’a changé ; toujours ouvertes : ${numbers}`,
            en: `nothing changed; still open: ${numbers}`,
          }
        : {
            fr: `ce qui a changé (toujours ouvertes : ${numbers})`,
            en: `what changed (still open: ${numbers})`,
          }
  yield* wrapped(`${hourWords(look.at, lang)}  ${say(words)}`, columns, 2, 0)
  yield* paperLines(changed, terminal, hintLine)
}
