import { z } from 'zod'
import { roleKinds, type Check } from './define.ts'
import { descriptionOf } from './described.ts'
import { examFileSchema } from './exam.ts'
import { credentialSchema, sessionFileSchema, sharedTargetSchema, targetSchema } from './session.ts'
import type { Lang, Text } from './text.ts'

/** A JSON Schema (draft 2020-12), as data. */
export type JsonSchema = Readonly<Record<string, unknown>>

const DRAFT = 'https://json-schema.org/draft/2020-12/schema'
/** `{{n}}`, `{{n+100}}`, `{{n:02}}`: resolved later, so an editor must take it where a number or a word is asked. */
const PLACEHOLDER = '\\{\\{[^{}]*\\}\\}'

/** The parameters of one check, as they are written in an exam, each described; a role says of which kinds it may be. */
export function parametersSchema(check: Check, lang: Lang): JsonSchema {
  return withoutDraft(
    z.toJSONSchema(check.params, {
      io: 'input',
      unrepresentable: 'any',
      override: ({ zodSchema, jsonSchema }) => {
        const words = descriptionOf(zodSchema)
        if (words) jsonSchema.description = words[lang]
        const found = roleKinds.get(zodSchema as unknown as z.ZodType)
        if (!found || words) return
        const kinds = found.kinds.join(', ')
        const any: Text = { fr: 'Rôle du sujet', en: 'Role of the exam' }
        jsonSchema.description = found.kinds.length > 0 ? `${any[lang]} (${kinds})` : any[lang]
      },
    }) as JsonSchema,
  )
}

/** A schema as data, each field with what it means. */
const asWritten = (schema: z.ZodType, lang: Lang): JsonSchema =>
  z.toJSONSchema(schema, {
    io: 'input',
    unrepresentable: 'any',
    override: ({ zodSchema, jsonSchema }) => {
      const words = descriptionOf(zodSchema)
      if (words) jsonSchema.description = words[lang]
    },
  }) as JsonSchema

/** The JSON Schema of an exam, the parameters of every check included: what completes and checks it in an editor. */
export function examJsonSchema(catalogue: ReadonlyMap<string, Check>, lang: Lang): JsonSchema {
  const written = asWritten(examFileSchema, lang)
  const calls = Object.fromEntries(
    [...catalogue.values()].map((check) => [
      check.id,
      {
        ...withPlaceholders(parametersSchema(check, lang)),
        description: `${check.says[lang]}. ${check.observes[lang]}`,
      },
    ]),
  )
  const one = { type: 'object', additionalProperties: false, minProperties: 1, maxProperties: 1 }
  const not: Text = { fr: 'Le contraire de ce contrôle', en: 'The opposite of this check' }
  const definitions = {
    check: { ...one, properties: calls },
    call: {
      ...one,
      properties: { not: { description: not[lang], $ref: '#/$defs/check' }, ...calls },
    },
  }
  const call = { $ref: '#/$defs/call' }
  const properties = record(written['properties'])
  const demands = record(properties['demands'])
  const demand = record(demands['items'])
  const fields = record(demand['properties'])
  return {
    $schema: DRAFT,
    title: { fr: 'Sujet Probant', en: 'Probant exam' }[lang],
    ...withoutDraft(written),
    properties: {
      ...properties,
      demands: {
        ...demands,
        items: {
          ...demand,
          properties: {
            ...fields,
            checks: { ...record(fields['checks']), items: call },
            any: {
              ...record(fields['any']),
              items: { anyOf: [call, { type: 'array', minItems: 1, maxItems: 64, items: call }] },
            },
          },
        },
      },
    },
    $defs: definitions,
  }
}

/** The JSON Schema of a session. Machines and credentials may hold placeholders. */
export function sessionJsonSchema(lang: Lang): JsonSchema {
  const written = asWritten(sessionFileSchema, lang)
  const part = (schema: z.ZodType) => withPlaceholders(withoutDraft(asWritten(schema, lang)))
  const properties = record(written['properties'])
  const values = (name: string, schema: JsonSchema) => ({
    ...record(properties[name]),
    additionalProperties: schema,
  })
  const candidates = record(properties['candidates'])
  const candidate = record(candidates['items'])
  const fields = record(candidate['properties'])
  const target = part(targetSchema)
  // What a candidate has of their own is merged over what everybody has: no key of it is required.
  return {
    $schema: DRAFT,
    title: { fr: 'Session Probant', en: 'Probant session' }[lang],
    ...withoutDraft(written),
    properties: {
      ...properties,
      credentials: values('credentials', part(credentialSchema)),
      shared: values('shared', part(sharedTargetSchema)),
      targets: values('targets', target),
      candidates: {
        ...candidates,
        items: {
          ...candidate,
          properties: {
            ...fields,
            targets: { ...record(fields['targets']), additionalProperties: withoutRequired(target) },
          },
        },
      },
    },
  }
}

const record = (value: unknown): JsonSchema =>
  typeof value === 'object' && value !== null ? (value as JsonSchema) : {}

function withoutDraft(schema: JsonSchema): JsonSchema {
  const { $schema: _, ...rest } = schema
  return rest
}

/** Nothing required, at any depth. */
function withoutRequired(schema: JsonSchema): JsonSchema {
  return mapped(schema, (node) =>
    Object.fromEntries(Object.entries(node).filter(([key]) => key !== 'required')),
  )
}

/** The same schema, where every single value may also be a text that holds a placeholder. */
function withPlaceholders(schema: JsonSchema): JsonSchema {
  return mapped(schema, (node) => {
    const single =
      ['string', 'number', 'integer', 'boolean'].includes(String(node['type'])) ||
      'const' in node ||
      'enum' in node
    const free =
      node['type'] === 'string' &&
      !('pattern' in node || 'format' in node || 'enum' in node || 'const' in node)
    if (!single || free) return node
    const { description, default: byDefault, ...rest } = node
    return {
      ...(description === undefined ? {} : { description }),
      ...(byDefault === undefined ? {} : { default: byDefault }),
      anyOf: [rest, { type: 'string', pattern: PLACEHOLDER }],
    }
  })
}

/** Applies `change` to a schema and everything inside it, innermost first. */
function mapped(schema: JsonSchema, change: (node: JsonSchema) => JsonSchema): JsonSchema {
  const inside = (value: unknown): unknown =>
    Array.isArray(value)
      ? value.map(inside)
      : typeof value === 'object' && value !== null
        ? mapped(value as JsonSchema, change)
        : value
  const named = (value: unknown) =>
    Object.fromEntries(Object.entries(record(value)).map(([key, item]) => [key, inside(item)]))
  const next = Object.fromEntries(
    Object.entries(schema).map(([key, value]) => {
      if (key === 'properties' || key === 'patternProperties' || key === '$defs') return [key, named(value)]
      // The names of keys are never placeholders.
      const leaf = ['propertyNames', 'required', 'enum', 'const', 'default', 'examples'].includes(key)
      return [key, leaf ? value : inside(value)]
    }),
  )
  return change(next)
}
