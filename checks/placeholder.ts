import type { Path } from './document.ts'

export type Variables = Readonly<Record<string, string | number | boolean>>

/** A placeholder that stands for nothing known, and where. */
export interface Unresolved {
  readonly path: Path
  readonly placeholder: string
}

const PLACEHOLDER = /\{\{([^{}]*)\}\}/g
const EXPRESSION = /^([a-z][a-z0-9-]*)(?:\+(\d{1,6})|:0?(\d))?$/

/**
 * Replaces `{{name}}`, `{{n+100}}` and `{{n:02}}` in every string of a value (keys are left alone).
 * A placeholder that is the whole string keeps the type of what it stands for. What can't be resolved stays as it is
 * and is listed. Pure; depth bounded by the document that the value was read from.
 */
export function resolvePlaceholders(
  value: unknown,
  variables: Variables,
  path: Path = [],
  unresolved: Unresolved[] = [],
): { value: unknown; unresolved: Unresolved[] } {
  if (typeof value === 'string')
    return { value: resolveString(value, variables, path, unresolved), unresolved }
  if (Array.isArray(value)) {
    const items = value.map((item, i) => resolvePlaceholders(item, variables, [...path, i], unresolved).value)
    return { value: items, unresolved }
  }
  if (typeof value === 'object' && value !== null) {
    const entries = Object.entries(value).map(([key, item]) => [
      key,
      resolvePlaceholders(item, variables, [...path, key], unresolved).value,
    ])
    return { value: Object.fromEntries(entries), unresolved }
  }
  return { value, unresolved }
}

function resolveString(text: string, variables: Variables, path: Path, unresolved: Unresolved[]): unknown {
  const whole = /^\{\{[^{}]*\}\}$/.test(text)
  let typed: unknown = text
  const replaced = text.replace(PLACEHOLDER, (source, expression: string) => {
    const result = evaluate(expression.trim(), variables)
    if (result === undefined) {
      unresolved.push({ path, placeholder: source })
      return source
    }
    typed = result
    return String(result)
  })
  return whole ? typed : replaced
}

function evaluate(expression: string, variables: Variables): string | number | boolean | undefined {
  const [, name, plus, width] = EXPRESSION.exec(expression) ?? []
  if (name === undefined || !Object.hasOwn(variables, name)) return undefined
  const value = variables[name]
  if (plus !== undefined) return typeof value === 'number' ? value + Number(plus) : undefined
  if (width !== undefined)
    return typeof value === 'number' ? String(value).padStart(Number(width), '0') : undefined
  return value
}
