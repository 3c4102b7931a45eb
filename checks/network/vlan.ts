import { z } from 'zod'
import { defineCheck, role } from '../define.ts'
import { fail, passIf, unknown } from '../finding.ts'
import { snmpWalk } from '../probe.ts'
import { printable, printableList } from '../printable.ts'
import { joined, same, type Text } from '../text.ts'
import { bridgeVlans, portRange, readBridge, type BridgeVlan } from './bridge-vlans.ts'

const ports = z
  .array(z.string().min(1).max(64))
  .max(128)
  .default([])
  .transform((list) => list.flatMap(portRange))
const params = z.strictObject({
  on: role('switch', 'router', 'firewall'),
  id: z.int().min(1).max(4094),
  exists: z.boolean().default(true),
  name: z.string().min(1).max(64).optional(),
  /** Ports (ifName: Gi0/24) that carry it tagged, among others; Gi0/1-8 is eight of them. */
  tagged: ports,
  /** Access ports, among others. */
  untagged: ports,
})
type Params = z.output<typeof params>

const members = (tagged: readonly string[], untagged: readonly string[]): Text[] => [
  ...(tagged.length > 0
    ? [{ fr: `étiqueté sur ${printableList(tagged, 12)}`, en: `tagged on ${printableList(tagged, 12)}` }]
    : []),
  ...(untagged.length > 0
    ? [
        {
          fr: `non étiqueté sur ${printableList(untagged, 24)}`,
          en: `untagged on ${printableList(untagged, 24)}`,
        },
      ]
    : []),
]
const asksFor = ({ id, exists, name, tagged, untagged }: Params): Text =>
  exists
    ? joined([same(`VLAN ${id}`), ...(name === undefined ? [] : [same(name)]), ...members(tagged, untagged)])
    : { fr: `pas de VLAN ${id}`, en: `no VLAN ${id}` }

export const vlan = defineCheck({
  id: 'network.vlan',
  criteria: ['C5.1'],
  says: { fr: 'Le VLAN {id} est conforme à la demande', en: 'VLAN {id} is as asked for' },
  observes: {
    fr: 'le VLAN, son nom et ses ports, étiquetés ou non, selon l’agent SNMP du commutateur (Q-BRIDGE-MIB)',
    en: 'the VLAN, its name and its ports, tagged or not, according to the SNMP agent of the switch (Q-BRIDGE-MIB)',
  },
  control: {
    fr: 'l’agent montre les ports du commutateur et au moins un autre VLAN',
    en: 'the agent shows the ports of the switch and at least one other VLAN',
  },
  asks: ['snmp'],
  proven: 'live',
  params,
  probes: ({ on }) => ({ bridge: bridgeVlans(on) }),
  judge: ({ bridge }, params) => {
    const expected = asksFor(params)
    const { ports, vlans } = readBridge(bridge)
    const found = vlans.find((v) => v.id === params.id)
    const others = printableList(
      vlans.map((v) => String(v.id)),
      24,
    )
    if (!found) {
      const absent = {
        fr: `pas de VLAN ${params.id} ; VLAN présents : ${others}`,
        en: `no VLAN ${params.id}; VLANs present: ${others}`,
      }
      return passIf(!params.exists, expected, absent)
    }
    if (!params.exists) return fail(expected, description(found))
    const strangers = [...params.tagged, ...params.untagged].filter((p) => !ports.includes(p))
    if (strangers.length > 0)
      return unknown('grader', `the switch has no port named ${strangers.slice(0, 8).join(', ')}`, expected, {
        blame: 'grader',
      })
    const matches =
      (params.name === undefined || found.name === params.name) &&
      params.tagged.every((p) => found.tagged.includes(p)) &&
      params.untagged.every((p) => found.untagged.includes(p))
    return passIf(matches, expected, description(found))
  },
  expects: asksFor,
  byHand: ({ on, id }) => ({
    fr: `sur le commutateur : show vlan id ${id} ; par SNMP : ${walkByHand(on)}`,
    en: `on the switch: show vlan id ${id}; by SNMP: ${walkByHand(on)}`,
  }),
})

const description = ({ id, name, tagged, untagged }: BridgeVlan): Text =>
  joined([same(`VLAN ${id}`), same(printable(name, 64)), ...members(tagged, untagged)])

const walkByHand = (on: string): string =>
  `snmpwalk ${on} ${snmpWalk(on, ['1.3.6.1.2.1.17.7.1.4.3']).oids.join(' ')}`
