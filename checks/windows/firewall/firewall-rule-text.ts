import { addressNumber } from '../dhcp/ipv4.ts'

/** First and last number, both of them in it. */
export interface Interval {
  readonly from: number
  readonly to: number
}

/** Ports, addresses: numbers, and words that stand for some. */
export interface Choice {
  readonly ranges: readonly Interval[]
  readonly words: readonly string[]
}

/** A rule of the firewall ([MS-FASP] 2.2.37); null where it does not limit something. */
export interface FirewallRule {
  readonly id: string
  /** As somebody typed it, or where Windows has it in its language; never matched. */
  readonly name: string
  readonly fromPolicy: boolean
  readonly action: string
  readonly direction: string
  readonly profiles: readonly string[] | null
  /** Number of the protocol. */
  readonly protocol: number | null
  readonly localPorts: Choice | null
  readonly remotePorts: Choice | null
  /** Types of ICMP messages, `8:*`. */
  readonly messages: readonly string[] | null
  readonly remote: Choice | null
  /** Whether it names IPv6 addresses too. */
  readonly remote6: boolean
  readonly program: string | null
  readonly service: string | null
  /** Only for apps of the store, or for devices nearby: never for a service of the machine. */
  readonly elsewhere: boolean
  /** Names of what limits it otherwise: interfaces, authentication, users, local addresses, what is not known. */
  readonly limits: readonly string[]
}

const PLAIN = new Set(['action', 'active', 'dir', 'name', 'desc', 'embedctxt', 'edge', 'defer'])
const KNOWN = [
  /^profile$/,
  /^protocol$/,
  /^[lr]port(2_\d+)?$/,
  /^icmp[46]$/,
  /^ra[46]2?$/,
  /^app$/,
  /^svc$/,
  /^platform2?$/,
  /^(apppkgid|ttk)/,
]
const ANY_PROTOCOL = 256

/**
 * A rule as the registry has it ([MS-GPFAS] 2.2.2.19): a version and fields between bars. Null for a text that is none,
 * which may do anything.
 */
export function firewallRule(id: string, text: string, fromPolicy: boolean): FirewallRule | null {
  const [version, ...parts] = text.split('|')
  if (!/^v\d{1,2}\.\d{1,3}$/.test(version ?? '')) return null
  const fields = parts
    .filter((part) => part !== '')
    .map((part): [string, string] => {
      const equals = part.indexOf('=')
      return [part.slice(0, Math.max(0, equals)).toLowerCase(), part.slice(equals + 1)]
    })
  const all = (name: RegExp) => fields.filter(([key]) => name.test(key)).map(([, value]) => value)
  const one = (name: RegExp) => all(name).at(-1) ?? null
  const protocol = one(/^protocol$/)
  const remote = all(/^ra[46]2?$/)
  const choice = (values: readonly string[], read: (value: string) => Interval | null): Choice | null =>
    values.length === 0
      ? null
      : {
          ranges: values.flatMap((value) => read(value) ?? []),
          words: values.filter((value) => read(value) === null).map((value) => value.toLowerCase()),
        }
  const none = (values: readonly string[]) => (values.length === 0 ? null : values)
  return {
    id,
    name: one(/^name$/) ?? id,
    fromPolicy,
    action: one(/^action$/) ?? '',
    direction: one(/^dir$/) ?? '',
    profiles: none(all(/^profile$/).map((profile) => profile.toLowerCase())),
    protocol: protocol === null || Number(protocol) === ANY_PROTOCOL ? null : Number(protocol),
    localPorts: choice(all(/^lport(2_\d+)?$/), portRange),
    remotePorts: choice(all(/^rport(2_\d+)?$/), portRange),
    messages: none(all(/^icmp[46]$/)),
    remote:
      choice(
        remote.filter((value) => !value.includes(':')),
        addressRange,
      ) ?? (remote.length > 0 ? { ranges: [], words: [] } : null),
    remote6: remote.some((value) => value.includes(':')),
    program: one(/^app$/),
    service: one(/^svc$/),
    elsewhere: fields.some(([key]) => /^(apppkgid|ttk)/.test(key)),
    limits: [
      ...fields.map(([key]) => key).filter((key) => !PLAIN.has(key) && !KNOWN.some((name) => name.test(key))),
      ...(suits(one(/^platform$/), one(/^platform2$/)) ? [] : ['platform']),
    ],
  }
}

/** `2:6:1` and `GTEQ`: Windows (2) from version 6.1 on, as all of today's are. */
const suits = (platform: string | null, comparison: string | null): boolean =>
  platform === null || (/^2:(?:[0-9]|10):\d+$/.test(platform) && comparison === 'GTEQ')

function portRange(value: string): Interval | null {
  const [, from, to] = /^(\d{1,5})(?:-(\d{1,5}))?$/.exec(value) ?? []
  return from === undefined ? null : { from: Number(from), to: Number(to ?? from) }
}

/** `192.168.10.0/255.255.255.0`, `192.168.10.0/24`, `10.0.0.1-10.0.0.9` or `10.0.0.1`; null for a word. */
export function addressRange(value: string): Interval | null {
  const [, first = '', sign, second = ''] = /^([\d.]+)(?:([/-])([\d.]+))?$/.exec(value) ?? []
  const from = addressNumber(first)
  if (Number.isNaN(from)) return null
  if (sign === undefined) return { from, to: from }
  if (sign === '-') return interval(from, addressNumber(second))
  const size = /^\d{1,2}$/.test(second) ? 2 ** (32 - Number(second)) : 2 ** 32 - addressNumber(second)
  const start = Math.floor(from / size) * size
  return interval(start, start + size - 1)
}

const interval = (from: number, to: number): Interval | null => (to >= from ? { from, to } : null)
