import { answered, NotObserved, type AnswerOf, type Observed } from '../observation.ts'
import { parseDistinguishedName, type DistinguishedName } from './distinguished-name.ts'
import { bytesOf, relativeIdentifier, securityIdentifier } from './security-identifier.ts'

/** One object of the directory as observed: attribute names in lower case, values as text (binary ones in base64). */
export type Entry = AnswerOf<'ldap'>['entries'][number]
type Search = Observed<'ldap'> | undefined

/** All values of an attribute; none where it is absent or may not be read: the directory doesn't say which. */
export const values = (entry: Entry, attribute: string): readonly string[] =>
  entry.attributes[attribute.toLowerCase()] ?? []

/** The first value of an attribute, or null. */
export const value = (entry: Entry, attribute: string): string | null => values(entry, attribute)[0] ?? null

/** A whole number. Throws NotObserved `denied` where the attribute, which every such object has, isn't shown. */
export function number(entry: Entry, attribute: string): number {
  const text = required(entry, attribute)
  if (!/^-?\d{1,15}$/.test(text)) throw new NotObserved('unparsable', `${attribute}: not a number`)
  return Number(text)
}

/** An attribute that every such object has: that it isn't shown means that the account may not read it. */
export function required(entry: Entry, attribute: string): string {
  const text = value(entry, attribute)
  if (text === null)
    throw new NotObserved('denied', `the account that asks may not read ${attribute} of this object`)
  return text
}

/** The entry's name. */
export const nameOf = (entry: Entry): DistinguishedName => parseDistinguishedName(entry.dn)

/** Its `objectSid` as `S-1-5-21-…`, or null where it has none or doesn't show it. */
export function sidOf(entry: Entry): string | null {
  const sid = value(entry, 'objectSid')
  return sid === null ? null : securityIdentifier(bytesOf(sid))
}

/** The last part of its `objectSid`, or null. */
export function ridOf(entry: Entry): number | null {
  const sid = sidOf(entry)
  return sid === null ? null : relativeIdentifier(sid, sid.replace(/-\d+$/, ''))
}

export const hasClass = (entry: Entry, objectClass: string): boolean =>
  values(entry, 'objectClass').some((c) => c.toLowerCase() === objectClass.toLowerCase())

/** What a search found. A search cut short is refused, unless a presence only is looked for (`partial`). */
export const entries = (search: Search, options?: { partial?: boolean }): readonly Entry[] =>
  answered(search, options).entries

/** The domain itself, read at its own name. */
export function domainEntry(search: Search): Entry {
  const [entry] = entries(search)
  if (!entry) throw new NotObserved('denied', 'the domain itself is not shown to the account that asks')
  return entry
}
