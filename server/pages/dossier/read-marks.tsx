import { readAddress } from '../addresses.ts'
import { Said, usePage } from '../context.tsx'
import { words as juryWords } from '../jury/wording.ts'
import type { DemandView } from './outline.ts'
import { anchorOfDemand, demandAnchor, queryOf, type DossierView } from './view.ts'

/** Who has read a demand, and the reader's own mark. */
export function ReadMarks({ view, context }: { view: DemandView; context: DossierView }) {
  const { say } = usePage()
  const { dossier, choice, account, reader } = context
  const marks = context.marks.get(view.demand.id) ?? []
  const others = marks.filter((mark) => mark.account !== account)
  const mine = marks.length > others.length
  if (reader !== 'writes' && marks.length === 0) return null
  // What is marked leaves the list of what is unread: the reader goes on with what came after it.
  const next = context.printed[context.printed.indexOf(view.demand.id) + 1] ?? ''
  const at = choice.show === 'unread' ? anchorOfDemand(next, dossier.run) : demandAnchor(view, context)
  return (
    <div class="marks">
      {others.length > 0 && (
        <p class="quiet">
          {say(juryWords.readBy)}{' '}
          {others.map(({ name }, index) => (
            <>
              {index > 0 && ', '}
              <Said text={name} limit={64} />
            </>
          ))}
        </p>
      )}
      {reader === 'writes' && (
        <form method="post" action={readAddress(dossier.session.id, dossier.candidate, queryOf(choice))}>
          <input type="hidden" name="demand" value={view.demand.id} />
          <input type="hidden" name="at" value={at} />
          <button class="small" name="read" value={mine ? 'no' : 'yes'}>
            {say(mine ? juryWords.markUnread : juryWords.markRead)}
            <span class="unseen">
              {' '}
              (<Said text={view.demand.id} limit={64} />)
            </span>
          </button>
        </form>
      )}
    </div>
  )
}
