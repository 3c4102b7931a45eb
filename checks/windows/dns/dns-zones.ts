import { z } from 'zod'
import { reverseName } from '../../dns/resource-record.ts'
import { NotObserved } from '../../observation.ts'
import { printable, printableList } from '../../printable.ts'
import { joined, same, type Text } from '../../text.ts'
import { whole, type Aspect } from '../../aspects.ts'

const text = z.string().max(4096)
const record = z.object({
  /** Within its zone; `@` is the zone itself. */
  name: text,
  /** In capitals; the class writes some of them `Ns`, `CName`, `Ptr`. */
  type: text.transform((written) => written.toUpperCase()),
  /** MX: preference; SRV: priority, weight, port; SOA: serial number. */
  numbers: z.array(z.int()).max(8),
  text: text.nullable(),
  static: z.boolean(),
})

/** What the script `dns-zones` gives. */
export const dnsZonesShape = z.object({
  /** The list of registered services holds RpcSs, as on every Windows. */
  witness: z.boolean(),
  installed: z.boolean(),
  /** ServiceControllerStatus: 1 stopped, 4 running; null where it was not shown. */
  status: z.int().nullable(),
  server: z
    .object({
      zones: z
        .array(
          z.object({
            name: text,
            type: text,
            integrated: z.boolean(),
            automatic: z.boolean(),
            paused: z.boolean(),
            shutdown: z.boolean(),
            detail: z
              .object({
                updates: text,
                masters: z.array(text).max(64),
                records: z.array(record).max(1024).nullable(),
                recordCount: z.int(),
                /** The server did not give its records. */
                unread: z.boolean(),
              })
              .nullable(),
          }),
        )
        .max(256),
      zoneCount: z.int(),
      forwarders: z.array(text).max(64),
      forwarderCount: z.int(),
    })
    .nullable(),
})
export type DnsZones = z.output<typeof dnsZonesShape>
export type DnsServer = NonNullable<DnsZones['server']>
export type DnsZone = DnsServer['zones'][number]
export type DnsZoneRecord = z.output<typeof record>

export const ZONE_TYPES = ['primary', 'secondary', 'stub', 'forwarder'] as const
export const UPDATES = ['none', 'secure', 'any'] as const
export const RECORD_TYPES = ['A', 'AAAA', 'CNAME', 'MX', 'NS', 'PTR', 'SRV', 'TXT'] as const
type ZoneType = (typeof ZONE_TYPES)[number]
type Updates = (typeof UPDATES)[number]

/** What an exam may ask; see the check's parameters. */
export interface DnsAsked {
  readonly zone?: string | undefined
  readonly zoneType?: ZoneType | undefined
  readonly integrated?: boolean | undefined
  readonly updates?: Updates | undefined
  readonly masters?: readonly string[] | undefined
  readonly name?: string | undefined
  readonly type: (typeof RECORD_TYPES)[number]
  readonly value?: readonly string[] | undefined
  readonly static?: boolean | undefined
  readonly exists: boolean
  readonly forwarders?: readonly string[] | undefined
}

/** Zone names as they are compared: lower case, no final dot. */
export const plainName = (name: string): string => name.replace(/\.$/, '').toLowerCase()

/** The name of a record within its zone, as the server gives it: `@` for the zone itself, an address for its PTR. */
export function nameInZone({ name = '@', type, zone = '' }: DnsAsked): string {
  const full = plainName(type === 'PTR' ? reverseName(name) : name)
  const end = plainName(zone)
  if (full === '@' || full === end) return '@'
  return full.endsWith(`.${end}`) ? full.slice(0, -end.length - 1) : full
}

/** What is asked of a zone beside its being there. */
export const zoneAspects = (asked: DnsAsked): Aspect<DnsZone>[] => [
  ...(asked.zoneType === undefined ? [] : [typeAspect(asked.zoneType)]),
  ...(asked.integrated === undefined ? [] : [integratedAspect(asked.integrated)]),
  ...(asked.updates === undefined ? [] : [updatesAspect(asked.updates)]),
  ...(asked.masters === undefined ? [] : [mastersAspect(asked.masters)]),
  ...(asked.name === undefined ? [] : [recordAspect(asked)]),
]

