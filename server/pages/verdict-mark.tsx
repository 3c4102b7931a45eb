import { render } from 'preact-render-to-string'
import type { Verdict } from '../../checks/verdict.ts'
import { usePage } from './context.tsx'
import { verdictWords } from './wording.ts'

/** A verdict: a shape, a word and a tint, so that it is read in black and white, by touch and by ear. */
export function VerdictMark({ verdict }: { verdict: Verdict }) {
  const { say } = usePage()
  return (
    <span class={`verdict ${verdict}`}>
      <svg
        viewBox="0 0 16 16"
        width="16"
        height="16"
        aria-hidden="true"
        focusable="false"
        dangerouslySetInnerHTML={{ __html: drawn[verdict] }}
      />{' '}
      {say(verdictWords[verdict])}
    </span>
  )
}

const line = {
  fill: 'none',
  stroke: 'currentColor',
  'stroke-width': '1.8',
  'stroke-linecap': 'round',
} as const
const cut = { ...line, stroke: 'var(--sheet)' } as const

const shapes = {
  pass: (
    <>
      <circle cx="8" cy="8" r="7" fill="currentColor" />
      <path d="M4.8 8.3l2.2 2.3 4.3-4.8" {...cut} />
    </>
  ),
  fail: (
    <>
      <rect x="1.2" y="1.2" width="13.6" height="13.6" rx="1.5" fill="currentColor" />
      <path d="M5 5l6 6M11 5l-6 6" {...cut} />
    </>
  ),
  unknown: (
    <>
      <circle cx="8" cy="8" r="6.6" {...line} stroke-width="1.4" stroke-dasharray="2.4 2.2" />
      <path d="M6.3 6.4a1.8 1.8 0 1 1 2.5 1.7c-.6.3-.8.7-.8 1.2" {...line} stroke-width="1.5" />
      <circle cx="8" cy="11.5" r=".95" fill="currentColor" />
    </>
  ),
  jury: <path d="M8 1.2l6.8 6.8L8 14.8 1.2 8z" {...line} />,
  na: <path d="M2.5 8h11" {...line} stroke-width="2.2" />,
}

/** Drawn once, not for each of a page's hundred marks: our own text, nothing of a run. */
const drawn = Object.fromEntries(
  Object.entries(shapes).map(([verdict, shape]) => [verdict, render(shape)]),
) as Record<Verdict, string>
