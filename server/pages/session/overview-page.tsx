import type { ComponentChildren } from 'preact'
import type { Text } from '../../../checks/text.ts'
import { mayDo, type SessionAct } from '../../access/session-acts.ts'
import { roleWords } from '../../access/role.ts'
import { nextStates, sessionStates, stateWords, type SessionState } from '../../session-life/state.ts'
import type { Account } from '../../store/accounts.ts'
import type { LivingCandidate, LivingSession, Member } from '../../store/session-life.ts'
import { dossierAddress, sessionAddress } from '../addresses.ts'
import { Said, usePage } from '../context.tsx'
import { day, dayAndTime } from '../typography.ts'
import { purposeWords } from '../wording.ts'
import { moveMeanings, moveWords, words } from './wording.ts'

export interface Administration {
  readonly members: readonly Member[]
  /** Accounts that could be added. */
  readonly others: readonly Account[]
  readonly candidates: readonly LivingCandidate[]
  readonly anyAgent: boolean
}

interface Props {
  readonly session: LivingSession
  readonly certificate: string | null
  /** The viewer's own code, for a candidate in training. */
  readonly candidate: string | null
  /** For the responsable de session. */
  readonly administration: Administration | null
  readonly problem: Text | null
}

/** A session: where it stands, and where the viewer may go from here. */
export function OverviewPage({ session, certificate, candidate, administration, problem }: Props) {
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
      {problem && (
        <p class="problem" role="alert">
          {say(problem)}
        </p>
      )}
      <nav aria-label={say(words.life)}>
        <ol class="life">
          {sessionStates.map((state) => (
            <li aria-current={state === session.state ? 'step' : undefined}>
              {say(stateWords[state])}
              {state === session.state && (
                <span class="quiet">
                  {' '}
                  ({say(words.present)}
                  {session.stateAt !== null && `, ${dayAndTime(session.stateAt, timeZone, lang)}`})
                </span>
              )}
            </li>
          ))}
        </ol>
      </nav>
      <Places session={session} candidate={candidate} />
      {administration && <Administer session={session} {...administration} />}
    </>
  )
}

/** What the viewer's role opens in this state. */
function Places({ session, candidate }: Pick<Props, 'session' | 'candidate'>) {
  const { say, viewer } = usePage()
  const may = (act: SessionAct) => viewer !== null && mayDo(act, viewer.role, session.state)
  const base = sessionAddress(session.id)
  const places = [
    ...(may('watch-session') ? [[`${base}/watch`, words.watch, words.watchMeans] as const] : []),
    ...(may('read-findings') ? [[`${base}/jury`, words.jury, words.juryMeans] as const] : []),
    ...(may('read-findings') || may('watch-session')
      ? [[`${base}/files`, words.files, words.filesMeans] as const]
      : []),
    ...(may('administer-session')
      ? [
          [`${base}/journal`, words.journal, words.journalMeans] as const,
          [`${base}/retention`, words.retention, words.retentionMeans] as const,
        ]
      : []),
    ...(candidate !== null && may('read-own-training')
      ? [[dossierAddress(session.id, candidate), words.ownDossier, words.juryMeans] as const]
      : []),
  ]
  return (
    <section aria-labelledby="places">
      <h2 id="places">{say(words.goTo)}</h2>
      {places.length === 0 ? (
        <p>{say(words.nothingHere)}</p>
      ) : (
        <ul class="destinations">
          {places.map(([href, label, means]) => (
            <li>
              <a href={href}>{say(label)}</a> <span class="quiet">{say(means)}</span>
            </li>
          ))}
        </ul>
      )}
    </section>
  )
}

function Administer({
  session,
  members,
  others,
  candidates,
  anyAgent,
}: Administration & Pick<Props, 'session'>) {
  const { say } = usePage()
  const missing = [
    ...(session.hasFiles ? [] : [words.noFiles]),
    ...(anyAgent ? [] : [words.noAgent]),
    ...(members.some(({ role }) => role === 'surveillant') ? [] : [words.noSurveillant]),
    ...(members.some(({ role }) => role === 'jury') ? [] : [words.noJury]),
  ]
  return (
    <>
      {session.state !== 'purged' && missing.length > 0 && (
        <section class="note" aria-labelledby="to-do">
          <h2 id="to-do">{say(words.toDo)}</h2>
          <ul>
            {missing.map((text) => (
              <li>{say(text)}</li>
            ))}
          </ul>
        </section>
      )}
      <Moves session={session} />
      <Members session={session} members={members} others={others} candidates={candidates} />
      {session.state !== 'purged' && <Settings session={session} />}
      {candidates.length > 0 && <Candidates session={session} candidates={candidates} />}
    </>
  )
}

