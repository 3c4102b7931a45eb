import type { ComponentChildren } from 'preact'
import { certificateOf, type Referential } from '../../../checks/referential/referential.ts'
import { keyFingerprint } from '../../../checks/run.ts'
import { verdictSchema } from '../../../checks/verdict.ts'
import type { TraceSummary } from '../../store/session-life.ts'
import type { Dossier, RunStage, Unobserved } from '../../store/store.ts'
import { dossierAddress, runFileAddress, shows, traceAddress, traceFileAddress } from '../addresses.ts'
import { Said, usePage } from '../context.tsx'
import type { FollowedDemand } from '../../dossier/follow-ups.ts'
import { showWords, stageWords, words as juryWords } from '../jury/wording.ts'
import { bytes, day, dayAndTime, duration, period, typeset } from '../typography.ts'
import { UnobservedList } from '../unobserved-list.tsx'
import { VerdictMark } from '../verdict-mark.tsx'
import { kindWords, purposeWords, verdictMeanings, words } from '../wording.ts'
import { CompetencyView } from './competency.tsx'
import { DemandArticle } from './demand.tsx'
import { filterOutline } from './filter.ts'
import { layOut, printedDemands } from './outline.ts'
import { addressOf, type DossierView } from './view.ts'

interface Props {
  readonly view: DossierView
  readonly demands: readonly FollowedDemand[]
  readonly referential: Referential | null
  readonly traces: readonly TraceSummary[]
}

/** The dossier of one candidate, as a juror reads it: official wording first, then what was asked, found, and how. */
export function DossierPage({ view, demands, referential, traces }: Props) {
  const { say } = usePage()
  const { dossier, choice } = view
  const { run } = dossier
  const outline = filterOutline(layOut(run, demands, referential), choice.show, view)
  const { competencies, elsewhere } = outline
  view.printed.push(...printedDemands(outline).map(({ demand }) => demand.id))
  const { printed } = view
  const unobserved = unobservedOf(demands, view)
  return (
    <div class="dossier">
      <Heading dossier={dossier} referential={referential} />
      <p class="sovereign">{say(words.sovereign)}</p>
      {run.stage === 'start' && <p class="warning">{say(juryWords.startOnly)}</p>}
      {run.stage === 'again' && <p class="warning">{say(juryWords.againOnly)}</p>}
      <Layouts view={view} />
      <Traces view={view} traces={traces} />
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
      {choice.show !== undefined && (
        <p class="warning">
          {say(juryWords.filtered)} <strong>{say(showWords[choice.show])}</strong>
          {printed.length > 0 &&
            ` (${printed.length === 1 ? say(juryWords.oneDemand) : `${printed.length} ${say(juryWords.demands)}`})`}
          {say({ fr: '\u202F; ', en: '; ' })}
          {say(juryWords.filteredMeans)}
        </p>
      )}
      {choice.show !== undefined && competencies.length === 0 && elsewhere.length === 0 && (
        <p>{say(juryWords.nothingLeft)}</p>
      )}
      {competencies.length > 0 && (
        <nav class="contents" aria-label={say(words.contents)}>
          <ol>
            {competencies.map(({ competency }) => (
              <li>
                <a href={`#${competency.id}`}>
                  <span class="id">{competency.id}</span> <span lang="fr">{competency.label}</span>
                </a>
              </li>
            ))}
          </ol>
        </nav>
      )}
      {competencies.map((section, index) => (
        <CompetencyView section={section} next={competencies[index + 1]?.competency.id} context={view} />
      ))}
      {elsewhere.length > 0 && (
        <section class="competency" aria-labelledby="elsewhere">
          <h2 id="elsewhere">{say(words.elsewhere)}</h2>
          <p class="note">{say(words.elsewhereMeans)}</p>
          {elsewhere.map((demand) => (
            <DemandArticle view={demand} place={null} context={view} />
          ))}
        </section>
      )}
      <Machines dossier={dossier} />
      <Provenance view={view} />
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
        {say(words.run)} <strong>{say(summary.complete ? words.complete : words.interrupted)}</strong>
        <StageOf stage={run.stage ?? null} />, {period(summary.startedAt, summary.endedAt, timeZone, lang)}
      </p>
    </hgroup>
  )
}

