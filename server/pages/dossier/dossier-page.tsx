import type { ComponentChildren } from 'preact'
import { certificateOf, type Referential } from '../../../checks/referential/referential.ts'
import { keyFingerprint } from '../../../checks/run.ts'
import { verdictSchema } from '../../../checks/verdict.ts'
import type { Dossier, Unobserved } from '../../store/store.ts'
import { dossierAddress, runFileAddress, type Detail } from '../addresses.ts'
import { Said, usePage } from '../context.tsx'
import { day, dayAndTime, duration, period, typeset } from '../typography.ts'
import { UnobservedList } from '../unobserved-list.tsx'
import { VerdictMark } from '../verdict-mark.tsx'
import { kindWords, purposeWords, verdictMeanings, words } from '../wording.ts'
import { CompetencyView } from './competency.tsx'
import { DemandArticle } from './demand.tsx'
import type { FindingContext } from './finding.tsx'
import { layOut } from './outline.ts'

interface Props {
  readonly dossier: Dossier
  readonly referential: Referential | null
  readonly detail: Detail
  /** The run in the address, where it names one: links of the page keep it. */
  readonly asked: string | undefined
}

/** The dossier of one candidate, as a juror reads it: official wording first, then what was asked, found, and how. */
export function DossierPage({ dossier, referential, detail, asked }: Props) {
  const { say } = usePage()
  const { run } = dossier
  const outline = layOut(run, dossier.findings, referential)
  const context: FindingContext = { dossier, detail, shown: new Set() }
  const unobserved = unobservedOf(dossier)
  return (
    <div class="dossier">
      <Heading dossier={dossier} referential={referential} />
      <p class="sovereign">{say(words.sovereign)}</p>
      <Layouts dossier={dossier} detail={detail} asked={asked} />
      <div class="columns">
        <section aria-labelledby="how-to-read">
          <h2 id="how-to-read">{say(words.howToRead)}</h2>
          <ul class="legend">
            {verdictSchema.options.map((verdict) => (
              <li>
                <VerdictMark verdict={verdict} /> <span>{say(verdictMeanings[verdict])}</span>
              </li>
            ))}
          </ul>
        </section>
        <section aria-labelledby="unobserved">
          <h2 id="unobserved">{say(words.unobserved)}</h2>
          {unobserved.length > 0 ? (
            <UnobservedList items={unobserved} />
          ) : (
            <p>{say(words.nothingUnobserved)}</p>
          )}
          {run.notes.length > 0 && (
            <>
              <h3>{say(words.notes)}</h3>
              <ul class="plain">
                {run.notes.map((note) => (
                  <li>
                    <Said text={say(note)} />
                  </li>
                ))}
              </ul>
            </>
          )}
        </section>
      </div>
      {referential === null && <p class="note">{say(words.noReferential)}</p>}
      {outline.competencies.length > 0 && (
        <nav class="contents" aria-label={say(words.contents)}>
          <ol>
            {outline.competencies.map(({ competency }) => (
              <li>
                <a href={`#${competency.id}`}>
                  <span class="id">{competency.id}</span> <span lang="fr">{competency.label}</span>
                </a>
              </li>
            ))}
          </ol>
        </nav>
      )}
      {outline.competencies.map((section) => (
        <CompetencyView section={section} context={context} />
      ))}
      {outline.elsewhere.length > 0 && (
        <section class="competency" aria-labelledby="elsewhere">
          <h2 id="elsewhere">{say(words.elsewhere)}</h2>
          <p class="note">{say(words.elsewhereMeans)}</p>
          {outline.elsewhere.map((view) => (
            <DemandArticle view={view} place={null} context={context} />
          ))}
        </section>
      )}
      <Machines dossier={dossier} />
      <Provenance dossier={dossier} />
    </div>
  )
}

function Heading({ dossier, referential }: { dossier: Dossier; referential: Referential | null }) {
  const { say, lang, timeZone } = usePage()
  const { run, summary } = dossier
  const certificate = referential ? certificateOf(referential, run.exam.certificate) : undefined
  return (
    <hgroup>
      <h1>
        {say(words.dossier)} <Said text={run.candidate.code} limit={64} />
        {run.candidate.seat !== null && (
          <small>
            {' '}
            {say(words.seat).toLowerCase()} <Said text={run.candidate.seat} limit={64} />
          </small>
        )}
      </h1>
      <p class="certificate" lang="fr">
        {certificate && referential ? (
          <>
            {certificate.kind === 'titre' ? 'Titre professionnel' : certificate.id.replace(/(\d)/, ' $1')}{' '}
            {certificate.label}{' '}
            <span class="quiet">({`${referential.code}, millésime ${referential.millesime}`})</span>
          </>
        ) : (
          <Said text={`${run.exam.certificate} (${run.exam.referential})`} limit={200} />
        )}
      </p>
      <p>
        <Said text={run.session.title} limit={200} />, {day(run.session.date, lang)} ·{' '}
        <Said text={typeset(run.exam.title, 'fr')} limit={200} /> ({say(purposeWords[run.exam.purpose])})
      </p>
      <p>
        {say(words.run)} <strong>{say(summary.complete ? words.complete : words.interrupted)}</strong>,{' '}
        {period(summary.startedAt, summary.endedAt, timeZone, lang)}
      </p>
    </hgroup>
  )
}

