import type { Lang, Text } from '../../checks/text.ts'
import { causeWords } from '../reports/words.ts'
import { painted } from './colour.ts'
import { stateWords, type CandidateProgress } from './progress.ts'
import { visibleLine } from './visible.ts'
import { fitted, width } from './width.ts'

export interface TableSize {
  readonly columns: number
  readonly rows: number
}

const heads: Readonly<Record<'code' | 'seat' | 'state' | 'progress' | 'silent', Text>> = {
  code: { fr: 'Candidat', en: 'Candidate' },
  seat: { fr: 'Place', en: 'Seat' },
  state: { fr: 'État', en: 'State' },
  progress: { fr: 'Relevés', en: 'Observed' },
  silent: { fr: 'Accès en échec', en: 'Failed access' },
}
const BAR = 12

/**
 * The live table, one row a candidate: never wider than `columns` nor higher than `rows`.
 * Where all rows don't fit, those still running come first and the last line says how many are not shown.
 */
export function tableLines(
  candidates: readonly CandidateProgress[],
  { columns, rows }: TableSize,
  lang: Lang,
  colour: boolean,
): string[] {
  const room = Math.max(1, rows - 2)
  const shown =
    candidates.length <= room
      ? candidates
      : [...candidates].sort((a, b) => order[a.state] - order[b.state]).slice(0, Math.max(0, room - 1))
  const cells = shown.map((c) => ({
    code: visibleLine(c.code, 32),
    seat: visibleLine(c.seat, 32),
    state: stateWords[c.state][lang],
    progress: bar(c),
    silent: [...c.silent]
      .sort(([a], [b]) => a.localeCompare(b))
      .map(([role, cause]) => `${visibleLine(role, 64)} (${causeWords[cause][lang]})`)
      .join(', '),
  }))
  const widest = (name: 'code' | 'seat' | 'state') =>
    Math.max(width(heads[name][lang]), ...cells.map((cell) => width(cell[name])))
  const wide = columns >= 64
  const widths = { code: widest('code'), seat: widest('seat'), state: widest('state') }
  const line = (cell: Record<keyof typeof heads, string>, look: CandidateProgress['state'] | null) => {
    const parts = [
      fitted(cell.code, widths.code),
      ...(wide ? [fitted(cell.seat, widths.seat)] : []),
      fitted(cell.state, widths.state),
      fitted(cell.progress, BAR + 8),
    ]
    const start = parts.join('  ')
    const rest = columns - width(start) - 3
    const text = rest > 4 && cell.silent !== '' ? `${start}  ${fitted(cell.silent, rest).trimEnd()}` : start
    const fits = fitted(text, columns - 1).trimEnd()
    if (look === null) return painted(fits, 'dim', colour)
    return look === 'incomplete' ? painted(fits, 'yellow', colour) : fits
  }
  const titles = Object.fromEntries(Object.entries(heads).map(([k, v]) => [k, v[lang]])) as Record<
    keyof typeof heads,
    string
  >
  const lines = [line(titles, null), ...cells.map((cell, i) => line(cell, shown[i]?.state ?? 'waiting'))]
  const hidden = candidates.length - shown.length
  if (hidden > 0)
    lines.push(
      fitted(lang === 'fr' ? `… et ${hidden} autres` : `… and ${hidden} more`, columns - 1).trimEnd(),
    )
  return lines.slice(0, Math.max(1, rows - 1))
}

const order: Readonly<Record<CandidateProgress['state'], number>> = {
  running: 0,
  incomplete: 1,
  waiting: 2,
  complete: 3,
}

/** `███████───── 12/20`. What is asked may grow from round to round, so a full bar is not the end. */
function bar({ asked, answered }: CandidateProgress): string {
  const done = asked === 0 ? 0 : Math.min(1, answered / asked)
  const full = Math.round(done * BAR)
  return `${'█'.repeat(full)}${'─'.repeat(BAR - full)} ${answered}/${asked}`
}
