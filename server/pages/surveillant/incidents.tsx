import type { Incident } from '../../store/session-life.ts'
import { Said, usePage } from '../context.tsx'
import { timeShort } from '../typography.ts'
import { words } from './wording.ts'

/** Incidents as they were noted, the first first. */
export function IncidentList({ incidents }: { incidents: readonly Incident[] }) {
  const { say, lang, timeZone } = usePage()
  if (incidents.length === 0) return <p class="quiet">{say(words.noIncident)}</p>
  return (
    <ul class="incidents">
      {incidents.map(({ at, candidate, text, author, addedSeconds }) => (
        <li>
          <strong>{timeShort(at, timeZone, lang)}</strong> {candidate ?? say(words.wholeRoom)} :{' '}
          <Said text={text} limit={2000} />{' '}
          <span class="quiet">
            ({addedSeconds !== 0 && `+${Math.round(addedSeconds / 60)} min, `}
            {say(words.by)} <Said text={author} limit={64} />)
          </span>
        </li>
      ))}
    </ul>
  )
}

/** @param now the time of day in the page's zone, `14:05`: most incidents are noted as they happen. */
export function IncidentForm({
  action,
  codes,
  only,
  now,
}: {
  action: string
  codes: readonly string[]
  /** The candidate concerned, where there is no choice. */
  only: string | null
  now: string
}) {
  const { say } = usePage()
  return (
    <form method="post" action={action} class="incident">
      <label>
        {say(words.when)} <input type="time" name="at" value={now} required />
      </label>
      {only === null ? (
        <label>
          {say(words.whom)}{' '}
          <select name="candidate">
            <option value="">{say(words.wholeRoom)}</option>
            {codes.map((code) => (
              <option value={code}>{code}</option>
            ))}
          </select>
        </label>
      ) : (
        <input type="hidden" name="candidate" value={only} />
      )}
      <label class="wide">
        {say(words.what)} <input name="text" required maxLength={2000} autocomplete="off" />
      </label>
      <label>
        {say(words.minutesBack)} <input type="number" name="minutes" value={0} min={0} max={240} />
      </label>
      <button>{say(words.note)}</button>
    </form>
  )
}
