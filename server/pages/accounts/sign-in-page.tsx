import type { Text } from '../../../checks/text.ts'
import { usePage } from '../context.tsx'
import { FormField } from '../form-field.tsx'
import { words } from './wording.ts'

interface Props {
  /** Where to go afterwards: a path of this server. */
  readonly to: string | null
  readonly name: string
  readonly problem: Text | null
  readonly provider: boolean
  readonly anyAccount: boolean
}

export function SignInPage({ to, name, problem, provider, anyAccount }: Props) {
  const { say } = usePage()
  return (
    <section class="narrow">
      <h1>{say(words.signIn)}</h1>
      {!anyAccount && <p class="note">{say(words.noAccountYet)}</p>}
      {problem && (
        <p class="problem" role="alert">
          {say(problem)}
        </p>
      )}
      <form method="post" action="/sign-in">
        {to !== null && <input type="hidden" name="to" value={to} />}
        <FormField name="name" label={words.name} value={name} autocomplete="username" maxLength={64} />
        <FormField
          name="password"
          label={words.password}
          type="password"
          autocomplete="current-password"
          maxLength={200}
        />
        <button>{say(words.signIn)}</button>
      </form>
      {provider && (
        <p>
          <a href={to === null ? '/oidc/start' : `/oidc/start?to=${encodeURIComponent(to)}`}>
            {say(words.withProvider)}
          </a>
        </p>
      )}
    </section>
  )
}
