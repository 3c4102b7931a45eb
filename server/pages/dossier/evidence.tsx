import type { KeptObservation } from '../../store/store.ts'
import { observationAddress } from '../addresses.ts'
import { Said, Segments, usePage } from '../context.tsx'
import { bytes } from '../typography.ts'
import { blameWords, causeWords, words } from '../wording.ts'
import { answerParts } from './answer-text.ts'
import { questionText } from './question-text.ts'
import type { DossierView } from './view.ts'

/** How much of one part of an answer a dossier shows; the rest is on the observation's own page. */
const excerptCharacters = 4000
const excerptLines = 60

/** Anchor of an observation in a dossier, at the place where it is first shown. */
export const anchorOf = (key: string, otherRun: string | null): string =>
  `releve-${key.slice(0, 16)}${otherRun === null ? '' : `-${otherRun}`}`

/** One observation, folded: the question as its title, the raw answer inside. */
export function Evidence({
  view,
  run,
  anchor,
  observation,
}: {
  view: DossierView
  run: string
  anchor: string
  observation: KeptObservation
}) {
  const { say, lang } = usePage()
  const { dossier, choice, reader } = view
  const { key, probe, outline, answer, answerBytes } = observation
  const whole = observationAddress(dossier.session.id, dossier.candidate, run, key)
  const parts = answer ? answerParts(answer).map((part) => ({ ...part, ...excerpt(part.text) })) : []
  return (
    <details class="evidence" id={anchor} open={choice.detail === 'raw'}>
      <summary>
        {say(words.raw)} <code>{probe && <Said text={questionText(probe)} limit={300} />}</code>
      </summary>
      {outline.failure && (
        <p>
          {say(words.failure)} {say(causeWords[outline.failure.cause])}
          {reader !== 'candidate' && `, ${say(blameWords[outline.failure.blame])}`}.{' '}
          <Said text={outline.failure.detail} />
        </p>
      )}
      {parts.map((part) => (
        <figure>
          <figcaption>{part.name}</figcaption>
          <pre>
            <Segments text={part.text} />
          </pre>
        </figure>
      ))}
      {outline.truncated && <p class="quiet">{say(words.truncatedByAgent)}</p>}
      {answer === null && answerBytes > 0 && (
        <p>
          {say(words.rawLong)} {bytes(answerBytes, lang)}, <a href={whole}>{say(words.open)}</a>.
        </p>
      )}
      {parts.some((part) => part.cut) && (
        <p>
          {say(words.rawCut)} {bytes(answerBytes, lang)}, <a href={whole}>{say(words.open)}</a>.
        </p>
      )}
    </details>
  )
}

function excerpt(text: string): { text: string; cut: boolean } {
  let end = Math.min(text.length, excerptCharacters)
  let at = -1
  for (let line = 0; line < excerptLines; line++) {
    at = text.indexOf('\n', at + 1)
    if (at === -1 || at >= end) return { text: text.slice(0, end), cut: end < text.length }
  }
  end = at
  return { text: text.slice(0, end), cut: end < text.length - 1 }
}
