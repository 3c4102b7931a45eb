import { noteLength } from '../../store/notes.ts'
import type { Finding } from '../../../checks/finding.ts'
import { Said, usePage } from '../context.tsx'
import { NoteFields } from '../dossier/notes.tsx'
import { VerdictMark } from '../verdict-mark.tsx'
import { words as pageWords } from '../wording.ts'
import { words } from './wording.ts'

/** A note on a criterion that could not be kept, shown again with what was written. */
export function NotePage({
  action,
  back,
  criterion,
  label,
  text,
}: {
  action: string
  back: string
  criterion: string
  label: string
  text: string
}) {
  const { say } = usePage()
  return (
    <div class="dossier">
      <h1>
        {say(words.noteOn)} {criterion}
      </h1>
      <p lang="fr">{label}</p>
      <form method="post" action={action}>
        <NoteFields criterion={criterion} text={text} problem />
      </form>
      <p>
        <a href={back}>{say(pageWords.back)}</a>
      </p>
    </div>
  )
}

/** Where a finding is contested, with its reason. */
export function ContestPage({
  action,
  back,
  finding,
  text,
  problem,
}: {
  action: string
  back: string
  finding: Finding
  text: string
  problem: boolean
}) {
  const { say } = usePage()
  return (
    <div class="dossier">
      <h1>{say(words.contest)}</h1>
      <p>
        <VerdictMark verdict={finding.verdict} /> <Said text={say(finding.says)} limit={400} /> (
        <Said text={finding.target} limit={64} />)
      </p>
      <dl>
        <div>
          <dt>{say(pageWords.expected)}</dt>
          <dd>
            <Said text={say(finding.expected)} />
          </dd>
        </div>
        <div>
          <dt>{say(pageWords.observed)}</dt>
          <dd>
            <Said text={say(finding.observed)} />
          </dd>
        </div>
      </dl>
      <p class="note">{say(words.contestMeans)}</p>
      <form method="post" action={action}>
        <label for="text">{say(words.reason)}</label>
        <textarea
          id="text"
          name="text"
          rows={5}
          required
          maxLength={noteLength}
          aria-invalid={problem ? 'true' : undefined}
          aria-describedby={problem ? 'text-hint text-problem' : 'text-hint'}
        >
          {text}
        </textarea>
        <small id="text-hint" class="hint">
          {say(words.textHint)}
        </small>
        {problem && (
          <p id="text-problem" class="problem" role="alert">
            {say(words.textMissing)}
          </p>
        )}
        <button>{say(words.contest)}</button>
      </form>
      <p>
        <a href={back}>{say(pageWords.back)}</a>
      </p>
    </div>
  )
}
