import { z } from 'zod'
import { described } from '../../described.ts'
import { pattern } from '../../pattern.ts'
import { joined, same, type Text } from '../../text.ts'
import { addressRange, type Choice, type Interval } from './firewall-rule-text.ts'
import type { AskedRule } from './firewalls.ts'

const port = z.int().min(1).max(65_535)
const twoPorts: Text = {
  fr: 'deux ports joints par un tiret, le plus petit d’abord : 50000-50100',
  en: 'two ports joined by a hyphen, the smaller first: 50000-50100',
}
const ports = z
  .string()
  .regex(pattern(/^\d{1,5}-\d{1,5}$/, twoPorts))
  .refine(
    (written) => {
      const [from = 0, to = 0] = written.split('-').map(Number)
      return from >= 1 && from <= to && to <= 65_535
    },
    { params: { ...twoPorts } },
  )
const remote = z.union([
  z.literal('local-subnet'),
  z.string().refine((written) => addressRange(written) !== null, {
    params: {
      fr: 'une adresse IPv4, un réseau (192.168.10.0/24) ou deux adresses jointes par un tiret',
      en: 'an IPv4 address, a network (192.168.10.0/24) or two addresses joined by a hyphen',
    },
  }),
])
/** What an author asks of a rule. */
export const ruleSchema = z.strictObject({
  direction: described(z.enum(['in', 'out']).default('in'), {
    fr: 'Sens du trafic : in entrant, out sortant',
    en: 'Direction of the traffic: in or out',
  }),
  action: described(z.enum(['allow', 'block']).default('allow'), {
    fr: 'allow autorise, block bloque',
    en: 'Whether it is allowed or blocked',
  }),
  protocol: described(z.enum(['tcp', 'udp', 'icmpv4', 'icmpv6', 'any']).default('tcp'), {
    fr: 'Protocole ; any pour tous',
    en: 'Protocol; any for all',
  }),
  ports: described(
    z
      .array(z.union([port, ports]))
      .min(1)
      .max(32)
      .optional(),
    {
      fr: 'Ports locaux d’une règle entrante, distants d’une règle sortante, seuls ou par plages (50000-50100) ; tous s’ils ne sont pas donnés',
      en: 'Local ports of an inbound rule, remote ones of an outbound rule, alone or as ranges (50000-50100); all where absent',
    },
  ),
  icmpType: described(z.int().min(0).max(255).optional(), {
    fr: 'Type de message ICMP : 8 est la demande d’un ping, 128 en ICMPv6',
    en: 'Type of an ICMP message: 8 is the request of a ping, 128 with ICMPv6',
  }),
  program: described(z.string().min(1).max(1024).optional(), {
    fr: 'Programme concerné, en chemin complet ; n’importe lequel s’il n’est pas donné',
    en: 'Program that it is for, as a full path; whichever where absent',
  }),
  remote: described(z.array(remote).min(1).max(64).optional(), {
    fr: 'Qui est en face (adresses, réseaux, plages, local-subnet) : pour allow, ceux-là et personne d’autre ; pour block, au moins ceux-là',
    en: 'Who is on the other side (addresses, networks, ranges, local-subnet): for allow, these and nobody else; for block, at least these',
  }),
})
type Rule = z.output<typeof ruleSchema>

const NUMBERS = { tcp: 6, udp: 17, icmpv4: 1, icmpv6: 58, any: null } as const

const intervalOf = (written: number | string): Interval => {
  const [from, to = from] = String(written).split('-').map(Number)
  return { from: from!, to: to! }
}
const choiceOf = (written: readonly string[]): Choice => ({
  ranges: written.flatMap((one) => addressRange(one) ?? []),
  words: written.includes('local-subnet') ? ['localsubnet'] : [],
})

/** Its traffic, port by port. */
export const askedRule = (rule: Rule): AskedRule => ({
  action: rule.action,
  words: ruleWords(rule),
  traffic: (rule.ports ?? [null]).map((one) => ({
    direction: rule.direction,
    protocol: NUMBERS[rule.protocol],
    ports: one === null ? null : intervalOf(one),
    message: rule.icmpType ?? null,
    program: rule.program ?? null,
    remote: rule.remote ? choiceOf(rule.remote) : null,
  })),
})

/** « autorise TCP 8080 en entrée ». */
export function ruleWords(rule: Rule): Text {
  const action: Text =
    rule.action === 'allow' ? { fr: 'autorise', en: 'allows' } : { fr: 'bloque', en: 'blocks' }
  const way: Text =
    rule.direction === 'in' ? { fr: 'en entrée', en: 'inbound' } : { fr: 'en sortie', en: 'outbound' }
  return joined(
    [
      action,
      rule.protocol === 'any'
        ? { fr: 'tout protocole', en: 'any protocol' }
        : same(rule.protocol.toUpperCase()),
      ...(rule.ports ? [same(rule.ports.join(', '))] : []),
      ...(rule.icmpType === undefined ? [] : [same(`type ${rule.icmpType}`)]),
      way,
      ...(rule.program === undefined ? [] : [{ fr: `pour ${rule.program}`, en: `for ${rule.program}` }]),
      ...(rule.remote ? [remoteWords(rule, rule.remote)] : []),
    ],
    ' ',
  )
}

const remoteWords = ({ direction, action }: Rule, remote: readonly string[]): Text => {
  const only: Text = action === 'allow' ? { fr: 'seulement ', en: 'only ' } : same('')
  const list = remote.join(', ')
  return direction === 'in'
    ? { fr: `${only.fr}depuis ${list}`, en: `${only.en}from ${list}` }
    : { fr: `${only.fr}vers ${list}`, en: `${only.en}to ${list}` }
}
