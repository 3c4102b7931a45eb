import type { CandidateData } from '../../store/retention.ts'
import { Said, usePage } from '../context.tsx'
import { actWords, words } from './wording.ts'

/** Everything that is kept of one candidate, on request. */
export function CandidateDataPage({ code, data, json }: { code: string; data: CandidateData; json: string }) {
  const { say } = usePage()
  return (
    <>
      <h1>
        {say(words.data)} <Said text={code} limit={64} />
      </h1>
      <p class="note">{say(words.dataMeans)}</p>
      <p>
        <a href={json}>{say(words.asJson)}</a>
      </p>
      <Rows title={say(words.person)} rows={[data.candidate]} />
      <Rows title={say(words.runs)} rows={data.runs} />
      <Rows title={say(words.work)} rows={data.work} />
      <Rows title={say(words.preflight)} rows={data.preflight} />
      <Rows title={say(words.incidents)} rows={data.incidents} />
      <Rows title={say(words.traces)} rows={data.traces} />
      <Rows title={say(words.notes)} rows={data.notes} />
      <Rows title={say(words.readMarks)} rows={data.readMarks} />
      <Rows
        title={say(words.acts)}
        rows={data.journal.map(({ sequence, at, act }) => ({
          sequence,
          at,
          actor: act.actor,
          act: say(actWords[act.act]),
        }))}
      />
    </>
  )
}

/** Rows as they are kept, by the names they are kept under. */
function Rows({ title, rows }: { title: string; rows: readonly Readonly<Record<string, unknown>>[] }) {
  const { say } = usePage()
  const names = Object.keys(rows[0] ?? {})
  return (
    <section>
      <h2>{title}</h2>
      {rows.length === 0 ? (
        <p class="quiet">{say(words.nothing)}</p>
      ) : (
        <div class="wide" role="region" aria-label={title} tabIndex={0}>
          <table class="list">
            <thead>
              <tr>
                {names.map((name) => (
                  <th scope="col">{name}</th>
                ))}
              </tr>
            </thead>
            <tbody>
              {rows.map((row) => (
                <tr>
                  {names.map((name) => (
                    <td>
                      <Said text={row[name] === null ? '–' : String(row[name])} limit={4000} />
                    </td>
                  ))}
                </tr>
              ))}
            </tbody>
          </table>
        </div>
      )}
    </section>
  )
}
