import type { z } from 'zod'
import type { Path } from './document.ts'
import type { Text } from './text.ts'

/** A mistake in a value that has the right form: where in it, and what to do about it. */
export interface Mistake {
  readonly path: Path
  readonly words: Text
}

/**
 * A rule of a schema that may find several mistakes, each at its own place: `.superRefine(rule(find))`. What comes after
 * it in the schema is not looked at where it finds one.
 */
export const rule =
  <T>(find: (value: T) => Iterable<Mistake>) =>
  (value: T, context: z.core.$RefinementCtx<T>): void => {
    for (const { path, words } of find(value))
      context.addIssue({ code: 'custom', path: [...path], params: { ...words }, continue: false })
  }
