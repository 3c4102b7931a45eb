import type { Text } from '../../../checks/text.ts'
import { roleSchema, roleWords } from '../../access/role.ts'
import type { Account } from '../../store/accounts.ts'
import { Said, usePage } from '../context.tsx'
import { FormField } from '../form-field.tsx'
import { words } from './wording.ts'

interface Props {
  readonly accounts: readonly Account[]
  readonly typed: { readonly name: string; readonly displayName: string; readonly role: string }
  readonly problems: Partial<Record<'name' | 'displayName' | 'list', Text>>
  /** An invitation that was just made, shown this once. */
  readonly invitation: { readonly account: Account; readonly link: string } | null
}

/** All accounts, for the responsable de session. */
export function AccountsPage({ accounts, typed, problems, invitation }: Props) {
  const { say, viewer } = usePage()
  /** What a button says to whoever hears it out of its row. */
  const about = (verb: Text, { displayName }: Account) => `${say(verb)} · ${displayName}`
  return (
    <>
      <h1>{say(words.accounts)}</h1>
      {invitation && (
        <section class="shown-once" aria-labelledby="handover">
          <h2 id="handover">
            {say(words.handOver)} · <Said text={invitation.account.displayName} limit={64} />
          </h2>
          <p>
            <code class="copied">{invitation.link}</code>
          </p>
          <p>{say(words.handOverMeans)}</p>
        </section>
      )}
      {problems.list && (
        <p class="problem" role="alert">
          {say(problems.list)}
        </p>
      )}
      <table class="list accounts">
        <thead>
          <tr>
            <th scope="col">{say(words.displayName)}</th>
            <th scope="col">{say(words.name)}</th>
            <th scope="col">{say(words.role)}</th>
            <th scope="col">{say(words.state)}</th>
            <th scope="col">{say(words.actions)}</th>
          </tr>
        </thead>
        <tbody>
          {accounts.map((account) => (
            <tr>
              <th scope="row">
                <Said text={account.displayName} limit={64} />
              </th>
              <td>{account.name}</td>
              <td>{say(roleWords[account.role])}</td>
              <td>{say(stateOf(account))}</td>
              <td>
                <div class="actions">
                  <a href={`/accounts/${account.account}`} aria-label={about(words.renameShort, account)}>
                    {say(words.renameShort)}
                  </a>
                  {account.account !== viewer?.account && account.disabledAt === null && (
                    <form method="post" action={`/accounts/${account.account}/invitation`}>
                      <button class="plain" aria-label={about(words.inviteAgain, account)}>
                        {say(words.inviteAgain)}
                      </button>
                    </form>
                  )}
                  {account.account !== viewer?.account && (
                    <form
                      method="post"
                      action={`/accounts/${account.account}/${account.disabledAt === null ? 'disable' : 'enable'}`}
                    >
                      <button
                        class="plain"
                        aria-label={about(
                          account.disabledAt === null ? words.disable : words.enable,
                          account,
                        )}
                      >
                        {say(account.disabledAt === null ? words.disable : words.enable)}
                      </button>
                    </form>
                  )}
                </div>
              </td>
            </tr>
          ))}
        </tbody>
      </table>
      <section class="narrow">
        <h2>{say(words.addAccount)}</h2>
        <p class="quiet">{say(words.oneRole)}</p>
        <form method="post" action="/accounts">
          <FormField
            name="displayName"
            label={words.displayName}
            value={typed.displayName}
            problem={problems.displayName}
            maxLength={64}
            autocomplete="off"
          />
          <FormField
            name="name"
            label={words.name}
            hint={words.nameHint}
            value={typed.name}
            problem={problems.name}
            maxLength={32}
            autocomplete="off"
          />
          <div class="field">
            <label for="role">{say(words.role)}</label>
            <select id="role" name="role" required>
              {roleSchema.options.map((role) => (
                <option value={role} selected={role === typed.role}>
                  {say(roleWords[role])}
                </option>
              ))}
            </select>
          </div>
          <button>{say(words.addAccount)}</button>
        </form>
      </section>
    </>
  )
}

const stateOf = ({ disabledAt, hasPassword, oidcSubject }: Account): Text =>
  disabledAt !== null ? words.disabled : hasPassword || oidcSubject !== null ? words.active : words.invited
