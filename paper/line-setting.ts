import type { Verdict } from '../checks/verdict.ts'
import type { Face } from './typeface.ts'

/** A stretch of text in one face, or the shape of a verdict. */
export type Piece =
  | { readonly text: string; readonly face: Face; readonly size: number; readonly grey: boolean }
  | { readonly mark: Verdict; readonly size: number }

/** Width in points of a text in a face. */
export type Measure = (text: string, face: Face, size: number) => number

/** A piece in its place on a line. */
export type SetPiece = Piece & { readonly x: number }

export interface Line {
  readonly pieces: readonly SetPiece[]
  /** Width in points, without the space at its end. */
  readonly width: number
}

interface Word {
  readonly piece: Piece
  readonly width: number
  /** Of the space after it, which a line end takes. */
  readonly space: number
}

/**
 * Breaks pieces into lines no wider than `width`: at ordinary spaces, never at a no-break space; a word that is wider
 * than a line is cut between two characters. Spaces at line ends stay in the text, so that it reads on. Pure.
 */
export function setLines(pieces: readonly Piece[], width: number, measure: Measure): Line[] {
  const lines: Line[] = []
  let line: SetPiece[] = []
  let used = 0
  let space = 0
  const end = () => {
    lines.push({ pieces: joined(line), width: used - space })
    line = []
    used = space = 0
  }
  for (const word of wordsOf(pieces, width, measure)) {
    if (line.length > 0 && used + word.width - word.space > width + 0.01) end()
    line.push({ ...word.piece, x: used })
    used += word.width
    space = word.space
  }
  if (line.length > 0 || lines.length === 0) end()
  return lines
}

function* wordsOf(pieces: readonly Piece[], width: number, measure: Measure): Generator<Word> {
  for (const piece of pieces) {
    if ('mark' in piece) {
      yield { piece, width: markWidth(piece.size), space: 0 }
      continue
    }
    for (const [word] of piece.text.matchAll(/[^ ]+ *| +/g)) {
      const bare = word.trimEnd()
      const wide = measure(word, piece.face, piece.size)
      const space = wide - measure(bare, piece.face, piece.size)
      if (wide - space <= width) yield { piece: { ...piece, text: word }, width: wide, space }
      else yield* cut(word, piece, width, measure)
    }
  }
}

/** A word wider than a line, in parts that fit: never between a letter and its accents. */
function* cut(
  word: string,
  piece: Exclude<Piece, { mark: Verdict }>,
  width: number,
  measure: Measure,
): Generator<Word> {
  let part = ''
  let wide = 0
  for (const [character] of word.matchAll(/\P{M}\p{M}*|\p{M}+/gu)) {
    const more = measure(character, piece.face, piece.size)
    if (part !== '' && wide + more > width) {
      yield { piece: { ...piece, text: part }, width: wide, space: 0 }
      part = ''
      wide = 0
    }
    part += character
    wide += more
  }
  yield { piece: { ...piece, text: part }, width: wide, space: 0 }
}

/** Words that follow each other in the same face are one text: it is drawn, and read, as one. */
function joined(pieces: readonly SetPiece[]): SetPiece[] {
  const out: SetPiece[] = []
  for (const piece of pieces) {
    const last = out.at(-1)
    if (
      last &&
      'text' in last &&
      'text' in piece &&
      last.face === piece.face &&
      last.size === piece.size &&
      last.grey === piece.grey
    )
      out[out.length - 1] = { ...last, text: last.text + piece.text }
    else out.push(piece)
  }
  return out
}

/** Room of a verdict's shape, the gap after it included. */
export const markWidth = (size: number): number => size * 1.3
