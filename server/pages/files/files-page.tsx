import type { Text } from '../../../checks/text.ts'
import type { LivingSession } from '../../store/session-life.ts'
import { sessionAddress } from '../addresses.ts'
import { Said, usePage } from '../context.tsx'
import { words } from './wording.ts'

/** One file that can be had, in the order in which they are listed. */
export interface Listed {
  readonly path: string
  readonly label: Text
  readonly means: Text
}

interface Props {
  readonly session: LivingSession
  readonly files: readonly Listed[]
  /** Codes whose dossier the viewer may have; null where he may have none. */
  readonly dossiers: readonly string[] | null
}

/** Everything that the viewer may download of a session, in its present state. */
export function FilesPage({ session, files, dossiers }: Props) {
  const { say } = usePage()
  const base = `${sessionAddress(session.id)}/files`
  return (
    <>
      <h1>{say(words.files)}</h1>
      <p>
        <Said text={session.title} limit={200} />
      </p>
      <p class="quiet">{say(words.means)}</p>
      <h2>{say(words.sessionPapers)}</h2>
      <ul class="destinations">
        {files.map(({ path, label, means }) => (
          <li>
            <a href={`${base}/${path}`}>{say(label)}</a> <span class="quiet">{say(means)}</span>
          </li>
        ))}
      </ul>
      {dossiers !== null && (
        <>
          <h2>{say(words.dossiers)}</h2>
          {dossiers.length === 0 ? (
            <p>{say(words.none)}</p>
          ) : (
            <ul class="destinations">
              {dossiers.map((code) => (
                <li>
                  <a href={`${base}/candidates/${encodeURIComponent(code)}/dossier.pdf`}>
                    {say(words.dossierOf)} <Said text={code} limit={64} /> (PDF)
                  </a>
                </li>
              ))}
            </ul>
          )}
        </>
      )}
    </>
  )
}
