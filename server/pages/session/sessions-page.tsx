import { stateWords } from '../../session-life/state.ts'
import type { LivingSession } from '../../store/session-life.ts'
import { sessionAddress } from '../addresses.ts'
import { Said, usePage } from '../context.tsx'
import { day } from '../typography.ts'
import { purposeWords } from '../wording.ts'
import type { NextStep } from './next-step.ts'
import { words } from './wording.ts'

/** A session of the list, with what the viewer has to do with it. */
export interface ListedSession {
  readonly session: LivingSession
  /** Official label of the certificate; null where the référentiel is not known. */
  readonly certificate: string | null
  /** Whether the viewer may see its page in its present state. */
  readonly seen: boolean
  readonly next: NextStep
}

/** The first page: the sessions that are the viewer's own. */
export function SessionsPage({ sessions }: { sessions: readonly ListedSession[] }) {
  const { say, lang, viewer } = usePage()
  const responsable = viewer?.role === 'responsable'
  return (
    <>
      <h1>{say(words.sessions)}</h1>
      {sessions.length === 0 ? (
        <p>{say(responsable ? words.noneResponsable : words.none)}</p>
      ) : (
        <table class="list sessions">
          <thead>
            <tr>
              <th scope="col">{say(words.date)}</th>
              <th scope="col">{say(words.session)}</th>
              <th scope="col">{say(words.certificate)}</th>
              <th scope="col">{say(words.state)}</th>
              <th scope="col">{say(words.next)}</th>
            </tr>
          </thead>
          <tbody>
            {sessions.map(({ session, certificate, seen, next }) => (
              <tr>
                <td class="date">{day(session.date, lang)}</td>
                <th scope="row">
                  {seen ? (
                    <a href={sessionAddress(session.id)}>
                      <Title session={session} />
                    </a>
                  ) : (
                    <Title session={session} />
                  )}
                  <br />
                  <span class="quiet">
                    <Said text={session.exam} limit={200} /> · {say(purposeWords[session.purpose])}
                  </span>
                </th>
                <td>
                  {certificate === null ? (
                    <Said text={session.certificate} limit={40} />
                  ) : (
                    <span lang="fr">{certificate}</span>
                  )}
                </td>
                <td data-label={say(words.state)}>{say(stateWords[session.state])}</td>
                <td data-label={say(words.next)}>
                  {next.href === null ? say(next.text) : <a href={next.href}>{say(next.text)}</a>}
                </td>
              </tr>
            ))}
          </tbody>
        </table>
      )}
      {responsable && (
        <p>
          <a href="/sessions/new">{say(words.prepareNew)}</a>
        </p>
      )}
    </>
  )
}

const Title = ({ session }: { session: LivingSession }) => (
  <Said text={session.title || session.id.slice(0, 12)} limit={200} />
)
