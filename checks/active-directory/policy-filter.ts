import { NotObserved, type Observed } from '../observation.ts'
import { joined, type Text } from '../text.ts'
import { value, type Entry } from './directory-entry.ts'
import { quoted } from './quoted-name.ts'
import { accountOf, wmiFilter, type Searches } from './searches.ts'
import { groupPolicyFilter, type SecurityFilter } from './security-descriptor.ts'
import { bytesOf } from './security-identifier.ts'
import { wellKnownAccounts } from './well-known-accounts.ts'

type Seen = Readonly<Record<string, Observed<'ldap'> | undefined>>

const MOST_NAMES = 8

/** Whom a GPO is filtered to, as far as the account may read it: null where its descriptor isn't shown. */
export function filterOf(gpo: Entry): SecurityFilter | null {
  const descriptor = value(gpo, 'nTSecurityDescriptor')
  return descriptor === null ? null : groupPolicyFilter(bytesOf(descriptor))
}

/** The searches that find out what the identifiers of a GPO's filter, and its WMI filter, are called. */
export function filterNames(on: string, gpo: Entry): Searches {
  const filter = filterOf(gpo)
  const sids = [...(filter?.allowed ?? []), ...(filter?.denied ?? [])]
  const wmi = wmiFilterOf(gpo)
  return {
    ...Object.fromEntries(
      sids
        .filter((sid) => !(sid in wellKnownAccounts))
        .slice(0, MOST_NAMES)
        .map((sid) => [`name of ${sid}`, accountOf(on, sid)]),
    ),
    ...(wmi === null ? {} : { [`name of ${wmi}`]: wmiFilter(on, wmi) }),
  }
}

/** What something is called, where that was found out; a name is shown and never judged, so a failure is no matter. */
const nameIn = (seen: Seen, id: string, attribute: string): string | null => {
  const entry = seen[`name of ${id}`]?.answer
  return entry?.kind === 'ldap' && entry.entries[0] ? value(entry.entries[0], attribute) : null
}

/** The filtering of a GPO in words: who is granted `Apply Group Policy`, who is denied it, and its WMI filter. */
export function filterText(gpo: Entry, seen: Seen): Text {
  const filter = filterOf(gpo)
  const parts: Text[] = []
  if (!filter)
    parts.push({
      fr: 'filtrage de sécurité non lisible par ce compte',
      en: 'security filtering not readable by this account',
    })
  else if (filter.everyone) parts.push({ fr: 'filtrage de sécurité : aucun', en: 'security filtering: none' })
  else if (filter.allowed.length === 0)
    parts.push({ fr: 'filtrage de sécurité : personne', en: 'security filtering: nobody' })
  else {
    const { fr, en } = trustees(filter.allowed, seen)
    parts.push({ fr: `filtrage de sécurité : ${fr}`, en: `security filtering: ${en}` })
  }
  if (filter && filter.denied.length > 0) {
    const { fr, en } = trustees(filter.denied, seen)
    parts.push({ fr: `refusée à ${fr}`, en: `denied to ${en}` })
  }
  const wmi = wmiFilterOf(gpo)
  if (wmi !== null) {
    const { fr, en } = quoted(nameIn(seen, wmi, 'msWMI-Name') ?? wmi)
    parts.push({ fr: `filtre WMI ${fr}`, en: `WMI filter ${en}` })
  }
  return joined(parts)
}

const trustees = (sids: readonly string[], seen: Seen): Text =>
  joined(
    sids.slice(0, MOST_NAMES).map((sid) => {
      const known = wellKnownAccounts[sid]
      return known
        ? { fr: quoted(known.fr).fr, en: quoted(known.en).en }
        : quoted(nameIn(seen, sid, 'sAMAccountName') ?? sid)
    }),
  )

/** The GUID of a GPO's WMI filter (`[domain;{GUID};0]`, [MS-GPOL] 2.2.4), or null where it has none. */
export function wmiFilterOf(gpo: Entry): string | null {
  const text = value(gpo, 'gPCWQLFilter')?.trim()
  if (!text) return null
  const guid = /^\[[^;\]]{0,255};\{([0-9a-f-]{36})\};0\]$/i.exec(text)?.[1]
  if (guid === undefined) throw new NotObserved('unparsable', 'gPCWQLFilter')
  return guid.toLowerCase()
}
