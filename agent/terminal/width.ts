const segments = new Intl.Segmenter('fr', { granularity: 'grapheme' })
const WIDE =
  /^(?:\p{Emoji_Presentation}|[\u1100-\u115f\u2e80-\u303e\u3041-\u33ff\u3400-\u4dbf\u4e00-\u9fff\ua000-\ua4cf\uac00-\ud7a3\uf900-\ufaff\ufe30-\ufe6f\uff00-\uff60\uffe0-\uffe6])/u

/** Columns that a text without control characters takes: one a grapheme, two for East Asian wide ones and emoji. */
export function width(text: string): number {
  let columns = 0
  for (const { segment } of segments.segment(text)) columns += WIDE.test(segment) ? 2 : 1
  return columns
}

/** The text in exactly `columns` columns: padded, or cut with an ellipsis. */
export function fitted(text: string, columns: number): string {
  if (columns <= 0) return ''
  const full = width(text)
  if (full <= columns) return text + ' '.repeat(columns - full)
  let cut = ''
  let used = 0
  for (const { segment } of segments.segment(text)) {
    const wide = WIDE.test(segment) ? 2 : 1
    if (used + wide > columns - 1) break
    cut += segment
    used += wide
  }
  return `${cut}…${' '.repeat(columns - 1 - used)}`
}
