// Made by the first text that is measured: both take milliseconds of every start.
let segmenter: Intl.Segmenter | undefined
let wideGrapheme: RegExp | undefined

const graphemes = (text: string): Intl.Segments =>
  (segmenter ??= new Intl.Segmenter('fr', { granularity: 'grapheme' })).segment(text)

const columnsOf = (grapheme: string): number =>
  (wideGrapheme ??=
    /^(?:\p{Emoji_Presentation}|[\u1100-\u115f\u2e80-\u303e\u3041-\u33ff\u3400-\u4dbf\u4e00-\u9fff\ua000-\ua4cf\uac00-\ud7a3\uf900-\ufaff\ufe30-\ufe6f\uff00-\uff60\uffe0-\uffe6])/u).test(
    grapheme,
  )
    ? 2
    : 1

/** Columns that a text without control characters takes: one a grapheme, two for East Asian wide ones and emoji. */
export function width(text: string): number {
  let columns = 0
  for (const { segment } of graphemes(text)) columns += columnsOf(segment)
  return columns
}

/** The text in exactly `columns` columns: padded, or cut with an ellipsis. */
export function fitted(text: string, columns: number): string {
  if (columns <= 0) return ''
  const full = width(text)
  if (full <= columns) return text + ' '.repeat(columns - full)
  let cut = ''
  let used = 0
  for (const { segment } of graphemes(text)) {
    const wide = columnsOf(segment)
    if (used + wide > columns - 1) break
    cut += segment
    used += wide
  }
  return `${cut}…${' '.repeat(columns - 1 - used)}`
}
