import { z } from 'zod'
import { defineCheck, role } from '../define.ts'
import { pattern } from '../pattern.ts'
import { passIf, unknown } from '../finding.ts'
import { answered, type AnswerOf } from '../observation.ts'
import { dns } from '../probe.ts'
import { printable, printableList, typed } from '../printable.ts'
import { same, type Text } from '../text.ts'
import { parentZone, recordData, reverseName } from './resource-record.ts'

const domainName = z
  .string()
  .min(1)
  .max(253)
  .regex(
    pattern(/^[A-Za-z0-9_](?:[A-Za-z0-9_.*-]*[A-Za-z0-9_])?\.?$/, {
      fr: 'un nom DNS, comme « www.agence1.lan »',
      en: 'a DNS name, like “www.agence1.lan”',
    }),
  )
const params = z.strictObject({
  on: role(),
  /** A full name; for a PTR, the IPv4 address will do. */
  name: z.union([domainName, z.ipv4()]),
  type: z.enum(['A', 'AAAA', 'CNAME', 'MX', 'NS', 'PTR', 'SRV', 'TXT']).default('A'),
  /** What must be among the answers, as `dig +short` shows it. */
  value: z
    .union([z.string().min(1), z.array(z.string().min(1)).min(1).max(16)])
    .transform((v) => [v].flat())
    .optional(),
  exists: z.boolean().default(true),
  /** The zone that the server must hold for an absence to count; the name without its first label where absent. */
  zone: domainName.optional(),
})
type Params = z.output<typeof params>

const asksFor = ({ type, value, exists }: Params): Text =>
  !exists
    ? { fr: `pas d’enregistrement ${type}`, en: `no ${type} record` }
    : value === undefined
      ? { fr: `un enregistrement ${type}`, en: `a ${type} record` }
      : same(`${type} ${value.join(', ')}`)

const queried = ({ name, type }: Params): string => (type === 'PTR' ? reverseName(name) : name)

export const record = defineCheck({
  id: 'dns.record',
  criteria: ['C8.3', 'C5.1', 'C1.2'],
  says: {
    fr: 'Le nom {name} ({type}) est résolu comme il est demandé',
    en: 'Name {name} ({type}) resolves as asked for',
  },
  observes: { fr: 'la réponse du serveur DNS lui-même', en: 'the answer of the DNS server itself' },
  control: {
    fr: 'le serveur fait autorité sur la zone : il donne son SOA avec le bit AA',
    en: 'the server is authoritative for the zone: it gives its SOA with the AA bit',
  },
  asks: ['dns'],
  proven: 'live',
  params,
  probes: (params) => ({
    answer: dns(params.on, queried(params), params.type),
    zone: dns(params.on, params.zone ?? parentZone(queried(params)), 'SOA'),
  }),
  judge: (seen, params) => {
    const expected = asksFor(params)
    const answer = answered(seen.answer)
    const found = answer.answers
      .filter((a) => a.type === params.type)
      .map((a) => recordData(params.type, a.data))
    const wanted = (params.value ?? []).map((v) => recordData(params.type, v))
    const present = answer.rcode === 'NOERROR' && found.length > 0 && wanted.every((v) => found.includes(v))
    const observed = description(answer, found)
    if (present && params.exists) return passIf(true, expected, observed)
    // Anything else is an absence: only the server of the zone may say so.
    const zone = answered(seen.zone)
    const authoritative =
      zone.rcode === 'NOERROR' && zone.authoritative && zone.answers.some((a) => a.type === 'SOA')
    if (!authoritative || !['NOERROR', 'NXDOMAIN'].includes(answer.rcode))
      return unknown(
        'control',
        `not authoritative for the zone: SOA ${zone.rcode}, ${params.type} ${answer.rcode}`,
        expected,
        { observed },
      )
    // « No record » with a value means that value; without one, any.
    const absent = params.value === undefined ? found.length === 0 : !present
    return passIf(!params.exists && absent, expected, observed)
  },
  expects: asksFor,
  byHand: (params, facts) =>
    same(typed(['dig', `@${facts.targets[params.on]?.address ?? params.on}`, queried(params), params.type])),
})

function description({ rcode, authoritative }: AnswerOf<'dns'>, found: readonly string[]): Text {
  const code = printable(rcode, 20)
  if (found.length === 0) return { fr: `aucun enregistrement (${code})`, en: `no record (${code})` }
  const list = printableList(found)
  return authoritative
    ? same(list)
    : { fr: `${list} (réponse sans autorité)`, en: `${list} (non-authoritative answer)` }
}
