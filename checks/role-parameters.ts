import { z } from 'zod'
import { roleKinds, type RoleKind } from './define.ts'
import type { Path } from './document.ts'
import type { Text } from './text.ts'

export interface RoleMistake {
  readonly path: Path
  readonly message: Text
}

/**
 * Walks a check's parameters beside their schema and says which `role()` names no machine of the exam, or one of
 * another kind than the check takes.
 */
export function roleMistakes(
  schema: z.ZodType,
  value: unknown,
  roles: Readonly<Record<string, RoleKind>>,
): RoleMistake[] {
  return [...rolesIn(schema, value, [])].flatMap(({ path, name, kinds }) => {
    const kind = Object.hasOwn(roles, name) ? roles[name] : undefined
    const known = Object.keys(roles).join(', ')
    if (kind === undefined)
      return [
        {
          path,
          message: {
            fr: `rôle inconnu « ${name} » ; choisissez parmi ceux du sujet : ${known}`,
            en: `unknown role “${name}”; choose among those of the exam: ${known}`,
          },
        },
      ]
    if (kinds.length > 0 && !kinds.includes(kind))
      return [
        {
          path,
          message: {
            fr: `le rôle « ${name} » est de type ${kind}, ce contrôle attend : ${kinds.join(', ')}`,
            en: `role “${name}” is of kind ${kind}, this check takes: ${kinds.join(', ')}`,
          },
        },
      ]
    return []
  })
}

/** Every role that the parameters name, with its place and the kinds it may have. */
export function* rolesIn(
  schema: z.core.$ZodType,
  value: unknown,
  path: Path,
): Generator<{ path: Path; name: string; kinds: readonly RoleKind[] }> {
  const found = roleKinds.get(schema as z.ZodType)
  if (found && typeof value === 'string') {
    yield { path, name: value, kinds: found.kinds }
    return
  }
  const inner = schema._zod.def as { innerType?: z.core.$ZodType; options?: z.core.$ZodType[] }
  if (schema instanceof z.ZodObject && typeof value === 'object' && value !== null) {
    for (const [key, item] of Object.entries(value))
      if (Object.hasOwn(schema.shape, key))
        yield* rolesIn(schema.shape[key] as z.core.$ZodType, item, [...path, key])
  } else if (schema instanceof z.ZodArray && Array.isArray(value)) {
    for (const [i, item] of value.entries()) yield* rolesIn(schema.element, item, [...path, i])
  } else if (inner.innerType) {
    yield* rolesIn(inner.innerType, value, path)
  } else if (inner.options) {
    for (const option of inner.options) yield* rolesIn(option, value, path)
  }
}
