import { NotObserved, type Observed } from '../observation.ts'
import {
  domainEntry,
  entries,
  hasClass,
  nameOf,
  number,
  sidOf,
  value,
  values,
  type Entry,
} from './directory-entry.ts'
import {
  parentOf,
  parseDistinguishedName,
  relativeTo,
  sameName,
  sameValue,
  type DistinguishedName,
} from './distinguished-name.ts'
import { pattern } from '../pattern.ts'
import { rdnsOf } from './organisational-path.ts'
import { listsChildren } from './security-descriptor.ts'
import { bytesOf } from './security-identifier.ts'

type Search = Observed<'ldap'> | undefined

/** A name as it is logged on with (`sAMAccountName`): what Windows allows, and as long as a group's may be. */
export const ACCOUNT_NAME = pattern(/^[^"/\\[\]:;|=,+*?<>\0-\x1f]{1,256}$/, {
  fr: 'un nom d\'ouverture de session (sAMAccountName), sans « " / \\ [ ] : ; | = , + * ? < > »',
  en: 'a logon name (sAMAccountName), without “" / \\ [ ] : ; | = , + * ? < >”',
})

/**
 * The account of that very name in what a search by name gave, or null. A directory may answer with look-alikes; and
 * with a part of a group's many members, which says no less that the group is there.
 */
export const accountNamed = (search: Search, name: string): Entry | null => {
  const named = (entry: Entry) => sameValue(value(entry, 'sAMAccountName') ?? '', name)
  return entries(search, { partial: true }).find(named) ?? entries(search).find(named) ?? null
}

export const isPerson = (entry: Entry) => hasClass(entry, 'user') && !hasClass(entry, 'computer')

/**
 * The control of an absent account: `krbtgt` and a domain controller, which every domain has, were shown to the same
 * account. Throws NotObserved `control`.
 */
export function requireWitnesses(search: Search): void {
  const seen = entries(search, { partial: true })
  if (!seen.some((e) => sameValue(value(e, 'sAMAccountName') ?? '', 'krbtgt')))
    throw new NotObserved('control', 'krbtgt, which every domain has, is not shown to the account that asks')
  if (!seen.some((e) => value(e, 'primaryGroupID') === '516'))
    throw new NotObserved('control', 'no domain controller is shown to the account that asks')
}

/** The control of a DNS name that isn't there: that of a domain controller was shown. Throws NotObserved `control`. */
export function requireDnsNames(witnesses: Search): void {
  if (!entries(witnesses, { partial: true }).some((e) => value(e, 'dNSHostName') !== null))
    throw new NotObserved(
      'control',
      "no DNS name is shown to the account that asks, not even a domain controller's",
    )
}

/** Where an account is, below the domain: its container, from the innermost outwards. */
export function containerOf(account: Entry, domain: Search): DistinguishedName {
  const below = relativeTo(parentOf(nameOf(account)), nameOf(domainEntry(domain)))
  if (below === null) throw new NotObserved('unparsable', 'an account outside the domain')
  return below
}

/** Whether that is the place that an exam gives as a path. */
export const isAt = (container: DistinguishedName, path: string): boolean =>
  sameName(
    container,
    rdnsOf(path).map((ava) => [ava]),
  )

/**
 * The control of an account that isn't found: what is in its unit, or in any unit, may be listed by every reader.
 * `permissions` is the search of that name; a unit that doesn't exist hides nothing.
 * Throws NotObserved `control` where something forbids listing, or where that can't be seen.
 */
export function requireListing(permissions: Search): void {
  for (const unit of entries(permissions)) {
    const descriptor = value(unit, 'nTSecurityDescriptor')
    if (descriptor === null)
      throw new NotObserved('control', 'whether a unit may be listed is not shown to the account that asks')
    if (!listsChildren(bytesOf(descriptor)))
      throw new NotObserved('control', 'the permissions of a unit may hide what is in it')
  }
}

/** Whether an account is a direct member of a group: by the group's list, its own, or its primary group. */
export function isDirectMember(member: Entry, group: Entry): boolean {
  const is = (dn: string, entry: Entry) => sameName(parseDistinguishedName(dn), nameOf(entry))
  return (
    values(group, 'member').some((dn) => is(dn, member)) ||
    values(member, 'memberOf').some((dn) => is(dn, group)) ||
    hasPrimaryGroup(member, group)
  )
}

/** The primary group (Domain Users …) is kept as a number on the account, and in neither list ([MS-ADTS] 3.1.1.1). */
const hasPrimaryGroup = (member: Entry, group: Entry): boolean => {
  const sid = primaryGroupSid(member)
  return sid !== null && sid === sidOf(group)
}

export function primaryGroupSid(member: Entry): string | null {
  const sid = sidOf(member)
  if (sid === null || value(member, 'primaryGroupID') === null) return null
  return `${sid.replace(/-\d+$/, '')}-${number(member, 'primaryGroupID')}`
}

/**
 * The control of a membership that isn't there: that of `krbtgt`, which every domain has, was shown, or one of the
 * two lists isn't empty. Throws NotObserved `control`.
 */
export function requireMemberships(member: Entry, group: Entry, witnesses: Search): void {
  requireWitnesses(witnesses)
  const shown =
    values(member, 'memberOf').length > 0 ||
    values(group, 'member').length > 0 ||
    entries(witnesses, { partial: true }).some((e) => values(e, 'memberOf').length > 0)
  if (!shown) throw new NotObserved('control', 'no group membership at all is shown to the account that asks')
}