function Moves({ session }: Pick<Props, 'session'>) {
  const { say } = usePage()
  const to = nextStates(session.state).filter((state) => state !== 'purged')
  if (to.length === 0) return null
  return (
    <section aria-labelledby="moves">
      <h2 id="moves">{say(words.move)}</h2>
      <ul class="moves">
        {to.map((state) => (
          <li>
            <form method="post" action={`${sessionAddress(session.id)}/state`}>
              <input type="hidden" name="from" value={session.state} />
              <input type="hidden" name="to" value={state} />
              {isBackwards(session.state, state) && (
                <label>
                  {say(words.reason)} <input name="reason" required maxLength={500} autocomplete="off" />
                </label>
              )}
              <button class={isBackwards(session.state, state) ? 'secondary' : undefined}>
                {say(moveWords[state])}
              </button>{' '}
              <span class="quiet">{say(moveMeanings[state])}</span>
            </form>
          </li>
        ))}
      </ul>
    </section>
  )
}

export const isBackwards = (from: SessionState, to: SessionState): boolean =>
  sessionStates.indexOf(to) < sessionStates.indexOf(from)

function Members({
  session,
  members,
  others,
  candidates,
}: Pick<Administration, 'members' | 'others' | 'candidates'> & Pick<Props, 'session'>) {
  const { say } = usePage()
  const base = `${sessionAddress(session.id)}/members`
  return (
    <section aria-labelledby="members">
      <h2 id="members">{say(words.members)}</h2>
      {members.length === 0 ? (
        <p>{say(words.noMember)}</p>
      ) : (
        <ul class="members">
          {members.map((member) => (
            <li>
              <Said text={member.displayName} limit={64} />{' '}
              <span class="quiet">
                ({say(roleWords[member.role])}
                {member.candidate !== null && `, ${member.candidate}`})
              </span>{' '}
              <form method="post" action={`${base}/${member.account}/remove`} class="inline">
                <button class="plain" aria-label={`${say(words.remove)} : ${member.displayName}`}>
                  {say(words.remove)}
                </button>
              </form>
            </li>
          ))}
        </ul>
      )}
      {others.length === 0 ? (
        <p class="quiet">{say(words.everybody)}</p>
      ) : (
        <form method="post" action={base} class="inline">
          <label>
            {say(words.account)}{' '}
            <select name="account" required>
              {others.map((account) => (
                <option value={account.account}>
                  {account.displayName} ({say(roleWords[account.role])})
                </option>
              ))}
            </select>
          </label>
          {session.purpose === 'training' && (
            <label>
              {say(words.asCandidate)}{' '}
              <select name="candidate">
                <option value="">–</option>
                {candidates.map(({ code }) => (
                  <option value={code}>{code}</option>
                ))}
              </select>
            </label>
          )}
          <button>{say(words.add)}</button>
        </form>
      )}
    </section>
  )
}

function Settings({ session }: Pick<Props, 'session'>) {
  const { say } = usePage()
  return (
    <section aria-labelledby="settings">
      <h2 id="settings">{say(words.settings)}</h2>
      <form method="post" action={`${sessionAddress(session.id)}/settings`} class="inline">
        <label>
          {say(words.launch)}{' '}
          <select name="launch">
            <option value="hand" selected={session.launch === 'hand'}>
              {say(words.byHand)}
            </option>
            <option value="clock" selected={session.launch === 'clock'}>
              {say(words.byClock)}
            </option>
          </select>
        </label>
        <label>
          {say(words.minutes)}{' '}
          <input
            type="number"
            name="minutes"
            min={1}
            max={1440}
            required
            value={session.minutes ?? undefined}
          />
        </label>
        <button>{say(words.save)}</button>
      </form>
    </section>
  )
}

function Candidates({ session, candidates }: Pick<Administration, 'candidates'> & Pick<Props, 'session'>) {
  const { say } = usePage()
  const named = candidates.some(({ name }) => name !== null)
  return (
    <section aria-labelledby="candidates">
      <h2 id="candidates">{say(words.candidates)}</h2>
      <table class="list">
        <thead>
          <tr>
            <th scope="col">{say(words.code)}</th>
            {named && <th scope="col">{say(words.name)}</th>}
            <th scope="col">{say(words.seat)}</th>
            <th scope="col">{say(words.extra)}</th>
            <th scope="col">{say(words.data)}</th>
          </tr>
        </thead>
        <tbody>
          {candidates.map(({ code, name, seat, extraMinutes }) => (
            <tr>
              <th scope="row">{code}</th>
              {named && <td>{name === null ? '–' : <Said text={name} limit={200} />}</td>}
              <td>{seat === null ? '–' : <Said text={seat} limit={64} />}</td>
              <td>{extraMinutes === 0 ? '–' : `${extraMinutes} min`}</td>
              <td>
                <a
                  href={`${dossierAddress(session.id, code)}/data`}
                  aria-label={`${say(words.data)} ${code}`}
                >
                  {say(words.data)}
                </a>
              </td>
            </tr>
          ))}
        </tbody>
      </table>
    </section>
  )
}
