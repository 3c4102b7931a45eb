import type { Text } from '../../../checks/text.ts'
import { roleWords } from '../../access/role.ts'
import type { Account } from '../../store/accounts.ts'
import { Said, usePage } from '../context.tsx'
import { FormField } from '../form-field.tsx'
import { words } from './wording.ts'

export type FieldProblems = Partial<Record<'name' | 'displayName' | 'password', Text>>

interface Props {
  readonly code: string
  /** Whose invitation it is; null for that of the first account, which is made here. */
  readonly account: Account | null
  readonly typed: { readonly name: string; readonly displayName: string }
  readonly problems: FieldProblems
  readonly provider: boolean
}

/** Where somebody chooses the password of the account that was made for him, or makes the very first one. */
export function InvitationPage({ code, account, typed, problems, provider }: Props) {
  const { say } = usePage()
  return (
    <section class="narrow">
      <h1>{say(account ? words.invitation : words.firstAccount)}</h1>
      {account ? (
        <>
          <p>
            <Said text={account.displayName} limit={64} /> ({say(roleWords[account.role])}) ·{' '}
            {say(words.name)} <strong>{account.name}</strong>
          </p>
          <p class="note">{say(words.invitationMeans)}</p>
        </>
      ) : (
        <p class="note">{say(words.firstMeans)}</p>
      )}
      <form method="post" action={`/invitations/${code}`}>
        {account ? (
          // So that a browser keeps the password under the right name.
          <input type="hidden" name="username" value={account.name} autocomplete="username" />
        ) : (
          <>
            <FormField
              name="name"
              label={words.name}
              hint={words.nameHint}
              value={typed.name}
              problem={problems.name}
              autocomplete="username"
              maxLength={32}
            />
            <FormField
              name="displayName"
              label={words.displayName}
              value={typed.displayName}
              problem={problems.displayName}
              autocomplete="name"
              maxLength={64}
            />
          </>
        )}
        <FormField
          name="password"
          label={words.password}
          type="password"
          hint={words.passwordHint}
          problem={problems.password}
          autocomplete="new-password"
          maxLength={200}
        />
        <button>{say(account ? words.choose : words.create)}</button>
      </form>
      {provider && account && (
        <p>
          <a href={`/oidc/start?invitation=${encodeURIComponent(code)}`}>{say(words.linkProvider)}</a>
        </p>
      )}
    </section>
  )
}

export function InvitationGonePage() {
  const { say } = usePage()
  return (
    <section class="narrow">
      <h1>{say(words.invitationGone)}</h1>
      <p>{say(words.invitationGoneMeans)}</p>
    </section>
  )
}
