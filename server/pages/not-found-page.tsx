import { usePage } from './context.tsx'
import { words } from './wording.ts'

export function NotFoundPage() {
  const { say } = usePage()
  return (
    <>
      <h1>{say(words.notFound)}</h1>
      <p>{say(words.notFoundMeans)}</p>
      <p>
        <a href="/">{say(words.sessions)}</a>
      </p>
    </>
  )
}
