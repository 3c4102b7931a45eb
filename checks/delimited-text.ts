import type { Text } from './text.ts'

/** One cell of a delimited text, and where it begins (line and column from 1, in characters of the text). */
export interface Cell {
  readonly text: string
  readonly line: number
  readonly column: number
}

/** What breaks the form of a delimited text, and where. */
export interface FormMistake {
  readonly line: number
  readonly column: number
  readonly message: Text
}

export type Delimiter = ',' | ';' | '\t'

/**
 * The text of a CSV file: UTF-8, else UTF-16 where its byte order mark says so, else Windows-1252, as a French Excel
 * writes it. Never throws; the mark is dropped.
 */
export function decodedText(bytes: Uint8Array): string {
  if (bytes[0] === 0xff && bytes[1] === 0xfe) return new TextDecoder('utf-16le').decode(bytes)
  try {
    return new TextDecoder('utf-8', { fatal: true }).decode(bytes)
  } catch {
    return new TextDecoder('windows-1252').decode(bytes)
  }
}

/** The delimiter that stands most often, outside of quotes, in the first line that holds something; a comma where none does. */
export function delimiterOf(text: string): Delimiter {
  const header = /[^\r\n]+/.exec(text)?.[0].replace(/"[^"]*"/g, '') ?? ''
  const count = (delimiter: string) => header.split(delimiter).length
  return ([';', '\t'] as const).reduce<Delimiter>((best, one) => (count(one) > count(best) ? one : best), ',')
}

/**
 * Reads rows of cells as RFC 4180 has them: quotes around a cell that holds a delimiter, a line end or quotes, which are
 * doubled there. Any line end will do. A row without any text is left out. What is wrong is said and read as well as can be.
 * Linear in the length of the text, which the caller bounds.
 */
export function readDelimited(
  text: string,
  delimiter: Delimiter,
): { readonly rows: readonly (readonly Cell[])[]; readonly mistakes: readonly FormMistake[] } {
  const rows: Cell[][] = []
  const mistakes: FormMistake[] = []
  let row: Cell[] = []
  let at = text.startsWith('\ufeff') ? 1 : 0
  let line = 1
  let lineStart = at
  const endOfCell = (character: string | undefined) =>
    character === undefined || character === delimiter || character === '\r' || character === '\n'
  const newLine = () => {
    at += text[at] === '\r' && text[at + 1] === '\n' ? 2 : 1
    line++
    lineStart = at
  }
  const endRow = () => {
    if (row.some((cell) => cell.text !== '')) rows.push(row)
    row = []
  }
  while (at < text.length) {
    const place = { line, column: at - lineStart + 1 }
    let value = ''
    if (text[at] === '"') {
      at++
      for (;;) {
        const character = text[at]
        if (character === undefined) {
          mistakes.push({ ...place, message: unclosed })
          break
        }
        if (character === '"' && text[at + 1] === '"') {
          value += '"'
          at += 2
        } else if (character === '"') {
          at++
          break
        } else if (character === '\r' || character === '\n') {
          value += '\n'
          newLine()
        } else {
          value += character
          at++
        }
      }
      if (!endOfCell(text[at])) mistakes.push({ line, column: at - lineStart + 1, message: afterQuote })
      while (!endOfCell(text[at])) value += text[at++]
    } else {
      const start = at
      while (!endOfCell(text[at])) {
        if (text[at] === '"') mistakes.push({ line, column: at - lineStart + 1, message: quoteInside })
        at++
      }
      value = text.slice(start, at)
    }
    row.push({ text: value.trim(), ...place })
    if (text[at] === delimiter) {
      at++
      // A delimiter at the very end is followed by one more cell, an empty one.
      if (at === text.length) {
        row.push({ text: '', line, column: at - lineStart + 1 })
        endRow()
      }
    } else {
      endRow()
      if (at < text.length) newLine()
    }
  }
  return { rows, mistakes }
}

const unclosed: Text = {
  fr: 'ces guillemets ne sont pas refermés : fermez-les à la fin de la cellule',
  en: 'these quotes are not closed: close them at the end of the cell',
}
const afterQuote: Text = {
  fr: 'du texte suit les guillemets fermants : mettez toute la cellule entre guillemets, et doublez ceux du dedans',
  en: 'text follows the closing quotes: put the whole cell between quotes, and double those inside',
}
const quoteInside: Text = {
  fr: 'des guillemets au milieu d’une cellule : mettez-la toute entre guillemets, et doublez ceux du dedans',
  en: 'quotes in the middle of a cell: put all of it between quotes, and double those inside',
}
