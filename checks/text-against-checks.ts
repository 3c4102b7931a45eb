import type { z } from 'zod'
import type { Path } from './document.ts'
import type { Demand, Exam, ExamCall } from './exam.ts'
import { resolvePlaceholders, type Variables } from './placeholder.ts'
import { rolesIn } from './role-parameters.ts'
import { inside } from './schema-walk.ts'

/** A value that a check expects and no text says: the candidate can't know it. */
export interface UnsaidValue {
  readonly demand: Demand
  readonly call: ExamCall
  /** Place of the value in the exam. */
  readonly path: Path
  readonly value: string
}
/** The text says one value and the check expects another of the same kind. */
export interface Contradiction extends UnsaidValue {
  readonly said: readonly string[]
  readonly expected: string
}
export interface TextReview {
  readonly unsaid: readonly UnsaidValue[]
  readonly contradictions: readonly Contradiction[]
}

type Kind = 'address' | 'path' | 'port' | 'vlan' | 'mode' | 'quoted'

const address = /(?<![\d.])\d{1,3}(?:\.\d{1,3}){3}(?:\/\d{1,2})?(?![\d.]*\d)/g
const list = String.raw`(\d+(?:(?:\s*,\s*|\s+(?:et|ou|and|or)\s+|\s*-\s*)\d+)*)`
/** What a text says of each kind of value, in French or in English. */
const saidOfKind: Readonly<Record<Kind, RegExp>> = {
  address,
  path: /(?<![\p{L}\d/.:])((?:\/[\p{L}\d._-]+|[A-Za-z]:\\[^\s«»"“”;,)]*)[^\s«»"“”;,)]*)/gu,
  port: new RegExp(String.raw`\bports?\s+(?:(?:TCP|UDP)\s+)?${list}`, 'giu'),
  vlan: new RegExp(String.raw`\bvlans?\s+${list}`, 'giu'),
  mode: /\b(?:droits|mode|permissions)\s+(0?[0-7]{3,4})\b/giu,
  quoted: /«\s*([^«»]+?)\s*»|“([^“”]+)”/gu,
}

const plain = (text: string): string =>
  text
    .normalize('NFC')
    .replace(/[’‘]/g, "'")
    .replace(/[\u00a0\u202f]/g, ' ')
    .replace(/\s+/g, ' ')
    .toLowerCase()

/**
 * What the checks of a demand expect and its text doesn't say, and what its text says instead, for one candidate.
 * `before` is what the candidate has read already: the introduction and the earlier demands. Roles, yes or no, and words of
 * a check's own list (`directory`) need not be said; nor what must not be. Meant to find few things and to be right. Pure.
 */
export function unsaidValues(demand: Demand, variables: Variables, before = ''): TextReview {
  const fill = (value: unknown) => resolvePlaceholders(value, variables).value
  const own = plain(String(fill(demand.text)))
  const known = `${plain(before)} ${own}`
  const expected = demand.alternatives.flatMap((calls) => calls.flatMap((call) => expectedBy(call, fill)))
  const unsaid = expected.filter(({ call, value }) => !call.not && !isSaid(known, value))
  const once = [...new Map(unsaid.map((one) => [one.path.join('\0'), one])).values()]
  const contradictions = once.flatMap(({ kind, call, path, value }): Contradiction[] => {
    if (kind === null) return []
    const used = expected
      .filter((one) => one.kind === kind)
      .map((one) => forms(one.value))
      .flat()
    const said = saidIn(String(fill(demand.text)), kind).filter(
      (one) =>
        !used.some(
          (form) => plain(one) === form || (kind !== 'port' && kind !== 'vlan' && form.includes(plain(one))),
        ),
    )
    return said.length === 0 ? [] : [{ demand, call, path, value, said, expected: value }]
  })
  return {
    unsaid: once.map(({ call, path, value }) => ({ demand, call, path, value })),
    contradictions,
  }
}

/** The same for a whole exam, in the order in which it is read. */
export function textsAgainstChecks(exam: Exam, variables: Variables): TextReview {
  const read = [exam.introduction ?? '']
  const found = exam.demands.map((demand) => {
    const before = String(resolvePlaceholders(read.join('\n'), variables).value)
    read.push(demand.text)
    return unsaidValues(demand, variables, before)
  })
  return {
    unsaid: found.flatMap((one) => one.unsaid),
    contradictions: found.flatMap((one) => one.contradictions),
  }
}

interface Expected {
  readonly call: ExamCall
  readonly path: Path
  readonly value: string
  readonly kind: Kind | null
}

function expectedBy(call: ExamCall, fill: (value: unknown) => unknown): Expected[] {
  const params = fill(call.params)
  const roles = new Set([...rolesIn(call.check.params, params, [])].map(({ path }) => path.join('\0')))
  return [...leaves(params, [])].flatMap(({ path, value }): Expected[] => {
    if (roles.has(path.join('\0')) || isListed(call.check.params, path, value)) return []
    return [
      {
        call,
        path: [...call.path, ...path],
        value: String(value),
        kind: kindOf(call.check.id, path, String(value)),
      },
    ]
  })
}

