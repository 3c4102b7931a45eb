import { z } from 'zod'
import { defineCheck, role } from '../define.ts'
import { fail, passIf } from '../finding.ts'
import { typed } from '../printable.ts'
import { joined, type Text } from '../text.ts'
import { isEnabled } from './account-control.ts'
import { accountNamed, containerOf, isAt, requireListing, requireWitnesses } from './accounts.ts'
import { onDomainController } from './by-hand.ts'
import { hasClass, number, value } from './directory-entry.ts'
import { organisationalPath, pathOf, rdnsOf } from './organisational-path.ts'
import { powerShellArgument, quoted } from './quoted-name.ts'
import { account, container, domain, witnesses, type Searches } from './searches.ts'

const params = z.strictObject({
  on: role('windows'),
  /** Computer name, without the `$` of its account. */
  name: z.string().regex(/^[^"/\\[\]:;|=,+*?<>$\s\0-\x1f]{1,63}$/),
  /** The organisational unit it sits in, as a path; `CN=Computers` for the container of that name. */
  in: organisationalPath.optional(),
  enabled: z.boolean().optional(),
})
type Params = z.output<typeof params>

const place = (path: string): Text => ({ fr: `dans ${quoted(path).fr}`, en: `in ${quoted(path).en}` })
const state = (enabled: boolean): Text =>
  enabled ? { fr: 'activé', en: 'enabled' } : { fr: 'désactivé', en: 'disabled' }

function expected(p: Params): Text {
  const parts: Text[] = [{ fr: `ordinateur ${quoted(p.name).fr}`, en: `computer ${quoted(p.name).en}` }]
  if (p.in !== undefined) parts.push(place(p.in))
  if (p.enabled !== undefined) parts.push(state(p.enabled))
  return joined(parts)
}

export const computer = defineCheck({
  id: 'active-directory.computer',
  criteria: ['C8.1', 'C1.1'],
  says: { fr: "L'ordinateur « {name} » est dans l'annuaire", en: 'Computer “{name}” is in the directory' },
  observes: {
    fr: "Le compte d'ordinateur dans l'annuaire : son emplacement et son état. Que le poste ait rejoint le domaine se voit sur le poste",
    en: 'The computer account in the directory: its place and state. Whether the machine joined the domain is seen on the machine',
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
    path !== undefined && !accountNamed(seen['account'], `${name}$`)
      ? { container: container(on, rdnsOf(path)) }
      : {},
  judge: (seen, p) => {
    const found = accountNamed(seen['account'], `${p.name}$`)
    if (!found || !hasClass(found, 'computer')) {
      requireWitnesses(seen['witnesses'])
      if (!found && p.in !== undefined) requireListing(seen['container'])
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
    return passIf(
      (p.in === undefined || isAt(at, p.in)) && (p.enabled === undefined || p.enabled === enabled),
      expected(p),
      joined(observed),
    )
  },
  expects: expected,
  byHand: ({ name }) =>
    onDomainController(
      `Get-ADComputer -Identity ${powerShellArgument(name)} -Properties OperatingSystem`,
      typed(['samba-tool', 'computer', 'show', name]),
    ),
})
