import { z } from 'zod'

type Schema = z.core.$ZodType
/** A schema inside another, and the step of a value's path that leads to it: a key, `*` for any item, null for none. */
interface Inside {
  readonly step: string | null
  readonly schema: Schema
}

/** What a schema is made of, one level down; of a transformation, what is written. */
export function inside(schema: Schema): readonly Inside[] {
  const def = schema._zod.def as {
    innerType?: Schema
    in?: Schema
    options?: readonly Schema[]
    element?: Schema
    valueType?: Schema
    shape?: Readonly<Record<string, Schema>>
  }
  const through = [def.innerType, def.in, ...(def.options ?? [])]
  const items = [def.element, def.valueType]
  const isSchema = (one: Schema | undefined): one is Schema => one !== undefined
  return [
    ...through.filter(isSchema).map((one) => ({ step: null, schema: one })),
    ...items.filter(isSchema).map((one) => ({ step: '*', schema: one })),
    ...Object.entries(def.shape ?? {}).map(([step, one]) => ({ step, schema: one })),
  ]
}

/** The keys that a block may have at a place of the value, as its schema says. */
export function keysAt(schema: Schema, path: readonly PropertyKey[]): string[] {
  const here = inside(schema)
  const through = here.filter(({ step }) => step === null)
  const [next, ...rest] = path
  if (next === undefined) {
    const own = schema instanceof z.ZodObject ? Object.keys(schema.shape) : []
    return [...new Set([...own, ...through.flatMap((one) => keysAt(one.schema, []))])]
  }
  const below = here.filter(({ step }) => step !== null && [String(next), '*'].includes(step))
  return [
    ...new Set([
      ...through.flatMap((one) => keysAt(one.schema, path)),
      ...below.flatMap((one) => keysAt(one.schema, rest)),
    ]),
  ]
}
