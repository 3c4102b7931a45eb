import { z } from 'zod'
import { defineCheck, role } from '../define.ts'
import { fail, passIf } from '../finding.ts'
import { typed } from '../printable.ts'
import { joined, type Text } from '../text.ts'
import { distinguishedNameAt, onDomainController } from './by-hand.ts'
import { groupPoliciesNamed, requirePolicies, sideEnabled, sides, sidesText } from './group-policies.ts'
import {
  inheritedLinks,
  linksAnywhere,
  linksAt,
  linkText,
  requireLinks,
  type Linked,
} from './linked-containers.ts'
import { linkablePath, rdnsOf } from './organisational-path.ts'
import { containerAt, mustAskFor, tree } from './organisational-units.ts'
import { filterNames, filterText } from './policy-filter.ts'
import { listed, powerShellArgument, quoted } from './quoted-name.ts'
import { container, domain, groupPolicies, merged, organisationalUnits, type Searches } from './searches.ts'

const params = z
  .strictObject({
    on: role('windows'),
    /** Display name of the Group Policy Object. */
    gpo: z.string().min(1).max(256),
    /** The organisational unit, as a path; `/` for the domain. */
    to: linkablePath,
    /** Whether the link is enabled. */
    enabled: z.boolean().default(true),
    /** Whether the link is enforced; either, where it isn't said. */
    enforced: z.boolean().optional(),
    /** A side of the GPO that must be enabled. */
    side: z.enum(sides).optional(),
    /** A side of the GPO that must be disabled. */
    disabledSide: z.enum(sides).optional(),
    /** Whether a link above counts too, where no unit between blocks it. */
    inherited: z.boolean().default(false),
  })
  .refine(({ side, disabledSide }) => side === undefined || side !== disabledSide, {
    path: ['disabledSide'],
    params: {
      fr: 'la même configuration, activée et désactivée : gardez l’une ou l’autre',
      en: 'the same side, enabled and disabled: keep one or the other',
    },
  })
type Params = z.output<typeof params>

const sideNames = { user: { fr: 'utilisateur', en: 'user' }, computer: { fr: 'ordinateur', en: 'computer' } }
const place = (path: string): Text =>
  rdnsOf(path).length === 0
    ? { fr: 'au domaine', en: 'to the domain' }
    : { fr: `à ${quoted(path).fr}`, en: `to ${quoted(path).en}` }

function expected(p: Params): Text {
  const { fr, en } = place(p.to)
  const above = { fr: ' ou plus haut sans blocage', en: ' or above without being blocked' }
  const parts: Text[] = [
    {
      fr: `GPO ${quoted(p.gpo).fr} liée ${fr}${p.inherited ? above.fr : ''}`,
      en: `GPO ${quoted(p.gpo).en} linked ${en}${p.inherited ? above.en : ''}`,
    },
    p.enabled ? { fr: 'lien activé', en: 'link enabled' } : { fr: 'lien désactivé', en: 'link disabled' },
  ]
  if (p.enforced !== undefined)
    parts.push(
      p.enforced
        ? { fr: 'option « Appliqué » cochée', en: 'enforced' }
        : { fr: 'option « Appliqué » non cochée', en: 'not enforced' },
    )
  if (p.side)
    parts.push({
      fr: `configuration ${sideNames[p.side].fr} activée`,
      en: `${sideNames[p.side].en} configuration enabled`,
    })
  if (p.disabledSide)
    parts.push({
      fr: `configuration ${sideNames[p.disabledSide].fr} désactivée`,
      en: `${sideNames[p.disabledSide].en} configuration disabled`,
    })
  return joined(parts)
}

/** Whether a link, and the GPO that it links, are as asked. A GPO whose two sides are off is no enabled link. */
const matches = ({ link, gpo }: Linked, p: Params): boolean =>
  link.enabled === p.enabled &&
  (p.enforced === undefined || link.enforced === p.enforced) &&
  (!p.side || sideEnabled(gpo, p.side)) &&
  (!p.disabledSide || !sideEnabled(gpo, p.disabledSide)) &&
  (!p.enabled || sides.some((side) => sideEnabled(gpo, side)))

export const groupPolicyLink = defineCheck({
  id: 'active-directory.gpo-link',
  criteria: ['C8.2'],
  says: {
    fr: 'La stratégie « {gpo} » est liée à « {to} » comme demandé',
    en: 'GPO “{gpo}” is linked to “{to}” as asked',
  },
  observes: {
    fr: "Les liens (gPLink), le blocage de l'héritage, l'état de la GPO et son filtrage, montrés et non évalués : que la stratégie s'applique se voit sur le poste",
    en: 'Links (gPLink), blocked inheritance, status of the GPO and its filtering, shown and not evaluated: whether the policy applies is seen on the workstation',
  },
  control: {
    fr: "Les liens, la stratégie et l'unité par défaut de tout domaine sont montrés au même compte",
    en: 'The default links, policy and unit of every domain are shown to the same account',
  },
  asks: ['ldap'],
  proven: 'live',
  params,
  probes: ({ on }): Searches => ({
    policies: groupPolicies(on),
    domain: domain(on),
    units: organisationalUnits(on),
  }),
  then: (seen, { on, gpo, to }): Searches =>
    merged(
      mustAskFor(tree(seen['domain'], seen['units']), to) ? { exact: container(on, rdnsOf(to)) } : {},
      ...groupPoliciesNamed(seen['policies'], gpo).map((found) => filterNames(on, found)),
    ),
  judge: (seen, p) => {
    const gpos = groupPoliciesNamed(seen['policies'], p.gpo)
    if (gpos.length === 0) {
      requirePolicies(seen['policies'])
      return fail(expected(p), { fr: 'aucune GPO de ce nom', en: 'no GPO of that name' })
    }
    const units = tree(seen['domain'], seen['units'])
    const at = containerAt(units, p.to, seen['exact'])
    if (!at)
      return fail(expected(p), {
        fr: `l'unité ${quoted(p.to).fr} n'existe pas`,
        en: `unit ${quoted(p.to).en} does not exist`,
      })
    const above = p.inherited ? inheritedLinks(units, at, gpos) : { through: [], blockedAt: null }
    const linked = [...linksAt(at, gpos), ...above.through]
    const matching = linked.find((each) => matches(each, p))
    const shown = matching ? [matching] : linked
    if (shown.length > 0)
      return passIf(
        matching !== undefined,
        expected(p),
        listed(
          shown.map((each) => joined([linkText(each), sidesText(each.gpo), filterText(each.gpo, seen)])),
        ),
      )
    requireLinks(units)
    if (above.blockedAt) {
      const { fr, en } = quoted(above.blockedAt.path)
      return fail(expected(p), { fr: `héritage bloqué en ${fr}`, en: `inheritance blocked at ${en}` })
    }
    const elsewhere = linksAnywhere(units, gpos)
    return fail(
      expected(p),
      elsewhere.length > 0
        ? listed(elsewhere.slice(0, 8).map(linkText))
        : {
            fr: "la GPO existe, mais n'est liée à aucune unité ni au domaine",
            en: 'the GPO exists, but is linked to no unit nor to the domain',
          },
    )
  },
  expects: expected,
  byHand: ({ on, to }, facts) =>
    onDomainController(
      `(Get-GPInheritance -Target ${powerShellArgument(distinguishedNameAt(to, on, facts))}).GpoLinks`,
      typed(['samba-tool', 'gpo', 'getlink', distinguishedNameAt(to, on, facts)]),
    ),
})