const TYPE_TEXT: Readonly<Record<ZoneType, Text>> = {
  primary: { fr: 'zone principale', en: 'primary zone' },
  secondary: { fr: 'zone secondaire', en: 'secondary zone' },
  stub: { fr: 'zone de stub', en: 'stub zone' },
  forwarder: { fr: 'redirecteur conditionnel', en: 'conditional forwarder' },
}

const typeAspect = (asked: ZoneType): Aspect<DnsZone> => ({
  expected: TYPE_TEXT[asked],
  look: ({ type }) => {
    const found = ZONE_TYPES.find((one) => one === type.toLowerCase())
    if (!found) throw new NotObserved('unparsable', `type of the zone: ${type}`)
    return { holds: found === asked, observed: TYPE_TEXT[found] }
  },
})

const integratedText = (integrated: boolean): Text =>
  integrated
    ? { fr: 'intégrée à Active Directory', en: 'integrated in Active Directory' }
    : { fr: 'hors d’Active Directory', en: 'not in Active Directory' }
const integratedAspect = (asked: boolean): Aspect<DnsZone> => ({
  expected: integratedText(asked),
  look: ({ integrated }) => ({ holds: integrated === asked, observed: integratedText(integrated) }),
})

const UPDATE_NAMES: Readonly<Record<string, Updates>> = {
  none: 'none',
  secure: 'secure',
  nonsecureandsecure: 'any',
}
const UPDATES_TEXT: Readonly<Record<Updates, Text>> = {
  none: { fr: 'sans mise à jour dynamique', en: 'no dynamic updates' },
  secure: { fr: 'mises à jour dynamiques sécurisées uniquement', en: 'secure dynamic updates only' },
  any: { fr: 'mises à jour dynamiques sécurisées ou non', en: 'nonsecure and secure dynamic updates' },
}
const updatesAspect = (asked: Updates): Aspect<DnsZone> => ({
  expected: UPDATES_TEXT[asked],
  look: (zone) => {
    const { updates } = detailOf(zone)
    const found = UPDATE_NAMES[updates.toLowerCase()]
    if (!found) throw new NotObserved('unparsable', `dynamic updates of the zone: ${updates}`)
    return { holds: found === asked, observed: UPDATES_TEXT[found] }
  },
})

const mastersAspect = (asked: readonly string[]): Aspect<DnsZone> => ({
  expected: { fr: `serveurs maîtres ${asked.join(', ')}`, en: `masters ${asked.join(', ')}` },
  look: (zone) => {
    const { masters } = detailOf(zone)
    const isPrimary = zone.type.toLowerCase() === 'primary'
    if (isPrimary) return { holds: false, observed: { fr: 'sans serveur maître', en: 'no masters' } }
    if (masters.length === 0) throw new NotObserved('unparsable', 'masters of the zone: none')
    const list = printableList(masters)
    return {
      holds: asked.every((one) => masters.some((other) => sameAddress(one, other))),
      observed: { fr: `serveurs maîtres ${list}`, en: `masters ${list}` },
    }
  },
})

export const forwardersAspect = (asked: readonly string[]): Aspect<DnsServer> => ({
  expected: { fr: `redirecteurs ${asked.join(', ')}`, en: `forwarders ${asked.join(', ')}` },
  look: ({ forwarders, forwarderCount }) => {
    const all = whole(forwarders, forwarderCount, 'forwarders')
    const list = printableList(all)
    return {
      holds: asked.every((one) => all.some((other) => sameAddress(one, other))),
      observed: list
        ? { fr: `redirecteurs ${list}`, en: `forwarders ${list}` }
        : { fr: 'aucun redirecteur', en: 'no forwarder' },
    }
  },
})

function recordText({ name = '', type, value, exists, static: fixed }: DnsAsked): Text {
  const what = [printable(name), type, ...(value ? [value.join(', ')] : [])].join(' ')
  const asked: Text = exists ? same(what) : { fr: `pas de ${what}`, en: `no ${what}` }
  return joined([asked, ...(exists && fixed !== undefined ? [staticText(fixed)] : [])])
}
const staticText = (fixed: boolean): Text =>
  fixed ? { fr: 'statique', en: 'static' } : { fr: 'dynamique', en: 'dynamic' }

