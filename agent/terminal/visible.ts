/**
 * Text of a graded machine made harmless for a terminal: every control character (C0, C1, DEL, so that no escape
 * sequence is left), every bidirectional control and line separator is shown by its name, `‹U+001B›`.
 * Line feeds and tabs are kept only with `lines`. Lone surrogates become U+FFFD.
 */
export function visible(text: string, options: { lines?: boolean } = {}): string {
  return text
    .toWellFormed()
    .replace(/[\p{Cc}\u061c\u200e\u200f\u2028-\u202e\u2066-\u2069\ufeff]/gu, (character) => {
      if (options.lines && (character === '\n' || character === '\t')) return character
      const code = character.codePointAt(0) ?? 0
      return `‹U+${code.toString(16).toUpperCase().padStart(4, '0')}›`
    })
}

/** The same, on one line and not longer than `limit` characters (an ellipsis says that it was cut). */
export function visibleLine(text: string, limit = 300): string {
  const line = visible(
    text
      .slice(0, limit * 4)
      .replace(/\s+/g, ' ')
      .trim(),
  )
  return line.length > limit ? `${line.slice(0, limit - 1)}…` : line
}
