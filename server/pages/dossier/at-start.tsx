import type { Change } from '../../dossier/changes-between.ts'
import { Said, usePage } from '../context.tsx'
import { words as juryWords } from '../jury/wording.ts'
import { VerdictMark } from '../verdict-mark.tsx'
import { causeWords } from '../wording.ts'

/** What the start said of a finding, in words; where nobody can tell what changed, that. */
export function AtStart({ change: { kind, start, end } }: { change: Change }) {
  const { say } = usePage()
  if (!start) return <>{say(juryWords.noComparable)}</>
  const alike = end !== null && say(start.observed) === say(end.observed)
  return (
    <>
      <VerdictMark verdict={start.verdict} />
      {kind === 'same' && alike ? (
        `, ${say(juryWords.unchanged)}`
      ) : (
        <>
          {start.cause ? `, ${say(causeWords[start.cause])}` : ', '}
          {!start.cause && <Said text={say(start.observed)} />}
          {kind === 'changed' && `${say(semicolon)} ${say(juryWords.changedSince)}`}
          {kind === 'unsaid' &&
            `${say(semicolon)} ${say(end ? juryWords.notComparable : juryWords.noComparable)}`}
        </>
      )}
    </>
  )
}

const semicolon = { fr: '\u202F;', en: ';' }
