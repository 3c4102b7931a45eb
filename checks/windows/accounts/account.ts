import { z } from 'zod'
import { printable } from '../../printable.ts'

/** A SID, whatever its case. */
export const SID = /^S-1-\d{1,14}(-\d{1,10}){1,15}$/i
export const sidSchema = z.string().regex(SID)

export const isSid = (account: string): boolean => SID.test(account)

/** What the machine made of the accounts that it was asked for; `sid` is null where it finds none. */
export const resolvedSchema = z
  .array(z.object({ asked: z.string().max(256), sid: sidSchema.nullable() }))
  .max(256)
export type Resolved = z.infer<typeof resolvedSchema>

/** An account that the machine showed, with the name that its SID has there now. */
export const seenAccountSchema = z.object({
  sid: sidSchema.nullable(),
  /** Whether the machine knows a name for it. */
  resolved: z.boolean(),
  /** `DOMAIN\\name`, where somebody gave it: the names of Windows’ own accounts are in its language. */
  given: z.string().max(256).nullable(),
  /** The same for people, of any account. */
  displayName: z.string().max(256).nullable(),
})
export type SeenAccount = z.infer<typeof seenAccountSchema>

/** The names that the machine must resolve. */
export const toResolve = (accounts: readonly string[]): string[] =>
  [...new Set(accounts.filter((account) => !isSid(account)).map((account) => account.toLowerCase()))].sort()

/**
 * Whether an account that was seen is the one asked for; null where that can't be told. A name that the machine can't
 * resolve is no proof of anything, except against an account whose own name is known and another.
 */
export function isAccount(asked: string, resolved: Resolved, seen: SeenAccount): boolean | null {
  if (seen.sid === null) return null
  if (isSid(asked)) return asked.toUpperCase() === seen.sid.toUpperCase()
  const sid = resolved.find((one) => one.asked.toLowerCase() === asked.toLowerCase())?.sid
  if (sid) return sid === seen.sid
  // Accounts of Windows' own belong to no domain; those of a domain's own have names that no author may use.
  if (!seen.sid.startsWith('S-1-5-21-')) return false
  if (Number(seen.sid.split('-').at(-1)) < 1000) return seen.resolved ? false : null
  return seen.given?.includes('\\') && nameIn(seen.given) !== nameIn(asked) ? false : null
}

/** « AGENCE\svc-web (S-1-5-21-…) » */
export const shownAccount = ({ sid, displayName }: SeenAccount): string =>
  displayName === null ? printable(sid ?? '?') : `${printable(displayName, 80)} (${printable(sid ?? '?')})`

/** The name of an account without its domain, in lower case. */
export const nameIn = (account: string): string => account.slice(account.lastIndexOf('\\') + 1).toLowerCase()
