import { wrapped } from './wrapped.ts'
import { fitted, width } from './width.ts'

const GAP = 2
const INDENT = 2
/** Less than this for the last column, and each row is written below its name instead. */
const LEAST_OF_LAST = 20
const MOST_OF_MIDDLE = 24

/**
 * Rows of text side by side in at most `columns` columns: what is too long goes on below, in its own column. The first
 * column is as wide as what it holds, those between it and the last as far as there is room. Nothing is ever cut.
 */
export function inColumns(rows: readonly (readonly string[])[], columns: number): string[] {
  const most = Math.min(MOST_OF_MIDDLE, Math.floor(columns / 4.5))
  const natural = (at: number) => Math.max(0, ...rows.map((row) => width(row[at] ?? '')))
  const count = Math.max(0, ...rows.map((row) => row.length))
  const widths = Array.from({ length: Math.max(0, count - 1) }, (_, at) =>
    at > 0 && Number.isFinite(columns) ? Math.min(natural(at), most) : natural(at),
  )
  const last = columns - INDENT - widths.reduce((sum, one) => sum + one + GAP, 0)
  if (last < LEAST_OF_LAST) return rows.flatMap((row) => stacked(row, columns))
  return rows.flatMap((row) => {
    const cells = row.map((text, at) => wrapped(text, widths[at] ?? last, 0))
    const height = Math.max(1, ...cells.map((lines) => lines.length))
    return Array.from({ length: height }, (_, line) => {
      const parts = cells.map((lines, at) => {
        const text = lines[line] ?? ''
        return at < widths.length ? fitted(text, widths[at] ?? 0) : text
      })
      return `${' '.repeat(INDENT)}${parts.join(' '.repeat(GAP))}`.trimEnd()
    })
  })
}

function stacked([name = '', ...rest]: readonly string[], columns: number): string[] {
  const lines = rest.filter((text) => text !== '').flatMap((text) => wrapped(text, columns - 2 * INDENT, 0))
  return [
    ...wrapped(name, columns - INDENT, 0).map((line) => ' '.repeat(INDENT) + line),
    ...lines.map((line) => ' '.repeat(2 * INDENT) + line),
  ]
}
