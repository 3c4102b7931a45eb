import type { Text } from '../../../checks/text.ts'
import { mayBecome, stateWords, type SessionState } from '../../session-life/state.ts'
import { sessionAddress } from '../addresses.ts'
import { Said, usePage } from '../context.tsx'
import { day, timeOfDay, timeShort } from '../typography.ts'
import { CandidateRow, PostButton } from './candidate-row.tsx'
import { IncidentForm, IncidentList } from './incidents.tsx'
import type { WatchedSession } from './watched.ts'
import { words } from './wording.ts'

/** An agent that gave no sign of life for so long is said to be silent. */
const silentMs = 20_000
const moves = ['preflight', 'running', 'collected'] as const satisfies readonly SessionState[]

interface Props {
  readonly watched: WatchedSession
  /** What became of what was just asked for. */
  readonly said: Text | null
  /** Whether what is done there is to be confirmed first. */
  readonly confirmCancel: boolean
  readonly open: boolean
}

/** The surveillant's page: a row a candidate, live. No verdict, nor a colour that betrays one. */
export function WatchPage({ watched, said, confirmCancel, open }: Props) {
  const { say, lang, timeZone } = usePage()
  const { session, candidates, incidents, now } = watched
  const base = `${sessionAddress(session.id)}/watch`
  const running = session.state === 'running'
  return (
    <div
      class="watch"
      data-stream={`${base}/events`}
      data-now={now.toISOString()}
      data-zone={timeZone}
      data-changed={say(words.changedRows)}
    >
      <hgroup>
        <h1>{say(words.watch)}</h1>
        <p>
          <Said text={session.title} limit={200} />, {day(session.date, lang)} ·{' '}
          <strong>{say(stateWords[session.state])}</strong>
        </p>
      </hgroup>
      <p class="quiet">
        {say(words.noVerdict)}{' '}
        <span
          id="connection"
          data-live={say(words.live)}
          data-lost={say(words.lost)}
          data-offline={say(words.offline)}
        >
          {say(words.asOf)} <span id="as-of">{timeOfDay(now.toISOString(), timeZone, lang)}</span>
        </span>{' '}
        · <a href={base}>{say(words.refresh)}</a> · <a href={`${base}/receipt`}>{say(words.receiptPrint)}</a>
      </p>
      <p id="announcement" class="visually-hidden" role="status" />
      {said && <p role="status">{say(said)}</p>}
      <div id="cell-head">
        <WatchHead watched={watched} />
      </div>
      {open && (
        <section class="actions" aria-label={say(words.all)}>
          {moves
            .filter((to) => mayBecome(session.state, to))
            .map((to) => (
              <PostButton
                action={`${base}/state`}
                label={say(words.moveTo[to])}
                fields={{ from: session.state, to }}
              >
                {say(words.moveTo[to])}
              </PostButton>
            ))}
          {running && (
            <PostButton action={`${base}/clocks`} label={say(words.startClocks)} fields={{}}>
              {say(words.startClocks)}
            </PostButton>
          )}
          <Launches base={base} candidate={null} />
          {confirmCancel ? (
            <>
              <PostButton action={`${base}/cancel`} label={say(words.cancelSure)} fields={{ sure: 'yes' }}>
                {say(words.cancelSure)}
              </PostButton>
              <span>{say(words.cancelMeans)}</span>
            </>
          ) : (
            <PostButton action={`${base}/cancel`} label={say(words.cancel)} fields={{}}>
              {say(words.cancel)}
            </PostButton>
          )}
        </section>
      )}
      <table class="list people">
        <thead>
          <tr>
            <th scope="col">{say(words.candidate)}</th>
            <th scope="col">{say(words.seat)}</th>
            <th scope="col">{say(words.identity)}</th>
            <th scope="col">{say(words.clock)}</th>
            <th scope="col">{say(words.machines)}</th>
            <th scope="col">{say(words.progress)}</th>
            <th scope="col">{say(words.receipt)}</th>
            <th scope="col">{say(words.actions)}</th>
          </tr>
        </thead>
        <tbody>
          {candidates.map((one) => (
            <CandidateRow
              session={session.id}
              watched={one}
              now={now}
              named={candidates.some(({ candidate }) => candidate.name !== null)}
              open={open}
              running={running}
            />
          ))}
        </tbody>
      </table>
      <section aria-labelledby="incidents">
        <h2 id="incidents">{say(words.incidents)}</h2>
        <div id="cell-incidents">
          <IncidentList incidents={incidents} />
        </div>
        <IncidentForm
          action={`${base}/incidents`}
          codes={candidates.map(({ candidate }) => candidate.code)}
          only={null}
          now={timeShort(now.toISOString(), timeZone, 'en')}
        />
      </section>
    </div>
  )
}

/** The agents, and how many candidates are collected. */
export function WatchHead({ watched: { candidates, agents, now } }: { watched: WatchedSession }) {
  const { say, lang, timeZone } = usePage()
  const there = candidates.filter(({ candidate }) => candidate.absentAt === null)
  const delivered = there.filter(({ receipts }) => receipts.some(({ stage }) => stage === 'end'))
  return (
    <p>
      {say(words.delivered)} : {delivered.length} {say(words.of)} {there.length} · {say(words.agents)} :{' '}
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

/** What can be launched, for one candidate or for all. */
export function Launches({ base, candidate }: { base: string; candidate: string | null }) {
  const { say } = usePage()
  const whom: Record<string, string> = candidate === null ? {} : { candidate }
  const name = (label: Text) => (candidate === null ? say(label) : `${say(label)} : ${candidate}`)
  return (
    <>
      {(
        [
          ['preflight', words.preflight],
          ['start', words.startRun],
          ['end', words.endRun],
        ] as const
      ).map(([kind, label]) => (
        <PostButton action={`${base}/launch`} label={name(label)} fields={{ ...whom, kind }}>
          {say(label)}
        </PostButton>
      ))}
      <PostButton action={`${base}/again`} label={name(words.askAgain)} fields={whom}>
        {say(words.askAgain)}
      </PostButton>
    </>
  )
}