function* leaves(value: unknown, path: Path): Generator<{ path: Path; value: string | number }> {
  if (typeof value === 'number' || (typeof value === 'string' && value.trim() !== '')) yield { path, value }
  else if (Array.isArray(value)) for (const [i, item] of value.entries()) yield* leaves(item, [...path, i])
  else if (typeof value === 'object' && value !== null)
    for (const [key, item] of Object.entries(value)) yield* leaves(item, [...path, key])
}

/** Whether the check's own schema lists this value: a word of the format, not of the exam. */
function isListed(schema: z.core.$ZodType, path: Path, value: unknown): boolean {
  const { type, entries, values } = schema._zod.def as {
    type: string
    entries?: Readonly<Record<string, unknown>>
    values?: readonly unknown[]
  }
  if (path.length === 0 && type === 'enum' && Object.values(entries ?? {}).includes(value)) return true
  if (path.length === 0 && type === 'literal' && values?.includes(value)) return true
  const [next, ...rest] = path
  return inside(schema).some(({ step, schema: below }) =>
    step === null
      ? isListed(below, path, value)
      : next !== undefined && [String(next), '*'].includes(step) && isListed(below, rest, value),
  )
}

function kindOf(check: string, path: Path, value: string): Kind | null {
  const key = path.findLast((step) => typeof step === 'string')
  if (key === 'port' || key === 'ports') return 'port'
  if (key === 'vlan' || (check === 'network.vlan' && key === 'id')) return 'vlan'
  if (key === 'mode') return 'mode'
  if (/^\d{1,3}(\.\d{1,3}){3}(\/\d{1,2})?$/.test(value)) return 'address'
  if (/^(\/|[A-Za-z]:\\)/.test(value)) return 'path'
  return /^\d+$/.test(value) ? null : 'quoted'
}

function saidIn(text: string, kind: Kind): string[] {
  const found = [...text.matchAll(saidOfKind[kind])].map(
    (match) => match.slice(1).find((one) => one) ?? match[0],
  )
  return [
    ...new Set(kind === 'port' || kind === 'vlan' ? found.flatMap((one) => one.match(/\d+/g) ?? []) : found),
  ].map((one) => one.replace(/[.:]+$/, '').replace(/^0(?=[0-7]{3}$)/, ''))
}

/** The ways to say a value: a path by its last name, an account without its domain, 22:00 as « 22 h », 600 seconds as 10 minutes. */
function forms(written: string): string[] {
  const value = plain(written)
  const last = value.split(/[\\/]/).findLast((part) => part !== '')
  const result = [value, value.replaceAll('\\\\', '\\'), ...(last === undefined ? [] : [last])]
  if (/@/.test(value)) result.push(value.split('@')[0]!)
  if (/^[a-z0-9-]+(\.[a-z0-9-]+)+$/.test(value) && !/^[\d.]+$/.test(value)) result.push(value.split('.')[0]!)
  const octet = /^\d{1,3}\.\d{1,3}\.\d{1,3}(\.\d{1,3})$/.exec(value)?.[1]
  if (octet) result.push(octet)
  const cron = /^(\d{1,2}) (\d{1,2}) /.exec(value)
  const clock = /^(\d{1,2}):(\d{2})/.exec(value)
  if (cron) result.push(...times(Number(cron[2]), Number(cron[1])))
  if (clock) result.push(...times(Number(clock[1]), Number(clock[2])))
  if (/^0?[0-7]{3,4}$/.test(value)) result.push(value.replace(/^0/, ''), `0${value}`)
  if (/^\d+$/.test(value))
    result.push(
      ...[60, 3600, 1024]
        .filter((unit) => Number(value) > 0 && Number(value) % unit === 0)
        .map((unit) => String(Number(value) / unit)),
    )
  return [...new Set(result)].filter((one) => one !== '')
}

const times = (hour: number, minute: number): string[] => {
  const two = String(minute).padStart(2, '0')
  const hours = [...new Set([String(hour), String(hour).padStart(2, '0')])]
  return hours.flatMap((h) => [
    `${h}:${two}`,
    `${h} h ${two}`,
    `${h}h${two}`,
    ...(minute === 0 ? [`${h} h`, `${h}h`] : []),
  ])
}

/** Whether a text says a value as a whole word or number, in one of its forms. */
const isSaid = (text: string, value: string): boolean => forms(value).some((form) => says(text, form))

function says(text: string, value: string): boolean {
  const part = /[\p{L}\d]/u
  for (let at = text.indexOf(value); at >= 0; at = text.indexOf(value, at + 1)) {
    const before = text.charAt(at - 1)
    const after = text.charAt(at + value.length)
    const joins = (a: string, b: string) => part.test(a) && part.test(b)
    if (!joins(before, value.charAt(0)) && !joins(value.at(-1) ?? '', after)) return true
  }
  return false
}
