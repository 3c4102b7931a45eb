import type { ComponentChildren } from 'preact'
import { sessionAddress } from '../addresses.ts'
import { Said, usePage } from '../context.tsx'
import { timeShort } from '../typography.ts'
import { causeWords } from '../wording.ts'
import type { WatchedCandidate } from './watched.ts'
import { kindWords, words, workStateWords } from './wording.ts'

interface Props {
  readonly session: string
  readonly watched: WatchedCandidate
  readonly now: Date
  readonly named: boolean
  /** Whether the state of the session lets anything be done. */
  readonly open: boolean
  readonly running: boolean
}

/** What changes of a candidate's row while the page is open: one cell each, by name, so that a live page changes those only. */
export const liveCells = {
  identity: IdentityCell,
  clock: ClockCell,
  machines: MachinesCell,
  progress: ProgressCell,
  receipt: ReceiptCell,
} as const
export type LiveCell = keyof typeof liveCells

export function CandidateRow(props: Props) {
  const { say } = usePage()
  const { candidate } = props.watched
  return (
    <tr id={`row-${candidate.code}`}>
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
      {(Object.keys(liveCells) as LiveCell[]).map((name) => {
        const Cell = liveCells[name]
        return (
          <td id={`cell-${candidate.code}-${name}`} data-label={say(words[name])}>
            <Cell {...props} />
          </td>
        )
      })}
      <td data-label={say(words.actions)}>
        {props.open && (
          <a
            href={`${sessionAddress(props.session)}/watch/${encodeURIComponent(candidate.code)}`}
            aria-label={`${say(words.more)} ${candidate.code}`}
          >
            {say(words.actions)}
          </a>
        )}
      </td>
    </tr>
  )
}

function IdentityCell({ session, watched: { candidate }, open }: Props) {
  const { say } = usePage()
  if (candidate.absentAt !== null) return <strong>{say(words.absent)}</strong>
  if (candidate.identityAt !== null)
    return <span title={candidate.identityBy ?? ''}>✓ {say(words.identityChecked)}</span>
  return open ? (
    <PostButton
      action={`${sessionAddress(session)}/watch/${encodeURIComponent(candidate.code)}/identity`}
      label={`${say(words.check)} : ${candidate.code}`}
      fields={{ checked: 'yes' }}
    >
      {say(words.check)}
    </PostButton>
  ) : (
    <>–</>
  )
}

function ClockCell({ session, watched, now, open, running }: Props) {
  const { say, lang, timeZone } = usePage()
  const { candidate, clockEnd } = watched
  if (candidate.clockStartedAt === null || clockEnd === null)
    return open && running && candidate.absentAt === null ? (
      <PostButton
        action={`${sessionAddress(session)}/watch/clocks`}
        label={`${say(words.startClock)} : ${candidate.code}`}
        fields={{ candidate: candidate.code }}
      >
        {say(words.startClock)}
      </PostButton>
    ) : (
      <span class="quiet">{say(words.notStarted)}</span>
    )
  const seconds = Math.max(0, Math.round((clockEnd.getTime() - now.getTime()) / 1000))
  const added = Math.round(candidate.addedSeconds / 60)
  return (
    <>
      <strong class="clock" data-ends={clockEnd.toISOString()} data-ended={say(words.ended)}>
        {seconds === 0 ? say(words.ended) : remaining(seconds)}
      </strong>{' '}
      <span class="quiet">
        {say(words.ends)} {timeShort(clockEnd.toISOString(), timeZone, lang)}
        {candidate.extraMinutes > 0 && ` · +${candidate.extraMinutes} min ${say(words.extra)}`}
        {added !== 0 && ` · +${added} min ${say(words.given)}`}
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

function ProgressCell({ watched: { latest } }: Props) {
  const { say, lang } = usePage()
  if (!latest) return <span class="quiet">{say(words.nothingAsked)}</span>
  const { kind, state, asked, answered, silent, attempts, failure, cancelAt } = latest
  return (
    <>
      {say(kindWords[kind])} : <strong>{say(workStateWords[state])}</strong>
      {state === 'leased' && asked > 0 && (
        <>
          {' '}
          <progress value={answered} max={asked} aria-label={`${answered} ${say(words.of)} ${asked}`} />{' '}
          <span class="quiet">
            {answered} {say(words.of)} {asked} {say(words.questions)}
          </span>
        </>
      )}
      {state === 'leased' && cancelAt !== null && (
        <span class="quiet"> ({say(workStateWords.cancelled)}…)</span>
      )}
      {attempts > 1 && (
        <span class="quiet">
          {' '}
          ({say(words.again)} {attempts})
        </span>
      )}
      {silent.map(({ role, cause }) => (
        <div class="quiet">
          <Said text={role} limit={64} /> {say(words.silent)} : {say(causeWords[cause])}
        </div>
      ))}
      {failure && (
        <div>
          <Said text={failure[lang]} limit={500} />
        </div>
      )}
    </>
  )
}

function ReceiptCell({ watched: { receipts } }: Props) {
  const { say, lang, timeZone } = usePage()
  const last = receipts.at(-1)
  if (!last) return <span class="quiet">{say(words.none)}</span>
  return (
    <>
      {stageOf(last.stage, say)}
      {!last.complete && ` (${say(words.interrupted)})`}{' '}
      <span class="quiet">
        {timeShort(last.receivedAt, timeZone, lang)} · <code>{last.fingerprint.slice(0, 8)}</code>
      </span>
    </>
  )
}

export const stageOf = (stage: string | null, say: ReturnType<typeof usePage>['say']): string =>
  say(stage === 'start' || stage === 'end' || stage === 'again' ? kindWords[stage] : words.unstaged)

/** A form of one button. */
export function PostButton({
  action,
  label,
  fields,
  children,
}: {
  action: string
  label: string
  fields: Readonly<Record<string, string>>
  children: ComponentChildren
}) {
  return (
    <form method="post" action={action} class="inline">
      {Object.entries(fields).map(([name, value]) => (
        <input type="hidden" name={name} value={value} />
      ))}
      <button class="small" aria-label={label}>
        {children}
      </button>
    </form>
  )
}
