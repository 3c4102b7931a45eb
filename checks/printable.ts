/**
 * What a graded machine said, fit to stand inside a sentence: one line, without control or bidirectional-override
 * characters (which could rewrite what the jury reads), at most `limit` characters, the cut said by an ellipsis.
 */
export function printable(text: string, limit = 160): string {
  const line = text
    .toWellFormed()
    .replace(/[\p{Cc}\u200e\u200f\u2028-\u202e\u2066-\u2069\ufeff]+/gu, ' ')
    .trim()
  const characters = Array.from(line)
  return characters.length > limit ? `${characters.slice(0, limit).join('')}…` : line
}

/** Several of them, at most `most`, how many more there are being said. */
export function printableList(items: readonly string[], most = 8): string {
  const shown = items.slice(0, most).map((item) => printable(item, 60))
  return items.length > most ? `${shown.join(', ')}… (+${items.length - most})` : shown.join(', ')
}

/** A command line as an administrator would type it: words that a shell would read otherwise are in single quotes. */
export const typed = (argv: readonly string[]): string =>
  argv
    .map((word) =>
      /^[A-Za-z0-9_@%+=:,./-]+$/.test(word) ? word : `'${word.replaceAll("'", String.raw`'\''`)}'`,
    )
    .join(' ')
