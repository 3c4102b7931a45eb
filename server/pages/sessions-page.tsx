import type { SessionSummary } from '../store/store.ts'
import { sessionAddress } from './addresses.ts'
import { Said, usePage } from './context.tsx'
import { day } from './typography.ts'
import { purposeWords, words } from './wording.ts'

/** The first page: every session of which a run was delivered. */
export function SessionsPage({
  sessions,
  certificates,
}: {
  sessions: readonly SessionSummary[]
  certificates: ReadonlyMap<string, string>
}) {
  const { say, lang } = usePage()
  return (
    <>
      <h1>{say(words.sessions)}</h1>
      {sessions.length === 0 ? (
        <p>{say(words.noSession)}</p>
      ) : (
        <table class="list">
          <thead>
            <tr>
              <th scope="col">{say(words.date)}</th>
              <th scope="col">{say(words.session)}</th>
              <th scope="col">{say(words.exam)}</th>
              <th scope="col">{say(words.certificate)}</th>
              <th scope="col">{say(words.purpose)}</th>
              <th scope="col">{say(words.candidates)}</th>
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
                <td>{session.candidates}</td>
              </tr>
            ))}
          </tbody>
        </table>
      )}
    </>
  )
}
