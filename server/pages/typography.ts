import type { Lang } from '../../checks/text.ts'
import { frenchSpaces } from '../../checks/typography.ts'

export { day } from '../../checks/typography.ts'

const noBreak = '\u00A0'

/**
 * Sets a sentence of an exam paper (not of a machine, not official wording) as French is printed: a narrow no-break
 * space before ; : ! ? and inside « ». Ordinary spaces are replaced, none are added: « http://… » stays whole.
 */
export const typeset = (text: string, lang: Lang): string => (lang === 'fr' ? frenchSpaces(text) : text)

/** A moment in a time zone: « 1er décembre 2026, 14 h 05 » or “1 December 2026, 14:05”. */
export function dayAndTime(iso: string, timeZone: string, lang: Lang): string {
  const moment = new Date(iso)
  return Number.isNaN(moment.getTime())
    ? iso
    : `${dayOf(moment, timeZone, lang)}, ${timeOf(moment, timeZone, lang, false)}`
}

/** From one moment to another: the day is said once where it is the same. */
export function period(from: string, to: string, timeZone: string, lang: Lang): string {
  const [first, last] = [new Date(from), new Date(to)]
  if (Number.isNaN(first.getTime()) || Number.isNaN(last.getTime())) return `${from} – ${to}`
  const sameDay = dayOf(first, timeZone, lang) === dayOf(last, timeZone, lang)
  const end = sameDay ? timeOf(last, timeZone, lang, false) : dayAndTime(to, timeZone, lang)
  return `${dayAndTime(from, timeZone, lang)} ${lang === 'fr' ? 'à' : 'to'} ${end}`
}

/** The time of a moment with its seconds: « 14 h 05 min 07 s » or “14:05:07”. */
export function timeOfDay(iso: string, timeZone: string, lang: Lang): string {
  const moment = new Date(iso)
  return Number.isNaN(moment.getTime()) ? iso : timeOf(moment, timeZone, lang, true)
}

/** The time of a moment: « 14 h 05 » or “14:05”. */
export function timeShort(iso: string, timeZone: string, lang: Lang): string {
  const moment = new Date(iso)
  return Number.isNaN(moment.getTime()) ? iso : timeOf(moment, timeZone, lang, false)
}

/** Milliseconds as « 14 ms » or « 61,3 s ». */
export function duration(ms: number, lang: Lang): string {
  const locale = lang === 'fr' ? 'fr-FR' : 'en-GB'
  return ms < 1000
    ? `${Math.round(ms).toLocaleString(locale)}${noBreak}ms`
    : `${(ms / 1000).toLocaleString(locale, { minimumFractionDigits: 1, maximumFractionDigits: 1 })}${noBreak}s`
}

/** A number of bytes as « 24 Ko » or “24 kB”. */
export function bytes(count: number, lang: Lang): string {
  const unit = lang === 'fr' ? 'o' : 'B'
  const locale = lang === 'fr' ? 'fr-FR' : 'en-GB'
  if (count < 1000) return `${count}${noBreak}${unit}`
  const thousands = count < 1_000_000
  const value = (count / (thousands ? 1000 : 1_000_000)).toLocaleString(locale, { maximumFractionDigits: 1 })
  return `${value}${noBreak}${thousands ? (lang === 'fr' ? 'K' : 'k') : 'M'}${unit}`
}

function dayOf(moment: Date, timeZone: string, lang: Lang): string {
  const part = parts(moment, timeZone, lang)
  const number = Number(part('day'))
  return `${lang === 'fr' && number === 1 ? '1er' : number}${noBreak}${part('month')} ${part('year')}`
}

function timeOf(moment: Date, timeZone: string, lang: Lang, seconds: boolean): string {
  const part = parts(moment, timeZone, lang)
  const [hour, minute, second] = [part('hour'), part('minute'), part('second')]
  if (lang !== 'fr') return seconds ? `${hour}:${minute}:${second}` : `${hour}:${minute}`
  const short = `${hour}${noBreak}h${noBreak}${minute}`
  return seconds ? `${short}${noBreak}min${noBreak}${second}${noBreak}s` : short
}

const formats = new Map<string, Intl.DateTimeFormat>()
const maxRecent = 1000
const recent = new Map<string, Intl.DateTimeFormatPart[]>()

function parts(moment: Date, timeZone: string, lang: Lang): (type: Intl.DateTimeFormatPartTypes) => string {
  const key = `${lang} ${timeZone}`
  let format = formats.get(key)
  if (!format) {
    format = new Intl.DateTimeFormat(lang === 'fr' ? 'fr-FR' : 'en-GB', {
      timeZone,
      year: 'numeric',
      month: 'long',
      day: 'numeric',
      hour: '2-digit',
      minute: '2-digit',
      second: '2-digit',
      hourCycle: 'h23',
    })
    formats.set(key, format)
  }
  // The same few moments stand on a page again and again.
  const name = `${key} ${moment.getTime()}`
  let found = recent.get(name)
  if (!found) {
    if (recent.size >= maxRecent) recent.clear()
    found = format.formatToParts(moment)
    recent.set(name, found)
  }
  const known = found
  return (type) => known.find((p) => p.type === type)?.value ?? ''
}
