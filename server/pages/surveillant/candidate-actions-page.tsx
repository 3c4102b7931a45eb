import type { Text } from '../../../checks/text.ts'
import { Said, usePage } from '../context.tsx'
import { FormField } from '../form-field.tsx'
import { actsOf, CandidateRow } from './candidate-row.tsx'
import type { IncidentEntry, IncidentProblem } from './incident-form.ts'
import { IncidentForm, IncidentList } from './incidents.tsx'
import {
  CandidateTable,
  ConfirmCancel,
  ConnectionLine,
  isNamed,
  Launches,
  Live,
  Saying,
} from './watch-page.tsx'
import type { WatchedCandidate, WatchedSession } from './watched.ts'
import { words } from './wording.ts'

/** A form that was not taken, as it was typed, and what is wrong with it. */
export type CandidateProblem =
  | { readonly form: 'incident'; readonly entry: IncidentEntry; readonly problem: IncidentProblem }
  | {
      readonly form: 'repin'
      readonly target: string
      readonly reason: string
      readonly field: 'target' | 'reason'
      readonly text: Text
    }
  | { readonly form: 'document'; readonly text: Text }

interface Props {
  readonly watched: WatchedSession
  readonly one: WatchedCandidate
  readonly said: Text | null
  readonly confirmCancel: boolean
  readonly entry: IncidentEntry
  readonly problem: CandidateProblem | null
}

/** What a surveillant does for one candidate. */
export function CandidateActionsPage({ watched, one, said, confirmCancel, entry, problem }: Props) {
  const { say } = usePage()
  const { session, now, incidents } = watched
  const { code, name } = one.candidate
  const { room, own } = actsOf(session.id, code)
  const incident = problem?.form === 'incident' ? problem : null
  return (
    <Live watched={watched}>
      <h1>
        {code} {name !== null && <Said text={name} limit={80} />}
      </h1>
      <ConnectionLine watched={watched} page={own} />
      {said && <Saying said={said} />}
      <CandidateTable>
        <CandidateRow
          session={session.id}
          watched={one}
          now={now}
          named={isNamed(watched)}
          open
          running={session.state === 'running'}
        />
      </CandidateTable>
      <section class="actions" aria-label={say(confirmCancel ? words.cancel : words.actions)}>
        {confirmCancel ? (
          <ConfirmCancel base={room} candidate={code} />
        ) : (
          <Launches base={room} candidate={code} />
        )}
      </section>
      <section aria-labelledby="incidents">
        <h2 id="incidents">{say(words.incidents)}</h2>
        <IncidentList
          date={session.date}
          incidents={incidents.filter(({ candidate }) => candidate === null || candidate === code)}
        />
        <IncidentForm
          action={`${own}/incidents`}
          codes={[]}
          settled
          entry={incident?.entry ?? entry}
          problem={incident?.problem ?? null}
        />
      </section>
      <DocumentForm
        own={own}
        kept={one.documents}
        problem={problem?.form === 'document' ? problem.text : undefined}
      />
      <RepinForm
        own={own}
        roles={[...new Set(one.ways.map(({ role }) => role))]}
        problem={problem?.form === 'repin' ? problem : null}
      />
    </Live>
  )
}

function DocumentForm({ own, kept, problem }: { own: string; kept: number; problem: Text | undefined }) {
  const { say } = usePage()
  return (
    <section class="narrow" aria-labelledby="documents">
      <h2 id="documents">{say(words.document)}</h2>
      {kept > 0 && <p>{say(words.documents(kept))}</p>}
      <form method="post" action={`${own}/document`} enctype="multipart/form-data">
        <FormField
          name="document"
          label={words.documentFile}
          hint={words.documentMeans}
          type="file"
          accept="application/pdf,.pdf"
          problem={problem}
        />
        <button>{say(words.keepDocument)}</button>
      </form>
    </section>
  )
}

function RepinForm({
  own,
  roles,
  problem,
}: {
  own: string
  roles: readonly string[]
  problem: Extract<CandidateProblem, { form: 'repin' }> | null
}) {
  const { say } = usePage()
  const target = problem?.target ?? ''
  return (
    <section class="narrow" aria-labelledby="repin">
      <h2 id="repin">{say(words.repin)}</h2>
      <p class="quiet">{say(words.repinMeans)}</p>
      <form method="post" action={`${own}/repin`}>
        {roles.length > 0 ? (
          <div class="field">
            <label for="target">{say(words.machine)}</label>
            <select id="target" name="target" required>
              {roles.map((role) => (
                <option value={role} selected={role === target}>
                  {role}
                </option>
              ))}
            </select>
            {problem?.field === 'target' && (
              <p class="problem" role="alert">
                {say(problem.text)}
              </p>
            )}
          </div>
        ) : (
          <FormField
            name="target"
            label={words.machine}
            value={target}
            maxLength={64}
            autocomplete="off"
            problem={problem?.field === 'target' ? problem.text : undefined}
          />
        )}
        <FormField
          name="reason"
          label={words.reason}
          value={problem?.reason}
          maxLength={500}
          autocomplete="off"
          problem={problem?.field === 'reason' ? problem.text : undefined}
        />
        <button>{say(words.repinNow)}</button>
      </form>
    </section>
  )
}
