import { z } from 'zod'
import { defineCheck, role } from '../define.ts'
import { fail, passIf } from '../finding.ts'
import { typed } from '../printable.ts'
import { joined, type Text } from '../text.ts'
import { groupScopes, isSecurityGroup, scopeOf, type GroupScope } from './account-control.ts'
import {
  ACCOUNT_NAME,
  accountNamed,
  containerOf,
  isAt,
  requireListing,
  requireWitnesses,
} from './accounts.ts'
import { onDomainController } from './by-hand.ts'
import { domainEntry, hasClass, number, type Entry } from './directory-entry.ts'
import { logonName, membership, nextGroups, strangers, wayTo } from './nested-membership.ts'
import { organisationalPath, pathOf, rdnsOf } from './organisational-path.ts'
import { powerShellArgument, quoted, quotedList } from './quoted-name.ts'
import { account, domain, unitPermissions, witnesses, type Searches } from './searches.ts'

const params = z
  .strictObject({
    on: role('windows'),
    /** Logon name (sAMAccountName) of the group. */
    name: z.string().regex(ACCOUNT_NAME),
    /** Logon names of users, groups or computers (`PC-01$`) that must be in it; others may be too, unless `only`. */
    members: z.array(z.string().regex(ACCOUNT_NAME)).min(1).max(64).optional(),
    /** Whether membership through other groups counts. */
    nested: z.boolean().default(false),
    /** Whether nobody else may be a direct member. */
    only: z.boolean().default(false),
    scope: z.enum(groupScopes).optional(),
    type: z.enum(['security', 'distribution']).optional(),
    /** The organisational unit it sits in, as a path; `CN=Users` for the container of that name. */
    in: organisationalPath.optional(),
  })
  .refine(({ only, members }) => !only || members, {
    path: ['members'],
    params: { fr: '« only » demande une liste de membres', en: '“only” needs a list of members' },
  })
type Params = z.output<typeof params>

const scopes: Record<GroupScope, Text> = {
  global: { fr: 'étendue globale', en: 'global scope' },
  'domain-local': { fr: 'étendue domaine local', en: 'domain local scope' },
  universal: { fr: 'étendue universelle', en: 'universal scope' },
}
const types = {
  security: { fr: 'type sécurité', en: 'security type' },
  distribution: { fr: 'type distribution', en: 'distribution type' },
}
const place = (path: string): Text => ({ fr: `dans ${quoted(path).fr}`, en: `in ${quoted(path).en}` })

function expected(p: Params): Text {
  const parts: Text[] = [{ fr: `groupe ${quoted(p.name).fr}`, en: `group ${quoted(p.name).en}` }]
  if (p.scope) parts.push(scopes[p.scope])
  if (p.type) parts.push(types[p.type])
  if (p.in !== undefined) parts.push(place(p.in))
  if (p.members) {
    const { fr, en } = quotedList(p.members)
    parts.push({
      fr: `membres ${p.nested ? 'directs ou imbriqués' : 'directs'} : ${fr}${p.only ? ", et personne d'autre" : ''}`,
      en: `${p.nested ? 'direct or nested' : 'direct'} members: ${en}${p.only ? ', and nobody else' : ''}`,
    })
  }
  return joined(parts)
}

function memberSeen(name: string, through: readonly Entry[] | null): Text {
  if (!through) return { fr: `${quoted(name).fr} n'est pas membre`, en: `${quoted(name).en} is not a member` }
  if (through.length === 0)
    return { fr: `${quoted(name).fr} membre direct`, en: `${quoted(name).en} direct member` }
  const way = joined(
    through.map((entry) => quoted(logonName(entry))),
    ' → ',
  )
  return { fr: `${quoted(name).fr} membre par ${way.fr}`, en: `${quoted(name).en} member through ${way.en}` }
}

export const group = defineCheck({
  id: 'active-directory.group',
  criteria: ['C8.1'],
  says: { fr: 'Le groupe « {name} » est conforme', en: 'Group “{name}” is as asked' },
  observes: {
    fr: "Le groupe dans l'annuaire : son étendue, son type, son emplacement et ses membres, directs ou imbriqués",
    en: 'The group in the directory: its scope, type, place and members, direct or nested',
  },
  control: {
    fr: 'Le compte « krbtgt », ses groupes et un contrôleur de domaine, que tout domaine possède, sont montrés au même compte',
    en: 'Account “krbtgt”, its groups and a domain controller, which every domain has, are shown to the same account',
  },
  asks: ['ldap'],
  proven: 'live',
  params,
  probes: ({ on, name, members = [] }): Searches => ({
    group: account(on, name),
    witnesses: witnesses(on),
    domain: domain(on),
    ...Object.fromEntries(members.map((member) => [`member ${member}`, account(on, member)])),
  }),
  then: (seen, { on, name, members = [], nested, in: path }): Searches => {
    const found = accountNamed(seen['group'], name)
    if (!found) return { permissions: unitPermissions(on, path === undefined ? undefined : rdnsOf(path)) }
    if (!nested) return {}
    const ways = members.flatMap((member) => {
      const entry = accountNamed(seen[`member ${member}`], member)
      return entry ? [wayTo(found, entry, seen)] : []
    })
    return nextGroups(on, domainEntry(seen['domain']), ways, seen)
  },
  judge: (seen, p) => {
    const found = accountNamed(seen['group'], p.name)
    if (!found || !hasClass(found, 'group')) {
      requireWitnesses(seen['witnesses'])
      if (!found) requireListing(seen['permissions'])
      return fail(
        expected(p),
        found
          ? { fr: "ce nom n'est pas celui d'un groupe", en: 'that name is not a group’s' }
          : { fr: 'aucun groupe de ce nom', en: 'no group of that name' },
      )
    }
    const groupType = number(found, 'groupType')
    const scope = scopeOf(groupType)
    const type = isSecurityGroup(groupType) ? 'security' : 'distribution'
    const at = containerOf(found, seen['domain'])
    const observed: Text[] = [...(scope ? [scopes[scope]] : []), types[type], place(pathOf(at))]
    const members = (p.members ?? []).map((name) => {
      const entry = accountNamed(seen[`member ${name}`], name)
      if (!entry) requireWitnesses(seen['witnesses'])
      return { name, entry, through: entry && membership(found, entry, p.nested, seen, seen['witnesses']) }
    })
    const others = p.only
      ? strangers(
          found,
          seen['group'],
          members.flatMap(({ entry }) => entry ?? []),
        )
      : []
    observed.push(...members.map(({ name, through }) => memberSeen(name, through)))
    if (others.length > 0)
      observed.push({ fr: `aussi ${quotedList(others).fr}`, en: `also ${quotedList(others).en}` })
    return passIf(
      (!p.scope || p.scope === scope) &&
        (!p.type || p.type === type) &&
        (p.in === undefined || isAt(at, p.in)) &&
        members.every(({ through }) => through !== null) &&
        others.length === 0,
      expected(p),
      joined(observed),
    )
  },
  expects: expected,
  byHand: ({ name, nested }) =>
    onDomainController(
      `Get-ADGroupMember -Identity ${powerShellArgument(name)}${nested ? ' -Recursive' : ''}`,
      typed(['samba-tool', 'group', 'listmembers', name]),
    ),
})
