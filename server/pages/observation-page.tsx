import type { KeptObservation } from '../store/store.ts'
import { observationFileAddress } from './addresses.ts'
import { Said, Segments, usePage } from './context.tsx'
import { answerParts } from './dossier/answer-text.ts'
import { questionText } from './dossier/question-text.ts'
import { bytes, dayAndTime, duration } from './typography.ts'
import { blameWords, causeWords, words } from './wording.ts'

/** What a page holds of one answer; the whole of it is in the API's JSON. */
const pageCharacters = 131_072

/** One observation, whole as far as a page can hold it: the question, who answered, when, and the raw answer. */
export function ObservationPage({
  run,
  observation,
  back,
  candidate,
}: {
  run: string
  observation: KeptObservation
  back: string
  /** Whether the candidate himself reads it: without whom a failure points at, and without the API's file. */
  candidate: boolean
}) {
  const { say, lang, timeZone } = usePage()
  const { key, probe, outline, answer, answerBytes } = observation
  let left = pageCharacters
  const parts = (answer ? answerParts(answer) : []).map((part) => {
    const text = part.text.slice(0, left)
    left -= text.length
    return { ...part, text, cut: text.length < part.text.length }
  })
  return (
    <div class="dossier">
      <h1>{say(words.raw)}</h1>
      <p>
        <a href={back}>{say(words.back)}</a>
      </p>
      <section class="annex" aria-label={say(words.asker)}>
        <dl>
          <div>
            <dt>{say(words.asker)}</dt>
            <dd>
              <code>{probe && <Said text={questionText(probe)} limit={8000} />}</code>
            </dd>
          </div>
          <div>
            <dt>{say(words.fromTo)}</dt>
            <dd>
              {probe?.from === 'agent' ? say(words.agent) : <Said text={probe?.from ?? '–'} limit={64} />} →{' '}
              <Said text={probe?.to ?? '–'} limit={64} /> (<Said text={outline.address} limit={200} />)
            </dd>
          </div>
          <div>
            <dt>{say(words.how)}</dt>
            <dd>
              <Said text={outline.transport} limit={32} />, {dayAndTime(outline.at, timeZone, lang)},{' '}
              {duration(outline.ms, lang)}
            </dd>
          </div>
          <div>
            <dt>{say(words.identity)}</dt>
            <dd>{outline.identity ? <Said text={outline.identity} limit={200} /> : say(words.noIdentity)}</dd>
          </div>
        </dl>
      </section>
      <section class="evidence" aria-label={say(words.result)}>
        {outline.failure && (
          <p>
            {say(words.failure)} {say(causeWords[outline.failure.cause])}
            {!candidate && `, ${say(blameWords[outline.failure.blame])}`}.{' '}
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
        {parts.some((part) => part.cut) && (
          <p>
            {say(words.tooLong)}{' '}
            {candidate ? (
              bytes(answerBytes, lang)
            ) : (
              <a href={observationFileAddress(run, key)}>{bytes(answerBytes, lang)}</a>
            )}
            .
          </p>
        )}
      </section>
    </div>
  )
}
