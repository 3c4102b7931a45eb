import { parse } from 'yaml'
import type { JsonSchema } from '../../checks/schema.ts'
import type { Text } from '../../checks/text.ts'

/** What was typed, as the value that a schema takes; or why it is none. */
export type TypedValue = { readonly value: unknown } | { readonly wrong: Text }

export const alternativesOf = (schema: JsonSchema): readonly JsonSchema[] =>
  (schema['anyOf'] ?? schema['oneOf'] ?? [schema]) as readonly JsonSchema[]

const holdsPlaceholder = (typed: string): boolean => typed.includes('{{')

/**
 * A typed word as a value: a number where whole numbers are taken, a text where texts are, `a,b` where only a list is,
 * `[…]` and `{…}` as YAML writes them. A placeholder stays a text: it stands for a value of the right type later.
 */
export function typedValue(schema: JsonSchema, typed: string): TypedValue {
  const ways = alternativesOf(schema)
  const accepted = (type: string) => ways.find((way) => way['type'] === type)
  if (/^(\[|\{(?!\{))/.test(typed) && (accepted('array') ?? accepted('object'))) return flow(typed)
  const single = ways.filter((way) => way['type'] !== 'array' && way['type'] !== 'object')
  if (single.length > 0) return singleValue(single, typed)
  const list = accepted('array')
  if (!list)
    return {
      wrong: {
        fr: 'c’est un bloc : donnez ses paramètres un à un (bloc.nom=valeur)',
        en: 'it is a block: give its parameters one by one (block.name=value)',
      },
    }
  const items = typed.split(',').map((item) => typedValue((list['items'] ?? {}) as JsonSchema, item.trim()))
  const wrong = items.find((item) => 'wrong' in item)
  return wrong ?? { value: items.map((item) => ('value' in item ? item.value : null)) }
}

function flow(typed: string): TypedValue {
  try {
    return { value: parse(typed) as unknown }
  } catch {
    return {
      wrong: {
        fr: 'ce n’est pas du YAML : attendu [a, b], ou { clé: valeur }',
        en: 'this is not YAML: [a, b] or { key: value } is expected',
      },
    }
  }
}

function singleValue(ways: readonly JsonSchema[], typed: string): TypedValue {
  if (holdsPlaceholder(typed)) return { value: typed }
  for (const way of ways) {
    const choices = way['enum'] ?? ('const' in way ? [way['const']] : undefined)
    if (!Array.isArray(choices)) continue
    const found = (choices as unknown[]).find((choice) => String(choice) === typed)
    if (found !== undefined) return { value: found }
  }
  const types = ways
    .filter((way) => !('enum' in way) && !('const' in way))
    .map((way) => String(way['type'] ?? 'string'))
  if (types.includes('integer') && /^-?(0|[1-9]\d{0,14})$/.test(typed)) return { value: Number(typed) }
  if (types.includes('number') && /^-?(0|[1-9]\d{0,14})(\.\d+)?$/.test(typed)) return { value: Number(typed) }
  if (types.includes('boolean') && /^(true|false)$/.test(typed)) return { value: typed === 'true' }
  if (types.includes('string')) return { value: typed }
  const known = ways.flatMap((way) =>
    Array.isArray(way['enum']) ? way['enum'].map(String) : 'const' in way ? [String(way['const'])] : [],
  )
  if (known.length > 0)
    return { wrong: { fr: `attendu : ${known.join(', ')}`, en: `expected: ${known.join(', ')}` } }
  if (types.includes('boolean'))
    return { wrong: { fr: 'attendu : true ou false', en: 'expected: true or false' } }
  return { wrong: { fr: 'un nombre est attendu', en: 'a number is expected' } }
}
