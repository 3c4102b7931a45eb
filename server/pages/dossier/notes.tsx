import { noteLength, type Note } from '../../store/notes.ts'
import { notesAddress, withdrawAddress } from '../addresses.ts'
import { Said, usePage } from '../context.tsx'
import { words as juryWords } from '../jury/wording.ts'
import { dayAndTime } from '../typography.ts'
import { queryOf, type DossierView } from './view.ts'

const kindWords = {
  private: juryWords.privateNote,
  shared: juryWords.sharedNote,
  contest: juryWords.contestNote,
}

/** What was written: who, when, and the text; struck through where its author took it back. */
export function NoteItem({ note, view }: { note: Note; view: DossierView }) {
  const { say, lang, timeZone } = usePage()
  const { dossier, choice, account, reader } = view
  const { withdrawnAt } = note
  return (
    <li class={`jury-note ${note.kind}`} id={`note-${note.id}`}>
      <p class="quiet">
        <Said text={note.authorName} limit={64} />, {dayAndTime(note.at, timeZone, lang)},{' '}
        {say(kindWords[note.kind])}
        {withdrawnAt !== null && (
          <>
            {', '}
            <strong>
              {say(juryWords.withdrawn)} {dayAndTime(withdrawnAt, timeZone, lang)}
            </strong>
          </>
        )}
      </p>
      <p class="text">
        {withdrawnAt === null ? (
          <Said text={note.text} limit={noteLength} />
        ) : (
          <del>
            <Said text={note.text} limit={noteLength} />
          </del>
        )}
      </p>
      {reader === 'writes' && note.author === account && withdrawnAt === null && (
        <form
          method="post"
          action={withdrawAddress(dossier.session.id, dossier.candidate, note.id, queryOf(choice))}
        >
          <button class="small">{say(juryWords.withdraw)}</button>
        </form>
      )}
    </li>
  )
}

/** Notes on a criterion, and where one more is written. */
export function CriterionNotes({ id, view }: { id: string; view: DossierView }) {
  const { say } = usePage()
  const { dossier, choice, reader } = view
  if (reader === 'candidate') return null
  const notes = view.notes.filter((note) => note.kind !== 'contest' && note.criterion === id)
  if (notes.length === 0 && reader !== 'writes') return null
  return (
    <div class="criterion-notes">
      {notes.length > 0 && (
        <ul class="notes" aria-label={`${say(juryWords.notes)}, ${id}`}>
          {notes.map((note) => (
            <NoteItem note={note} view={view} />
          ))}
        </ul>
      )}
      {reader === 'writes' && (
        <details class="write">
          <summary>
            {say(juryWords.noteOn)} {id}
          </summary>
          <form method="post" action={notesAddress(dossier.session.id, dossier.candidate, queryOf(choice))}>
            <NoteFields criterion={id} text="" />
          </form>
        </details>
      )}
    </div>
  )
}

/** The fields of a note on a criterion; also where it is asked again. */
export function NoteFields({
  criterion,
  text,
  problem,
}: {
  criterion: string
  text: string
  problem?: boolean
}) {
  const { say } = usePage()
  const field = `texte-${criterion}`
  return (
    <>
      <input type="hidden" name="criterion" value={criterion} />
      <label for={field}>
        {say(juryWords.noteText)} ({criterion})
      </label>
      <textarea
        id={field}
        name="text"
        rows={3}
        required
        maxLength={noteLength}
        aria-invalid={problem ? 'true' : undefined}
        aria-describedby={problem ? `${field}-problem` : undefined}
      >
        {text}
      </textarea>
      {problem && (
        <p id={`${field}-problem`} class="problem" role="alert">
          {say(juryWords.textMissing)}
        </p>
      )}
      <p class="buttons">
        <button class="small" name="kind" value="private">
          {say(juryWords.keepPrivate)}
        </button>{' '}
        <button class="small" name="kind" value="shared">
          {say(juryWords.share)}
        </button>
      </p>
    </>
  )
}
