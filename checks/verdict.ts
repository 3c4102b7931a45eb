import { z } from 'zod'

/**
 * What may be said of a demand: `pass` constaté, `fail` non constaté, `unknown` non vérifié,
 * `jury` à apprécier par le jury, `na` sans objet. Closed, and never a boolean: what was not observed is
 * `unknown`, and there is nothing to add up.
 */
export const verdictSchema = z.enum(['pass', 'fail', 'unknown', 'jury', 'na'])
export type Verdict = z.infer<typeof verdictSchema>

/** Why nothing could be said. */
export const causeSchema = z.enum([
  'unreachable',
  'refused',
  'timeout',
  'auth',
  'denied',
  'identity',
  'missing-tool',
  'unparsable',
  'truncated',
  'control',
  'not-asked',
  'cancelled',
  'grader',
])
export type Cause = z.infer<typeof causeSchema>

/** Whom an unknown points at; `undecidable` where nobody can tell. */
export const blameSchema = z.enum(['candidate', 'room', 'grader', 'undecidable'])
export type Blame = z.infer<typeof blameSchema>

function first(order: readonly Verdict[], verdicts: readonly Verdict[]): Verdict {
  // Nothing to judge is not a success: an empty list was never observed.
  if (verdicts.length === 0) return 'unknown'
  const counted: readonly Verdict[] = verdicts.filter((v) => v !== 'na')
  return order.find((v) => counted.includes(v)) ?? 'na'
}

/** Every one is asked for: fail > unknown > jury > pass; `na` drops out; all `na` gives `na`; none gives `unknown`. */
export const all = (verdicts: readonly Verdict[]): Verdict =>
  first(['fail', 'unknown', 'jury', 'pass'], verdicts)

/** One of them is enough: pass > unknown > jury > fail; `na` drops out; all `na` gives `na`; none gives `unknown`. */
export const any = (verdicts: readonly Verdict[]): Verdict =>
  first(['pass', 'unknown', 'jury', 'fail'], verdicts)

/** Swaps pass and fail, and nothing else: what was not observed stays unknown. */
export const not = (verdict: Verdict): Verdict =>
  verdict === 'pass' ? 'fail' : verdict === 'fail' ? 'pass' : verdict
