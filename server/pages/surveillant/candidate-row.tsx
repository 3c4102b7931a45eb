import type { ComponentChildren } from 'preact'
import type { Text } from '../../../checks/text.ts'
import type { Work } from '../../store/work-queue.ts'
import { sessionAddress } from '../addresses.ts'
import { Said, usePage } from '../context.tsx'
import { timeShort } from '../typography.ts'
import { visible } from '../../../checks/visible.ts'
import { causeWords } from '../wording.ts'
import { minutesChanged } from './incidents.tsx'
import type { WatchedCandidate } from './watched.ts'
import { kindWords, stageShortWords, words, workStateWords } from './wording.ts'

const nbsp = '\u00A0'

interface Props {
  readonly session: string
  readonly watched: WatchedCandidate
  readonly now: Date
  readonly named: boolean
  /** Whether the state of the session lets anything be done. */
  readonly open: boolean
  readonly running: boolean
  /** Whether the page makes clocks tick: what is left is then put in there, and what is sent changes only when the clock does. */
  readonly ticking?: boolean
}

/** What changes of a candidate's row while the page is open: one cell each, by name, so that a live page changes those only. */
export const liveCells = {
  identity: IdentityCell,
  clock: ClockCell,
  machines: MachinesCell,
  progress: ProgressCell,
  receipt: ReceiptCell,
  actions: ActionsCell,
} as const
export type LiveCell = keyof typeof liveCells
export const cellNames = Object.keys(liveCells) as LiveCell[]

export const cellId = (code: string, name: LiveCell): string => `cell-${code}-${name}`
export const rowId = (code: string): string => `row-${code}`

export function CandidateRow(props: Props) {
  const { say } = usePage()
  const { candidate } = props.watched
  return (
    <tr id={rowId(candidate.code)} data-code={candidate.code} tabIndex={-1}>
      <th scope="row">
        {candidate.code}
        {props.named && candidate.name !== null && (
          <span class="quiet">
            {' '}
            <Said text={candidate.name} limit={80} />
          </span>
        )}
      </th>
      <td data-label={say(words.seat)}>
        {candidate.seat === null ? '–' : <Said text={candidate.seat} limit={32} />}
      </td>
      {cellNames.map((name) => {
        const Cell = liveCells[name]
        return (
          <td id={cellId(candidate.code, name)} data-label={say(words[name])}>
            <Cell {...props} />
          </td>
        )
      })}
    </tr>
  )
}

/** The addresses at which something is done for a candidate. */
export const actsOf = (session: string, code: string) => {
  const room = `${sessionAddress(session)}/watch`
  return { room, own: `${room}/${encodeURIComponent(code)}` }
}

function IdentityCell({ session, watched: { candidate }, open }: Props) {
  const { say } = usePage()
  const { code, absentAt, identityAt, identityBy } = candidate
  const { own } = actsOf(session, code)
  const button = (act: 'identity' | 'presence', value: Record<string, string>, label: Text, kind?: string) =>
    open && (
      <PostButton action={`${own}/${act}`} label={`${say(label)} – ${code}`} fields={value} kind={kind}>
        {say(label)}
      </PostButton>
    )
  if (absentAt !== null)
    return (
      <>
        <strong>{say(words.absent)}</strong>{' '}
        {button('presence', { absent: 'no' }, words.markPresent, 'plain')}
      </>
    )
  if (identityAt !== null)
    return (
      <>
        <span title={identityBy === null ? '' : visible(identityBy)}>✓ {say(words.identityChecked)}</span>{' '}
        {button('identity', { checked: 'no' }, words.undo, 'plain')}
      </>
    )
  return open ? (
    <>
      {button('identity', { checked: 'yes' }, words.check)}{' '}
      {button('presence', { absent: 'yes' }, words.markAbsent)}
    </>
  ) : (
    <>–</>
  )
}

function ClockCell({ session, watched, now, open, running, ticking }: Props) {
  const { say, lang, timeZone } = usePage()
  const { candidate, clockEnd } = watched
  if (candidate.clockStartedAt === null || clockEnd === null)
    return open && running && candidate.absentAt === null && candidate.clockStartedAt === null ? (
      <PostButton
        action={`${actsOf(session, candidate.code).room}/clocks`}
        label={`${say(words.startClock)} – ${candidate.code}`}
        fields={{ candidate: candidate.code }}
      >
        {say(words.startClock)}
      </PostButton>
    ) : (
      <span class="quiet">
        {candidate.clockStartedAt === null
          ? say(words.notStarted)
          : `${say(words.startedAt)} ${timeShort(candidate.clockStartedAt, timeZone, lang)}`}
      </span>
    )
  const seconds = Math.max(0, Math.round((clockEnd.getTime() - now.getTime()) / 1000))
  const { addedSeconds, extraMinutes } = candidate
  return (
    <>
      <strong class="clock" data-ends={clockEnd.toISOString()} data-ended={say(words.ended)}>
        {!ticking && (seconds === 0 ? say(words.ended) : remaining(seconds))}
      </strong>{' '}
      <span class="quiet">
        {say(words.ends)} {timeShort(clockEnd.toISOString(), timeZone, lang)}
        {extraMinutes > 0 && (
          <abbr title={`${say(words.extra)} : ${extraMinutes} min`}>
            {' '}
            +{extraMinutes}
            {nbsp}min
          </abbr>
        )}
        {addedSeconds !== 0 && <abbr title={say(words.given)}> {minutesChanged(addedSeconds)}</abbr>}
      </span>
    </>
  )
}

