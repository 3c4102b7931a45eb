import { z } from 'zod'
import { defineCheck, role } from '../define.ts'
import { fail, passIf } from '../finding.ts'
import { joined, type Text } from '../text.ts'
import { onDomainController } from './by-hand.ts'
import {
  groupPoliciesNamed,
  isWritten,
  requirePolicies,
  sideEnabled,
  sides,
  sidesText,
} from './group-policies.ts'
import { listed, powerShellArgument, quoted } from './quoted-name.ts'
import { groupPolicies, type Searches } from './searches.ts'

const params = z.strictObject({
  on: role('windows'),
  /** Display name of the Group Policy Object. */
  name: z.string().min(1).max(256),
  /** Sides that must be switched on; the others may be anything. */
  enabled: z.array(z.enum(sides)).min(1).optional(),
  /** Sides that must hold settings: saved at least once. */
  written: z.array(z.enum(sides)).min(1).optional(),
})
type Params = z.output<typeof params>

const sideName = { user: { fr: 'utilisateur', en: 'user' }, computer: { fr: 'ordinateur', en: 'computer' } }

function expected(p: Params): Text {
  const parts: Text[] = [{ fr: `GPO ${quoted(p.name).fr}`, en: `GPO ${quoted(p.name).en}` }]
  for (const side of p.enabled ?? [])
    parts.push({
      fr: `configuration ${sideName[side].fr} activée`,
      en: `${sideName[side].en} configuration enabled`,
    })
  for (const side of p.written ?? [])
    parts.push({
      fr: `configuration ${sideName[side].fr} modifiée au moins une fois`,
      en: `${sideName[side].en} configuration saved at least once`,
    })
  return joined(parts)
}

export const groupPolicyObject = defineCheck({
  id: 'active-directory.gpo',
  criteria: ['C8.2'],
  says: { fr: 'La stratégie de groupe « {name} » existe', en: 'Group Policy Object “{name}” exists' },
  observes: {
    fr: "Les GPO du domaine dans l'annuaire : nom, configurations activées, versions. Leurs paramètres (SYSVOL) ne sont pas lus",
    en: 'The GPOs of the domain in the directory: name, sides enabled, versions. Their settings (SYSVOL) are not read',
  },
  control: {
    fr: "L'une des deux stratégies par défaut, que tout domaine possède, est montrée au même compte",
    en: 'One of the two default policies, which every domain has, is shown to the same account',
  },
  asks: ['ldap'],
  proven: 'live',
  params,
  probes: ({ on }): Searches => ({ policies: groupPolicies(on) }),
  judge: ({ policies }, p) => {
    const found = groupPoliciesNamed(policies, p.name)
    if (found.length === 0) {
      requirePolicies(policies)
      return fail(expected(p), { fr: 'aucune GPO de ce nom', en: 'no GPO of that name' })
    }
    const matches = found.filter(
      (gpo) =>
        (p.enabled ?? []).every((side) => sideEnabled(gpo, side)) &&
        (p.written ?? []).every((side) => isWritten(gpo, side)),
    )
    return passIf(matches.length > 0, expected(p), listed(found.map(sidesText)))
  },
  expects: expected,
  byHand: ({ name }) =>
    onDomainController(`Get-GPO -Name ${powerShellArgument(name)}`, 'samba-tool gpo listall'),
})
