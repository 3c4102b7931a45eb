import { z } from 'zod'
import { defineCheck, role } from '../define.ts'
import { fail, passIf, unknown } from '../finding.ts'
import { returned } from '../observation.ts'
import { printableList } from '../printable.ts'
import { powershell } from '../probe.ts'
import { joined, same, type Text } from '../text.ts'
import { expectedOf, judgeAspects } from './aspects.ts'
import {
  dnsZonesShape,
  forwardersAspect,
  isWitness,
  nameInZone,
  plainName,
  RECORD_TYPES,
  UPDATES,
  ZONE_TYPES,
  zoneAspects,
  zoneText,
} from './dns-zones.ts'

const domainName = z
  .string()
  .max(253)
  .regex(/^[A-Za-z0-9_](?:[A-Za-z0-9_.-]*[A-Za-z0-9_])?\.?$/)
const address = z.union([z.ipv4(), z.ipv6()])
const params = z
  .strictObject({
    on: role('windows'),
    /** A zone that the server holds; for a conditional forwarder, the domain that it forwards. */
    zone: domainName.optional(),
    zoneType: z.enum(ZONE_TYPES).optional(),
    /** Whether the zone is kept in Active Directory. */
    integrated: z.boolean().optional(),
    /** Dynamic updates: `none`, `secure` only, or `any`. */
    updates: z.enum(UPDATES).optional(),
    /** What must be among the servers that a secondary or stub zone copies, or that a conditional forwarder asks. */
    masters: z.array(address).min(1).max(16).optional(),
    /** Name of a record, within the zone or whole: `www`, `*`, `@` for the zone itself; for a PTR, the IPv4 address will do. */
    name: z.union([domainName, z.ipv4(), z.string().regex(/^(@|\*(\.[A-Za-z0-9_.-]+)?)$/)]).optional(),
    type: z.enum(RECORD_TYPES).default('A'),
    /** What must be among its data, as `dig +short` shows it: `10 mail.agence.lan` for an MX. */
    value: z
      .union([z.string().min(1), z.array(z.string().min(1)).min(1).max(16)])
      .transform((value) => [value].flat())
      .optional(),
    /** Static, as an administrator made it, or registered by the machine itself. */
    static: z.boolean().optional(),
    /** Of the record where a name is given, else of the zone. */
    exists: z.boolean().default(true),
    /** What must be among the forwarders of the server. */
    forwarders: z.array(address).min(1).max(16).optional(),
  })
  .refine(({ zone, forwarders }) => zone !== undefined || forwarders !== undefined, 'zone, forwarders')
  .refine(({ zone, name }) => zone !== undefined || name === undefined, 'zone')
type Params = z.output<typeof params>

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
  params,
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
