import { NotObserved } from '../observation.ts'
import { parseDistinguishedName, type DistinguishedName } from './distinguished-name.ts'

/** One GPO linked to a container. */
export interface GroupPolicyLink {
  /** The GPO's GUID, lower case, without braces; what it is known by whatever its display name. */
  readonly guid: string
  readonly gpo: DistinguishedName
  readonly enabled: boolean
  readonly enforced: boolean
}

const MAX_LINKS = 999
const LINK = /\[LDAP:\/\/([^\];]{1,1024});(\d{1,10})\]/iy
const GUID = /^\{([0-9a-f]{8}(?:-[0-9a-f]{4}){3}-[0-9a-f]{12})\}$/i

/**
 * The links in a `gPLink` attribute ([MS-GPOL] 2.2.2), `[LDAP://cn={GUID},cn=policies,…;options]…`, in the order
 * written: the last has precedence. Bit 0 of the options disables a link, bit 1 enforces it. A single space, which
 * the consoles leave behind when the last link is removed, is no link.
 * Throws NotObserved `unparsable`.
 */
export function parseGroupPolicyLinks(text: string): GroupPolicyLink[] {
  const links: GroupPolicyLink[] = []
  const end = text.trimEnd().length
  LINK.lastIndex = text.length - text.trimStart().length
  for (let at = LINK.lastIndex; at < end; at = LINK.lastIndex) {
    const match = LINK.exec(text)
    if (!match || links.length === MAX_LINKS) throw unparsable(`at character ${at}`)
    const gpo = parseDistinguishedName(match[1] ?? '')
    const guid = GUID.exec(gpo[0]?.[0]?.[1] ?? '')?.[1]
    if (guid === undefined) throw unparsable(`no GUID at character ${at}`)
    const options = Number(match[2])
    links.push({
      guid: guid.toLowerCase(),
      gpo,
      enabled: (options & 1) === 0,
      enforced: (options & 2) !== 0,
    })
  }
  return links
}

const unparsable = (where: string) => new NotObserved('unparsable', `gPLink: ${where}`)
