import { z } from 'zod'
import { quoted } from '../active-directory/quoted-name.ts'
import { fail, pass, unknown, type Judgement } from '../finding.ts'
import type { Cause } from '../verdict.ts'
import { printableList } from '../printable.ts'
import { joined, same, type Text } from '../text.ts'

const moment = z.iso.datetime()
const SHOWN = 10

/** What the script `events` gives. */
export const eventsShape = z
  .object({
    /** Whether the channel System, which every Windows has, was listed. */
    witness: z.boolean(),
    exists: z.boolean(),
    enabled: z.boolean(),
    /** EventLogMode: 0 overwrites its oldest records, 1 archives them, 2 stops when it is full. */
    mode: z.int().min(0).max(2).nullable(),
    full: z.boolean(),
    records: z.int().nonnegative().nullable(),
    oldestNumber: z.int().nonnegative().nullable(),
    /** When the oldest record was written. */
    oldest: moment.nullable(),
    /** Whether there is a record of its having been emptied. */
    cleared: z.boolean(),
    now: moment,
    /** Where the window begins. */
    since: moment.nullable(),
    providerKnown: z.boolean(),
    found: z.int().nonnegative(),
    /** More were read than the script takes. */
    cut: z.boolean(),
    unreadable: z.int().nonnegative(),
    events: z
      .array(
        z.object({
          number: z.int(),
          at: moment.nullable(),
          level: z.int().nullable(),
          computer: z.string().max(256),
        }),
      )
      .max(SHOWN),
  })
  .refine(({ found, events }) => events.length === Math.min(found, SHOWN), { path: ['events'] })
export type Events = z.infer<typeof eventsShape>

export interface AskedEvents {
  readonly channel: string
  readonly atLeast: number
  readonly hours?: number | undefined
}

/** A presence is believed as it is; an absence only of a channel that was read and reaches back far enough. */
export function judgeEvents(seen: Events, asked: AskedEvents, expected: Text): Judgement {
  const { channel, atLeast } = asked
  if (!seen.exists) {
    const { fr, en } = quoted(channel)
    const observed = { fr: `aucun canal ${fr} sur la machine`, en: `no channel ${en} on the machine` }
    return seen.witness
      ? fail(expected, observed)
      : unknown('control', 'not even the channel System was listed', expected)
  }
  const { since } = seen
  if (since !== null && seen.events.some(({ at }) => at === null || at < since))
    return unknown('unparsable', `an event from before the window, which begins ${since}`, expected)
  if (seen.found >= atLeast) return pass(expected, foundOf(seen))
  const doubt = doubtOf(seen, asked)
  const observed = joined([foundOf(seen), reachOf(seen)])
  return doubt ? unknown(doubt[0], doubt[1], expected, { observed }) : fail(expected, observed)
}

/** Why too few were found without there having been too few. */
function doubtOf(seen: Events, { hours }: AskedEvents): readonly [Cause, string] | null {
  const { enabled, cut, unreadable, mode, full, records, oldest, oldestNumber, cleared, since } = seen
  if (!enabled) return ['control', 'the channel is disabled: nothing is written to it']
  if (cut) return ['truncated', 'there are more events of that number than were read']
  if (unreadable > 0) return ['unparsable', `${unreadable} errors while reading`]
  if (mode === null) return ['unparsable', 'the script did not say what becomes of old records']
  if (mode === 2 && full) return ['control', 'the channel is full and takes no more events']
  if (!records || oldest === null) return ['control', 'no record of the channel was read']
  if (hours === undefined && cleared) return ['control', 'the channel was emptied at some time']
  if (hours === undefined)
    return oldestNumber === 1
      ? null
      : ['control', `the first records are gone: the oldest is ${oldestNumber}`]
  if (since === null) return ['unparsable', 'the script did not say where the window begins']
  return oldest <= since ? null : ['control', `the oldest record is of ${oldest}, the window begins ${since}`]
}

const shown = (at: string): string => at.replace('T', ' ').replace('Z', ' UTC')

function foundOf({ found, cut, events }: Events): Text {
  if (found === 0) return { fr: 'aucun événement', en: 'no event' }
  const more = cut ? '≥ ' : ''
  const times = same(
    printableList(
      events.flatMap(({ at }) => (at === null ? [] : [shown(at)])),
      3,
    ),
  )
  return {
    fr: `${more}${found} événement${found > 1 ? 's' : ''} (${times.fr})`,
    en: `${more}${found} event${found > 1 ? 's' : ''} (${times.en})`,
  }
}

function reachOf({ enabled, oldest, providerKnown }: Events): Text {
  const parts: Text[] = []
  if (!enabled) parts.push({ fr: 'canal désactivé', en: 'channel disabled' })
  if (!providerKnown)
    parts.push({ fr: 'fournisseur inconnu de cette machine', en: 'provider unknown to this machine' })
  parts.push(
    oldest === null
      ? { fr: 'aucun enregistrement lu', en: 'no record read' }
      : { fr: `le journal remonte au ${shown(oldest)}`, en: `the channel reaches back to ${shown(oldest)}` },
  )
  return joined(parts)
}
