import { diagnosticLine, type Diagnostic } from '../../../checks/document.ts'
import type { Text } from '../../../checks/text.ts'
import type { Launch } from '../../store/session-life.ts'
import { sessionAddress } from '../addresses.ts'
import { Said, usePage } from '../context.tsx'
import { FormField } from '../form-field.tsx'
import { typeset } from '../typography.ts'
import type { FormProblems } from './session-form.ts'
import { formWords, words } from './wording.ts'

interface Props {
  readonly launch: Launch
  readonly problems: FormProblems
  /** All that is wrong with the files, each mistake at its place. */
  readonly diagnostics: readonly Diagnostic[]
}

/** A session prepared from its files, and all that was wrong with the last ones. */
export function NewSessionPage({ launch, problems, diagnostics }: Props) {
  const { say } = usePage()
  return (
    <>
      <h1>{say(words.prepareNew)}</h1>
      <p class="quiet">{say(formWords.means)}</p>
      {problems.form && (
        <p class="problem" role="alert">
          {say(problems.form)}
        </p>
      )}
      {diagnostics.length > 0 && (
        <section aria-labelledby="mistakes">
          <p id="mistakes" class="problem" role="alert">
            {say(formWords.mistakes)}
          </p>
          <Diagnostics items={diagnostics} />
        </section>
      )}
      <form method="post" action="/sessions/new" enctype="multipart/form-data" class="narrow">
        <FormField
          name="exam"
          label={formWords.exam}
          type="file"
          accept=".yaml,.yml"
          problem={problems.exam}
        />
        <FormField
          name="session"
          label={formWords.session}
          type="file"
          accept=".yaml,.yml"
          problem={problems.session}
        />
        <FormField
          name="candidates"
          label={formWords.csv}
          hint={formWords.csvHint}
          type="file"
          accept=".csv,.txt"
          required={false}
          problem={problems.candidates}
        />
        <FormField
          name="authorities"
          label={formWords.authorities}
          type="file"
          accept=".pem,.crt,.cer"
          required={false}
          multiple
          problem={problems.authorities}
        />
        <fieldset>
          <legend>{say(words.launch)}</legend>
          {(['hand', 'clock'] as const).map((choice) => (
            <label>
              <input type="radio" name="launch" value={choice} checked={launch === choice} />{' '}
              {say(choice === 'hand' ? words.byHand : words.byClock)}
            </label>
          ))}
        </fieldset>
        <button>{say(formWords.send)}</button>
      </form>
    </>
  )
}

/** A session that is prepared although something in its files is worth a look. */
export function PreparedPage({
  id,
  diagnostics,
  warnings,
}: {
  id: string
  diagnostics: readonly Diagnostic[]
  warnings: readonly Text[]
}) {
  const { say, lang } = usePage()
  return (
    <>
      <h1>{say(formWords.prepared)}</h1>
      <p role="status">{say(formWords.preparedMeans)}</p>
      {warnings.length > 0 && (
        <ul>
          {warnings.map((warning) => (
            <li>
              <Said text={typeset(warning[lang], lang)} limit={500} />
            </li>
          ))}
        </ul>
      )}
      {diagnostics.length > 0 && <Diagnostics items={diagnostics} />}
      <p>
        <a href={sessionAddress(id)}>{say(formWords.toSession)}</a>
      </p>
    </>
  )
}

const shownAtMost = 200

function Diagnostics({ items }: { items: readonly Diagnostic[] }) {
  const { say, lang } = usePage()
  return (
    <>
      <table class="list diagnostics">
        <thead>
          <tr>
            <th scope="col">{say(formWords.place)}</th>
            <th scope="col">{say(formWords.message)}</th>
          </tr>
        </thead>
        <tbody>
          {items.slice(0, shownAtMost).map((item) => (
            <tr key={diagnosticLine(item, lang)}>
              <th scope="row">
                <Said text={item.file} limit={200} />
                <br />
                <span class="quiet">
                  {say(formWords.line)} {item.line}, {say(formWords.column)} {item.column}
                </span>
              </th>
              <td>
                {item.severity === 'note' && <strong>{say(formWords.note)} </strong>}
                <Said text={typeset(item.message[lang], lang)} limit={1000} />
              </td>
            </tr>
          ))}
        </tbody>
      </table>
      {items.length > shownAtMost && <p>{say(formWords.more)}</p>}
    </>
  )
}
