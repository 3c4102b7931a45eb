import { visible } from '../../checks/visible.ts'

/**
 * A text of an exam as Markdown that shows it as it is: what CommonMark, GitHub's extensions or pandoc would take for
 * markup is escaped, and little else, so that the file reads well as it stands. Lines stay lines.
 */
export const paragraphsOf = (text: string): string[] =>
  text
    .replaceAll('\r\n', '\n')
    .split(/\n(?:[ \t]*\n)+/)
    .map((paragraph) => paragraph.split('\n').map(lineOf).filter(Boolean).join(lineBreak))
    .filter(Boolean)

/** Two spaces and not a backslash, which GitHub would take into an address that ends a line. */
export const lineBreak = '  \n'

/** The same on one line, for a heading or a cell of a table. */
export const inline = (text: string): string => lineOf(text.replace(/\s*\n\s*/g, ' '))

function lineOf(line: string): string {
  // An indent would begin a block of code: it is shown by spaces that Markdown leaves alone.
  const [, indent = '', rest = ''] = /^([ \t]*)([^]*)$/.exec(visible(line).trimEnd()) ?? []
  return (
    indent.replaceAll('\t', '    ').replaceAll(' ', '\u00A0') + atStart(escaped(rest.replaceAll('\t', ' ')))
  )
}

const escaped = (text: string): string =>
  text
    // A backslash is markup only before punctuation, or at the end of a line.
    .replace(/\\(?=[!-/:-@[-`{-~]|$)/g, '\\\\')
    .replace(/[`*[\]<|~$#^]/g, '\\$&')
    // Between letters, as in GG_Compta, underscores are letters.
    .replace(/(?<![\p{L}\p{N}_])_+|_+(?![\p{L}\p{N}_])/gu, (run) => run.replaceAll('_', '\\_'))
    .replace(/&(?=#?[0-9A-Za-z]+;)/g, '\\&')
    // Inside what GitHub makes a link by itself, an escape would be shown: such an address is no link then.
    .replace(/:\/\/(?=\S*\\)/g, String.raw`\://`)
    .replace(/www\.(?=\S*\\)/gi, (www) => `${www.slice(0, 3)}\\.`)

/** What is markup at the beginning of a line only: lists, quotes, underlined headings, the head of a table. */
const atStart = (line: string): string =>
  line.replace(/^[-+=>:]/, '\\$&').replace(/^(\d{1,9})([.)])(?=\s|$)/, '$1\\$2')