/** `1:02:07`: hours, minutes, seconds left. */
export const remaining = (seconds: number): string =>
  [Math.floor(seconds / 3600), Math.floor(seconds / 60) % 60, seconds % 60]
    .map((part, i) => (i === 0 ? String(part) : String(part).padStart(2, '0')))
    .join(':')

function MachinesCell({ watched: { ways } }: Props) {
  const { say } = usePage()
  if (ways.length === 0) return <span class="quiet">{say(words.notTried)}</span>
  const failing = ways.filter(({ worked }) => !worked)
  if (failing.length === 0) return <>{say(words.allReachable)}</>
  return (
    <ul class="plain-list">
      {failing.map(({ role, way, cause }) => (
        <li>
          <Said text={role} limit={64} /> <span class="quiet">({way})</span>{' '}
          {cause === null ? '' : say(causeWords[cause])}
        </li>
      ))}
    </ul>
  )
}

function ProgressCell({ watched: { shown } }: Props) {
  const { say } = usePage()
  if (shown.length === 0) return <span class="quiet">{say(words.nothingAsked)}</span>
  return (
    <>
      {shown.map((work) => (
        <WorkProgress work={work} />
      ))}
    </>
  )
}

function WorkProgress({ work }: { work: Work }) {
  const { say, lang } = usePage()
  const { kind, state, asked, answered, silent, attempts, failure, cancelAt } = work
  const running = state === 'leased'
  return (
    <div>
      <span class="line">
        {/* What is announced when it changes; counts aren't. */}
        <span class="phase">
          {say(kindWords[kind])}
          {lang === 'fr' ? '\u202F: ' : ': '}
          <strong>{say(running && cancelAt !== null ? words.cancelling : workStateWords[state])}</strong>
        </span>
        {running && asked > 0 && (
          <>
            {' '}
            <progress
              value={answered}
              max={asked}
              aria-label={`${answered} ${say(words.of)} ${asked}`}
            />{' '}
            <span class="quiet">
              {answered}/{asked}
            </span>
          </>
        )}
        {attempts > 1 && (
          <span class="quiet">
            {' '}
            ({say(words.again)} {attempts})
          </span>
        )}
      </span>
      {silent.map(({ role, cause }) => (
        <div class="quiet">
          <Said text={role} limit={64} /> {say(words.silent)}
          {lang === 'fr' ? '\u202F: ' : ': '}
          {say(causeWords[cause])}
        </div>
      ))}
      {failure && (
        <div>
          <Said text={failure[lang]} limit={500} />
        </div>
      )}
    </div>
  )
}

function ReceiptCell({ watched: { receipts } }: Props) {
  const { say, lang, timeZone } = usePage()
  const last = receipts.at(-1)
  if (!last) return <span class="quiet">{say(words.none)}</span>
  const stage = last.stage as keyof typeof stageShortWords | null
  return (
    <>
      {say(stage === null ? words.unstaged : stageShortWords[stage])}
      {!last.complete && ` (${say(words.interrupted)})`}{' '}
      <span class="quiet">
        {timeShort(last.receivedAt, timeZone, lang)}{' '}
        <code title={`${say(words.fingerprint)} ${last.fingerprint}`}>{last.fingerprint.slice(0, 8)}</code>
      </span>
    </>
  )
}

function ActionsCell({ session, watched: { candidate }, open }: Props) {
  const { say } = usePage()
  return open ? (
    <a href={actsOf(session, candidate.code).own} aria-label={`${say(words.more)} ${candidate.code}`}>
      {say(words.actions)}
    </a>
  ) : (
    <>–</>
  )
}

export const stageOf = (stage: string | null, say: ReturnType<typeof usePage>['say']): string =>
  say(stage === 'start' || stage === 'end' || stage === 'again' ? kindWords[stage] : words.unstaged)

/** A form of one button. */
export function PostButton({
  action,
  label,
  fields,
  kind = 'small',
  children,
}: {
  action: string
  /** What it does where there are several alike; else what it shows. */
  label?: string | undefined
  fields: Readonly<Record<string, string>>
  kind?: string | undefined
  children: ComponentChildren
}) {
  return (
    <form method="post" action={action} class="inline">
      {Object.entries(fields).map(([name, value]) => (
        <input type="hidden" name={name} value={value} />
      ))}
      <button class={kind} aria-label={label}>
        {children}
      </button>
    </form>
  )
}
