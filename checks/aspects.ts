import { passIf, unknown, type Judgement } from './finding.ts'
import { NotObserved, type Failure } from './observation.ts'
import { joined, type Text } from './text.ts'

/** One thing asked of what was found, said before anything is seen, and how it is looked for there. */
export interface Aspect<T> {
  readonly expected: Text
  /** What is there and whether it is as asked for. Throws NotObserved where that can't be seen. */
  readonly look: (found: T) => { readonly holds: boolean; readonly observed: Text }
}

/** Everything asked for, in one sentence; the subject where nothing more than its existence is. */
export const expectedOf = <T>(subject: Text, aspects: readonly Aspect<T>[]): Text =>
  joined([subject, ...aspects.map(({ expected }) => expected)])

/**
 * One finding for all the aspects of what was found: one that differs is enough for `fail`, else one that couldn't be
 * seen for `unknown`.
 */
export function judgeAspects<T>(subject: Text, aspects: readonly Aspect<T>[], found: T): Judgement {
  const expected = expectedOf(subject, aspects)
  const seen = aspects.map((aspect) => looked(aspect, found))
  const unseen = seen.flatMap(({ failure }) => (failure ? [failure] : []))
  // Two aspects may show the same thing.
  const shown = new Map(seen.flatMap(({ observed }) => (observed ? [[observed.fr, observed] as const] : [])))
  const observed = joined([subject, ...shown.values()])
  const [first] = unseen
  if (first && seen.every(({ holds }) => holds !== false))
    return unknown(first.cause, first.detail, expected, { observed, blame: first.blame })
  return passIf(first === undefined && seen.every(({ holds }) => holds === true), expected, observed)
}

interface Looked {
  readonly holds?: boolean
  readonly observed?: Text
  readonly failure?: Failure
}

function looked<T>(aspect: Aspect<T>, found: T): Looked {
  try {
    return aspect.look(found)
  } catch (error) {
    if (!(error instanceof NotObserved)) throw error
    return { failure: error.failure }
  }
}

/** The list where it has as many items as the machine counted; else it is not whole, and an absence in it proves nothing. */
export function whole<T>(list: readonly T[], count: number, what: string): readonly T[] {
  if (list.length === count) return list
  throw new NotObserved('truncated', `${what}: ${list.length} of ${count}`)
}
