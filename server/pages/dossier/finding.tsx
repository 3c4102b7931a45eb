import type { ComponentChildren } from 'preact'
import type { Finding } from '../../../checks/finding.ts'
import type { Lang } from '../../../checks/text.ts'
import type { PlacedFinding } from '../../dossier/follow-ups.ts'
import type { Dossier } from '../../store/store.ts'
import { contestAddress } from '../addresses.ts'
import { Said, usePage } from '../context.tsx'
import { words as juryWords } from '../jury/wording.ts'
import { dayAndTime, duration, timeOfDay } from '../typography.ts'
import { VerdictMark } from '../verdict-mark.tsx'
import { visible } from '../../../checks/visible.ts'
import { blameWords, causeWords, words } from '../wording.ts'
import { AtStart } from './at-start.tsx'
import { anchorOf, Evidence } from './evidence.tsx'
import { NoteItem } from './notes.tsx'
import { questionText } from './question-text.ts'
import { contestsOf, observationsOf, placeOf, queryOf, type DossierView } from './view.ts'

/** A finding: verdict, claim and machine on one line; below, what was expected and observed, how, and the evidence. */
export function FindingView({ placed, view }: { placed: PlacedFinding; view: DossierView }) {
  const { say } = usePage()
  const { finding } = placed
  const { dossier, choice, reader } = view
  const contests = reader === 'candidate' ? [] : contestsOf(view, placed)
  const contested = contests.some(({ withdrawnAt }) => withdrawnAt === null)
  const observations = observationsOf(view, placed.run)
  const first = finding.evidence.map((key) => observations?.get(key)).find((o) => o !== undefined)
  const change = view.changes.get(placeOf(placed))
  // What is as asked needs no reading; everything else is open, and so is what was looked for.
  const open =
    choice.detail !== 'folded' ||
    finding.verdict !== 'pass' ||
    finding.contradiction ||
    contested ||
    (choice.show === 'changed' && change?.kind === 'changed')
  return (
    <details class={`finding ${finding.verdict}`} open={open}>
      <summary>
        <VerdictMark verdict={finding.verdict} />
        <span class="claim">
          <Said text={say(finding.says)} limit={400} />
          {finding.cell && (
            <span class="quiet">
              {' '}
              (<Said text={say(finding.cell)} limit={200} />)
            </span>
          )}
        </span>
        <span class="where">
          <Said text={finding.target} limit={64} />
        </span>
      </summary>
      <dl>
        <Row term={say(words.expected)}>
          <Said text={say(finding.expected)} />
        </Row>
        <Row term={say(words.observed)}>
          <Said text={say(finding.observed)} />
        </Row>
        {change && (
          <Row term={say(juryWords.atStart)} kind={change.kind === 'changed' ? 'changed' : undefined}>
            <AtStart change={change} />
          </Row>
        )}
        {finding.contradiction && (
          <Row term={say(words.contradiction)} kind="contradiction">
            {say(words.contradictionMeans)}
          </Row>
        )}
        {finding.cause && (
          <Row term={say(words.notVerified)}>
            {say(causeWords[finding.cause])}
            {finding.blame && reader !== 'candidate' && <> – {say(blameWords[finding.blame])}</>}
          </Row>
        )}
        {finding.detail && (
          <Row term={say(words.detail)}>
            <Said text={finding.detail} limit={500} />
          </Row>
        )}
        <Row term={say(words.fromTo)}>
          <Place role={finding.from} dossier={dossier} /> → <Said text={finding.target} limit={64} />
          {finding.address && (
            <>
              {' '}
              (<Said text={finding.address} limit={100} />)
            </>
          )}
        </Row>
        <Row term={say(words.how)}>
          <How finding={finding} at={first?.outline.at ?? null} days={view.days} />
        </Row>
        <Row term={say(words.identity)}>
          {first?.outline.identity ? (
            <Said text={first.outline.identity} limit={200} />
          ) : (
            say(words.noIdentity)
          )}
        </Row>
        <Row term={say(words.byHand)}>
          <Said text={say(finding.byHand)} />
        </Row>
      </dl>
      {finding.evidence.map((key) => (
        <EvidenceOnce key={key} of={key} run={placed.run} view={view} />
      ))}
      {contests.length > 0 && (
        <ul class="notes">
          {contests.map((note) => (
            <NoteItem note={note} view={view} />
          ))}
        </ul>
      )}
      {reader === 'writes' && (
        <p class="contest">
          <a
            href={contestAddress(dossier.session.id, dossier.candidate, placed, queryOf(choice))}
            aria-label={`${say(juryWords.contest)} (${visible(say(finding.says)).slice(0, 120)})`}
          >
            {say(juryWords.contest)}
          </a>
        </p>
      )}
    </details>
  )
}

function Row({
  term,
  kind,
  children,
}: {
  term: string
  kind?: string | undefined
  children: ComponentChildren
}) {
  return (
    <div class={kind}>
      <dt>{term}</dt>
      <dd>{children}</dd>
    </div>
  )
}

function Place({ role, dossier }: { role: string; dossier: Dossier }) {
  const { say } = usePage()
  if (role === 'agent') return <>{say(words.agent)}</>
  const address = Object.hasOwn(dossier.run.facts.targets, role)
    ? dossier.run.facts.targets[role]?.address
    : undefined
  return (
    <>
      <Said text={role} limit={64} />
      {address && (
        <>
          {' '}
          (<Said text={address} limit={100} />)
        </>
      )}
    </>
  )
}

function How({ finding, at, days }: { finding: Finding; at: string | null; days: Map<string, string> }) {
  const { lang, timeZone } = usePage()
  return (
    <>
      <Said text={finding.transport} limit={32} />
      {at && `, ${dayOf(at, timeZone, lang, days)}, ${timeOfDay(at, timeZone, lang)}`}
      {`, ${lang === 'fr' ? 'en' : 'in'}\u00A0${duration(finding.ms, lang)}`}
      <span class="quiet">
        {' '}
        (<Said text={finding.check} limit={100} />)
      </span>
    </>
  )
}

/** The day of a moment; those of one minute are of one day, and writing one costs more than all the rest of the line. */
function dayOf(at: string, timeZone: string, lang: Lang, days: Map<string, string>): string {
  const minute = at.slice(0, 16)
  const known = days.get(minute)
  if (known !== undefined) return known
  const day = dayAndTime(at, timeZone, lang).split(', ')[0] ?? ''
  days.set(minute, day)
  return day
}

function EvidenceOnce({ of: key, run, view }: { of: string; run: string; view: DossierView }) {
  const { say } = usePage()
  const observation = observationsOf(view, run)?.get(key)
  if (!observation)
    return (
      <p class="quiet">
        {say(words.rawMissing)} <code>{key.slice(0, 12)}</code>
      </p>
    )
  // The same question has another answer in another run.
  const anchor = anchorOf(key, run === view.dossier.run.id ? null : run)
  if (view.shown.has(anchor))
    return (
      <p class="evidence-again">
        {say(words.rawAbove)}{' '}
        <a href={`#${anchor}`}>
          <code>
            {observation.probe ? (
              <Said text={questionText(observation.probe)} limit={120} />
            ) : (
              key.slice(0, 12)
            )}
          </code>
        </a>
      </p>
    )
  view.shown.add(anchor)
  return <Evidence view={view} run={run} anchor={anchor} observation={observation} />
}
