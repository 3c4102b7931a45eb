import { byNearness } from '../../checks/nearest.ts'
import type { JsonSchema } from '../../checks/schema.ts'
import type { Text } from '../../checks/text.ts'
import { visibleLine } from '../terminal/visible.ts'
import { alternativesOf, typedValue } from './typed-value.ts'

/** Parameters as `name=value` gave them, typed as the check takes them, and all that is wrong with them. */
export interface Assigned {
  readonly params: Readonly<Record<string, unknown>>
  readonly mistakes: readonly Text[]
}

/** A parameter that a check can't do without: where it goes, and what it means. */
export interface Missing {
  readonly path: string
  readonly schema: JsonSchema
  readonly means: string
}

type Block = Record<string, unknown>
const isBlock = (value: unknown): value is Block =>
  typeof value === 'object' && value !== null && !Array.isArray(value)
const propertiesOf = (schema: JsonSchema): Readonly<Record<string, JsonSchema>> =>
  (schema['properties'] ?? {}) as Readonly<Record<string, JsonSchema>>

const MOST_NAMES = 16

/**
 * Reads `name=value` words against the JSON Schema of a check's parameters. A point leads into a block
 * (`rule.ports=80,443`); a list takes several values, by commas or by naming it again. Pure.
 */
export function assigned(schema: JsonSchema, words: readonly string[]): Assigned {
  const params: Block = {}
  const mistakes: Text[] = []
  const lists = new Set<string>()
  for (const word of words) {
    const at = word.indexOf('=')
    const path = word.slice(0, Math.max(at, 0))
    const shown = visibleLine(at < 0 ? word : path, 64)
    if (at < 1) {
      mistakes.push({
        fr: `« ${shown} » : un paramètre s'écrit nom=valeur`,
        en: `“${shown}”: a parameter is written name=value`,
      })
      continue
    }
    const found = schemaAt(schema, path.split('.'))
    if ('known' in found) {
      const known = found.known.join(', ')
      mistakes.push({
        fr: `paramètre inconnu « ${shown} » ; possibles : ${known}`,
        en: `unknown parameter “${shown}”; possible: ${known}`,
      })
      continue
    }
    const typed = typedValue(found.schema, word.slice(at + 1).normalize('NFC'))
    if ('wrong' in typed) {
      mistakes.push({ fr: `« ${shown} » : ${typed.wrong.fr}`, en: `“${shown}”: ${typed.wrong.en}` })
      continue
    }
    const [holder, name] = holderOf(params, path.split('.'))
    const before = holder[name]
    if (before === undefined) holder[name] = typed.value
    else if (Array.isArray(before) && Array.isArray(typed.value) && lists.has(path))
      holder[name] = [...before, ...(typed.value as unknown[])]
    else
      mistakes.push({
        fr: `« ${shown} » est donné deux fois : gardez-en un`,
        en: `“${shown}” is given twice: keep one`,
      })
    if (Array.isArray(typed.value)) lists.add(path)
  }
  return { params, mistakes }
}

function holderOf(params: Block, steps: readonly string[]): [Block, string] {
  let at = params
  for (const step of steps.slice(0, -1)) {
    if (!isBlock(at[step])) at[step] = {}
    at = at[step] as Block
  }
  return [at, steps.at(-1)!]
}

/** The schema of a parameter, in whatever way of writing the check that has it; or the names that there are. */
function schemaAt(
  schema: JsonSchema,
  steps: readonly string[],
): { readonly schema: JsonSchema } | { readonly known: readonly string[] } {
  const [step, ...rest] = steps
  if (step === undefined) return { schema }
  const ways = alternativesOf(schema)
  const holders = ways.flatMap((way) =>
    Object.hasOwn(propertiesOf(way), step) ? [propertiesOf(way)[step]!] : [],
  )
  if (holders.length === 0)
    return {
      known: byNearness(step, [...new Set(ways.flatMap((way) => Object.keys(propertiesOf(way))))]).slice(
        0,
        MOST_NAMES,
      ),
    }
  return schemaAt(holders.length === 1 ? holders[0]! : { anyOf: holders.flatMap(alternativesOf) }, rest)
}

/** What a check still lacks, in its own order: of several ways of writing it, the one that the parameters resemble most. */
export function missing(schema: JsonSchema, params: Block, above = ''): Missing[] {
  const way = wayOf(schema, params)
  const required = (way['required'] ?? []) as readonly string[]
  return Object.entries(propertiesOf(way)).flatMap(([name, one]): Missing[] => {
    const path = `${above}${name}`
    const value = params[name]
    if (isBlock(value)) return missing(one, value, `${path}.`)
    if (value !== undefined || !required.includes(name)) return []
    const block = wayOf(one, {})
    return block['type'] === 'object'
      ? missing(one, {}, `${path}.`)
      : [{ path, schema: one, means: String(one['description'] ?? '') }]
  })
}

function wayOf(schema: JsonSchema, params: Block): JsonSchema {
  const hits = (way: JsonSchema) =>
    Object.keys(params).filter((name) => Object.hasOwn(propertiesOf(way), name)).length
  return [...alternativesOf(schema)].sort((a, b) => hits(b) - hits(a))[0] ?? schema
}
