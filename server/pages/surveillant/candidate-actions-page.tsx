import type { Text } from '../../../checks/text.ts'
import { sessionAddress } from '../addresses.ts'
import { Said, usePage } from '../context.tsx'
import { FormField } from '../form-field.tsx'
import { timeShort } from '../typography.ts'
import { CandidateRow, PostButton } from './candidate-row.tsx'
import { IncidentForm, IncidentList } from './incidents.tsx'
import { Launches } from './watch-page.tsx'
import type { WatchedCandidate, WatchedSession } from './watched.ts'
import { words } from './wording.ts'

interface Props {
  readonly watched: WatchedSession
  readonly one: WatchedCandidate
  readonly said: Text | null
}

/** What a surveillant does for one candidate. */
export function CandidateActionsPage({ watched, one, said }: Props) {
  const { say, timeZone } = usePage()
  const { session, now, incidents } = watched
  const { code, identityAt, absentAt } = one.candidate
  const base = `${sessionAddress(session.id)}/watch`
  const own = `${base}/${encodeURIComponent(code)}`
  const roles = [...new Set(one.ways.map(({ role }) => role))]
  return (
    <>
      <h1>
        {code} {one.candidate.name !== null && <Said text={one.candidate.name} limit={80} />}
      </h1>
      {said && <p role="status">{say(said)}</p>}
      <table class="list people">
        <thead>
          <tr>
            {[
              words.candidate,
              words.seat,
              words.identity,
              words.clock,
              words.machines,
              words.progress,
              words.receipt,
            ].map((label) => (
              <th scope="col">{say(label)}</th>
            ))}
            <th scope="col">{say(words.actions)}</th>
          </tr>
        </thead>
        <tbody>
          <CandidateRow
            session={session.id}
            watched={one}
            now={now}
            named={false}
            open={false}
            running={session.state === 'running'}
          />
        </tbody>
      </table>
      <section class="actions" aria-label={say(words.actions)}>
        <PostButton
          action={`${own}/identity`}
          label={`${say(words.identity)} : ${say(identityAt === null ? words.check : words.undo)}`}
          fields={{ checked: identityAt === null ? 'yes' : 'no' }}
        >
          {say(words.identity)} : {say(identityAt === null ? words.check : words.undo)}
        </PostButton>
        <PostButton
          action={`${own}/presence`}
          label={say(absentAt === null ? words.markAbsent : words.markPresent)}
          fields={{ absent: absentAt === null ? 'yes' : 'no' }}
        >
          {say(absentAt === null ? words.markAbsent : words.markPresent)}
        </PostButton>
        <Launches base={base} candidate={code} />
        <PostButton
          action={`${base}/cancel`}
          label={say(words.cancel)}
          fields={{ candidate: code, sure: 'yes' }}
        >
          {say(words.cancel)}
        </PostButton>
      </section>
      <section class="narrow" aria-labelledby="document">
        <h2 id="document">{say(words.document)}</h2>
        <p class="quiet">
          {say(words.documentMeans)} {one.documents > 0 && `(${one.documents} ${say(words.documents)})`}
        </p>
        <form method="post" action={`${own}/document`} enctype="multipart/form-data">
          <FormField name="document" label={words.document} type="file" accept="application/pdf,.pdf" />
          <button>{say(words.keepDocument)}</button>
        </form>
      </section>
      <section class="narrow" aria-labelledby="repin">
        <h2 id="repin">{say(words.repin)}</h2>
        <p class="quiet">{say(words.repinMeans)}</p>
        <form method="post" action={`${own}/repin`}>
          <div class="field">
            <label for="target">{say(words.machine)}</label>
            {roles.length > 0 ? (
              <select id="target" name="target" required>
                {roles.map((role) => (
                  <option value={role}>{role}</option>
                ))}
              </select>
            ) : (
              <input id="target" name="target" required maxLength={64} autocomplete="off" />
            )}
          </div>
          <FormField name="reason" label={words.reason} maxLength={500} autocomplete="off" />
          <button>{say(words.repinNow)}</button>
        </form>
      </section>
      <section aria-labelledby="incidents">
        <h2 id="incidents">{say(words.incidents)}</h2>
        <IncidentList
          incidents={incidents.filter(({ candidate }) => candidate === null || candidate === code)}
        />
        <IncidentForm
          action={`${base}/incidents`}
          codes={[]}
          only={code}
          now={timeShort(now.toISOString(), timeZone, 'en')}
        />
      </section>
    </>
  )
}
