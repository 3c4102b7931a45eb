import { printable } from '../printable.ts'
import type { Text } from '../text.ts'

const LONGEST = 120

/** A name between quotation marks. */
export const quoted = (name: string): Text => ({
  fr: `« ${printable(name, LONGEST)} »`,
  en: `“${printable(name, LONGEST)}”`,
})

const MOST = 8

/** Names between quotation marks, sorted; the first few where there are many, and how many more. */
export function quotedList(names: readonly string[]): Text {
  const shown = [...names].sort().slice(0, MOST).map(quoted)
  const more = names.length - shown.length
  return {
    fr: shown.map((t) => t.fr).join(', ') + (more > 0 ? ` et ${more} de plus` : ''),
    en: shown.map((t) => t.en).join(', ') + (more > 0 ? ` and ${more} more` : ''),
  }
}

/** Texts one after the other, each standing for itself. */
export const listed = (texts: readonly Text[]): Text => ({
  fr: texts.map((t) => t.fr).join(' ; '),
  en: texts.map((t) => t.en).join('; '),
})

/**
 * Whether two different names look alike to a person: accents, apostrophes, hyphens, spaces and case apart.
 * For saying so; never for a verdict.
 */
export const resembles = (a: string, b: string): boolean => plain(a) === plain(b)

const plain = (name: string) =>
  name
    .normalize('NFKD')
    .replace(/[\p{M}\p{P}\p{Zs}\p{S}]/gu, '')
    .toLowerCase()

/** An argument in single quotes for PowerShell (about_Quoting_Rules): the only character to double is the quote. */
export const powerShellArgument = (value: string): string => `'${value.replace(/['‘’‚‛]/g, '$&$&')}'`
