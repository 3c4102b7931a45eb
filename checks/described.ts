import { z } from 'zod'
import type { Text } from './text.ts'

/** Where `described()` leaves what a parameter means, its unit included; read by editors and by the catalogue. */
const descriptions = z.registry<Text>()

/** The same schema, and what it means to somebody who writes an exam: every parameter of a check is described so. */
export function described<S extends z.ZodType>(schema: S, words: Text): S {
  // A copy: one schema may serve several parameters.
  const copy = z.core.clone(schema, schema._zod.def as S['_zod']['def'], { parent: true })
  descriptions.add(copy, words)
  return copy
}

/** What a parameter means; undefined where nobody described it. */
export const descriptionOf = (schema: z.core.$ZodType): Text | undefined => {
  const found = descriptions.get(schema as z.ZodType)
  return found && { fr: found.fr, en: found.en }
}
