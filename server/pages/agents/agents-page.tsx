import { keyFingerprint } from '../../../checks/run.ts'
import type { Text } from '../../../checks/text.ts'
import type { EnrolledAgent, Work } from '../../store/work-queue.ts'
import { Said, usePage } from '../context.tsx'
import { kindWords } from '../surveillant/wording.ts'
import { dayAndTime } from '../typography.ts'
import { words } from './wording.ts'

interface Props {
  readonly agents: readonly EnrolledAgent[]
  /** In all sessions: what is done, never for whom. */
  readonly underWay: readonly Pick<Work, 'agent' | 'kind'>[]
  /** A code that was just made, shown this once. */
  readonly code: string | null
  /** Of this server, as an agent is to be told. */
  readonly url: string
  /** The agent that is about to be revoked, if that is confirmed. */
  readonly revoking: EnrolledAgent | null
}

/** The agents, what each does, and the codes by which they enrol. */
export function AgentsPage({ agents, underWay, code, url, revoking }: Props) {
  const { say } = usePage()
  const waiting = underWay.filter(({ agent }) => agent === null)
  return (
    <>
      <h1>{say(words.agents)}</h1>
      <p class="quiet">{say(words.means)}</p>
      {revoking && <ConfirmRevoke agent={revoking} />}
      {agents.length === 0 ? <p>{say(words.none)}</p> : <AgentTable agents={agents} underWay={underWay} />}
      {waiting.length > 0 && (
        <p>
          {say(words.waiting)} {listOf(waiting, say)}
        </p>
      )}
      <h2>{say(words.invite)}</h2>
      {code !== null && (
        <section class="shown-once" aria-labelledby="code">
          <h3 id="code">
            {say(words.code)} <code class="copied">{code}</code>
          </h3>
          <p>{say(words.once)}</p>
          <p>
            <code class="copied">probant agent --server {url} --enrol</code>
          </p>
          <p>{say(words.thenCode)}</p>
        </section>
      )}
      <form method="post" action="/agents/codes">
        <button>{say(words.makeCode)}</button>
      </form>
    </>
  )
}

function ConfirmRevoke({ agent: { name } }: { agent: EnrolledAgent }) {
  const { say } = usePage()
  return (
    <section class="narrow" aria-labelledby="revoke">
      <h2 id="revoke">
        {say(words.revokeAgent)} · <Said text={name} limit={64} />
      </h2>
      <p>{say(words.revokeMeans)}</p>
      <form method="post" action={`/agents/${encodeURIComponent(name)}/revoke`} class="actions">
        <button>{say(words.revokeSure)}</button> <a href="/agents">{say(words.revokeNot)}</a>
      </form>
    </section>
  )
}

function AgentTable({ agents, underWay }: Pick<Props, 'agents' | 'underWay'>) {
  const { say, lang, timeZone } = usePage()
  return (
    <table class="list">
      <thead>
        <tr>
          <th scope="col">{say(words.name)}</th>
          <th scope="col">{say(words.machine)}</th>
          <th scope="col">{say(words.seen)}</th>
          <th scope="col">{say(words.doing)}</th>
          <th scope="col">{say(words.key)}</th>
          <th scope="col">{say(words.actions)}</th>
        </tr>
      </thead>
      <tbody>
        {agents.map(({ name, publicKey, seenAt, about }) => (
          <tr>
            <th scope="row">
              <Said text={name} limit={64} />
            </th>
            <td>{about ? <Said text={`${about.host} (${about.version})`} limit={120} /> : '–'}</td>
            <td>{seenAt === null ? say(words.never) : dayAndTime(seenAt, timeZone, lang)}</td>
            <td>
              {listOf(
                underWay.filter(({ agent }) => agent === name),
                say,
              ) || say(words.nothing)}
            </td>
            <td>
              {publicKey === null ? (
                <span class="quiet">{say(words.revoked)}</span>
              ) : (
                <code>SHA256:{keyFingerprint(publicKey).slice(0, 16)}…</code>
              )}
            </td>
            <td>
              {publicKey !== null && (
                <a
                  href={`/agents?revoke=${encodeURIComponent(name)}`}
                  aria-label={`${say(words.revoke)} · ${name}`}
                >
                  {say(words.revoke)}
                </a>
              )}
            </td>
          </tr>
        ))}
      </tbody>
    </table>
  )
}

/** « passage de fin (3), contrôle préalable (1) »; empty where there is nothing. */
const listOf = (works: Props['underWay'], say: (text: Text) => string): string =>
  [...Map.groupBy(works, ({ kind }) => kind)]
    .map(([kind, some]) => `${say(kindWords[kind])} (${some.length})`)
    .join(', ')
