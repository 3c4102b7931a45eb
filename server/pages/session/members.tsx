import type { Text } from '../../../checks/text.ts'
import { roleWords } from '../../access/role.ts'
import type { Account } from '../../store/accounts.ts'
import type { LivingSession, Member } from '../../store/session-life.ts'
import { sessionAddress } from '../addresses.ts'
import { Said, usePage } from '../context.tsx'
import { visible } from '../../../checks/visible.ts'
import { words } from './wording.ts'

interface Props {
  readonly session: LivingSession
  readonly members: readonly Member[]
  /** Accounts that could be added. */
  readonly others: readonly Account[]
  /** Codes of the session's candidates. */
  readonly codes: readonly string[]
  readonly problem: Text | undefined
}

/** Whose session it is. */
export function Members({ session, members, others, codes, problem }: Props) {
  const { say } = usePage()
  const base = `${sessionAddress(session.id)}/members`
  const training = session.purpose === 'training'
  // A candidate's account has no place in an examination.
  const offered = others.filter(({ role }) => role !== 'candidate' || training)
  return (
    <section aria-labelledby="members">
      <h2 id="members">{say(words.members)}</h2>
      {!members.some(({ role }) => role === 'responsable') && <p class="quiet">{say(words.noHead)}</p>}
      {members.length > 0 && (
        <table class="list">
          <thead>
            <tr>
              <th scope="col">{say(words.account)}</th>
              <th scope="col">{say(words.role)}</th>
              {training && <th scope="col">{say(words.code)}</th>}
              <th scope="col">{say(words.action)}</th>
            </tr>
          </thead>
          <tbody>
            {members.map(({ account, name, displayName, role, candidate }) => (
              <tr>
                <th scope="row">
                  <Said text={displayName} limit={64} /> <span class="quiet">({name})</span>
                </th>
                <td data-label={say(words.role)}>{say(roleWords[role])}</td>
                {training && (
                  <td data-label={say(words.code)}>
                    {candidate === null ? '–' : <Said text={candidate} limit={64} />}
                  </td>
                )}
                <td>
                  <form method="post" action={`${base}/${account}/remove`}>
                    <button class="plain" aria-label={`${say(words.remove)} ${visible(displayName)}`}>
                      {say(words.remove)}
                    </button>
                  </form>
                </td>
              </tr>
            ))}
          </tbody>
        </table>
      )}
      {offered.length === 0 ? (
        <p>
          {say(words.everybody)} <a href="/accounts">{say(words.toAccounts)}</a>
        </p>
      ) : (
        <form method="post" action={base} class="inline">
          <div class="field">
            <label for="account">{say(words.addMember)}</label>
            <select
              id="account"
              name="account"
              required
              aria-invalid={problem ? 'true' : undefined}
              aria-describedby={problem ? 'account-problem' : undefined}
            >
              {offered.map(({ account, name, displayName, role }) => (
                <option
                  value={account}
                >{`${visible(displayName)} (${name}), ${say(roleWords[role])}`}</option>
              ))}
            </select>
          </div>
          {training && (
            <div class="field">
              <label for="candidate">{say(words.asCandidate)}</label>
              <select id="candidate" name="candidate">
                <option value="">–</option>
                {codes.map((code) => (
                  <option value={code}>{visible(code)}</option>
                ))}
              </select>
            </div>
          )}
          <button>{say(words.add)}</button>
          {problem && (
            <p id="account-problem" class="problem" role="alert">
              {say(problem)}
            </p>
          )}
        </form>
      )}
    </section>
  )
}
