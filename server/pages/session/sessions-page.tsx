import { stateWords } from '../../session-life/state.ts'
import type { LivingSession } from '../../store/session-life.ts'
import { sessionAddress } from '../addresses.ts'
import { Said, usePage } from '../context.tsx'
import { day } from '../typography.ts'
import { purposeWords } from '../wording.ts'
import { words } from './wording.ts'

interface Props {
  readonly sessions: readonly LivingSession[]
  /** Official labels of certificates, by session. */
  readonly certificates: ReadonlyMap<string, string>
  /** `2026-12-01`. */
  readonly today: string
}

/** The first page: the sessions that are the viewer's own. */
export function SessionsPage({ sessions, certificates, today }: Props) {
  const { say, lang, viewer } = usePage()
  const responsable = viewer?.role === 'responsable'
  return (
    <>
      <h1>{say(words.sessions)}</h1>
      {responsable && (
        <p>
          <a href="/sessions/new" role="button">
            {say(words.prepareNew)}
          </a>
        </p>
      )}
      {sessions.length === 0 ? (
        <p>{responsable ? say(words.noneResponsable) : `${say(words.none)} ${say(words.noneOther)}`}</p>
      ) : (
        <table class="list">
          <thead>
            <tr>
              <th scope="col">{say(words.date)}</th>
              <th scope="col">{say(words.session)}</th>
              <th scope="col">{say(words.exam)}</th>
              <th scope="col">{say(words.certificate)}</th>
              <th scope="col">{say(words.purpose)}</th>
              <th scope="col">{say(words.state)}</th>
            </tr>
          </thead>
          <tbody>
            {sessions.map((session) => (
              <tr>
                <td class="date">{day(session.date, lang)}</td>
                <th scope="row">
                  <a href={sessionAddress(session.id)}>
                    <Said text={session.title || session.id.slice(0, 12)} limit={200} />
                  </a>
                </th>
                <td>
                  <Said text={session.exam} limit={200} />
                </td>
                <td>
                  <Said text={certificates.get(session.id) ?? session.certificate} limit={200} />
                </td>
                <td>{say(purposeWords[session.purpose])}</td>
                <td>
                  {say(stateWords[session.state])}
                  {responsable &&
                    session.state !== 'purged' &&
                    session.purgeAfter !== null &&
                    session.purgeAfter <= today && (
                      <>
                        {' '}
                        <strong>({say(words.due)})</strong>
                      </>
                    )}
                </td>
              </tr>
            ))}
          </tbody>
        </table>
      )}
    </>
  )
}
