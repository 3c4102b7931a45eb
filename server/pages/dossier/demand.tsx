import { Said, usePage } from '../context.tsx'
import { typeset } from '../typography.ts'
import { VerdictMark } from '../verdict-mark.tsx'
import { words } from '../wording.ts'
import { FindingView, type FindingContext } from './finding.tsx'
import type { DemandView } from './outline.ts'

/** Anchor of a demand: its position, because an id of the paper may hold anything. */
const anchorOf = (view: DemandView, context: FindingContext): string =>
  `demande-${context.dossier.run.exam.demands.indexOf(view.demand) + 1}`

/** A demand as printed once: what was asked, its verdict, its findings, the question for the interview. */
export function DemandArticle({
  view,
  place,
  context,
}: {
  view: DemandView
  place: string | null
  context: FindingContext
}) {
  const { say } = usePage()
  const { demand, result, alternatives } = view
  const others = demand.criteria.filter((id) => id !== place)
  const found = alternatives.some((findings) => findings.length > 0)
  return (
    <article class="demand" id={anchorOf(view, context)}>
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
      {!found && <p>{say(words.noFinding)}</p>}
      {alternatives.map((findings, index) => (
        <>
          {alternatives.length > 1 && (
            <h5>
              {say(words.alternative)} {index + 1}
              {result?.alternative === index && ` (${say(words.matched)})`}
            </h5>
          )}
          {findings.map((finding) => (
            <FindingView finding={finding} context={context} />
          ))}
        </>
      ))}
      {demand.question !== null && (
        <div class="question">
          <strong>{say(words.question)}</strong>
          <p lang="fr">
            <Said text={typeset(demand.question, 'fr')} limit={2000} />
          </p>
        </div>
      )}
    </article>
  )
}

/** The same demand under another criterion: its verdict, and where it is printed. */
export function DemandReference({ view, context }: { view: DemandView; context: FindingContext }) {
  const { say } = usePage()
  const { demand, result, printedUnder } = view
  return (
    <p class="reference">
      {result && <VerdictMark verdict={result.verdict} />}
      <span lang="fr" class="claim">
        <Said text={typeset(demand.text, 'fr')} limit={200} />
      </span>
      <a href={`#${anchorOf(view, context)}`}>
        {say(words.printedUnder)} {printedUnder}
        <span class="unseen">
          {' '}
          (<Said text={demand.id} limit={64} />)
        </span>
      </a>
    </p>
  )
}
