import type { Text } from '../../../checks/text.ts'
import { roleWords } from '../../access/role.ts'
import type { Account } from '../../store/accounts.ts'
import { usePage } from '../context.tsx'
import { FormField } from '../form-field.tsx'
import { words } from './wording.ts'

interface Props {
  readonly account: Account
  readonly typed: string
  readonly problem: Text | null
}

/** Changes the name that an account is shown under; its role never changes. */
export function RenamePage({ account, typed, problem }: Props) {
  const { say } = usePage()
  return (
    <section class="narrow">
      <h1>{say(words.rename)}</h1>
      <p>
        {say(words.name)} <strong>{account.name}</strong> · {say(roleWords[account.role])}
      </p>
      <form method="post" action={`/accounts/${account.account}`}>
        <FormField
          name="displayName"
          label={words.displayName}
          value={typed}
          problem={problem ?? undefined}
          maxLength={64}
          autocomplete="off"
        />
        <button>{say(words.rename)}</button>
      </form>
    </section>
  )
}
