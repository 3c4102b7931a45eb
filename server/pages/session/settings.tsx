import type { Text } from '../../../checks/text.ts'
import { maySetUp } from '../../session-life/state.ts'
import type { LivingSession } from '../../store/session-life.ts'
import { sessionAddress } from '../addresses.ts'
import { usePage } from '../context.tsx'
import { words } from './wording.ts'

interface Props {
  readonly session: LivingSession
  /** Minutes of phase 1 as the référentiel has them. */
  readonly officialMinutes: number | null
  /** What was typed and could not be taken. */
  readonly typed: string | undefined
  readonly problem: Text | undefined
}

/** How long phase 1 lasts, and who launches the checks at its end. */
export function Settings({ session, officialMinutes, typed, problem }: Props) {
  const { say, lang } = usePage()
  const launches = { hand: words.byHand, clock: words.byClock }
  return (
    <section aria-labelledby="settings">
      <h2 id="settings">{say(words.settings)}</h2>
      {maySetUp(session.state) ? (
        <form method="post" action={`${sessionAddress(session.id)}/settings`} class="narrow">
          <div class="field">
            <label for="launch">{say(words.launch)}</label>
            <select id="launch" name="launch">
              {(['hand', 'clock'] as const).map((launch) => (
                <option value={launch} selected={session.launch === launch}>
                  {say(launches[launch])}
                </option>
              ))}
            </select>
          </div>
          <div class="field">
            <label for="minutes">{say(words.minutes)}</label>
            <input
              id="minutes"
              type="number"
              name="minutes"
              min={1}
              max={1440}
              required
              value={typed ?? session.minutes ?? ''}
              aria-invalid={problem ? 'true' : undefined}
              aria-describedby={problem ? 'minutes-problem' : 'minutes-hint'}
            />
            {problem ? (
              <p id="minutes-problem" class="problem" role="alert">
                {say(problem)}
              </p>
            ) : (
              <small id="minutes-hint" class="hint">
                {officialMinutes === null
                  ? say(words.noOfficialLength)
                  : `${say(words.officialLength)} ${officialMinutes}\u00A0min.`}
              </small>
            )}
          </div>
          <button>{say(words.save)}</button>
        </form>
      ) : (
        <p>
          {say(words.launch)}
          {lang === 'fr' ? '\u202F:' : ':'} {say(launches[session.launch])}.{' '}
          {session.minutes !== null &&
            `${say(words.minutes)}${lang === 'fr' ? '\u202F:' : ':'} ${session.minutes}.`}
        </p>
      )}
    </section>
  )
}