function Layouts({ dossier, detail, asked }: Pick<Props, 'dossier' | 'detail' | 'asked'>) {
  const { say } = usePage()
  const choices = [
    ['folded', words.folded],
    ['unfolded', words.unfolded],
    ['raw', words.withRaw],
  ] as const
  return (
    <nav class="layouts" aria-label={say(words.detailed)}>
      <ul>
        {choices.map(([value, label]) => (
          <li>
            <a
              href={dossierAddress(dossier.session.id, dossier.candidate, { run: asked, detail: value })}
              aria-current={detail === value ? 'true' : undefined}
            >
              {say(label)}
            </a>
          </li>
        ))}
      </ul>
    </nav>
  )
}

/** Vantage point, machine, cause and side of what stayed unknown, each once, in the order of the run. */
function unobservedOf(dossier: Dossier): Unobserved[] {
  const found = new Map<string, Unobserved>()
  for (const { verdict, from, target, address, cause, blame } of dossier.findings) {
    const one = { from, target, address, cause, blame }
    const key = JSON.stringify(Object.values(one))
    if (verdict === 'unknown' && !found.has(key)) found.set(key, one)
  }
  return [...found.values()]
}

function Machines({ dossier }: { dossier: Dossier }) {
  const { say } = usePage()
  return (
    <section class="annex" aria-labelledby="machines">
      <h2 id="machines">{say(words.machines)}</h2>
      <table class="list">
        <thead>
          <tr>
            <th scope="col">{say(words.role)}</th>
            <th scope="col">{say(words.kind)}</th>
            <th scope="col">{say(words.address)}</th>
          </tr>
        </thead>
        <tbody>
          {Object.entries(dossier.run.facts.targets).map(([role, target]) => (
            <tr>
              <th scope="row">
                <Said text={role} limit={64} />
              </th>
              <td>
                {say(kindWords[target.kind])}
                {target.shared && ` (${say(words.shared)})`}
              </td>
              <td>
                <Said
                  text={target.domain ? `${target.address}, ${target.domain}` : target.address}
                  limit={300}
                />
              </td>
            </tr>
          ))}
        </tbody>
      </table>
    </section>
  )
}

function Provenance({ dossier }: { dossier: Dossier }) {
  const { say, lang, timeZone } = usePage()
  const { run, summary, link, runs, session, candidate } = dossier
  const { offsetMs } = run.agent.clock
  return (
    <section class="annex" aria-labelledby="provenance">
      <h2 id="provenance">{say(words.provenance)}</h2>
      <dl>
        <Fact term={say(words.fingerprint)}>
          <code>{summary.fingerprint}</code>
        </Fact>
        <Fact term={say(words.signedBy)}>
          <code>{keyFingerprint(run.signature.publicKey)}</code>
        </Fact>
        <Fact term={say(words.received)}>
          {dayAndTime(summary.receivedAt, timeZone, lang)} · {say(words.link)} {link.sequence}{' '}
          <code>{link.hash}</code>
        </Fact>
        <Fact term={say(words.agentHost)}>
          <Said text={run.agent.host} limit={200} /> · {say(words.clock)}{' '}
          {offsetMs === null ? say(words.clockUnknown) : duration(offsetMs, lang)} · {say(words.version)}{' '}
          <Said text={run.inputs.version} limit={40} />
        </Fact>
        <Fact term={say(words.timeZone)}>{timeZone}</Fact>
        <Fact term={say(words.file)}>
          <a href={runFileAddress(summary.id)}>{summary.id}</a> ({say(words.fileMeans)})
        </Fact>
      </dl>
      {runs.length > 1 && (
        <>
          <h3>{say(words.runs)}</h3>
          <ul class="plain">
            {runs.map((other) => (
              <li>
                {other.id === summary.id ? (
                  <strong>{dayAndTime(other.startedAt, timeZone, lang)}</strong>
                ) : (
                  <a href={dossierAddress(session.id, candidate, { run: other.id })}>
                    {dayAndTime(other.startedAt, timeZone, lang)}
                  </a>
                )}
                , {say(other.complete ? words.complete : words.interruptedShort)}
                {other.id === summary.id && ` (${say(words.shownRun)})`}
              </li>
            ))}
          </ul>
        </>
      )}
    </section>
  )
}

function Fact({ term, children }: { term: string; children: ComponentChildren }) {
  return (
    <div>
      <dt>{term}</dt>
      <dd>{children}</dd>
    </div>
  )
}
