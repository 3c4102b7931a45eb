import type { z } from 'zod'
import { defineCheck } from '../define.ts'
import { fail, unknown } from '../finding.ts'
import { returned } from '../observation.ts'
import { printableList } from '../printable.ts'
import { powershell } from '../probe.ts'
import { same, type Text } from '../text.ts'
import { dhcpScopeParams } from './dhcp/asked-dhcp-scope.ts'
import { expectedOf, judgeAspects } from '../aspects.ts'
import { dhcpScopesShape, networkAddress, scopeAspects } from './dhcp/dhcp-scopes.ts'

type Params = z.output<typeof dhcpScopeParams>

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
  params: dhcpScopeParams,
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
