import type { Text } from '../../../checks/text.ts'
import { mayDo, type SessionAct } from '../../access/session-acts.ts'
import type { Lack } from '../../session-life/lacks.ts'
import type { Account } from '../../store/accounts.ts'
import type { LivingSession, Member } from '../../store/session-life.ts'
import { sessionAddress } from '../addresses.ts'
import { Said, usePage } from '../context.tsx'
import { day } from '../typography.ts'
import { purposeWords } from '../wording.ts'
import { Candidates, type ListedCandidate } from './candidates.tsx'
import { LifeList } from './life-list.tsx'
import { Members } from './members.tsx'
import { Moves } from './moves.tsx'
import type { NextStep } from './next-step.ts'
import { Settings } from './settings.tsx'
import { lackWords, words } from './wording.ts'

/** What a responsable sees more of. */
export interface Administration {
  readonly members: readonly Member[]
  /** Accounts that could be added. */
  readonly others: readonly Account[]
  readonly lacks: readonly Lack[]
  readonly officialMinutes: number | null
  /** Whether it can be thrown away: wrong files, and nothing received. */
  readonly discardable: boolean
}

/** What could not be done, to be said beside where it was asked for. */
export interface Trouble {
  readonly at: 'state' | 'members' | 'minutes'
  readonly text: Text
  readonly typed?: string
}

interface Props {
  readonly session: LivingSession
  readonly certificate: string | null
  readonly next: NextStep
  /** None where the viewer has nothing to do with them in this state. */
  readonly candidates: readonly ListedCandidate[]
  /** For the responsable de session. */
  readonly administration: Administration | null
  readonly trouble: Trouble | null
}

/** A session: where it stands, what is to be done, and where the viewer may go from here. */
export function OverviewPage({ session, certificate, next, candidates, administration, trouble }: Props) {
  const { say, lang } = usePage()
  const problemAt = (at: Trouble['at']) => (trouble?.at === at ? trouble.text : undefined)
  const stateProblem = problemAt('state')
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
      {stateProblem && (
        <p class="problem" role="alert">
          {say(stateProblem)}
        </p>
      )}
      <LifeList session={session} />
      <Places session={session} next={next} />
      {administration && administration.lacks.length > 0 && (
        <section aria-labelledby="lacks">
          <h2 id="lacks">{say(words.lacks)}</h2>
          <ul>
            {administration.lacks.map((lack) => (
              <li>
                {say(lackWords[lack].text)}
                {lackWords[lack].href && (
                  <>
                    {' '}
                    <a href={lackWords[lack].href}>{say(lackWords[lack].link)}</a>
                  </>
                )}
              </li>
            ))}
          </ul>
        </section>
      )}
      {administration && <Moves session={session} />}
      {administration && session.state !== 'purged' && (
        <>
          <Members
            session={session}
            members={administration.members}
            others={administration.others}
            codes={candidates.map(({ code }) => code)}
            problem={problemAt('members')}
          />
          <Settings
            session={session}
            officialMinutes={administration.officialMinutes}
            typed={trouble?.at === 'minutes' ? trouble.typed : undefined}
            problem={problemAt('minutes')}
          />
        </>
      )}
      <Candidates session={session} candidates={candidates} />
      {administration?.discardable && (
        <section aria-labelledby="wrong-files">
          <h2 id="wrong-files">{say(words.wrongFiles)}</h2>
          <p>
            {say(words.wrongFilesMeans)}{' '}
            <a href={`${sessionAddress(session.id)}/retention`}>{say(words.discard)}</a>
          </p>
        </section>
      )}
    </>
  )
}

/** What is to be done next, and what else the viewer's role opens in this state. */
function Places({ session, next }: Pick<Props, 'session' | 'next'>) {
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
  ]
  return (
    <section aria-labelledby="places">
      <h2 id="places">{say(words.now)}</h2>
      <p>{next.href === null ? say(next.text) : <a href={next.href}>{say(next.text)}</a>}</p>
      {places.length > 0 && (
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
