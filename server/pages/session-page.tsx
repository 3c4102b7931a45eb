import type { SessionDetail } from '../store/store.ts'
import { dossierAddress } from './addresses.ts'
import { Said, usePage } from './context.tsx'
import { day, period } from './typography.ts'
import { UnobservedList } from './unobserved-list.tsx'
import { purposeWords, words } from './wording.ts'

/** A session: its candidates and how far each run got. No verdict: the surveillant sees this page. */
export function SessionPage({
  session,
  certificate,
}: {
  session: SessionDetail
  certificate: string | null
}) {
  const { say, lang, timeZone } = usePage()
  return (
    <>
      <hgroup>
        <h1>
          <Said text={session.title} limit={200} />
        </h1>
        <p>
          {day(session.date, lang)} · <Said text={session.exam} limit={200} /> ·{' '}
          <span lang="fr">{certificate ?? <Said text={session.certificate} limit={40} />}</span> ·{' '}
          {say(purposeWords[session.purpose])}
        </p>
      </hgroup>
      <table class="list people">
        <thead>
          <tr>
            <th scope="col">{say(words.candidate)}</th>
            <th scope="col">{say(words.seat)}</th>
            <th scope="col">{say(words.run)}</th>
            <th scope="col">{say(words.unobserved)}</th>
          </tr>
        </thead>
        <tbody>
          {session.people.map(({ code, seat, shown, unobserved, runs }) => (
            <tr>
              <th scope="row">
                <a href={dossierAddress(session.id, code)}>
                  <Said text={code} limit={64} />
                </a>
              </th>
              <td>{seat === null ? '–' : <Said text={seat} limit={64} />}</td>
              <td>
                <strong>{say(shown.complete ? words.complete : words.interrupted)}</strong>
                <br />
                <span class="quiet">
                  {period(shown.startedAt, shown.endedAt, timeZone, lang)}
                  {runs > 1 && ` · ${lang === 'fr' ? `${runs} passages livrés` : `${runs} runs delivered`}`}
                </span>
              </td>
              <td>
                {unobserved.length === 0 ? (
                  <span class="quiet">{say(words.nothingUnobserved)}</span>
                ) : (
                  <UnobservedList items={unobserved} />
                )}
              </td>
            </tr>
          ))}
        </tbody>
      </table>
      <p class="quiet">{say(words.sessionNote)}</p>
    </>
  )
}
