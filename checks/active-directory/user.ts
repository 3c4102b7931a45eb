import { z } from 'zod'
import { defineCheck, role } from '../define.ts'
import { fail, passIf } from '../finding.ts'
import { typed } from '../printable.ts'
import { joined, type Text } from '../text.ts'
import { isEnabled } from './account-control.ts'
import {
  ACCOUNT_NAME,
  accountNamed,
  isDirectMember,
  isPerson,
  containerOf,
  isAt,
  requireListing,
  requireMemberships,
  requireWitnesses,
} from './accounts.ts'
import { onDomainController } from './by-hand.ts'
import { number, value } from './directory-entry.ts'
import { sameValue } from './distinguished-name.ts'
import { organisationalPath, pathOf, rdnsOf } from './organisational-path.ts'
import { powerShellArgument, quoted, quotedList } from './quoted-name.ts'
import { account, domain, unitPermissions, witnesses, type Searches } from './searches.ts'

const params = z.strictObject({
  on: role('windows'),
  /** Logon name (sAMAccountName). */
  name: z.string().regex(ACCOUNT_NAME),
  /** The organisational unit it sits in, as a path; `CN=Users` for the container of that name. */
  in: organisationalPath.optional(),
  enabled: z.boolean().optional(),
  /** Display name. */
  display: z.string().min(1).max(256).optional(),
  /** Logon names of groups that it is a direct member of. */
  groups: z.array(z.string().regex(ACCOUNT_NAME)).min(1).max(16).optional(),
})
type Params = z.output<typeof params>

const state = (enabled: boolean): Text =>
  enabled ? { fr: 'activé', en: 'enabled' } : { fr: 'désactivé', en: 'disabled' }
const place = (path: string): Text => ({ fr: `dans ${quoted(path).fr}`, en: `in ${quoted(path).en}` })
const display = (name: string): Text => ({
  fr: `nom complet ${quoted(name).fr}`,
  en: `display name ${quoted(name).en}`,
})
const member = (groups: readonly string[]): Text => ({
  fr: `membre de ${quotedList(groups).fr}`,
  en: `member of ${quotedList(groups).en}`,
})

function expected(p: Params): Text {
  const parts: Text[] = [{ fr: `compte ${quoted(p.name).fr}`, en: `account ${quoted(p.name).en}` }]
  if (p.in !== undefined) parts.push(place(p.in))
  if (p.enabled !== undefined) parts.push(state(p.enabled))
  if (p.display !== undefined) parts.push(display(p.display))
  if (p.groups) parts.push(member(p.groups))
  return joined(parts)
}

export const user = defineCheck({
  id: 'active-directory.user',
  criteria: ['C8.1'],
  says: { fr: 'Le compte utilisateur « {name} » est conforme', en: 'User account “{name}” is as asked' },
  observes: {
    fr: "Le compte dans l'annuaire : son emplacement, son état, son nom complet et ses groupes",
    en: 'The account in the directory: its place, state, display name and groups',
  },
  control: {
    fr: 'Le compte « krbtgt » et un contrôleur de domaine, que tout domaine possède, sont montrés au même compte',
    en: 'Account “krbtgt” and a domain controller, which every domain has, are shown to the same account',
  },
  asks: ['ldap'],
  proven: 'live',
  params,
  probes: ({ on, name, groups = [] }): Searches => ({
    account: account(on, name),
    witnesses: witnesses(on),
    domain: domain(on),
    ...Object.fromEntries(groups.map((group) => [`group ${group}`, account(on, group)])),
  }),
  then: (seen, { on, name, in: path }): Searches =>
    accountNamed(seen['account'], name)
      ? {}
      : { permissions: unitPermissions(on, path === undefined ? undefined : rdnsOf(path)) },
  judge: (seen, p) => {
    const found = accountNamed(seen['account'], p.name)
    if (!found || !isPerson(found)) {
      requireWitnesses(seen['witnesses'])
      if (!found) requireListing(seen['permissions'])
      return fail(
        expected(p),
        found
          ? { fr: "ce nom n'est pas celui d'un utilisateur", en: 'that name is not a user’s' }
          : { fr: 'aucun compte de ce nom', en: 'no account of that name' },
      )
    }
    const at = containerOf(found, seen['domain'])
    const enabled = isEnabled(number(found, 'userAccountControl'))
    const shown = value(found, 'displayName')
    const lacking = (p.groups ?? []).filter((name) => {
      const group = accountNamed(seen[`group ${name}`], name)
      if (group && isDirectMember(found, group)) return false
      if (group) requireMemberships(found, group, seen['witnesses'])
      else requireWitnesses(seen['witnesses'])
      return true
    })
    const observed = [place(pathOf(at)), state(enabled)]
    if (shown !== null) observed.push(display(shown))
    else observed.push({ fr: 'sans nom complet', en: 'no display name' })
    if (lacking.length > 0)
      observed.push({ fr: `n'est pas ${member(lacking).fr}`, en: `not a ${member(lacking).en}` })
    else if (p.groups) observed.push(member(p.groups))
    return passIf(
      (p.in === undefined || isAt(at, p.in)) &&
        (p.enabled === undefined || p.enabled === enabled) &&
        (p.display === undefined || sameValue(shown ?? '', p.display)) &&
        lacking.length === 0,
      expected(p),
      joined(observed),
    )
  },
  expects: expected,
  byHand: ({ name }) =>
    onDomainController(
      `Get-ADUser -Identity ${powerShellArgument(name)} -Properties DisplayName,MemberOf`,
      typed(['samba-tool', 'user', 'show', name]),
    ),
})
