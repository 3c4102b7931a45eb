import { z } from 'zod'
import { described } from '../../described.ts'
import { NotObserved } from '../../observation.ts'
import { pattern } from '../../pattern.ts'
import { printable } from '../../printable.ts'
import { joined, type Text } from '../../text.ts'
import type { Trigger } from './task-xml.ts'

const time = z.string().regex(
  pattern(/^([01]\d|2[0-3]):[0-5]\d$/, {
    fr: 'une heure entre guillemets : "22:00"',
    en: 'a time in quotation marks: "22:00"',
  }),
)
const weekdays = ['monday', 'tuesday', 'wednesday', 'thursday', 'friday', 'saturday', 'sunday'] as const
const months = [
  'january',
  'february',
  'march',
  'april',
  'may',
  'june',
  'july',
  'august',
  'september',
  'october',
  'november',
  'december',
] as const

/** When a task starts, as an author asks for it. */
export const triggerSchema = z.union([
  z.strictObject({
    daily: described(time, {
      fr: 'Chaque jour, à cette heure : "22:00"',
      en: 'Each day, at this time: "22:00"',
    }),
    every: described(z.int().min(1).max(365).default(1), {
      fr: 'Tous les tant de jours',
      en: 'Every so many days',
    }),
  }),
  z.strictObject({
    weekly: described(time, {
      fr: 'Chaque semaine, à cette heure : "22:00"',
      en: 'Each week, at this time: "22:00"',
    }),
    days: described(z.array(z.enum(weekdays)).min(1).max(7), {
      fr: 'Jours de la semaine',
      en: 'Days of the week',
    }),
    every: described(z.int().min(1).max(52).default(1), {
      fr: 'Toutes les tant de semaines',
      en: 'Every so many weeks',
    }),
  }),
  z.strictObject({
    monthly: described(time, {
      fr: 'Chaque mois, à cette heure : "22:00"',
      en: 'Each month, at this time: "22:00"',
    }),
    days: described(
      z
        .array(z.union([z.int().min(1).max(31), z.literal('last')]))
        .min(1)
        .max(32),
      { fr: 'Jours du mois, ou last pour le dernier', en: 'Days of the month, or last for the last one' },
    ),
    months: described(z.array(z.enum(months)).min(1).max(12).optional(), {
      fr: 'Mois ; tous s’ils ne sont pas donnés',
      en: 'Months; every month where absent',
    }),
  }),
  z.strictObject({
    at: described(z.enum(['startup', 'logon']), {
      fr: 'Au démarrage de la machine, ou à l’ouverture d’une session',
      en: 'When the machine starts, or at a logon',
    }),
  }),
])
export type AskedTrigger = z.output<typeof triggerSchema>

/** The machine's clock, and the times that are written for all time zones as that clock shows them. */
export interface Clock {
  readonly now: string
  readonly times: readonly { readonly written: string; readonly local: string }[]
}

const LOCAL = /^\d{4}-\d{2}-\d{2}T\d{2}:\d{2}:\d{2}$/

/** A moment as the machine's clock shows it. Throws NotObserved where it can't be told. */
function localTime(written: string, { times }: Clock): string {
  const plain = written.replace(/\.\d+$/, '')
  const local = LOCAL.test(plain) ? plain : times.find((one) => one.written === written)?.local
  if (local === undefined || !LOCAL.test(local))
    throw new NotObserved('unparsable', 'task: a time of another form')
  return local
}

const timeOfDay = ({ start }: Trigger, clock: Clock): string | null =>
  start === null ? null : localTime(start, clock).slice(11, 16)

/**
 * The days of a trigger. Throws NotObserved where its time is written for all time zones and falls on another day here: it is
 * not known by which of the two clocks its days are counted.
 */
function daysOf({ kind, start, days }: Trigger, clock: Clock): readonly string[] {
  const every = kind === 'weekly' && weekdays.every((day) => days.includes(day))
  if (!every && start !== null && localTime(start, clock).slice(0, 10) !== start.slice(0, 10))
    throw new NotObserved('control', 'the time of a trigger is on another day in its own time zone')
  return days
}

/** Whether a trigger is at its end; one that starts once, when it is no longer repeated. */
function isOver({ kind, start, end, repeatFor }: Trigger, clock: Clock): boolean {
  if (end !== null && localTime(end, clock) <= clock.now) return true
  if (kind !== 'once' || start === null || repeatFor === null) return false
  return Date.parse(`${localTime(start, clock)}Z`) + repeatFor * 60_000 <= Date.parse(`${clock.now}Z`)
}

/** Those that may still start the task: switched on, and not at their end. */
export const active = (triggers: readonly Trigger[], clock: Clock): Trigger[] =>
  triggers.filter((one) => one.enabled && !isOver(one, clock))

