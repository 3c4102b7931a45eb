import { z } from 'zod'
import { resolvedSchema, seenAccountSchema, sidSchema } from '../accounts/account.ts'
import { ADMINISTRATORS } from '../accounts/built-in-groups.ts'

const text = z.string().max(256)

/** What the script `local-groups` gives. */
export const localGroupsShape = z.object({
  /** Win32_ComputerSystem.DomainRole; 4 and 5 are domain controllers. */
  role: z.int().min(0).max(5),
  /** SID of the machine's own administrator. */
  administrator: sidSchema.nullable(),
  groups: z
    .array(
      z.object({
        asked: text,
        found: z.boolean(),
        sid: sidSchema.nullable(),
        total: z.int(),
        members: z.array(z.object({ class: z.string().max(64), account: seenAccountSchema })).max(512),
      }),
    )
    .max(64),
  accounts: resolvedSchema,
})
export type LocalGroups = z.infer<typeof localGroupsShape>
export type LocalGroup = LocalGroups['groups'][number]

export const groupNamed = ({ groups }: LocalGroups, name: string): LocalGroup | undefined =>
  groups.find(({ asked }) => asked.toLowerCase() === name.toLowerCase())

/** Whether the machine's own administrator is shown among the administrators, of whom he can't be removed. */
export function showsMembers(seen: LocalGroups): boolean {
  const group = groupNamed(seen, ADMINISTRATORS)
  const members = group?.sid === ADMINISTRATORS ? group.members : []
  return seen.administrator !== null && members.some(({ account }) => account.sid === seen.administrator)
}
