import { z } from 'zod'
import { defineCheck, role } from '../define.ts'
import { fail, unknown } from '../finding.ts'
import { returned } from '../observation.ts'
import { pattern } from '../pattern.ts'
import { printableList } from '../printable.ts'
import { powershell } from '../probe.ts'
import { same, type Text } from '../text.ts'
import { expectedOf, judgeAspects } from './aspects.ts'
import { dhcpScopesShape, networkAddress, scopeAspects } from './dhcp-scopes.ts'

const addresses = z.string().regex(
  pattern(/^\d{1,3}(\.\d{1,3}){3}(-\d{1,3}(\.\d{1,3}){3})?$/, {
    fr: 'une adresse IPv4, ou deux jointes par un tiret (192.168.10.1-192.168.10.9)',
    en: 'an IPv4 address, or two joined by a hyphen (192.168.10.1-192.168.10.9)',
  }),
)
const option = z
  .string()
  .regex(/^\d{1,3}$/)
  .refine((id) => Number(id) >= 1 && Number(id) <= 254)
const value = z.union([z.string().min(1).max(255), z.number()]).transform(String)
const mac = z.string().regex(
  pattern(/^([0-9A-Fa-f]{2}[:-]?){5}[0-9A-Fa-f]{2}$/, {
    fr: 'une adresse MAC (00-15-5D-01-02-03)',
    en: 'a MAC address (00-15-5D-01-02-03)',
  }),
)
const params = z.strictObject({
  on: role('windows'),
  /** Network of the scope: `192.168.10.0`; with `/24`, its mask is asked for as well. */
  network: z.union([z.ipv4(), z.cidrv4()]),
  /** First address handed out. */
  start: z.ipv4().optional(),
  /** Last address handed out. */
  end: z.ipv4().optional(),
  /** Whether the scope is activated. */
  active: z.boolean().default(true),
  /** Addresses that the scope's exclusions must cover, each alone or `first-last`. */
  excluded: z.array(addresses).min(1).max(32).optional(),
  /** Duration of a lease in hours (8 days are 192), or `unlimited`. */
  leaseHours: z.union([z.number().positive().max(1_000_000), z.literal('unlimited')]).optional(),
  /** Options by number (3 router, 6 DNS servers, 15 domain name, 66 and 67 boot server and file): their values, in order. */
  options: z
    .record(
      option,
      z.union([value, z.array(value).min(1).max(32)]).transform((values) => [values].flat()),
    )
    .optional(),
  /** Addresses kept for a network card. */
  reservations: z
    .array(z.strictObject({ mac, address: z.ipv4() }))
    .min(1)
    .max(64)
    .optional(),
  /** Whether the server is authorised in Active Directory. */
  authorised: z.boolean().optional(),
})
type Params = z.output<typeof params>

const subject = ({ network }: Params): Text => ({
  fr: `étendue ${networkAddress(network)}`,
  en: `scope ${networkAddress(network)}`,
})
const asksFor = (asked: Params): Text => expectedOf(subject(asked), scopeAspects(asked))

export const dhcpScope = defineCheck({
  id: 'windows.dhcp-scope',
  criteria: ['C8.3'],
  says: { fr: 'L’étendue DHCP {network} est configurée', en: 'DHCP scope {network} is configured' },
  observes: {
    fr: 'l’étendue, ses exclusions, options et réservations, selon le serveur DHCP de Windows',
    en: 'the scope, its exclusions, options and reservations, according to the DHCP server of Windows',
  },
  control: {
    fr: 'les statistiques du serveur comptent autant d’étendues qu’il en a montré ; sans le rôle, la liste des services a RpcSs',
    en: 'the statistics of the server count as many scopes as it showed; without the role, the list of services has RpcSs',
  },
  asks: ['powershell'],
  proven: 'recorded',
  params,
  probes: ({ on }, _facts, siblings) => {
    const together = siblings.filter((other) => other.on === on)
    const networks = [...new Set(together.map(({ network }) => networkAddress(network)))].sort()
    const directory = together.some(({ authorised }) => authorised !== undefined)
    return { scopes: powershell(on, 'dhcp-scopes', { networks, directory }) }
  },
  judge: (seen, asked) => {
    const expected = asksFor(asked)
    const { witness, installed, status, server } = returned(seen.scopes, dhcpScopesShape)
    if (!installed)
      return witness
        ? fail(expected, { fr: 'rôle serveur DHCP non installé', en: 'DHCP server role not installed' })
        : unknown('control', 'the list of services does not hold RpcSs', expected)
    if (!server)
      return unknown('control', `the DHCPServer service does not run (status ${status})`, expected, {
        observed: { fr: 'service serveur DHCP arrêté', en: 'DHCP server service stopped' },
      })
    const scope = server.scopes.find(({ network }) => network === networkAddress(asked.network))
    if (scope) return judgeAspects(subject(asked), scopeAspects(asked), { scope, server })
    if (server.scopes.length !== server.scopeCount)
      return unknown(
        'control',
        `${server.scopes.length} scopes shown, ${server.scopeCount} counted`,
        expected,
      )
    const others = printableList(server.scopes.map(({ network }) => network))
    return fail(expected, {
      fr: others ? `aucune étendue ${networkAddress(asked.network)} ; étendues ${others}` : 'aucune étendue',
      en: others ? `no scope ${networkAddress(asked.network)}; scopes ${others}` : 'no scope',
    })
  },
  expects: asksFor,
  byHand: ({ network, authorised }) => {
    const scope = `-ScopeId ${networkAddress(network)}`
    const commands = [
      `Get-DhcpServerv4Scope ${scope}`,
      `Get-DhcpServerv4ExclusionRange ${scope}`,
      `Get-DhcpServerv4OptionValue ${scope} -All`,
      `Get-DhcpServerv4Reservation ${scope}`,
      ...(authorised === undefined ? [] : ['Get-DhcpServerInDC']),
    ]
    return same(commands.join('; '))
  },
})
