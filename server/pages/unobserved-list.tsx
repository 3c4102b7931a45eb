import type { Unobserved } from '../store/store.ts'
import { Said, usePage } from './context.tsx'
import { blameShort, causeWords } from './wording.ts'

/** What could not be observed, in words: machine, cause, side. Said once each, never counted. */
export function UnobservedList({ items }: { items: readonly Unobserved[] }) {
  const { say } = usePage()
  return (
    <ul class="plain">
      {items.map(({ from, target, address, cause, blame }) => (
        <li>
          <strong>
            <Said text={target} limit={80} />
          </strong>{' '}
          (<Said text={address} limit={80} />)
          {from !== 'agent' && (
            <>
              {say({ fr: ', vu de ', en: ', seen from ' })}
              <Said text={from} limit={80} />
            </>
          )}
          {cause && `, ${say(causeWords[cause])}`}
          {blame && <span class="quiet">{` – ${say(blameShort[blame])}`}</span>}
        </li>
      ))}
    </ul>
  )
}
