import { z } from 'zod'
import { defineCheck, role } from '../define.ts'
import { fail, passIf } from '../finding.ts'
import { pattern } from '../pattern.ts'
import { typed } from '../printable.ts'
import { joined, type Text } from '../text.ts'
import { isEnabled } from './account-control.ts'
import {
  accountNamed,
  containerOf,
  isAt,
  requireDnsNames,
  requireListing,
  requireWitnesses,
} from './accounts.ts'
import { onDomainController } from './by-hand.ts'
import { hasClass, number, value } from './directory-entry.ts'
import { organisationalPath, pathOf, rdnsOf } from './organisational-path.ts'
import { powerShellArgument, quoted } from './quoted-name.ts'
import { account, domain, unitPermissions, witnesses, type Searches } from './searches.ts'

const params = z.strictObject({
  on: role('windows'),
  /** Computer name, without the `$` of its account. */
  name: z.string().regex(
    pattern(/^[^"/\\[\]:;|=,+*?<>$\s\0-\x1f]{1,63}$/, {
      fr: "un nom d'ordinateur, sans le « $ » de son compte",
      en: 'a computer name, without the “$” of its account',
    }),
  ),
  /** The organisational unit it sits in, as a path; `CN=Computers` for the container of that name. */
  in: organisationalPath.optional(),
  enabled: z.boolean().optional(),
  /** Whether a machine joined the domain with it: only then has it written its DNS name. */
  joined: z.boolean().optional(),
})
type Params = z.output<typeof params>

const place = (path: string): Text => ({ fr: `dans ${quoted(path).fr}`, en: `in ${quoted(path).en}` })
const state = (enabled: boolean): Text =>
  enabled ? { fr: 'activé', en: 'enabled' } : { fr: 'désactivé', en: 'disabled' }

const membership = (isJoined: boolean): Text =>
  isJoined
    ? { fr: 'un poste a rejoint le domaine sous ce nom', en: 'a machine joined the domain under this name' }
    : {
        fr: "aucun poste n'a rejoint le domaine sous ce nom",
        en: 'no machine joined the domain under this name',
      }

function expected(p: Params): Text {
  const parts: Text[] = [{ fr: `ordinateur ${quoted(p.name).fr}`, en: `computer ${quoted(p.name).en}` }]
  if (p.in !== undefined) parts.push(place(p.in))
  if (p.enabled !== undefined) parts.push(state(p.enabled))
  if (p.joined !== undefined) parts.push(membership(p.joined))
  return joined(parts)
}

export const computer = defineCheck({
  id: 'active-directory.computer',
  criteria: ['C8.1', 'C1.1'],
  says: { fr: "L'ordinateur « {name} » est dans l'annuaire", en: 'Computer “{name}” is in the directory' },
  observes: {
    fr: "Le compte d'ordinateur dans l'annuaire : son emplacement, son état et le nom DNS qu'un poste y inscrit en rejoignant le domaine",
    en: 'The computer account in the directory: its place, state and the DNS name that a machine writes when it joins the domain',
  },
  control: {
    fr: 'Un contrôleur de domaine et le compte « krbtgt », que tout domaine possède, sont montrés au même compte',
    en: 'A domain controller and account “krbtgt”, which every domain has, are shown to the same account',
  },
  asks: ['ldap'],
  proven: 'live',
  params,
  probes: ({ on, name }): Searches => ({
    account: account(on, `${name}$`),
    witnesses: witnesses(on),
    domain: domain(on),
  }),
  then: (seen, { on, name, in: path }): Searches =>
    accountNamed(seen['account'], `${name}$`)
      ? {}
      : { permissions: unitPermissions(on, path === undefined ? undefined : rdnsOf(path)) },
  judge: (seen, p) => {
    const found = accountNamed(seen['account'], `${p.name}$`)
    if (!found || !hasClass(found, 'computer')) {
      requireWitnesses(seen['witnesses'])
      if (!found) requireListing(seen['permissions'])
      return fail(expected(p), {
        fr: "aucun compte d'ordinateur de ce nom",
        en: 'no computer account of that name',
      })
    }
    const at = containerOf(found, seen['domain'])
    const enabled = isEnabled(number(found, 'userAccountControl'))
    const system = value(found, 'operatingSystem')
    const observed = [place(pathOf(at)), state(enabled)]
    observed.push(
      system === null
        ? { fr: "système d'exploitation non renseigné", en: 'operating system not given' }
        : { fr: `système d'exploitation ${quoted(system).fr}`, en: `operating system ${quoted(system).en}` },
    )
    const dnsName = value(found, 'dNSHostName')
    if (p.joined !== undefined) {
      if (dnsName === null) requireDnsNames(seen['witnesses'])
      observed.push(
        dnsName === null
          ? { fr: 'aucun nom DNS inscrit par un poste', en: 'no DNS name written by a machine' }
          : {
              fr: `nom DNS ${quoted(dnsName).fr} inscrit par le poste`,
              en: `DNS name ${quoted(dnsName).en} written by the machine`,
            },
      )
    }
    return passIf(
      (p.in === undefined || isAt(at, p.in)) &&
        (p.enabled === undefined || p.enabled === enabled) &&
        (p.joined === undefined || p.joined === (dnsName !== null)),
      expected(p),
      joined(observed),
    )
  },
  expects: expected,
  byHand: ({ name }) =>
    onDomainController(
      `Get-ADComputer -Identity ${powerShellArgument(name)} -Properties OperatingSystem,DNSHostName`,
      typed(['samba-tool', 'computer', 'show', name]),
    ),
})
