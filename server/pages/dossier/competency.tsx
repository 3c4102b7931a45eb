import { usePage } from '../context.tsx'
import { VerdictMark } from '../verdict-mark.tsx'
import { modalityWords, words } from '../wording.ts'
import { DemandArticle, DemandReference } from './demand.tsx'
import { words as juryWords } from '../jury/wording.ts'
import { CriterionNotes } from './notes.tsx'
import type { CompetencySection, CriterionSection, DemandView } from './outline.ts'
import type { DossierView } from './view.ts'

/** A competency: its official wording, what evaluates it, and its criteria in the official order. */
export function CompetencyView({
  section,
  next,
  context,
}: {
  section: CompetencySection
  /** Id of the competency after this one. */
  next: string | undefined
  context: DossierView
}) {
  const { say } = usePage()
  const { competency, modalities, own, criteria } = section
  return (
    <section class="competency" id={competency.id} aria-labelledby={`${competency.id}-title`}>
      <h2 id={`${competency.id}-title`}>
        <span class="id">{competency.id}</span> <span lang="fr">{competency.label}</span>
      </h2>
      {next !== undefined && (
        <a class="next" href={`#${next}`}>
          {say(juryWords.next)} ({next})
        </a>
      )}
      <p class="quiet">
        {say(words.evaluatedBy)} {modalities.map((modality) => say(modalityWords[modality])).join(', ')}
      </p>
      {competency.note && <p class="note">{say(competency.note)}</p>}
      {own.map((view) => (
        <Placed view={view} place={competency.id} context={context} />
      ))}
      {competency.criteria.length === 0 && own.length === 0 && <p class="absent">{say(words.notCovered)}</p>}
      {competency.criteria.length === 0 && <CriterionNotes id={competency.id} view={context} />}
      {criteria.map((criterion) => (
        <CriterionView section={criterion} context={context} />
      ))}
    </section>
  )
}

function CriterionView({ section, context }: { section: CriterionSection; context: DossierView }) {
  const { say } = usePage()
  const { criterion, demands } = section
  return (
    <section
      class={criterion.observable !== 'none' && demands.length === 0 ? 'criterion bare' : 'criterion'}
      id={criterion.id}
      aria-labelledby={`${criterion.id}-title`}
    >
      <h3 id={`${criterion.id}-title`}>
        <span class="id">{criterion.id}</span> <span lang="fr">{criterion.label}</span>
      </h3>
      {criterion.observable === 'none' ? (
        <p class="absent">
          <VerdictMark verdict="jury" /> <span class="claim">{say(criterion.why)}</span>
        </p>
      ) : demands.length === 0 ? (
        <p class="absent">{say(words.notCovered)}</p>
      ) : (
        criterion.observable === 'part' && (
          <p class="note">
            {say(words.partly)} {lowerFirst(say(criterion.why))}
          </p>
        )
      )}
      {demands.map((view) => (
        <Placed view={view} place={criterion.id} context={context} />
      ))}
      <CriterionNotes id={criterion.id} view={context} />
    </section>
  )
}

function Placed({ view, place, context }: { view: DemandView; place: string; context: DossierView }) {
  return view.printedUnder === place ? (
    <DemandArticle view={view} place={place} context={context} />
  ) : (
    <DemandReference view={view} context={context} />
  )
}

/** After a colon; an acronym at the start keeps its capitals. */
const lowerFirst = (text: string): string =>
  /^\p{Lu}\p{Lu}/u.test(text) ? text : text.charAt(0).toLowerCase() + text.slice(1)
