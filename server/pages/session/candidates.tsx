import { mayDo } from '../../access/session-acts.ts'
import type { LivingCandidate, LivingSession } from '../../store/session-life.ts'
import type { CandidateSummary } from '../../store/store.ts'
import { dossierAddress } from '../addresses.ts'
import { Said, usePage } from '../context.tsx'
import { period } from '../typography.ts'
import { UnobservedList } from '../unobserved-list.tsx'
import { words as common } from '../wording.ts'
import { words } from './wording.ts'

/** One candidate, as the session's files and the runs received make him known. */
export interface ListedCandidate {
  readonly code: string
  /** Null where the centre gave none, or the viewer has no need of it. */
  readonly name: string | null
  readonly seat: string | null
  readonly extraMinutes: number
  readonly absent: boolean
  readonly run: CandidateSummary | null
}

/** Everybody that the files name, then whoever only a run makes known. */
export function listCandidates(
  living: readonly LivingCandidate[],
  people: readonly CandidateSummary[],
  withNames: boolean,
): ListedCandidate[] {
  const runs = new Map(people.map((one) => [one.code, one]))
  const known = new Set(living.map(({ code }) => code))
  return [
    ...living.map(({ code, name, seat, extraMinutes, absentAt }) => ({
      code,
      name: withNames ? name : null,
      seat,
      extraMinutes,
      absent: absentAt !== null,
      run: runs.get(code) ?? null,
    })),
    ...people
      .filter(({ code }) => !known.has(code))
      .map((run) => ({
        code: run.code,
        name: null,
        seat: run.seat,
        extraMinutes: 0,
        absent: false,
        run,
      })),
  ]
}

/** The candidates and how far their runs got. No verdict: the surveillant sees this list. */
export function Candidates({
  session,
  candidates,
}: {
  session: LivingSession
  candidates: readonly ListedCandidate[]
}) {
  const { say, lang, timeZone, viewer } = usePage()
  if (!viewer || candidates.length === 0) return null
  const reads = mayDo('read-findings', viewer.role, session.state)
  const administers = mayDo('administer-session', viewer.role, session.state)
  const named = candidates.some(({ name }) => name !== null)
  const extended = candidates.some(({ extraMinutes }) => extraMinutes > 0)
  return (
    <section aria-labelledby="candidates">
      <h2 id="candidates">{say(words.candidates)}</h2>
      <table class="list people">
        <thead>
          <tr>
            <th scope="col">{say(words.code)}</th>
            {named && <th scope="col">{say(words.name)}</th>}
            <th scope="col">{say(words.seat)}</th>
            {extended && <th scope="col">{say(words.extra)}</th>}
            <th scope="col">{say(common.run)}</th>
            {reads && <th scope="col">{say(common.unobserved)}</th>}
            {administers && <th scope="col">{say(words.data)}</th>}
          </tr>
        </thead>
        <tbody>
          {candidates.map(({ code, name, seat, extraMinutes, absent, run }) => (
            <tr>
              <th scope="row">
                {reads && run ? (
                  <a href={dossierAddress(session.id, code)}>
                    <Said text={code} limit={64} />
                  </a>
                ) : (
                  <Said text={code} limit={64} />
                )}
              </th>
              {named && (
                <td data-label={say(words.name)}>{name === null ? '–' : <Said text={name} limit={200} />}</td>
              )}
              <td data-label={say(words.seat)}>{seat === null ? '–' : <Said text={seat} limit={64} />}</td>
              {extended && (
                <td data-label={say(words.extra)}>{extraMinutes === 0 ? '–' : `${extraMinutes}\u00A0min`}</td>
              )}
              <td data-label={say(common.run)}>
                {run ? (
                  <>
                    <strong>{say(run.shown.complete ? common.complete : common.interrupted)}</strong>
                    <br />
                    <span class="quiet">
                      {period(run.shown.startedAt, run.shown.endedAt, timeZone, lang)}
                    </span>
                  </>
                ) : (
                  <span class="quiet">{say(absent ? words.absent : words.noRun)}</span>
                )}
              </td>
              {reads && (
                <td data-label={say(common.unobserved)}>
                  {run &&
                    (run.unobserved.length === 0 ? (
                      <span class="quiet">{say(common.nothingUnobserved)}</span>
                    ) : (
                      <UnobservedList items={run.unobserved} />
                    ))}
                </td>
              )}
              {administers && (
                <td>
                  <a
                    href={`${dossierAddress(session.id, code)}/data`}
                    aria-label={`${say(words.dataOf)} ${code}`}
                  >
                    {say(words.data)}
                  </a>
                </td>
              )}
            </tr>
          ))}
        </tbody>
      </table>
      <p class="quiet">{say(words.neverResult)}</p>
    </section>
  )
}