/** Whether triggers that may still start the task do so as it is asked for. */
export function startsAsAsked(asked: AskedTrigger, triggers: readonly Trigger[], clock: Clock): boolean {
  if ('at' in asked) return triggers.some(({ kind }) => kind === asked.at)
  const wanted = 'daily' in asked ? asked.daily : 'weekly' in asked ? asked.weekly : asked.monthly
  const then = triggers.filter((trigger) => timeOfDay(trigger, clock) === wanted)
  if ('daily' in asked) {
    const alike = then.some(({ kind, interval }) => kind === 'daily' && interval === asked.every)
    return alike || (asked.every === 1 && sameSet(weekly(then, 1, clock), weekdays))
  }
  if ('weekly' in asked) {
    const everyDay =
      asked.every === 1 && then.some(({ kind, interval }) => kind === 'daily' && interval === 1)
    return sameSet(everyDay ? weekdays : weekly(then, asked.every, clock), asked.days)
  }
  const days = asked.days.map(String)
  return then.some(
    (one) =>
      one.kind === 'monthly' &&
      sameSet(daysOf(one, clock), days) &&
      sameSet(one.months.length > 0 ? one.months : months, asked.months ?? months),
  )
}

/** The days of all weekly triggers together: one for each day is as good as one for all. */
const weekly = (triggers: readonly Trigger[], every: number, clock: Clock): string[] =>
  triggers
    .filter(({ kind, interval }) => kind === 'weekly' && interval === every)
    .flatMap((one) => daysOf(one, clock))

const sameSet = (a: readonly string[], b: readonly string[]): boolean =>
  a.every((one) => b.includes(one)) && b.every((one) => a.includes(one))

const FRENCH: Readonly<Record<string, string>> = {
  monday: 'lundi',
  tuesday: 'mardi',
  wednesday: 'mercredi',
  thursday: 'jeudi',
  friday: 'vendredi',
  saturday: 'samedi',
  sunday: 'dimanche',
  last: 'dernier',
  january: 'janvier',
  february: 'février',
  march: 'mars',
  april: 'avril',
  may: 'mai',
  june: 'juin',
  july: 'juillet',
  august: 'août',
  september: 'septembre',
  october: 'octobre',
  november: 'novembre',
  december: 'décembre',
}
const named = (words: readonly string[]): Text => ({
  fr: words.map((word) => FRENCH[word] ?? printable(word, 20)).join(', '),
  en: words.map((word) => printable(word, 20)).join(', '),
})

const KINDS: Readonly<Record<Trigger['kind'], Text>> = {
  daily: { fr: 'chaque jour', en: 'daily' },
  weekly: { fr: 'chaque semaine', en: 'weekly' },
  monthly: { fr: 'chaque mois', en: 'monthly' },
  'monthly-weekday': {
    fr: 'chaque mois, certains jours de la semaine',
    en: 'monthly, on certain days of the week',
  },
  once: { fr: 'une fois', en: 'once' },
  startup: { fr: 'au démarrage', en: 'at startup' },
  logon: { fr: 'à l’ouverture de session', en: 'at logon' },
  idle: { fr: 'en cas d’inactivité', en: 'when idle' },
  event: { fr: 'sur un événement', en: 'on an event' },
  registration: { fr: 'à son enregistrement', en: 'when registered' },
  session: { fr: 'à un changement de session', en: 'when a session changes' },
  other: { fr: 'autrement', en: 'otherwise' },
}

/** « chaque jour », « toutes les 2 semaines ». */
function rhythm(kind: Trigger['kind'], interval: number): Text {
  if (interval === 1) return KINDS[kind]
  if (kind === 'daily') return { fr: `tous les ${interval} jours`, en: `every ${interval} days` }
  if (kind === 'weekly') return { fr: `toutes les ${interval} semaines`, en: `every ${interval} weeks` }
  return KINDS[kind]
}
const TIMED: readonly Trigger['kind'][] = ['daily', 'weekly', 'monthly', 'monthly-weekday', 'once']
const at = (time: string): Text => ({ fr: `à ${time}`, en: `at ${time}` })

/** A trigger in words. */
export function triggerName(trigger: Trigger, clock: Clock): Text {
  const time = TIMED.includes(trigger.kind) ? timeOfDay(trigger, clock) : null
  const off = trigger.enabled ? null : { fr: '(désactivé)', en: '(disabled)' }
  const over = isOver(trigger, clock) ? { fr: '(terminé)', en: '(ended)' } : null
  return joined(
    [
      rhythm(trigger.kind, trigger.interval),
      time === null ? null : at(time),
      trigger.days.length > 0 ? named(trigger.days) : null,
      trigger.months.length > 0 && trigger.months.length < 12 ? named(trigger.months) : null,
      trigger.repeatMinutes === null ? null : repeated(trigger.repeatMinutes),
      off,
      over,
    ].filter((part) => part !== null),
    ' ',
  )
}

export const repeated = (minutes: number): Text => ({
  fr: `répété toutes les ${minutes} minutes`,
  en: `repeated every ${minutes} minutes`,
})

/** What is asked for, in words. */
export function askedTriggerName(asked: AskedTrigger): Text {
  if ('at' in asked) return KINDS[asked.at]
  if ('daily' in asked) return joined([rhythm('daily', asked.every), at(asked.daily)], ' ')
  if ('weekly' in asked)
    return joined([rhythm('weekly', asked.every), at(asked.weekly), named(asked.days)], ' ')
  return joined(
    [
      KINDS.monthly,
      at(asked.monthly),
      named(asked.days.map(String)),
      ...(asked.months ? [named(asked.months)] : []),
    ],
    ' ',
  )
}
