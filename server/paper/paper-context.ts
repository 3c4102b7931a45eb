import type { Lang, Text } from '../../checks/text.ts'
import { dayAndTime } from '../pages/typography.ts'
import { printed } from '../../paper/printed.ts'
import type { Sheet } from '../../paper/sheet.ts'

/** What every part of a paper needs to know of it. */
export interface PaperContext {
  readonly sheet: Sheet
  readonly lang: Lang
  readonly timeZone: string
  readonly say: (text: Text) => string
  /** What comes out of a run or from a person, fit to be printed, at most `limit` characters. */
  readonly said: (text: string, limit: number) => string
  /** A moment with its day, in the paper's time zone. */
  readonly moment: (iso: string) => string
}

export const contextOf = (sheet: Sheet, lang: Lang, timeZone: string): PaperContext => ({
  sheet,
  lang,
  timeZone,
  say: (text) => text[lang],
  said: (text, limit) => printed(text, limit, sheet.glyphs),
  moment: (iso) => dayAndTime(iso, timeZone, lang),
})
