import type { Text } from '../../../checks/text.ts'
import { isBackwards, stateWords, type SessionState } from '../../session-life/state.ts'
import type { LivingSession } from '../../store/session-life.ts'
import { sessionAddress } from '../addresses.ts'
import { Said, usePage } from '../context.tsx'
import { FormField } from '../form-field.tsx'
import { words as common } from '../wording.ts'
import { backWords, moveConsequences, moveWords, words } from './wording.ts'

export interface Unfinished {
  /** Codes of candidates for whom a run is queued or under way. */
  readonly underWay: readonly string[]
  /** Codes of candidates, present, of whom no end run was received. */
  readonly withoutEnd: readonly string[]
}

interface Props {
  readonly session: LivingSession
  readonly to: SessionState
  readonly unfinished: Unfinished
  readonly reason: string
  readonly problem: Text | undefined
}

/** What a move is called: going back has words of its own. */
export const moveName = (from: SessionState, to: SessionState): Text =>
  (isBackwards(from, to) && backWords[to]?.name) || moveWords[to]

/** What a change of state means, before it is made. */
export function MovePage({ session, to, unfinished, reason, problem }: Props) {
  const { say } = usePage()
  const address = sessionAddress(session.id)
  return (
    <section class="narrow">
      <h1>{say(moveName(session.state, to))}</h1>
      <p>
        <Said text={session.title} limit={200} /> · {say(common.presentState)}{' '}
        <strong>{say(stateWords[session.state])}</strong>
      </p>
      <p>{say(moveConsequences[to])}</p>
      <Codes text={words.underWay} codes={unfinished.underWay} />
      <Codes text={words.withoutEnd} codes={unfinished.withoutEnd} />
      <form method="post" action={`${address}/state`}>
        <input type="hidden" name="from" value={session.state} />
        <input type="hidden" name="to" value={to} />
        {isBackwards(session.state, to) && (
          <FormField
            name="reason"
            label={words.reason}
            hint={words.reasonHint}
            value={reason}
            problem={problem}
            maxLength={500}
            autocomplete="off"
          />
        )}
        <button>{say(moveName(session.state, to))}</button>
      </form>
      <p>
        <a href={address}>{say(words.leaveAsIs)}</a>
      </p>
    </section>
  )
}

function Codes({ text, codes }: { text: Text; codes: readonly string[] }) {
  const { say } = usePage()
  if (codes.length === 0) return null
  return (
    <p class="note">
      <strong>{say(text)}</strong> <Said text={codes.join(', ')} limit={4000} />
    </p>
  )
}
