import type { Lang } from './text.ts'

const thin = '\u202F'
const noBreak = '\u00A0'

/**
 * Sets a French sentence as it is printed: a narrow no-break space before ; : ! ? and inside « ». Ordinary spaces are
 * replaced, none are added: « http://… » stays whole. Pure.
 */
export const frenchSpaces = (text: string): string =>
  text.replace(/ ([;:!?»])/g, `${thin}$1`).replace(/« /g, `«${thin}`)

/**
 * The same for a text that says what is to be typed: what stands between « and » may be copied from the paper to a
 * machine, and stays as it was written.
 */
export const frenchSpacesAround = (text: string): string =>
  text
    .split(/(«[^«»]*»)/)
    .map((part, index) =>
      index % 2 === 0 ? frenchSpaces(part) : part.replace(/^« /, `«${thin}`).replace(/ »$/, `${thin}»`),
    )
    .join('')

const months: Record<Lang, readonly string[]> = {
  fr: 'janvier février mars avril mai juin juillet août septembre octobre novembre décembre'.split(' '),
  en: 'January February March April May June July August September October November December'.split(' '),
}

/** `2026-12-01` as « 1er décembre 2026 » or “1 December 2026”. A text that is no date comes back as it is. */
export function day(date: string, lang: Lang): string {
  const [, year, month, number] = /^(\d{4})-(\d{2})-(\d{2})$/.exec(date) ?? []
  const name = months[lang][Number(month) - 1]
  if (name === undefined || Number(number) < 1 || Number(number) > 31) return date
  return `${lang === 'fr' && number === '01' ? '1er' : Number(number)}${noBreak}${name} ${year}`
}

/** Minutes as « 1 h 30 », « 45 min » or “1 h 30 min”. */
export function length(minutes: number, lang: Lang): string {
  const hours = Math.floor(minutes / 60)
  const rest = minutes % 60
  if (hours === 0) return `${rest}${noBreak}min`
  if (rest === 0) return `${hours}${noBreak}h`
  const padded = String(rest).padStart(2, '0')
  return lang === 'fr'
    ? `${hours}${noBreak}h${noBreak}${padded}`
    : `${hours}${noBreak}h${noBreak}${padded}${noBreak}min`
}
