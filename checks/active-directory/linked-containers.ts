import { NotObserved } from '../observation.ts'
import { joined, type Text } from '../text.ts'
import { guidOf } from './group-policies.ts'
import type { Entry } from './directory-entry.ts'
import type { GroupPolicyLink } from './group-policy-link.ts'
import { ancestors, type Container, type Tree } from './organisational-units.ts'
import { quoted } from './quoted-name.ts'

/** A link of one of the GPOs looked for, and the container that holds it. */
export interface Linked {
  readonly container: Container
  readonly link: GroupPolicyLink
  readonly gpo: Entry
}

/** The links of some GPOs at one container. */
export const linksAt = (container: Container, gpos: readonly Entry[]): Linked[] =>
  container.links.flatMap((link) => {
    const gpo = gpos.find((candidate) => guidOf(candidate) === link.guid)
    return gpo ? [{ container, link, gpo }] : []
  })

/** All containers of the domain that one of the GPOs is linked to. Sites, outside the domain, are not looked at. */
export const linksAnywhere = (seen: Tree, gpos: readonly Entry[]): Linked[] =>
  [seen.root, ...seen.units].flatMap((container) => linksAt(container, gpos))

/**
 * The links that a container inherits, and the container that blocks them ([MS-GPOL] 3.2.5.1.5): a link from above
 * comes through where nothing between blocks inheritance, or where it is enforced.
 */
export function inheritedLinks(
  seen: Tree,
  container: Container,
  gpos: readonly Entry[],
): { through: Linked[]; blockedAt: Container | null } {
  const through: Linked[] = []
  let blocks: Container | null = container.blocksInheritance ? container : null
  let blockedAt: Container | null = null
  for (const above of ancestors(seen, container)) {
    for (const linked of linksAt(above, gpos)) {
      if (!blocks || linked.link.enforced) through.push(linked)
      else blockedAt = blocks
    }
    if (above.blocksInheritance) blocks ??= above
  }
  return { through, blockedAt }
}

/** The control of a missing link: some `gPLink` was shown, so the account may read them. Throws NotObserved. */
export function requireLinks(seen: Tree): void {
  if (!seen.seesLinks)
    throw new NotObserved(
      'control',
      'no link at all is shown to the account that asks, not even those of every domain',
    )
}

/** A link in the words of the console; « Appliqué » is what it calls enforced, and says nothing of its effect. */
export const linkText = ({ container, link }: Linked): Text =>
  joined([
    container.path === '/'
      ? { fr: 'liée au domaine', en: 'linked to the domain' }
      : { fr: `liée à ${quoted(container.path).fr}`, en: `linked to ${quoted(container.path).en}` },
    link.enabled ? { fr: 'lien activé', en: 'link enabled' } : { fr: 'lien désactivé', en: 'link disabled' },
    link.enforced
      ? { fr: 'option « Appliqué » cochée', en: 'enforced' }
      : { fr: 'option « Appliqué » non cochée', en: 'not enforced' },
  ])
