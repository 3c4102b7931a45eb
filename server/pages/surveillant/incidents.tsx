import type { ComponentChildren } from 'preact'
import type { Incident } from '../../store/session-life.ts'
import { Said, usePage } from '../context.tsx'
import { dayAndTime, timeShort } from '../typography.ts'
import type { IncidentEntry, IncidentProblem } from './incident-form.ts'
import { words } from './wording.ts'

/** Incidents as they were noted, the first first; the day is said where it is not that of the session. */
export function IncidentList({ incidents, date }: { incidents: readonly Incident[]; date: string }) {
  const { say, lang, timeZone } = usePage()
  const sameDay = (at: string, day: string) =>
    new Intl.DateTimeFormat('sv-SE', { timeZone }).format(new Date(at)) === day
  if (incidents.length === 0) return <p class="quiet">{say(words.noIncident)}</p>
  return (
    <ul class="incidents">
      {incidents.map(({ at, candidate, text, author, addedSeconds }) => (
        <li>
          <strong>
            {sameDay(at, date) ? timeShort(at, timeZone, lang) : dayAndTime(at, timeZone, lang)}
          </strong>{' '}
          {candidate ?? say(words.wholeRoom)}
          {lang === 'fr' ? '\u202F:' : ':'} <Said text={text} limit={2000} />{' '}
          <span class="quiet">
            ({addedSeconds !== 0 && `${minutesChanged(addedSeconds)}, `}
            {say(words.by)} <Said text={author} limit={64} />)
          </span>
        </li>
      ))}
    </ul>
  )
}

/** `+10 min`, `−5 min`. */
export const minutesChanged = (seconds: number): string =>
  `${seconds > 0 ? '+' : '\u2212'}${Math.round(Math.abs(seconds) / 60)}\u00A0min`

interface Props {
  readonly action: string
  readonly codes: readonly string[]
  /** Whether the candidate concerned is settled. */
  readonly settled: boolean
  readonly entry: IncidentEntry
  readonly problem: IncidentProblem | null
}

export function IncidentForm({ action, codes, settled, entry, problem }: Props) {
  const { say } = usePage()
  /** Ties a field to what is wrong with it. */
  const wrong = (name: keyof IncidentEntry) =>
    problem?.field === name ? { 'aria-invalid': true, 'aria-describedby': `incident-${name}-problem` } : {}
  const field = (name: keyof IncidentEntry, label: string, input: ComponentChildren, kind?: string) => (
    <div class={kind}>
      <label for={`incident-${name}`}>{label}</label>
      {input}
      {problem?.field === name && (
        <p id={`incident-${name}-problem`} class="problem" role="alert">
          {say(problem.text)}
        </p>
      )}
    </div>
  )
  return (
    <form method="post" action={action} class="incident">
      {field(
        'at',
        say(words.when),
        <input id="incident-at" type="time" name="at" value={entry.at} required {...wrong('at')} />,
      )}
      {!settled &&
        field(
          'candidate',
          say(words.whom),
          <select id="incident-candidate" name="candidate" {...wrong('candidate')}>
            <option value="">{say(words.wholeRoom)}</option>
            {codes.map((code) => (
              <option value={code} selected={code === entry.candidate}>
                {code}
              </option>
            ))}
          </select>,
        )}
      {field(
        'text',
        say(words.what),
        <input
          id="incident-text"
          name="text"
          value={entry.text}
          required
          maxLength={2000}
          autocomplete="off"
          {...wrong('text')}
        />,
        'long',
      )}
      {field(
        'minutes',
        say(words.minutesBack),
        <input
          id="incident-minutes"
          type="number"
          name="minutes"
          value={entry.minutes}
          min={-240}
          max={240}
          title={say(words.minutesHint)}
          {...wrong('minutes')}
        />,
      )}
      <button>{say(words.note)}</button>
    </form>
  )
}
