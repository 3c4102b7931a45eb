import type { Diagnostic } from '../../../checks/document.ts'
import type { Text } from '../../../checks/text.ts'
import { Said, usePage } from '../context.tsx'
import { FormField } from '../form-field.tsx'
import { words } from './wording.ts'

/** A session prepared from its files, and all that was wrong with the last ones. */
export function NewSessionPage({
  problem,
  diagnostics,
}: {
  problem: Text | null
  diagnostics: readonly Diagnostic[]
}) {
  const { say } = usePage()
  return (
    <>
      <h1>{say(words.prepareNew)}</h1>
      <p class="quiet">{say(words.uploadMeans)}</p>
      {problem && (
        <p class="problem" role="alert">
          {say(problem)}
        </p>
      )}
      {diagnostics.length > 0 && (
        <section role="alert">
          <p>
            <strong>{say(words.mistakes)}</strong>
          </p>
          <table class="list">
            <thead>
              <tr>
                <th scope="col">{say(words.file)}</th>
                <th scope="col">{say(words.place)}</th>
                <th scope="col">{say(words.message)}</th>
              </tr>
            </thead>
            <tbody>
              {diagnostics.slice(0, 200).map(({ file, line, column, message }) => (
                <tr>
                  <td>
                    <Said text={file} limit={200} />
                  </td>
                  <td>{`${line}:${column}`}</td>
                  <td>
                    <Said text={say(message)} limit={1000} />
                  </td>
                </tr>
              ))}
            </tbody>
          </table>
        </section>
      )}
      <form method="post" action="/sessions/new" enctype="multipart/form-data" class="narrow">
        <FormField name="exam" label={words.examFile} type="file" accept=".yaml,.yml" />
        <FormField name="session" label={words.sessionFile} type="file" accept=".yaml,.yml" />
        <FormField
          name="candidates"
          label={words.csvFile}
          hint={words.csvHint}
          type="file"
          accept=".csv,.txt"
          required={false}
        />
        <FormField
          name="authorities"
          label={words.caFiles}
          type="file"
          accept=".pem,.crt"
          required={false}
          multiple
        />
        <fieldset>
          <legend>{say(words.launch)}</legend>
          <label>
            <input type="radio" name="launch" value="hand" checked /> {say(words.byHand)}
          </label>
          <label>
            <input type="radio" name="launch" value="clock" /> {say(words.byClock)}
          </label>
        </fieldset>
        <button>{say(words.send)}</button>
      </form>
    </>
  )
}
