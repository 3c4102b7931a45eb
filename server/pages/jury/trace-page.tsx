import type { ComponentChildren } from 'preact'
import type { TraceSummary } from '../../store/session-life.ts'
import { dossierAddress, traceAddress, traceFileAddress } from '../addresses.ts'
import { Said, usePage } from '../context.tsx'
import { words } from './wording.ts'

/** A dossier with the candidate's own document beside it; the document is framed, and in a sandbox of its own. */
export function TracePage({
  session,
  candidate,
  run,
  traces,
  shown,
  children,
}: {
  session: string
  candidate: string
  run: string | undefined
  traces: readonly TraceSummary[]
  shown: TraceSummary
  /** The dossier. */
  children: ComponentChildren
}) {
  const { say } = usePage()
  const file = traceFileAddress(session, candidate, shown.sha256)
  const others = traces.filter(({ sha256 }) => sha256 !== shown.sha256)
  return (
    <div class="beside">
      <section class="document" aria-labelledby="document">
        <h2 id="document">
          {say(words.trace)} <Said text={candidate} limit={64} />
        </h2>
        <p>
          <Said text={shown.name} limit={120} /> ·{' '}
          <a href={file} download={`${candidate}.pdf`}>
            {say(words.download)}
          </a>{' '}
          · <a href={dossierAddress(session, candidate, { run })}>{say(words.backToDossier)}</a>
        </p>
        {others.length > 0 && (
          <p>
            {say(words.tooManyOthers)}
            {say({ fr: '\u202F: ', en: ': ' })}
            {others.map(({ name, sha256 }, index) => (
              <>
                {index > 0 && ', '}
                <a href={traceAddress(session, candidate, { run, document: sha256 })}>
                  <Said text={name} limit={80} />
                </a>
              </>
            ))}
          </p>
        )}
        <iframe src={file} title={`${say(words.trace)} ${candidate}`} />
        <p class="quiet">{say(words.notShown)}</p>
      </section>
      {children}
    </div>
  )
}
