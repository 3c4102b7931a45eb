import type { ComponentChildren } from 'preact'
import type { Finding } from '../../../checks/finding.ts'
import type { Dossier } from '../../store/store.ts'
import type { Detail } from '../addresses.ts'
import { Said, usePage } from '../context.tsx'
import { dayAndTime, duration, timeOfDay } from '../typography.ts'
import { VerdictMark } from '../verdict-mark.tsx'
import { blameWords, causeWords, words } from '../wording.ts'
import { anchorOf, Evidence } from './evidence.tsx'
import { questionText } from './question-text.ts'

/** What a finding needs of the page around it. */
export interface FindingContext {
  readonly dossier: Dossier
  readonly detail: Detail
  /** Keys of the observations that were shown so far: each is printed once. Filled while the page is drawn. */
  readonly shown: Set<string>
}

/** A finding: verdict, claim and machine on one line; below, what was expected and observed, how, and the evidence. */
export function FindingView({ finding, context }: { finding: Finding; context: FindingContext }) {
  const { say } = usePage()
  const { dossier, detail } = context
  // What is as asked needs no reading; everything else is open.
  const open = detail !== 'folded' || finding.verdict !== 'pass' || finding.contradiction
  const first = finding.evidence.map((key) => dossier.observations.get(key)).find((o) => o !== undefined)
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
        {finding.contradiction && (
          <Row term={say(words.contradiction)} kind="contradiction">
            {say(words.contradictionMeans)}
          </Row>
        )}
        {finding.cause && (
          <Row term={say(words.notVerified)}>
            {say(causeWords[finding.cause])}
            {finding.blame && <> – {say(blameWords[finding.blame])}</>}
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
          <How finding={finding} at={first?.outline.at ?? null} />
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
        <EvidenceOnce key={key} of={key} context={context} />
      ))}
    </details>
  )
}

function Row({ term, kind, children }: { term: string; kind?: string; children: ComponentChildren }) {
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

function How({ finding, at }: { finding: Finding; at: string | null }) {
  const { lang, timeZone } = usePage()
  return (
    <>
      <Said text={finding.transport} limit={32} />
      {at && `, ${dayAndTime(at, timeZone, lang).split(', ')[0]}, ${timeOfDay(at, timeZone, lang)}`}
      {`, ${lang === 'fr' ? 'en' : 'in'}\u00A0${duration(finding.ms, lang)}`}
      <span class="quiet">
        {' '}
        (<Said text={finding.check} limit={100} />)
      </span>
    </>
  )
}

function EvidenceOnce({ of: key, context }: { of: string; context: FindingContext }) {
  const { say } = usePage()
  const { dossier, shown, detail } = context
  const observation = dossier.observations.get(key)
  if (!observation)
    return (
      <p class="quiet">
        {say(words.rawMissing)} <code>{key.slice(0, 12)}</code>
      </p>
    )
  if (shown.has(key))
    return (
      <p class="evidence-again">
        {say(words.rawAbove)}{' '}
        <a href={`#${anchorOf(key)}`}>
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
  shown.add(key)
  return <Evidence dossier={dossier} observation={observation} unfolded={detail === 'raw'} />
}
