import type { ComponentChildren } from 'preact'
import type { Text } from '../../../checks/text.ts'
import { mayBecome, stateWords, type SessionState } from '../../session-life/state.ts'
import { sessionAddress } from '../addresses.ts'
import { Said, usePage } from '../context.tsx'
import { day, timeShort } from '../typography.ts'
import { CandidateRow, cellNames, PostButton } from './candidate-row.tsx'
import type { IncidentEntry, IncidentProblem } from './incident-form.ts'
import { IncidentForm, IncidentList } from './incidents.tsx'
import type { WatchedSession } from './watched.ts'
import { liveWords, words } from './wording.ts'

/** An agent that gave no sign of life for so long is said to be silent. */
const silentMs = 20_000
const moves = ['preflight', 'running', 'collected'] as const satisfies readonly SessionState[]

interface Props {
  readonly watched: WatchedSession
  /** What became of what was just asked for. */
  readonly said: Text | null
  /** Whether what is done there is to be confirmed first. */
  readonly confirmCancel: boolean
  /** Whether the state of the session lets anything be done, and incidents be noted. */
  readonly open: boolean
  readonly mayNote: boolean
  readonly entry: IncidentEntry
  readonly problem: IncidentProblem | null
}

/** The surveillant's page: a row a candidate, live. No verdict, nor a colour that betrays one. */
export function WatchPage({ watched, said, confirmCancel, open, mayNote, entry, problem }: Props) {
  const { say, lang } = usePage()
  const { session, candidates, incidents, now } = watched
  const base = `${sessionAddress(session.id)}/watch`
  return (
    <Live watched={watched}>
      <hgroup>
        <h1>{say(words.watch)}</h1>
        <p>
          <Said text={session.title} limit={200} />, {day(session.date, lang)} ·{' '}
          <strong id="cell-state">
            <WatchState watched={watched} />
          </strong>
        </p>
      </hgroup>
      <ConnectionLine watched={watched} page={base} />
      {said && <Saying said={said} />}
      <div id="cell-head">
        <WatchHead watched={watched} />
      </div>
      {confirmCancel && open ? (
        <section class="actions" aria-label={say(words.cancel)}>
          <ConfirmCancel base={base} candidate={null} />
        </section>
      ) : (
        <section class="actions" aria-label={say(words.all)} id="cell-actions">
          <RoomActions watched={watched} open={open} />
        </section>
      )}
      <CandidateTable>
        {candidates.map((one) => (
          <CandidateRow
            session={session.id}
            watched={one}
            now={now}
            named={isNamed(watched)}
            open={open}
            running={session.state === 'running'}
          />
        ))}
      </CandidateTable>
      <section aria-labelledby="incidents">
        <h2 id="incidents">{say(words.incidents)}</h2>
        <div id="cell-incidents">
          <IncidentList incidents={incidents} date={session.date} />
        </div>
        {mayNote && (
          <IncidentForm
            action={`${base}/incidents`}
            codes={candidates.map(({ candidate }) => candidate.code)}
            settled={false}
            entry={entry}
            problem={problem}
          />
        )}
      </section>
    </Live>
  )
}

export const isNamed = ({ candidates }: WatchedSession): boolean =>
  candidates.some(({ candidate }) => candidate.name !== null)

/** What is kept up to date while the page is open; what it needs for that is in its attributes. */
export function Live({
  watched: { session, now },
  children,
}: {
  watched: WatchedSession
  children: ComponentChildren
}) {
  const { lang, timeZone } = usePage()
  const texts = Object.fromEntries(Object.entries(liveWords).map(([name, text]) => [name, text[lang]]))
  return (
    <div
      class="watch"
      data-stream={`${sessionAddress(session.id)}/watch/events`}
      data-now={now.toISOString()}
      data-zone={timeZone}
      data-words={JSON.stringify(texts)}
    >
      {children}
      <p id="announcement" class="visually-hidden" role="status" />
    </div>
  )
}

/** How old the page is, and what it is linked to. */
export function ConnectionLine({
  watched: { session, now },
  page,
}: {
  watched: WatchedSession
  page: string
}) {
  const { say, lang, timeZone } = usePage()
  return (
    <p class="quiet unprinted">
      {say(words.noVerdict)}{' '}
      <span id="connection">
        {say(words.asOf)} {timeShort(now.toISOString(), timeZone, lang)}
      </span>{' '}
      · <a href={page}>{say(words.refresh)}</a> ·{' '}
      <a href={`${sessionAddress(session.id)}/watch/receipt`}>{say(words.receiptPrint)}</a>
    </p>
  )
}

