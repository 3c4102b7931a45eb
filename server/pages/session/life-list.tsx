import { sessionStates, stateWords } from '../../session-life/state.ts'
import type { LivingSession } from '../../store/session-life.ts'
import { usePage } from '../context.tsx'
import { dayAndTime } from '../typography.ts'
import { words } from './wording.ts'

/** The whole life of a session, with where it stands: said in a word, not only shown. */
export function LifeList({ session }: { session: Pick<LivingSession, 'state' | 'stateAt'> }) {
  const { say, lang, timeZone } = usePage()
  return (
    <section aria-labelledby="life">
      <h2 id="life">{say(words.life)}</h2>
      <ol class="life">
        {sessionStates.map((state) =>
          state === session.state ? (
            <li aria-current="step">
              <strong>{say(stateWords[state])}</strong>
              <span>{say(words.present)}</span>
            </li>
          ) : (
            <li>{say(stateWords[state])}</li>
          ),
        )}
      </ol>
      {session.stateAt !== null && (
        <p class="quiet">
          {say(words.since)} {dayAndTime(session.stateAt, timeZone, lang)}.
        </p>
      )}
    </section>
  )
}
