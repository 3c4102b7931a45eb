import type { z } from 'zod'
import { roleKinds, type RoleKind } from '../../checks/define.ts'
import { inside } from '../../checks/schema-walk.ts'

/** The parameters of a check that name a machine, and the kinds that each takes; no kind stands for any. */
export function roleParameters(schema: z.core.$ZodType): ReadonlyMap<string, readonly RoleKind[]> {
  const found = new Map<string, readonly RoleKind[]>()
  for (const { step, schema: one } of inside(schema)) {
    if (step === null) for (const [name, kinds] of roleParameters(one)) found.set(name, kinds)
    else {
      const kinds = kindsOf(one)
      if (kinds) found.set(step, kinds)
    }
  }
  return found
}

function kindsOf(schema: z.core.$ZodType): readonly RoleKind[] | null {
  const own = roleKinds.get(schema as z.ZodType)
  if (own) return own.kinds
  for (const { step, schema: one } of inside(schema)) {
    const kinds = step === null ? kindsOf(one) : null
    if (kinds) return kinds
  }
  return null
}

/** The roles of an exam that a parameter may name. */
export const fittingRoles = (
  kinds: readonly RoleKind[],
  roles: Readonly<Record<string, RoleKind>>,
): string[] => Object.keys(roles).filter((name) => kinds.length === 0 || kinds.includes(roles[name]!))
