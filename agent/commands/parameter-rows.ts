import type { JsonSchema } from '../../checks/schema.ts'
import type { Lang } from '../../checks/text.ts'

const words = {
  fr: {
    string: 'texte',
    integer: 'entier',
    number: 'nombre',
    boolean: 'true ou false',
    object: 'bloc',
    listOf: 'liste :',
    or: 'ou',
    required: 'obligatoire',
    most: 'au plus',
    least: 'au moins',
    to: 'à',
    formats: { ipv4: 'adresse IPv4', ipv6: 'adresse IPv6', cidrv4: 'réseau IPv4', cidrv6: 'réseau IPv6' },
  },
  en: {
    string: 'text',
    integer: 'whole number',
    number: 'number',
    boolean: 'true or false',
    object: 'block',
    listOf: 'list:',
    or: 'or',
    required: 'required',
    most: 'at most',
    least: 'at least',
    to: 'to',
    formats: { ipv4: 'IPv4 address', ipv6: 'IPv6 address', cidrv4: 'IPv4 network', cidrv6: 'IPv6 network' },
  },
} as const

/** A parameter: its name, what values it takes, what it is where it isn't given, what it means. */
export type ParameterRow = readonly [name: string, values: string, byDefault: string, meaning: string]

const isBlock = (schema: JsonSchema): boolean => schema['properties'] !== undefined
const alternativesOf = (schema: JsonSchema): readonly JsonSchema[] =>
  (schema['anyOf'] ?? schema['oneOf'] ?? []) as readonly JsonSchema[]
const record = (value: unknown): Readonly<Record<string, JsonSchema>> =>
  (value ?? {}) as Readonly<Record<string, JsonSchema>>

/** The parameters of a check as its JSON Schema gives them, those of a block below it: `access[].right`. */
export function parameterRows(schema: JsonSchema, lang: Lang, above = ''): ParameterRow[] {
  const ways = alternativesOf(schema).filter(isBlock)
  if (ways.length > 0)
    return ways.flatMap((way, i): ParameterRow[] => [
      ...(i === 0 ? [] : [[`(${words[lang].or})`, '', '', ''] as const]),
      ...parameterRows(way, lang, above),
    ])
  const required = (schema['required'] ?? []) as readonly string[]
  return Object.entries(record(schema['properties'])).flatMap(([name, one]): ParameterRow[] => {
    const path = `${above}${name}`
    const inner = (one['items'] as JsonSchema | undefined) ?? one
    const byDefault = required.includes(name) ? words[lang].required : written(one['default'])
    return [
      [path, valuesOf(one, lang), byDefault, String(one['description'] ?? '')],
      ...parameterRows(inner, lang, `${path}${inner === one ? '.' : '[].'}`),
    ]
  })
}

const written = (value: unknown): string =>
  value === undefined ? '—' : typeof value === 'string' ? value : JSON.stringify(value)

/** `1 à 4094`, `au moins 1`; nothing for the bounds that every whole number has. */
function boundsOf(schema: JsonSchema, lang: Lang): string {
  const bound = (key: string) => {
    const value = schema[key]
    return typeof value === 'number' && Math.abs(value) < Number.MAX_SAFE_INTEGER ? value : undefined
  }
  const above = bound('exclusiveMinimum')
  const least = bound('minimum') ?? (above === undefined ? undefined : `> ${above}`)
  const most = bound('maximum')
  const { to, least: atLeast, most: atMost } = words[lang]
  if (least !== undefined && most !== undefined)
    return typeof least === 'string' ? `${least}, ${atMost} ${most}` : `${least} ${to} ${most}`
  if (least !== undefined) return typeof least === 'string' ? least : `${atLeast} ${least}`
  return most === undefined ? '' : `${atMost} ${most}`
}

function valuesOf(schema: JsonSchema, lang: Lang): string {
  const said = words[lang]
  const ways = alternativesOf(schema)
  if (ways.length > 0) return [...new Set(ways.map((way) => valuesOf(way, lang)))].join(` ${said.or} `)
  if (Array.isArray(schema['enum'])) return schema['enum'].map(String).join(', ')
  if ('const' in schema) return written(schema['const'])
  const type = String(schema['type'] ?? '')
  if (type === 'array') return `${said.listOf} ${valuesOf((schema['items'] ?? {}) as JsonSchema, lang)}`
  if (type === 'integer' || type === 'number')
    return [said[type], boundsOf(schema, lang)].filter((part) => part !== '').join(' ')
  const format = String(schema['format'] ?? '')
  if (format in said.formats) return said.formats[format as keyof typeof said.formats]
  return type in said ? String(said[type as 'string']) : type
}
