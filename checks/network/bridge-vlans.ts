import { NotObserved, type Observed } from '../observation.ts'
import { snmpWalk } from '../probe.ts'
import { column, octets, valuesOf } from './snmp-objects.ts'

// BRIDGE-MIB (RFC 4188), Q-BRIDGE-MIB (RFC 4363), IF-MIB (RFC 2863)
const BASE_PORT_IF_INDEX = '1.3.6.1.2.1.17.1.4.1.2'
const IF_NAME = '1.3.6.1.2.1.31.1.1.1.1'
const VLAN_STATIC = '1.3.6.1.2.1.17.7.1.4.3.1'
const [NAME, EGRESS, UNTAGGED, ROW_STATUS] = [1, 2, 4, 5].map((n) => `${VLAN_STATIC}.${n}`) as [
  string,
  string,
  string,
  string,
]
const ACTIVE = '1'

export interface BridgeVlan {
  readonly id: number
  readonly name: string
  /** Names of interfaces (ifName): frames leave tagged. */
  readonly tagged: readonly string[]
  /** Frames leave untagged (access ports). */
  readonly untagged: readonly string[]
}
export interface Bridge {
  /** Names of all the interfaces that are ports of the bridge. */
  readonly ports: readonly string[]
  readonly vlans: readonly BridgeVlan[]
}

/** The static VLANs of a switch, and the names of its ports, in one question. */
export const bridgeVlans = (on: string) =>
  snmpWalk(on, [BASE_PORT_IF_INDEX, IF_NAME, NAME, EGRESS, UNTAGGED, ROW_STATUS], { timeoutMs: 10_000 })

/**
 * Reads the answer. A bridge port has a number of its own, which dot1dBasePortIfIndex leads to an interface and so to
 * a name. A switch that shows no port or no VLAN at all was not observed: `unknown/control`.
 */
export function readBridge(observation: Observed<'snmp'> | undefined): Bridge {
  const values = valuesOf(observation)
  const names = column(values, IF_NAME)
  const ports = new Map(
    [...column(values, BASE_PORT_IF_INDEX)].map(([port, { value }]) => [
      Number(port),
      names.get(value)?.value ?? `ifIndex ${value}`,
    ]),
  )
  if (ports.size === 0) throw new NotObserved('control', 'the device shows no bridge port (BRIDGE-MIB)')
  const status = column(values, ROW_STATUS)
  const egress = column(values, EGRESS)
  const untagged = column(values, UNTAGGED)
  const vlans = [...column(values, NAME)]
    // A row that is not in service is not a VLAN; some agents leave the column out.
    .filter(([id]) => (status.get(id)?.value ?? ACTIVE) === ACTIVE)
    .map(([id, { value }]): BridgeVlan => {
      const row = (rows: typeof egress) => (rows.has(id) ? portNumbers(octets(rows.get(id)!)) : [])
      const access = new Set(row(untagged))
      const name = (port: number) => ports.get(port) ?? `port ${port}`
      return {
        id: Number(id),
        name: value,
        tagged: row(egress)
          .filter((port) => !access.has(port))
          .map(name),
        untagged: row(egress)
          .filter((port) => access.has(port))
          .map(name),
      }
    })
  if (vlans.length === 0) throw new NotObserved('control', 'the device shows no VLAN at all (Q-BRIDGE-MIB)')
  return { ports: [...ports.values()], vlans }
}

/** Reads a PortList (RFC 4363): the most significant bit of the first octet is port 1. */
export const portNumbers = (list: Uint8Array): number[] =>
  [...list].flatMap((octet, i) =>
    [0, 1, 2, 3, 4, 5, 6, 7].flatMap((bit) => (octet & (0x80 >> bit) ? [i * 8 + bit + 1] : [])),
  )

/** `Gi0/1-4` is Gi0/1, Gi0/2, Gi0/3 and Gi0/4; any other text is one name. */
export function portRange(text: string): string[] {
  const [, prefix = '', first = '', last = ''] = /^(.*[/:])(\d{1,4})-(\d{1,4})$/.exec(text) ?? []
  if (prefix === '' || Number(last) < Number(first)) return [text]
  return Array.from({ length: Number(last) - Number(first) + 1 }, (_, i) => `${prefix}${Number(first) + i}`)
}