/** Focus comes here after something was done, so that it is read and the next thing is near. */
export function Saying({ said }: { said: Text }) {
  const { say } = usePage()
  return (
    <p id="said" role="status" tabIndex={-1}>
      {say(said)}
    </p>
  )
}

export function CandidateTable({ children }: { children: ComponentChildren }) {
  const { say } = usePage()
  return (
    <table class="list people">
      <thead>
        <tr>
          <th scope="col">{say(words.candidate)}</th>
          <th scope="col">{say(words.seat)}</th>
          {cellNames.map((name) => (
            <th scope="col">{say(words[name])}</th>
          ))}
        </tr>
      </thead>
      <tbody>{children}</tbody>
    </table>
  )
}

export function WatchState({ watched: { session } }: { watched: WatchedSession }) {
  const { say } = usePage()
  return <>{say(stateWords[session.state])}</>
}

/** The agents, and how many candidates are collected. */
export function WatchHead({ watched: { candidates, agents, now } }: { watched: WatchedSession }) {
  const { say, lang, timeZone } = usePage()
  const colon = lang === 'fr' ? '\u202F: ' : ': '
  const there = candidates.filter(({ candidate }) => candidate.absentAt === null)
  const delivered = there.filter(({ receipts }) => receipts.some(({ stage }) => stage === 'end'))
  return (
    <p>
      {say(words.delivered)}
      {colon}
      {delivered.length} {say(words.of)} {there.length} · {say(words.agents)}
      {colon}
      {agents.length === 0 && <strong>{say(words.noAgent)}</strong>}
      {agents.map(({ name, seenAt }, i) => {
        const silent = seenAt === null || now.getTime() - Date.parse(seenAt) > silentMs
        return (
          <>
            {i > 0 && ', '}
            <Said text={name} limit={64} />{' '}
            {silent ? (
              <strong>
                {say(words.agentSilent)} {seenAt === null ? '–' : timeShort(seenAt, timeZone, lang)}
              </strong>
            ) : (
              say(words.agentAlive)
            )}
          </>
        )
      })}
    </p>
  )
}

/** What is done for the whole room. */
export function RoomActions({ watched: { session }, open }: { watched: WatchedSession; open: boolean }) {
  const { say } = usePage()
  if (!open) return null
  const base = `${sessionAddress(session.id)}/watch`
  return (
    <>
      {moves
        // Going back is the responsable's, with a reason.
        .filter((to) => mayBecome(session.state, to) && session.state !== 'collected')
        .map((to) => (
          <PostButton action={`${base}/state`} fields={{ from: session.state, to }}>
            {say(words.moveTo[to])}
          </PostButton>
        ))}
      {session.state === 'running' && (
        <PostButton action={`${base}/clocks`} fields={{}}>
          {say(words.startClocks)}
        </PostButton>
      )}
      <Launches base={base} candidate={null} />
    </>
  )
}

/** What can be launched and cancelled, for one candidate or for all. */
export function Launches({ base, candidate }: { base: string; candidate: string | null }) {
  const { say } = usePage()
  const whom: Record<string, string> = candidate === null ? {} : { candidate }
  return (
    <>
      {(
        [
          ['preflight', words.preflight],
          ['start', words.startRun],
          ['end', words.endRun],
        ] as const
      ).map(([kind, label]) => (
        <PostButton action={`${base}/launch`} fields={{ ...whom, kind }}>
          {say(label)}
        </PostButton>
      ))}
      <PostButton action={`${base}/again`} fields={whom}>
        {say(words.askAgain)}
      </PostButton>
      <PostButton action={`${base}/cancel`} fields={whom}>
        {say(words.cancel)}
      </PostButton>
    </>
  )
}

/** Asks whether what is under way is really to be cancelled. */
export function ConfirmCancel({ base, candidate }: { base: string; candidate: string | null }) {
  const { say } = usePage()
  const whom: Record<string, string> = candidate === null ? {} : { candidate }
  return (
    <div id="said" tabIndex={-1}>
      <p>
        <strong>
          {say(words.cancel)}
          {candidate === null ? '' : ` – ${candidate}`}
        </strong>
        . {say(words.cancelMeans)}
      </p>
      <PostButton action={`${base}/cancel`} fields={{ ...whom, sure: 'yes' }}>
        {say(words.cancelSure)}
      </PostButton>{' '}
      <a href={candidate === null ? base : `${base}/${encodeURIComponent(candidate)}`}>
        {say(words.cancelNot)}
      </a>
    </div>
  )
}
