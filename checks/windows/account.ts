import { z } from 'zod'
import { pattern } from '../pattern.ts'
import { printable } from '../printable.ts'

const SID = /^S-1-\d{1,14}(-\d{1,10}){1,15}$/i
/** No space in the first part: the authorities of Windows' own (NT AUTHORITY, AUTORITE NT) have names in each language. */
const NAMED = /^(?!builtin\\)([A-Za-z0-9][A-Za-z0-9._-]{0,62}|\.)\\[^"/\\[\]:;|=,+*?<>\0-\x1f]{1,104}$/i

/** An account as an author names it: resolved by the machine and compared by its SID. */
export const accountSchema = z
  .string()
  .max(184)
  .regex(
    pattern(new RegExp(`${SID.source}|${NAMED.source}`, 'i'), {
      fr: 'un compte : son SID, « DOMAINE\\nom », ou « .\\nom » pour un compte de la machine elle-même',
      en: 'an account: its SID, “DOMAIN\\name”, or “.\\name” for an account of the machine itself',
    }),
  )
  .refine((name) => !wellKnownNames.has(nameIn(name).replaceAll("'", '’')), {
    params: {
      fr: 'le nom de ce compte dépend de la langue de Windows : donnez son SID',
      en: 'the name of this account depends on the language of Windows: give its SID',
    },
  })

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

const nameIn = (account: string): string => account.slice(account.lastIndexOf('\\') + 1).toLowerCase()

/** What the built-in accounts of a domain or machine are called in French and in English: never an author's to name. */
const wellKnownNames = new Set([
  'administrateur',
  'administrateurs clés',
  'administrateurs clés enterprise',
  'administrateurs de l’entreprise',
  'administrateurs du schéma',
  'administrator',
  'admins du domaine',
  'allowed rodc password replication group',
  'cert publishers',
  'cloneable domain controllers',
  'contrôleurs de domaine',
  'contrôleurs de domaine clonables',
  'contrôleurs de domaine d’entreprise en lecture seule',
  'contrôleurs de domaine en lecture seule',
  'denied rodc password replication group',
  'domain admins',
  'domain computers',
  'domain controllers',
  'domain guests',
  'domain users',
  'enterprise admins',
  'enterprise key admins',
  'enterprise read-only domain controllers',
  'group policy creator owners',
  'groupe de réplication dont le mot de passe rodc est autorisé',
  'groupe de réplication dont le mot de passe rodc est refusé',
  'guest',
  'invité',
  'invités du domaine',
  'key admins',
  'ordinateurs du domaine',
  'propriétaires créateurs de la stratégie de groupe',
  'ras and ias servers',
  'read-only domain controllers',
  'schema admins',
  'serveurs ras et ias',
  'utilisateurs du domaine',
  'éditeurs de certificats',
])
