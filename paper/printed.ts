import { segments } from '../checks/visible.ts'

/** What the paper's fonts know of a character. */
export interface Glyphs {
  /** Whether all of them have a sign for it. */
  readonly covers: (codePoint: number) => boolean
  /** Its width as a share of the size of the letters. */
  readonly width: (character: string) => number
}

/** A limit of characters is also one of room: text of the widest letters takes no more than this, of the size, for each. */
const widest = 0.55

/** Says that a text goes on in the server. */
export const cutSign = '[…]'

// They are set from right to left, and would carry what stands beside them along.
const rightToLeft = /[\p{Script=Hebrew}\p{Script=Arabic}\p{Script=Syriac}\p{Script=Thaana}\p{Script=Nko}]/u

/**
 * What a machine, an exam paper or a person wrote, fit to be printed: what can't be seen, what no font of the paper has
 * and what is written from right to left stands as its sign, ‹U+4E2D›; line ends are shown as ↵. At most `limit`
 * characters come out, with a sign where the text was cut: the whole is in the server.
 */
export function printed(text: string, limit: number, glyphs: Glyphs): string {
  // What is beyond can't come out: signs only make a text longer.
  const whole = text.toWellFormed().slice(0, limit + 1)
  let out = ''
  let width = 0
  for (const { text: piece, control } of segments(whole))
    for (const character of piece) {
      const sign = control ? character : shown(character, glyphs)
      for (const one of sign) width += glyphs.width(one)
      if (out.length + sign.length > limit || width > limit * widest) return `${out.trimEnd()} ${cutSign}`
      out += sign
    }
  return out
}

function shown(character: string, { covers }: Glyphs): string {
  if (character === '\n') return ' ↵ '
  if (character === '\t') return ' '
  const code = character.codePointAt(0) ?? 0
  if (covers(code) && !rightToLeft.test(character)) return character
  return `‹U+${code.toString(16).toUpperCase().padStart(4, '0')}›`
}
