import { stateWords, type SessionState } from '../session-life/state.ts'
import { usePage } from './context.tsx'
import { words } from './wording.ts'

/** What is not for the viewer, or not while the session is in its present state. */
export function ForbiddenPage({ state }: { state: SessionState | null }) {
  const { say } = usePage()
  return (
    <>
      <h1>{say(words.forbidden)}</h1>
      <p>{state === null ? say(words.forbiddenRole) : say(words.forbiddenState)}</p>
      {state !== null && (
        <p>
          {say(words.presentState)} <strong>{say(stateWords[state])}</strong>
        </p>
      )}
      <p>
        <a href="/">{say(words.backToSessions)}</a>
      </p>
    </>
  )
}
