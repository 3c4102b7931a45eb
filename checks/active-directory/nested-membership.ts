import { NotObserved, type Observed } from '../observation.ts'
import { isDirectMember, primaryGroupSid, requireMemberships } from './accounts.ts'
import { entries, nameOf, value, values, type Entry } from './directory-entry.ts'
import { parseDistinguishedName, relativeTo, sameName, type DistinguishedName } from './distinguished-name.ts'
import { accountAt, accountOf, merged, type Searches } from './searches.ts'

type Seen = Readonly<Record<string, Observed<'ldap'> | undefined>>

/** The most groups that are followed for one check: beyond, nothing is said. */
const MOST_GROUPS = 64

/**
 * Membership through other groups, followed from the member upwards, because an account has few groups where a group
 * may have thousands of members. Each round asks for the groups met in the round before, so it goes as deep as the
 * runner's rounds do; what is deeper, or outside the domain, stays unsaid.
 */
export interface Way {
  /** Groups between the member and the group, the member's own first; null where no way was found. */
  readonly through: readonly Entry[] | null
  /** Groups that were met and not read yet. */
  readonly open: readonly Step[]
}
interface Step {
  readonly name: string
  readonly search: (on: string, domain: DistinguishedName) => Searches
}

/** Looks for a way from `member` to `group` in what was seen so far. Loops of groups end: each is visited once. */
export function wayTo(group: Entry, member: Entry, seen: Seen): Way {
  const open: Step[] = []
  const visited: string[] = [member.dn]
  const queue: { entry: Entry; through: Entry[] }[] = [{ entry: member, through: [] }]
  for (let next = queue.shift(); next; next = queue.shift()) {
    if (isDirectMember(next.entry, group)) return { through: next.through, open }
    for (const step of groupsOf(next.entry)) {
      const observation = seen[step.name]
      if (!observation) {
        open.push(step)
        continue
      }
      const [entry] = entries(observation)
      if (!entry || visited.includes(entry.dn)) continue
      visited.push(entry.dn)
      queue.push({ entry, through: [...next.through, entry] })
    }
  }
  return { through: null, open }
}

/** The searches of the next round, for the members that no way was found for yet. */
export function nextGroups(on: string, domain: Entry, ways: readonly Way[], seen: Seen): Searches {
  const steps = ways.flatMap(({ through, open }) => (through ? [] : open))
  const asked = Object.keys(seen).filter((name) => name.startsWith('above ')).length
  const place = nameOf(domain)
  const allowed = Math.max(0, MOST_GROUPS - asked)
  return merged(...steps.slice(0, allowed).map(({ search }) => search(on, place)))
}

/**
 * How an account is in a group: the groups between them (none where it is a direct member), or null where it is not.
 * Throws NotObserved where its absence can't be believed: memberships hidden, or groups left unread.
 */
export function membership(
  group: Entry,
  member: Entry,
  nested: boolean,
  seen: Seen,
  witnesses: Observed<'ldap'> | undefined,
): readonly Entry[] | null {
  if (isDirectMember(member, group)) return []
  requireMemberships(member, group, witnesses)
  if (!nested) return null
  const way = wayTo(group, member, seen)
  if (!way.through && way.open.length > 0)
    throw new NotObserved('truncated', 'groups nested deeper, or more of them, than are followed')
  return way.through
}

function groupsOf(entry: Entry): Step[] {
  const steps = values(entry, 'memberOf').map((dn): Step => {
    const place = parseDistinguishedName(dn)
    const name = `above ${dn}`
    return {
      name,
      search: (on, domain) => {
        const below = relativeTo(place, domain)
        // A group of another domain, or of a name that a probe can't say: stays open.
        if (!below || below.some((rdn) => rdn.length !== 1)) return {}
        return {
          [name]: accountAt(
            on,
            below.map(([ava]) => [ava?.[0] ?? '', ava?.[1] ?? '']),
          ),
        }
      },
    }
  })
  const sid = primaryGroupSid(entry)
  if (sid !== null) {
    const name = `above ${sid}`
    steps.push({ name, search: (on) => ({ [name]: accountOf(on, sid) }) })
  }
  return steps
}

/**
 * Direct members of a group that are none of the accounts given. Throws NotObserved `truncated` where the search that
 * gave the group was cut short: a directory tells long lists in parts ([MS-ADTS] 3.1.1.3.1.3.3).
 */
export function strangers(
  group: Entry,
  search: Observed<'ldap'> | undefined,
  known: readonly Entry[],
): readonly string[] {
  entries(search)
  const names = known.map(nameOf)
  return values(group, 'member').filter(
    (dn) => !names.some((name) => sameName(name, parseDistinguishedName(dn))),
  )
}

/** An account's logon name, or its distinguished name where it shows none. */
export const logonName = (entry: Entry): string => value(entry, 'sAMAccountName') ?? entry.dn
