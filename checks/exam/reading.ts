import type { Check, RoleKind } from '../define.ts'
import type { Diagnostic, Path, SourceDocument } from '../document.ts'
import type { VariableDefinition } from '../drawn-values.ts'
import { nearest } from '../nearest.ts'
import { resolvePlaceholders, type Variables } from '../placeholder.ts'
import type { Text } from '../text.ts'

/** What is known of an exam while it is read: what can't be read is null, and then nothing is said of what depends on it. */
export interface Reading {
  readonly document: SourceDocument
  readonly catalogue: ReadonlyMap<string, Check>
  /** Kinds of the roles by name, null for one that is declared wrongly; null altogether where they can't be read. */
  readonly roles: ReadonlyMap<string, RoleKind | null> | null
  readonly variables: ReadVariables
  readonly diagnostics: Diagnostic[]
}

export interface ReadVariables {
  readonly definitions: Readonly<Record<string, VariableDefinition>>
  /** What placeholders stand for where no session is at hand: enough to check types. */
  readonly sample: Variables
  /** Declared wrongly: nothing is said of what uses them. */
  readonly wrong: ReadonlySet<string>
  /** Whether all of their names are known. */
  readonly allKnown: boolean
}

/** The names that the session gives to each candidate. */
export const sample = { n: 1, code: 'C01', seat: 'A1' }

const NAME = /\{\{\s*([a-z][a-z0-9-]*)[^{}]*\}\}/g

/** The names of all placeholders in a value. */
export function namesIn(value: unknown): Set<string> {
  const found = new Set<string>()
  const walk = (here: unknown): void => {
    if (typeof here === 'string') for (const [, name] of here.matchAll(NAME)) found.add(name!)
    else if (typeof here === 'object' && here !== null) for (const item of Object.values(here)) walk(item)
  }
  walk(value)
  return found
}

/** What stands at a place in a value. */
export const valueAt = (value: unknown, path: Path): unknown =>
  path.reduce<unknown>(
    (here, step) =>
      typeof here === 'object' && here !== null && Object.hasOwn(here, step)
        ? (here as Record<string, unknown>)[step]
        : undefined,
    value,
  )

/**
 * Says the placeholders of a value that stand for nothing. What comes back has nothing in the place of a text that holds
 * one, or that holds a variable declared wrongly; `unknown` lists those places.
 */
export function resolveKnown(
  { document, variables, diagnostics }: Reading,
  value: unknown,
  path: Path,
): { value: unknown; unknown: Path[] } {
  const unknown: Path[] = []
  const { unresolved } = resolvePlaceholders(value, variables.sample)
  for (const { path: where, placeholder } of unresolved) {
    unknown.push(where)
    const [name = ''] = namesIn(placeholder)
    if (variables.wrong.has(name) || (!variables.allKnown && !Object.hasOwn(sample, name))) continue
    diagnostics.push(document.diagnose([...path, ...where], standsForNothing(placeholder, name, variables)))
  }
  return { value: without(value, unknown), unknown }
}

function standsForNothing(
  placeholder: string,
  name: string,
  { definitions, sample: known }: ReadVariables,
): Text {
  const near = Object.hasOwn(known, name) ? null : nearest(name, Object.keys(definitions))
  if (near !== null)
    return {
      fr: `${placeholder} ne désigne rien ; vouliez-vous dire {{${near}}} ?`,
      en: `${placeholder} stands for nothing; did you mean {{${near}}}?`,
    }
  return {
    fr: `${placeholder} ne désigne rien : seuls {{n}}, {{n+100}}, {{n:02}}, {{code}}, {{seat}} et les variables du sujet existent`,
    en: `${placeholder} stands for nothing: only {{n}}, {{n+100}}, {{n:02}}, {{code}}, {{seat}} and the exam's variables exist`,
  }
}

/** The same value with nothing at these places. */
function without(value: unknown, places: readonly Path[]): unknown {
  if (places.length === 0) return value
  if (places.some((path) => path.length === 0)) return undefined
  if (typeof value !== 'object' || value === null) return value
  const item = (key: string | number, one: unknown) =>
    without(
      one,
      places.filter(([first]) => String(first) === String(key)).map((path) => path.slice(1)),
    )
  if (Array.isArray(value)) return value.map((one, i) => item(i, one))
  return Object.fromEntries(Object.entries(value).map(([key, one]) => [key, item(key, one)]))
}

/** Whether one place is another, or leads to it. */
export const leadsTo = (short: Path, long: Path): boolean =>
  short.length <= long.length && short.every((step, i) => String(step) === String(long[i]))

export const isRecord = (value: unknown): value is Record<string, unknown> =>
  typeof value === 'object' && value !== null && !Array.isArray(value)
