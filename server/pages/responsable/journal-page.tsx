import type { JournalEntry } from '../../store/journal.ts'
import { Said, usePage } from '../context.tsx'
import { dayAndTime } from '../typography.ts'
import { actWords, words } from './wording.ts'

interface Props {
  readonly entries: readonly JournalEntry[]
  /** Titles of sessions by id; null where the journal is one session's. */
  readonly titles: ReadonlyMap<string, string> | null
  /** Address of the page of older entries, where there are any. */
  readonly older: string | null
  readonly newest: string | null
}

/** The journal, a page at a time. */
export function JournalPage({ entries, titles, older, newest }: Props) {
  const { say, lang, timeZone } = usePage()
  return (
    <>
      <h1>{say(words.journal)}</h1>
      <p class="quiet">{say(words.journalMeans)}</p>
      {entries.length === 0 ? (
        <p>{say(words.noEntry)}</p>
      ) : (
        <table class="list">
          <thead>
            <tr>
              <th scope="col">{say(words.number)}</th>
              <th scope="col">{say(words.when)}</th>
              <th scope="col">{say(words.who)}</th>
              <th scope="col">{say(words.what)}</th>
              <th scope="col">{say(words.about)}</th>
              <th scope="col">{say(words.details)}</th>
            </tr>
          </thead>
          <tbody>
            {entries.map(({ sequence, at, contents, session }) => (
              <tr>
                <td>{sequence}</td>
                <td>{dayAndTime(at, timeZone, lang)}</td>
                {contents ? (
                  <>
                    <td>
                      <Said text={contents.actor} limit={80} />
                    </td>
                    <th scope="row">
                      {say(actWords[contents.act])}
                      {titles && session !== null && (
                        <>
                          <br />
                          <span class="quiet">
                            <Said text={titles.get(session) ?? session.slice(0, 12)} limit={80} />
                          </span>
                        </>
                      )}
                    </th>
                    <td>{contents.candidate ? <Said text={contents.candidate} limit={64} /> : '–'}</td>
                    <td>
                      {Object.entries(contents.details ?? {}).map(([name, value]) => (
                        <div>
                          <span class="quiet">{name}</span> <Said text={String(value)} limit={200} />
                        </div>
                      ))}
                    </td>
                  </>
                ) : (
                  <td colSpan={4} class="quiet">
                    {say(words.emptied)}
                  </td>
                )}
              </tr>
            ))}
          </tbody>
        </table>
      )}
      {(older !== null || newest !== null) && (
        <p>
          {newest !== null && <a href={newest}>{say(words.newest)}</a>}
          {newest !== null && older !== null && ' · '}
          {older !== null && <a href={older}>{say(words.older)}</a>}
        </p>
      )}
    </>
  )
}
