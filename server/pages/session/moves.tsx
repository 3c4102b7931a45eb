import { isBackwards, needsConfirmation, nextStates } from '../../session-life/state.ts'
import type { LivingSession } from '../../store/session-life.ts'
import { sessionAddress } from '../addresses.ts'
import { usePage } from '../context.tsx'
import { moveName } from './move-page.tsx'
import { backWords, moveMeanings, words } from './wording.ts'

/** The states that a session can go to: at once, or by way of a page that says what it means. */
export function Moves({ session }: { session: LivingSession }) {
  const { say } = usePage()
  const base = `${sessionAddress(session.id)}/state`
  // A purge has a page of its own.
  const moves = nextStates(session.state).filter((state) => state !== 'purged')
  if (moves.length === 0) return null
  return (
    <section aria-labelledby="moves">
      <h2 id="moves">{say(words.move)}</h2>
      <ul class="moves">
        {moves.map((to) => {
          const asks = needsConfirmation(session.state, to)
          const back = isBackwards(session.state, to)
          return (
            <li>
              <form method={asks ? 'get' : 'post'} action={asks ? `${base}/${to}` : base}>
                {!asks && (
                  <>
                    <input type="hidden" name="from" value={session.state} />
                    <input type="hidden" name="to" value={to} />
                  </>
                )}
                <button class={back ? 'secondary' : undefined} aria-describedby={`move-${to}`}>
                  {say(moveName(session.state, to))}
                  {asks && '…'}
                </button>
              </form>
              <p id={`move-${to}`} class="quiet">
                {say((back && backWords[to]?.means) || moveMeanings[to])}
              </p>
            </li>
          )
        })}
      </ul>
    </section>
  )
}
