import type { Text } from '../../../checks/text.ts'
import type { Incident } from '../../store/session-life.ts'
import { momentOf } from './moment.ts'
import { words } from './wording.ts'

/** An incident as it was typed. */
export interface IncidentEntry {
  readonly at: string
  /** Empty for the whole room. */
  readonly candidate: string
  readonly text: string
  readonly minutes: string
}
export interface IncidentProblem {
  readonly field: keyof IncidentEntry
  readonly text: Text
}
type Noted = Pick<Incident, 'candidate' | 'at' | 'text' | 'addedSeconds'>

const maxText = 2000

/** An entry with nothing in it yet; most incidents are noted as they happen. */
export const emptyEntry = (at: string, candidate = ''): IncidentEntry => ({
  at,
  candidate,
  text: '',
  minutes: '0',
})

/**
 * Reads an incident from a form, or says what is wrong with it. Nothing is guessed: minutes that are no number would be
 * time that a candidate isn't given, and a code that isn't there would be the whole room.
 * @param only the candidate concerned where the form leaves no choice.
 */
export function readIncident(
  body: unknown,
  known: {
    readonly codes: readonly string[]
    readonly only?: string
    readonly now: Date
    readonly timeZone: string
    /** Day of the session. */
    readonly date: string
  },
): { readonly entry: IncidentEntry } & (
  | { readonly incident: Noted }
  | { readonly problem: IncidentProblem }
) {
  const typed = (name: string): string => {
    const value = (body as Record<string, unknown> | null | undefined)?.[name]
    return typeof value === 'string' ? value.slice(0, maxText + 1) : ''
  }
  const entry: IncidentEntry = {
    at: typed('at').trim(),
    candidate: known.only ?? typed('candidate'),
    text: typed('text').trim(),
    minutes: typed('minutes').trim() || '0',
  }
  const wrong = (field: keyof IncidentEntry, text: Text) => ({ entry, problem: { field, text } })
  if (!/^([01]\d|2[0-3]):[0-5]\d(:\d\d)?$/.test(entry.at)) return wrong('at', words.needTime)
  const at = momentOf(entry.at, known.now, known.timeZone, known.date)
  if (!at) return wrong('at', words.notYet)
  if (entry.candidate !== '' && !known.codes.includes(entry.candidate))
    return wrong('candidate', words.needCandidate)
  if (entry.text === '' || entry.text.length > maxText) return wrong('text', words.needText)
  if (!/^[-\u2212]?\d{1,3}$/.test(entry.minutes)) return wrong('minutes', words.needMinutes)
  const minutes = Number(entry.minutes.replace('\u2212', '-'))
  if (Math.abs(minutes) > 240) return wrong('minutes', words.needMinutes)
  return {
    entry,
    incident: {
      candidate: entry.candidate || null,
      at: at.toISOString(),
      text: entry.text,
      addedSeconds: minutes * 60,
    },
  }
}
