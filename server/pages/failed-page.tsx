import { usePage } from './context.tsx'
import { words } from './wording.ts'

/** The server met an error that is not the viewer's. */
export function FailedPage() {
  const { say } = usePage()
  return (
    <>
      <h1>{say(words.failed)}</h1>
      <p>{say(words.failedMeans)}</p>
      <p>
        <a href="/">{say(words.backToSessions)}</a>
      </p>
    </>
  )
}
