import { Said, usePage } from '../context.tsx'
import { typeset } from '../typography.ts'
import { VerdictMark } from '../verdict-mark.tsx'
import { words } from '../wording.ts'
import { dossierAddress } from '../addresses.ts'
import { words as juryWords } from '../jury/wording.ts'
import { dayAndTime } from '../typography.ts'
import { AtStart } from './at-start.tsx'
import { FindingView } from './finding.tsx'
import { withoutCheck, type DemandView } from './outline.ts'
import { ReadMarks } from './read-marks.tsx'
import { demandAnchor, type DossierView } from './view.ts'

/** A demand as printed once: what was asked, its verdict, its findings, the question for the interview. */
export function DemandArticle({
  view: demandView,
  place,
  context,
}: {
  view: DemandView
  place: string | null
  context: DossierView
}) {
  const { say } = usePage()
  const { demand, result, alternatives } = demandView
  const others = demand.criteria.filter((id) => id !== place)
  const found = alternatives.some((findings) => findings.length > 0)
  const gone = context.choice.show === undefined ? (context.gone.get(demand.id) ?? []) : []
  return (
    <article class="demand" id={demandAnchor(demandView, context)}>
      <header>
        <h4>
          <span class="id">
            {say(words.demand)} <Said text={demand.id} limit={64} />
          </span>
          {result && <VerdictMark verdict={result.verdict} />}
        </h4>
        <p class="asked" lang="fr">
          <Said text={typeset(demand.text, 'fr')} limit={4000} />
        </p>
        {others.length > 0 && (
          <p class="quiet">
            {say(words.alsoUnder)} <Said text={others.join(', ')} limit={200} />
          </p>
        )}
      </header>
      <AskedAgain view={demandView} context={context} />
      {!found && <p>{say(withoutCheck(demandView) ? juryWords.noCheck : words.noFinding)}</p>}
      {alternatives.map((findings, index) => (
        <>
          {alternatives.length > 1 && (findings.length > 0 || context.choice.show === undefined) && (
            <h5>
              {say(words.alternative)} {index + 1}
              {result?.alternative === index && ` (${say(words.matched)})`}
            </h5>
          )}
          {findings.map((placed) => (
            <FindingView placed={placed} view={context} />
          ))}
        </>
      ))}
      {gone.map((change) => (
        <p class="note">
          {say(juryWords.startOnlyFinding)}
          {say(colon)} <Said text={change.start ? say(change.start.says) : ''} limit={400} /> –{' '}
          <AtStart change={change} />
        </p>
      ))}
      {demand.question !== null && (
        <div class="question">
          <strong>{say(words.question)}</strong>
          <p lang="fr">
            <Said text={typeset(demand.question, 'fr')} limit={2000} />
          </p>
        </div>
      )}
      {context.reader !== 'candidate' && <ReadMarks view={demandView} context={context} />}
    </article>
  )
}

const colon = { fr: '\u202F:', en: ':' }

/** That another run is where these findings come from, or was in vain. */
function AskedAgain({ view, context: { dossier } }: { view: DemandView; context: DossierView }) {
  const { say, lang, timeZone } = usePage()
  const link = (run: string, text: string) => (
    <a href={dossierAddress(dossier.session.id, dossier.candidate, { run })}>{text}</a>
  )
  return (
    <>
      {view.again && (
        <p class="note again">
          <strong>{say(juryWords.askedAgain)}</strong>, {dayAndTime(view.at, timeZone, lang)}
          {say(colon)} {say(juryWords.askedAgainMeans)} {link(view.run, say(juryWords.thisRun))}.
        </p>
      )}
      {view.inVain.length > 0 && (
        <p class="note again">
          {say(juryWords.inVain)}{' '}
          {view.inVain.map(({ run, at }, index) => (
            <>
              {index > 0 && ', '}
              {link(run, dayAndTime(at, timeZone, lang))}
            </>
          ))}
          .
        </p>
      )}
    </>
  )
}

/** The same demand under another criterion: its verdict, and where it is printed. */
export function DemandReference({ view, context }: { view: DemandView; context: DossierView }) {
  const { say } = usePage()
  const { demand, result, printedUnder } = view
  return (
    <p class="reference">
      {result && <VerdictMark verdict={result.verdict} />}
      <span lang="fr" class="claim">
        <Said text={typeset(demand.text, 'fr')} limit={200} />
      </span>
      <a href={`#${demandAnchor(view, context)}`}>
        {say(words.printedUnder)} {printedUnder}
        <span class="unseen">
          {' '}
          (<Said text={demand.id} limit={64} />)
        </span>
      </a>
    </p>
  )
}
