import type { Text } from '../text.ts'
import { number, required, type Entry } from './directory-entry.ts'
import { minutesOf } from './interval.ts'

/** The settings of a domain's password policy: where they are, what is stricter, and how they are called. */
const MINUTES_PER_DAY = 1440
const COMPLEX = 0x1
const REVERSIBLE = 0x10

export const settings = [
  'minimumLength',
  'complexity',
  'history',
  'maximumAgeDays',
  'minimumAgeDays',
  'lockoutThreshold',
  'lockoutMinutes',
  'reversibleEncryption',
] as const
export type Setting = (typeof settings)[number]
/** `null` is without end: never expires, unlocked by an administrator only. */
export type Value = number | boolean | null

/** Reads one setting of the domain's own entry, in the unit of the parameter. */
export const readSetting: Record<Setting, (entry: Entry) => Value> = {
  minimumLength: (e) => number(e, 'minPwdLength'),
  complexity: (e) => (number(e, 'pwdProperties') & COMPLEX) !== 0,
  history: (e) => number(e, 'pwdHistoryLength'),
  maximumAgeDays: (e) => days(minutesOf(required(e, 'maxPwdAge'), true)),
  minimumAgeDays: (e) => days(minutesOf(required(e, 'minPwdAge'), false)),
  lockoutThreshold: (e) => number(e, 'lockoutThreshold') || null,
  lockoutMinutes: (e) => minutesOf(required(e, 'lockoutDuration'), true),
  reversibleEncryption: (e) => (number(e, 'pwdProperties') & REVERSIBLE) !== 0,
}
const days = (minutes: number | null) => (minutes === null ? null : minutes / MINUTES_PER_DAY)

/** Where more is stricter (`least`), where less is (`most`), and where it is one or the other (`same`). */
export const strictness: Record<Setting, 'least' | 'most' | 'same'> = {
  minimumLength: 'least',
  complexity: 'same',
  history: 'least',
  maximumAgeDays: 'most',
  minimumAgeDays: 'least',
  lockoutThreshold: 'most',
  lockoutMinutes: 'least',
  reversibleEncryption: 'same',
}
/** Settings where 0 in an exam says « without end ». */
export const ENDLESS: readonly Setting[] = ['maximumAgeDays', 'lockoutThreshold', 'lockoutMinutes']

/** Whether what was seen is as strict as what was asked; `exactly`: the same. */
export function satisfies(setting: Setting, asked: Value, seen: Value, exactly: boolean): boolean {
  const rule = exactly ? 'same' : strictness[setting]
  // Without end is asked for as such: no number will do.
  if (rule === 'same' || asked === null || typeof asked === 'boolean' || typeof seen === 'boolean')
    return asked === seen
  // Seen without end is more than any number: too long to expire, and long enough to stay locked.
  const number = seen ?? Infinity
  return rule === 'least' ? number >= asked : number <= asked
}

/** At least, at most, or nothing said of it: how a value is bound in a sentence. */
type Bound = 'least' | 'most' | 'same'
const bounds: Record<Bound, Text> = {
  least: { fr: ' au moins', en: ' at least' },
  most: { fr: ' au plus', en: ' at most' },
  same: { fr: '', en: '' },
}

/** A setting in the words of the console, French first. */
export function settingText(setting: Setting, value: Value, bound: Bound): Text {
  const { fr, en, unit, endless } = words[setting]
  if (typeof value === 'boolean')
    return {
      fr: `${fr} : ${value ? words[setting].on : `dés${words[setting].on}`}`,
      en: `${en}: ${value ? 'enabled' : 'disabled'}`,
    }
  if (value === null) return { fr: `${fr} : ${endless.fr}`, en: `${en}: ${endless.en}` }
  const n = String(Math.round(value * 100) / 100)
  return {
    fr: `${fr} : ${n.replace('.', ',')} ${Math.abs(value) >= 2 ? unit[1] : unit[0]}${bounds[bound].fr}`,
    en: `${en}: ${n} ${value === 1 ? unit[2] : `${unit[2]}s`}${bounds[bound].en}`,
  }
}

/** French singular and plural, English singular. */
const CHARACTER = ['caractère', 'caractères', 'character'] as const
const PASSWORD = ['mot de passe', 'mots de passe', 'password'] as const
const DAY = ['jour', 'jours', 'day'] as const
const ATTEMPT = ['tentative', 'tentatives', 'attempt'] as const
const MINUTE = ['minute', 'minutes', 'minute'] as const
const none = { fr: 'aucun', en: 'none' }

const words: Record<Setting, Text & { unit: readonly [string, string, string]; endless: Text; on?: string }> =
  {
    minimumLength: { fr: 'longueur minimale', en: 'minimum length', unit: CHARACTER, endless: none },
    complexity: {
      fr: 'exigences de complexité',
      en: 'complexity requirements',
      on: 'activées',
      unit: CHARACTER,
      endless: none,
    },
    history: { fr: 'historique', en: 'history', unit: PASSWORD, endless: none },
    maximumAgeDays: {
      fr: 'durée de vie maximale',
      en: 'maximum age',
      unit: DAY,
      endless: { fr: 'sans expiration', en: 'never expires' },
    },
    minimumAgeDays: { fr: 'durée de vie minimale', en: 'minimum age', unit: DAY, endless: none },
    lockoutThreshold: {
      fr: 'seuil de verrouillage',
      en: 'lockout threshold',
      unit: ATTEMPT,
      endless: { fr: 'aucun verrouillage', en: 'no lockout' },
    },
    lockoutMinutes: {
      fr: 'durée de verrouillage',
      en: 'lockout duration',
      unit: MINUTE,
      endless: { fr: "jusqu'au déverrouillage par un administrateur", en: 'until an administrator unlocks' },
    },
    reversibleEncryption: {
      fr: 'chiffrement réversible',
      en: 'reversible encryption',
      on: 'activé',
      unit: PASSWORD,
      endless: none,
    },
  }