const recordAspect = (asked: DnsAsked): Aspect<DnsZone> => ({
  expected: recordText(asked),
  look: (zone) => {
    const { records, recordCount, unread } = detailOf(zone)
    if (zone.type.toLowerCase() === 'forwarder')
      return { holds: !asked.exists, observed: { fr: 'sans enregistrements', en: 'no records' } }
    if (unread) throw new NotObserved('control', 'the server does not give the records of the zone')
    if (!records) throw new NotObserved('not-asked', 'the records of the zone were not asked for', 'grader')
    const all = whole(records, recordCount, 'records')
    // Every zone that is loaded has one: whoever is shown it is shown the others.
    if (!all.some(({ type, name }) => type === 'SOA' && name === '@'))
      throw new NotObserved('control', 'the SOA of the zone is not among its records')
    const name = nameInZone(asked)
    const found = all.filter((one) => one.name === name && one.type === asked.type)
    const wanted = (asked.value ?? []).map((value) => canonical(asked.type, value))
    const matching =
      asked.value === undefined ? found : found.filter((one) => wanted.includes(canonicalOf(one)))
    const data = new Set(matching.map(canonicalOf))
    const present = matching.length > 0 && wanted.every((value) => data.has(value))
    const fixed = asked.static === undefined || matching.every((one) => one.static === asked.static)
    const holds = asked.exists ? present && fixed : matching.length === 0
    return { holds, observed: recordsText(asked.type, found, all) }
  },
})

function recordsText(type: string, found: readonly DnsZoneRecord[], all: readonly DnsZoneRecord[]): Text {
  if (found.length > 0)
    return joined(
      found.slice(0, 8).map((one) => {
        const data = printable(`${type} ${canonicalOf(one)}`)
        const { fr, en } = staticText(one.static)
        return { fr: `${data} (${fr})`, en: `${data} (${en})` }
      }),
    )
  const none: Text = { fr: `aucun enregistrement ${type} de ce nom`, en: `no ${type} record of that name` }
  const star = all.find((one) => one.name === '*' && one.type === type)
  if (!star) return none
  const data = printable(canonicalOf(star))
  return { fr: `${none.fr} ; * ${type} ${data}`, en: `${none.en}; * ${type} ${data}` }
}

const NUMBERS: Readonly<Record<string, number>> = { MX: 1, SRV: 3 }

/** Data of a record in one written form, as `dig +short` shows it. */
export function canonicalOf({ type, numbers, text }: DnsZoneRecord): string {
  if (text === null || numbers.length !== (NUMBERS[type] ?? 0))
    throw new NotObserved('unparsable', `data of a ${type} record`)
  return canonical(type, [...numbers, text].join(' '))
}

/** Data in one written form: names without case and final dot, addresses and numbers in their shortest form. */
export function canonical(type: string, value: string): string {
  if (type === 'TXT') return value.replace(/^"(.*)"$/s, '$1').replace(/\r?\n|" "/g, '')
  if (type === 'AAAA') return plainAddress(value)
  const fields = value.trim().split(/\s+/)
  return fields.map((field) => (/^\d+$/.test(field) ? String(Number(field)) : plainName(field))).join(' ')
}

/** An address in its one canonical form (RFC 5952); what is none stays as it is. */
function plainAddress(address: string): string {
  const [bare = ''] = address.split('%')
  if (!bare.includes(':')) return bare
  try {
    return new URL(`http://[${bare}]`).hostname.slice(1, -1)
  } catch {
    return bare
  }
}
const sameAddress = (a: string, b: string): boolean => plainAddress(a) === plainAddress(b)

function detailOf(zone: DnsZone): NonNullable<DnsZone['detail']> {
  if (zone.detail) return zone.detail
  throw new NotObserved('not-asked', `zone ${zone.name} was not asked for in detail`, 'grader')
}

/** Zones that every Windows DNS server makes for itself, unless it was told not to. */
export const isWitness = ({ name, automatic }: DnsZone): boolean => automatic && name === '127.in-addr.arpa'

/** What keeps a zone from being served, for saying so. */
export const zoneText = ({ name, paused, shutdown }: DnsZone): Text => {
  const shown = printable(name)
  if (paused) return { fr: `zone ${shown} (suspendue)`, en: `zone ${shown} (paused)` }
  if (shutdown) return { fr: `zone ${shown} (non chargée)`, en: `zone ${shown} (not loaded)` }
  return { fr: `zone ${shown}`, en: `zone ${shown}` }
}
