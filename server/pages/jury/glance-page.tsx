import type { Referential } from '../../../checks/referential/referential.ts'
import type { GlanceCell, GlanceRow, ReadState } from '../../dossier/glance.ts'
import type { Incident, LivingCandidate, LivingSession } from '../../store/session-life.ts'
import { dossierAddress } from '../addresses.ts'
import { Said, usePage } from '../context.tsx'
import { day, dayAndTime } from '../typography.ts'
import { UnobservedList } from '../unobserved-list.tsx'
import { VerdictMark } from '../verdict-mark.tsx'
import { words as pageWords } from '../wording.ts'
import { stageWords, words } from './wording.ts'

interface Props {
  readonly session: LivingSession
  readonly referential: Referential | null
  readonly competencies: readonly string[]
  readonly rows: readonly GlanceRow[]
  /** Candidates of whom no run is here. */
  readonly without: readonly LivingCandidate[]
  readonly incidents: readonly Incident[]
  /** Whether the viewer marks what he has read. */
  readonly marks: boolean
}

/** A session at a glance: candidates × competencies, verdicts counted apart, nothing added up. */
export function GlancePage({ session, referential, competencies, rows, without, incidents, marks }: Props) {
  const { say, lang } = usePage()
  const labelOf = (id: string) => referential?.competencies.find((c) => c.id === id)?.label ?? ''
  const general = incidents.filter(({ candidate }) => candidate === null)
  return (
    <div class="glance">
      <hgroup>
        <h1>{say(words.glance)}</h1>
        <p>
          <Said text={session.title} limit={200} />, {day(session.date, lang)} ·{' '}
          <Said text={session.exam} limit={200} />
        </p>
      </hgroup>
      <p class="sovereign">{say(pageWords.sovereign)}</p>
      <p class="note">{say(words.glanceMeans)}</p>
      {referential === null && <p class="note">{say(pageWords.noReferential)}</p>}
      {rows.length === 0 && without.length === 0 && <p>{say(words.nobody)}</p>}
      <table class="candidates">
        <thead>
          <tr>
            <th scope="col">{say(pageWords.candidate)}</th>
            {competencies.map((id) => (
              <th scope="col">
                <a href={`#c-${id}`}>
                  {id}
                  <span class="unseen"> {labelOf(id)}</span>
                </a>
              </th>
            ))}
          </tr>
        </thead>
        {rows.map((row) => (
          <Candidate
            row={row}
            session={session.id}
            marks={marks}
            incidents={incidents.filter(({ candidate }) => candidate === row.outline.code)}
          />
        ))}
        {without.map(({ code, seat, absentAt }) => (
          <tbody>
            <tr>
              <th scope="row">
                <Said text={code} limit={64} /> <Seat seat={seat} />
              </th>
              <td colSpan={Math.max(competencies.length, 1)} class="quiet">
                {absentAt === null ? say(words.noRun) : `${say(words.absent)}, ${say(words.noRun)}`}
              </td>
            </tr>
            <More
              span={competencies.length + 1}
              unobserved={[]}
              incidents={incidents.filter(({ candidate }) => candidate === code)}
            />
          </tbody>
        ))}
      </table>
      {general.length > 0 && (
        <section aria-labelledby="incidents">
          <h2 id="incidents">{say(words.ofTheSession)}</h2>
          <Incidents of={general} />
        </section>
      )}
      <section aria-labelledby="competencies">
        <h2 id="competencies">{say(words.competencies)}</h2>
        <ul class="plain">
          {competencies.map((id) => (
            <li id={`c-${id}`}>
              <span class="id">{id}</span> <span lang="fr">{labelOf(id)}</span>
            </li>
          ))}
        </ul>
      </section>
    </div>
  )
}

const readWords: Record<ReadState, (typeof words)['readAll']> = {
  all: words.readAll,
  some: words.readSome,
  none: words.readNone,
}

function Candidate({
  row: { outline, cells, read, unobserved },
  session,
  marks,
  incidents,
}: {
  row: GlanceRow
  session: string
  marks: boolean
  incidents: readonly Incident[]
}) {
  const { say } = usePage()
  const { code, seat, shown, stage } = outline
  return (
    <tbody>
      <tr>
        <th scope="row">
          <a href={dossierAddress(session, code)}>
            <Said text={code} limit={64} />
          </a>{' '}
          <Seat seat={seat} />
          {!shown.complete && <small>{say(pageWords.interruptedShort)}</small>}
          {stage === 'start' && <small>{say(stageWords.start)}</small>}
          {marks && <small>{say(readWords[read])}</small>}
        </th>
        {cells.map((cell) => (
          <Cell
            cell={cell}
            href={`${dossierAddress(session, code)}#${cell.competency}`}
            code={code}
            marks={marks}
          />
        ))}
      </tr>
      <More span={cells.length + 1} unobserved={unobserved} incidents={incidents} />
    </tbody>
  )
}

function Cell({ cell, href, code, marks }: { cell: GlanceCell; href: string; code: string; marks: boolean }) {
  const { say } = usePage()
  const { competency, verdicts, unexamined, read } = cell
  return (
    <td>
      <a href={href}>
        <span class="of">{competency}</span>
        <span class="unseen">
          {' '}
          (<Said text={code} limit={64} />){' '}
        </span>
        {verdicts.map(({ verdict, demands }) => (
          <span class="count">
            <b>{demands}</b> <VerdictMark verdict={verdict} />
          </span>
        ))}
        {unexamined > 0 && (
          <span class="count">
            <b>{unexamined}</b> {say(words.notExamined)}
          </span>
        )}
        {read === null && <span class="count quiet">{say(words.nothingAsked)}</span>}
      </a>
      {marks && read === 'all' && <small>{say(words.readAll)}</small>}
    </td>
  )
}

function Seat({ seat }: { seat: string | null }) {
  const { say } = usePage()
  return seat === null ? null : (
    <small>
      {say(pageWords.seat).toLowerCase()} <Said text={seat} limit={64} />
    </small>
  )
}

/** Under a candidate's row: what could not be observed, and the incidents of the day. */
function More({
  span,
  unobserved,
  incidents,
}: {
  span: number
  unobserved: GlanceRow['unobserved']
  incidents: readonly Incident[]
}) {
  const { say } = usePage()
  if (unobserved.length === 0 && incidents.length === 0) return null
  return (
    <tr class="more">
      <td colSpan={span}>
        {unobserved.length > 0 && (
          <>
            <strong>{say(pageWords.unobserved)}</strong>
            <UnobservedList items={unobserved} />
          </>
        )}
        {incidents.length > 0 && (
          <>
            <strong>{say(words.incidents)}</strong>
            <Incidents of={incidents} />
          </>
        )}
      </td>
    </tr>
  )
}

function Incidents({ of }: { of: readonly Incident[] }) {
  const { say, lang, timeZone } = usePage()
  return (
    <ul class="plain">
      {of.map(({ at, text, addedSeconds }) => (
        <li>
          {dayAndTime(at, timeZone, lang)}
          {say({ fr: '\u202F: ', en: ': ' })}
          <Said text={text} limit={1000} />
          {addedSeconds !== 0 &&
            ` (${say(addedSeconds > 0 ? words.minutesGiven : words.minutesTaken)}${say({ fr: '\u202F: ', en: ': ' })}${Math.round(Math.abs(addedSeconds) / 60)}\u00A0min)`}
        </li>
      ))}
    </ul>
  )
}
