import type { Lang, Text } from '../../checks/text.ts'
import type { Verdict } from '../../checks/verdict.ts'
import type { Change, Verdicts } from './comparison.ts'

/** What became of a demand since the last try; nothing is said of what stayed, nor at a first try. */
export const changeWords: Readonly<Record<Change, Text | null>> = {
  lost: { fr: 'perdu', en: 'lost' },
  unseen: { fr: 'ne se vérifie plus', en: 'no longer verified' },
  gained: { fr: 'gagné', en: 'gained' },
  moved: { fr: 'changé', en: 'changed' },
  same: null,
  first: null,
}

type Counted = readonly [one: Text, many: Text]
const counts: Readonly<Record<Verdict, Counted>> = {
  pass: [
    { fr: 'constatée', en: 'observed' },
    { fr: 'constatées', en: 'observed' },
  ],
  fail: [
    { fr: 'non constatée', en: 'not as asked' },
    { fr: 'non constatées', en: 'not as asked' },
  ],
  unknown: [
    { fr: 'non vérifiée', en: 'not verified' },
    { fr: 'non vérifiées', en: 'not verified' },
  ],
  jury: [
    { fr: 'à apprécier par le jury', en: 'for the jury' },
    { fr: 'à apprécier par le jury', en: 'for the jury' },
  ],
  na: [
    { fr: 'sans objet', en: 'not applicable' },
    { fr: 'sans objet', en: 'not applicable' },
  ],
}
export const verdictOrder: readonly Verdict[] = ['pass', 'fail', 'unknown', 'jury', 'na']

/** How many demands have each verdict. */
export function countsOf(verdicts: Verdicts): Record<Verdict, number> {
  const found = { pass: 0, fail: 0, unknown: 0, jury: 0, na: 0 }
  for (const verdict of Object.values(verdicts)) found[verdict]++
  return found
}

/** « 3 demandes constatées, 1 non constatée »: each verdict beside the others, nothing added up. */
export function summaryWords(verdicts: Verdicts): Text {
  const found = countsOf(verdicts)
  const parts = verdictOrder.filter((verdict) => found[verdict] > 0)
  const part = (verdict: Verdict, index: number, lang: Lang) => {
    const many = found[verdict] > 1
    const noun =
      index > 0 ? '' : lang === 'fr' ? (many ? 'demandes ' : 'demande ') : many ? 'demands ' : 'demand '
    return `${found[verdict]} ${noun}${counts[verdict][many ? 1 : 0][lang]}`
  }
  const words = (lang: Lang) => parts.map((verdict, index) => part(verdict, index, lang)).join(', ')
  return { fr: words('fr'), en: words('en') }
}

/** « 1er décembre 2026, 14 h 05 », in the reader's time zone. */
export function momentWords(at: string, lang: Lang): string {
  const date = new Date(at)
  if (lang === 'en')
    return new Intl.DateTimeFormat('en', { dateStyle: 'long', timeStyle: 'short' }).format(date)
  const day = new Intl.DateTimeFormat('fr', { dateStyle: 'long' }).format(date).replace(/^1 /, '1er ')
  return `${day}, ${hourWords(at, lang)}`
}

/** « 14 h 05 ». */
export function hourWords(at: string, lang: Lang): string {
  const date = new Date(at)
  const minutes = String(date.getMinutes()).padStart(2, '0')
  if (lang === 'en') return `${date.getHours()}:${minutes}`
  return `${date.getHours()}\u00a0h\u00a0${minutes}`
}
