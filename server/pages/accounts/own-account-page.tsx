import type { Text } from '../../../checks/text.ts'
import { roleWords } from '../../access/role.ts'
import { Said, usePage } from '../context.tsx'
import { FormField } from '../form-field.tsx'
import { dayAndTime } from '../typography.ts'
import { words } from './wording.ts'

interface Props {
  readonly tokens: readonly { tokenHash: string; label: string; createdAt: string; usedAt: string | null }[]
  /** A token that was just made, shown this once. */
  readonly token: string | null
  readonly changed: boolean
  readonly problems: Partial<Record<'present' | 'password' | 'label', Text>>
}

/** What somebody may do with his own account. */
export function OwnAccountPage({ tokens, token, changed, problems }: Props) {
  const { say, lang, timeZone, viewer } = usePage()
  if (!viewer) return null
  return (
    <>
      <h1>{say(words.yourAccount)}</h1>
      <p>
        <Said text={viewer.displayName} limit={64} /> · {say(words.name)} <strong>{viewer.name}</strong> ·{' '}
        {say(roleWords[viewer.role])}
      </p>
      {changed && <p role="status">{say(words.changed)}</p>}
      <section class="narrow">
        <h2>{say(words.changePassword)}</h2>
        <form method="post" action="/account/password">
          <FormField
            name="present"
            label={words.presentPassword}
            type="password"
            problem={problems.present}
            autocomplete="current-password"
            maxLength={200}
          />
          <FormField
            name="password"
            label={words.newPassword}
            type="password"
            hint={words.passwordHint}
            problem={problems.password}
            autocomplete="new-password"
            maxLength={200}
          />
          <button>{say(words.changePassword)}</button>
        </form>
        <form method="post" action="/account/sign-out-everywhere">
          <button class="plain">{say(words.everywhere)}</button>
        </form>
      </section>
      {viewer.role === 'responsable' && (
        <section aria-labelledby="tokens">
          <h2 id="tokens">{say(words.tokens)}</h2>
          <p class="quiet">{say(words.tokensMeans)}</p>
          {token !== null && (
            <div class="shown-once">
              <p>{say(words.tokenOnce)}</p>
              <p>
                <code class="copied">{token}</code>
              </p>
            </div>
          )}
          {tokens.length === 0 ? (
            <p>{say(words.noToken)}</p>
          ) : (
            <table class="list accounts">
              <thead>
                <tr>
                  <th scope="col">{say(words.tokenLabel)}</th>
                  <th scope="col">{say(words.made)}</th>
                  <th scope="col">{say(words.used)}</th>
                  <th scope="col">{say(words.actions)}</th>
                </tr>
              </thead>
              <tbody>
                {tokens.map(({ tokenHash, label, createdAt, usedAt }) => (
                  <tr>
                    <th scope="row">
                      <Said text={label} limit={64} />
                    </th>
                    <td>{dayAndTime(createdAt, timeZone, lang)}</td>
                    <td>{usedAt === null ? say(words.never) : dayAndTime(usedAt, timeZone, lang)}</td>
                    <td>
                      <form method="post" action={`/account/tokens/${tokenHash}/revoke`}>
                        <button class="plain" aria-label={`${say(words.revoke)} · ${label}`}>
                          {say(words.revoke)}
                        </button>
                      </form>
                    </td>
                  </tr>
                ))}
              </tbody>
            </table>
          )}
          <form method="post" action="/account/tokens" class="narrow">
            <FormField
              name="label"
              label={words.tokenLabel}
              problem={problems.label}
              maxLength={64}
              autocomplete="off"
            />
            <button>{say(words.makeToken)}</button>
          </form>
        </section>
      )}
    </>
  )
}
