import { unknown, type Judgement } from './finding.ts'
import { NotObserved, type Failure } from './observation.ts'
import type { Text } from './text.ts'

export type Attempt<T> =
  | { readonly value: T; readonly failure: null }
  | { readonly value: null; readonly failure: Failure }

/** Reads an observation that may have failed, for a check that has more than one to go by. */
export function attempt<T>(read: () => T): Attempt<T> {
  try {
    return { value: read(), failure: null }
  } catch (error) {
    if (!(error instanceof NotObserved)) throw error
    return { value: null, failure: error.failure }
  }
}

/** The failure of an observation as the finding it gives: `unknown`, with its cause and whom it points at. */
export const unobserved = (
  failure: Failure,
  expected: Text,
  extra: Partial<Pick<Judgement, 'cell' | 'evidence'>> = {},
): Judgement => unknown(failure.cause, failure.detail, expected, { blame: failure.blame, ...extra })