function Layouts({ view }: { view: DossierView }) {
  const { say } = usePage()
  const { choice, dossier, reader } = view
  const details = [
    ['folded', words.folded],
    ['unfolded', words.unfolded],
    ['raw', words.withRaw],
  ] as const
  // A filter that can't keep anything is not offered.
  const offered = shows.filter(
    (show) =>
      (show !== 'changed' || dossier.start !== null) &&
      (show !== 'unread' || reader === 'writes') &&
      (show !== 'contested' || reader !== 'candidate'),
  )
  return (
    <>
      <nav class="layouts" aria-label={say(words.detailed)}>
        <ul>
          {details.map(([detail, label]) => (
            <li>
              <a
                href={addressOf(view, { detail })}
                aria-current={choice.detail === detail ? 'true' : undefined}
              >
                {say(label)}
              </a>
            </li>
          ))}
        </ul>
      </nav>
      <nav class="layouts filters" aria-label={say(juryWords.show)}>
        <ul>
          <li aria-hidden="true" class="quiet">
            {say(juryWords.show)}
          </li>
          {[undefined, ...offered].map((show) => (
            <li>
              <a href={addressOf(view, { show })} aria-current={choice.show === show ? 'true' : undefined}>
                {say(show === undefined ? juryWords.everything : showWords[show])}
              </a>
            </li>
          ))}
        </ul>
      </nav>
    </>
  )
}

/** The candidate's own documents: beside the dossier, or taken away. */
function Traces({ view, traces }: { view: DossierView; traces: readonly TraceSummary[] }) {
  const { say, lang, timeZone } = usePage()
  const { dossier, choice } = view
  if (traces.length === 0 || choice.beside !== null) return null
  return (
    <section class="traces" aria-label={say(juryWords.trace)}>
      <strong>{say(juryWords.trace)}</strong>
      <ul class="plain">
        {traces.map(({ name, sha256, bytes: size, at }) => (
          <li>
            <Said text={name} limit={120} /> ({bytes(size, lang)}, {dayAndTime(at, timeZone, lang)}){' – '}
            <a
              href={traceAddress(dossier.session.id, dossier.candidate, {
                run: choice.run,
                document: sha256,
              })}
            >
              {say(juryWords.besideIt)}
            </a>
            {', '}
            <a
              href={traceFileAddress(dossier.session.id, dossier.candidate, sha256)}
              download={`${dossier.candidate}.pdf`}
            >
              {say(juryWords.download)}
            </a>
          </li>
        ))}
      </ul>
    </section>
  )
}

/** Vantage point, machine, cause and side of what stayed unknown, each once, in the order of the run. */
function unobservedOf(demands: readonly FollowedDemand[], { reader }: DossierView): Unobserved[] {
  const found = new Map<string, Unobserved>()
  for (const { finding } of demands.flatMap(({ findings }) => findings)) {
    const { verdict, from, target, address, cause } = finding
    const one = { from, target, address, cause, blame: reader === 'candidate' ? null : finding.blame }
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

function Provenance({ view: { dossier, reader } }: { view: DossierView }) {
  const { say, lang, timeZone } = usePage()
  const { run, summary, link, runs, stages, session, candidate } = dossier
  const followUps = new Set(dossier.followUps.map((followUp) => followUp.run.id))
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
          {reader === 'candidate' ? (
            summary.id
          ) : (
            <>
              <a href={runFileAddress(summary.id)}>{summary.id}</a> ({say(words.fileMeans)})
            </>
          )}
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
                <StageOf stage={stages.get(other.id) ?? null} />
                {(other.id === summary.id || followUps.has(other.id)) && ` (${say(words.shownRun)})`}
              </li>
            ))}
          </ul>
        </>
      )}
    </section>
  )
}

function StageOf({ stage }: { stage: RunStage | null }) {
  const { say } = usePage()
  return stage === null ? null : <>, {say(stageWords[stage])}</>
}

function Fact({ term, children }: { term: string; children: ComponentChildren }) {
  return (
    <div>
      <dt>{term}</dt>
      <dd>{children}</dd>
    </div>
  )
}
