import type { z } from 'zod'
import { defineCheck } from '../define.ts'
import { fail, passIf, unknown } from '../finding.ts'
import { returned } from '../observation.ts'
import { printableList } from '../printable.ts'
import { powershell } from '../probe.ts'
import { joined, same, type Text } from '../text.ts'
import { dnsRecordParams } from './dns/asked-dns-record.ts'
import { expectedOf, judgeAspects } from '../aspects.ts'
import {
  dnsZonesShape,
  forwardersAspect,
  isWitness,
  nameInZone,
  plainName,
  zoneAspects,
  zoneText,
} from './dns/dns-zones.ts'

type Params = z.output<typeof dnsRecordParams>

const zoneSubject = ({ zone = '' }: Params): Text => ({ fr: `zone ${zone}`, en: `zone ${zone}` })
const asksForNoZone = ({ exists, name }: Params) => !exists && name === undefined

function asksFor(asked: Params): Text {
  const zone = asksForNoZone(asked)
    ? { fr: `pas de zone ${asked.zone}`, en: `no zone ${asked.zone}` }
    : expectedOf(zoneSubject(asked), zoneAspects(asked))
  const forwarders = (asked.forwarders ? [forwardersAspect(asked.forwarders)] : []).map((a) => a.expected)
  return joined([...(asked.zone === undefined ? [] : [zone]), ...forwarders])
}

export const dnsRecord = defineCheck({
  id: 'windows.dns-record',
  criteria: ['C8.3', 'C5.1'],
  says: {
    fr: 'La configuration du serveur DNS est celle qui est demandée',
    en: 'The configuration of the DNS server is as asked for',
  },
  observes: {
    fr: 'les zones, enregistrements et redirecteurs que le serveur DNS de Windows détient',
    en: 'the zones, records and forwarders that the DNS server of Windows holds',
  },
  control: {
    fr: 'le serveur montre la zone 127.in-addr.arpa qu’il crée lui-même, et le SOA de la zone demandée',
    en: 'the server shows the zone 127.in-addr.arpa that it makes itself, and the SOA of the zone asked for',
  },
  asks: ['powershell'],
  proven: 'recorded',
  params: dnsRecordParams,
  probes: ({ on }, _facts, siblings) => {
    const names = new Map<string, Set<string>>()
    for (const other of siblings.filter((one) => one.on === on && one.zone !== undefined)) {
      const zone = plainName(other.zone ?? '')
      const known = names.get(zone) ?? new Set()
      names.set(zone, other.name === undefined ? known : known.add(nameInZone(other)))
    }
    const zones = [...names.keys()].sort().map((zone) => ({ zone, names: [...names.get(zone)!].sort() }))
    return { zones: powershell(on, 'dns-zones', { zones }) }
  },
  judge: (seen, asked) => {
    const expected = asksFor(asked)
    const { witness, installed, status, server } = returned(seen.zones, dnsZonesShape)
    if (!installed)
      return witness
        ? fail(expected, { fr: 'rôle serveur DNS non installé', en: 'DNS server role not installed' })
        : unknown('control', 'the list of services does not hold RpcSs', expected)
    if (!server)
      return unknown('control', `the DNS service does not run (status ${status})`, expected, {
        observed: { fr: 'service serveur DNS arrêté', en: 'DNS server service stopped' },
      })
    const forwarders = asked.forwarders ? [forwardersAspect(asked.forwarders)] : []
    if (asked.zone === undefined)
      return judgeAspects({ fr: 'serveur DNS', en: 'DNS server' }, forwarders, server)
    const wanted = plainName(asked.zone)
    const zone = server.zones.find(({ name }) => plainName(name) === wanted)
    if (!zone) {
      const complete = server.zones.length === server.zoneCount && server.zones.some(isWitness)
      if (!complete) return unknown('control', 'the zone 127.in-addr.arpa is not among those shown', expected)
      const others = printableList(server.zones.filter((one) => !one.automatic).map(({ name }) => name))
      return passIf(asksForNoZone(asked), expected, {
        fr: `aucune zone ${wanted} ; zones ${others || 'aucune'}`,
        en: `no zone ${wanted}; zones ${others || 'none'}`,
      })
    }
    if (asksForNoZone(asked)) return fail(expected, zoneText(zone))
    const aspects = zoneAspects(asked)
    const both = [
      ...aspects.map(({ expected, look }) => ({ expected, look: () => look(zone) })),
      ...forwarders,
    ]
    return judgeAspects(zoneText(zone), both, server)
  },
  expects: asksFor,
  byHand: ({ zone, name, type }) =>
    same(
      zone === undefined
        ? 'Get-DnsServerForwarder'
        : name === undefined
          ? `Get-DnsServerZone -Name ${zone} | Format-List *`
          : `Get-DnsServerResourceRecord -ZoneName ${zone} -RRType ${type}`,
    ),
})
