import type { LivingSession } from '../../store/session-life.ts'
import type { PurgeProof } from '../../store/retention.ts'
import { sessionAddress } from '../addresses.ts'
import { Said, usePage } from '../context.tsx'
import { dayAndTime } from '../typography.ts'
import { words } from './wording.ts'

interface Props {
  readonly session: LivingSession
  /** `2026-12-01`, by the server's clock. */
  readonly today: string
  readonly mayPurge: boolean
  /** Whether what was typed to confirm was not the title. */
  readonly wrongTitle: boolean
  readonly purged: { proof: PurgeProof; brokenLink: number | null; brokenEntry: number | null } | null
}

/** Until when a session is kept, its purge, and the proof of it. */
export function RetentionPage({ session, today, mayPurge, wrongTitle, purged }: Props) {
  const { say } = usePage()
  return (
    <>
      <h1>{say(words.retention)}</h1>
      <p>
        <Said text={session.title} limit={200} />
      </p>
      {purged ? (
        <Proof {...purged} />
      ) : (
        <>
          <form method="post" action={`${sessionAddress(session.id)}/retention`} class="inline">
            <label>
              {say(words.keptUntil)}{' '}
              <input type="date" name="purgeAfter" value={session.purgeAfter ?? ''} required />
            </label>
            <button>{say(words.save)}</button>
          </form>
          {session.purgeAfter === null ? (
            <p class="quiet">{say(words.keptForEver)}</p>
          ) : (
            session.purgeAfter <= today && (
              <p>
                <strong>{say(words.due)}</strong>
              </p>
            )
          )}
          <h2>{say(words.purge)}</h2>
          <p class="note">{say(words.purgeMeans)}</p>
          {mayPurge ? (
            <form method="post" action={`${sessionAddress(session.id)}/purge`}>
              <label>
                {say(words.typeTitle)} <strong>{session.title}</strong>
                <input
                  name="title"
                  required
                  autocomplete="off"
                  maxLength={1000}
                  aria-invalid={wrongTitle ? 'true' : undefined}
                  aria-describedby={wrongTitle ? 'wrong-title' : undefined}
                />
              </label>
              {wrongTitle && (
                <p id="wrong-title" role="alert">
                  {say(words.wrongTitle)}
                </p>
              )}
              <button>{say(words.purge)}</button>
            </form>
          ) : (
            <p>{say(words.notYet)}</p>
          )}
        </>
      )}
    </>
  )
}

function Proof({ proof, brokenLink, brokenEntry }: NonNullable<Props['purged']>) {
  const { say, lang, timeZone } = usePage()
  return (
    <>
      <p>
        {say(words.purgedOn)} {dayAndTime(proof.at, timeZone, lang)} {say(words.purgedBy)}{' '}
        <Said text={proof.by} limit={80} />.
      </p>
      <h2>{say(words.proof)}</h2>
      <ul>
        <li>{brokenLink === null ? say(words.chainHolds) : `${say(words.chainBroken)} ${brokenLink}`}</li>
        <li>
          {brokenEntry === null ? say(words.journalHolds) : `${say(words.journalBroken)} ${brokenEntry}`}
        </li>
        <li>
          {say(words.emptiedEntries)} : {proof.emptiedEntries}
        </li>
      </ul>
      <h3>{say(words.left)}</h3>
      <table class="list">
        <tbody>
          {Object.entries(proof.left).map(([table, count]) => (
            <tr>
              <th scope="row">
                <code>{table}</code>
              </th>
              <td>{count}</td>
            </tr>
          ))}
        </tbody>
      </table>
      <h3>{say(words.tombstones)}</h3>
      {proof.tombstones.length === 0 ? (
        <p>{say(words.nothing)}</p>
      ) : (
        <ul class="fingerprints">
          {proof.tombstones.map(({ sequence, fingerprint }) => (
            <li>
              {sequence} <code>{fingerprint}</code>
            </li>
          ))}
        </ul>
      )}
    </>
  )
}
