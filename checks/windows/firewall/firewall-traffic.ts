import { attempt } from '../../attempt.ts'
import type { Choice, FirewallRule, Interval } from './firewall-rule-text.ts'
import { isProgram, type Variables } from '../tasks/task-action.ts'

/** What a rule is asked about: one port, or all; addresses, or all. */
export interface Traffic {
  readonly direction: 'in' | 'out'
  /** Number of the protocol; null for all. */
  readonly protocol: number | null
  readonly ports: Interval | null
  /** Type of ICMP message. */
  readonly message: number | null
  readonly program: string | null
  readonly remote: Choice | null
}

/** How a rule stands to some traffic: all of it, a part of it, none of it; `unsure` where that can't be told from here. */
export type Relation = 'covers' | 'partly' | 'apart' | 'unsure'

/** All conditions have to hold together. */
const together = (relations: readonly Relation[]): Relation =>
  (['apart', 'unsure', 'partly'] as const).find((one) => relations.includes(one)) ?? 'covers'

const isWithin = ({ from, to }: Interval, ranges: readonly Interval[]): boolean => {
  let next = from
  for (const range of [...ranges].sort((a, b) => a.from - b.from))
    if (range.from <= next && range.to >= next) next = range.to + 1
  return next > to
}
const meets = (a: Interval, ranges: readonly Interval[]) =>
  ranges.some((b) => a.from <= b.to && b.from <= a.to)

/** Where Windows gives out ports of its own accord. */
const DYNAMIC: Interval = { from: 49_152, to: 65_535 }
const WORDS: Readonly<Record<string, Interval>> = {
  rpc: DYNAMIC,
  'rpc-epmap': { from: 135, to: 135 },
  iphttps: { from: 443, to: 443 },
  iphttpsin: { from: 443, to: 443 },
  iphttpsout: { from: 443, to: 443 },
  iptlsin: { from: 443, to: 443 },
  iptlsout: { from: 443, to: 443 },
  mdns: { from: 5353, to: 5353 },
}

function portsOf(rule: Choice | null, asked: Interval | null): Relation {
  if (rule === null) return 'covers'
  if (asked === null) return 'partly'
  if (isWithin(asked, rule.ranges)) return 'covers'
  if (meets(asked, rule.ranges)) return 'partly'
  return rule.words.some((word) => WORDS[word] && meets(asked, [WORDS[word]])) ? 'unsure' : 'apart'
}

/** How the addresses that a rule is limited to stand to those asked for. */
export function addressesOf(rule: FirewallRule, asked: Choice | null): Relation {
  if (rule.remote === null) return 'covers'
  if (asked === null) return 'partly'
  const words = asked.words.every((word) => rule.remote?.words.includes(word))
  const ranges = rule.remote.ranges
  if (words && asked.ranges.every((range) => isWithin(range, ranges))) return 'covers'
  // A word (LocalSubnet, DNS …) may stand for any address.
  if (rule.remote.words.length > 0 || asked.words.length > 0) return 'unsure'
  return asked.ranges.some((range) => meets(range, ranges)) ? 'partly' : 'apart'
}

/** Whether a rule lets nobody else in than those asked for; null where that can't be told. */
export function isLimitedTo({ remote, remote6 }: FirewallRule, asked: Choice): boolean | null {
  if (remote === null) return false
  if (!remote.ranges.every((range) => isWithin(range, asked.ranges))) return false
  if (!remote.words.every((word) => asked.words.includes(word))) return null
  return remote6 ? null : true
}

function protocolOf({ protocol, messages }: FirewallRule, asked: Traffic): Relation {
  if (protocol === null) return 'covers'
  if (asked.protocol === null) return 'partly'
  if (protocol !== asked.protocol) return 'apart'
  if (messages === null) return 'covers'
  if (asked.message === null) return 'partly'
  if (messages.some((one) => one === '*:*' || isWhole(one, asked.message))) return 'covers'
  return messages.some((one) => one.startsWith(`${asked.message}:`)) ? 'partly' : 'apart'
}

/** Request and reply of a ping have no other code than 0. */
const ONE_CODE = [0, 8, 128, 129]
const isWhole = (written: string, message: number | null): boolean =>
  written === `${message}:*` || (ONE_CODE.includes(message ?? -1) && written === `${message}:0`)

const ICMP = [1, 58]

/**
 * How a rule's program stands to what is asked. Where the author names none, a rule that lets a program in on the very
 * port is as good as one for all; not so one that lets it in everywhere, nor one that keeps a single program out.
 */
function programOf(rule: FirewallRule, asked: Traffic, variables: Variables): Relation {
  if (rule.elsewhere) return 'apart'
  const limited = rule.program !== null || rule.service !== null
  if (!limited) return 'covers'
  if (asked.program === null) {
    if (rule.action !== 'Allow') return 'partly'
    const named = asked.direction === 'in' ? rule.localPorts : rule.remotePorts
    if (named !== null || ICMP.includes(rule.protocol ?? 0)) return 'covers'
    return asked.ports === null ? 'partly' : 'unsure'
  }
  if (rule.program === null) return 'unsure'
  const same = attempt(() => isProgram(asked.program ?? '', rule.program ?? '', variables))
  if (same.failure) return 'unsure'
  if (!same.value) return 'apart'
  return rule.service === null ? 'covers' : 'unsure'
}

/** Whether the rule is one for the profile, and how it stands to the traffic; addresses are left out where asked to. */
export function relation(
  rule: FirewallRule,
  profile: string,
  asked: Traffic,
  variables: Variables,
  addresses = true,
): Relation {
  if (rule.direction.toLowerCase() !== asked.direction) return 'apart'
  if (rule.profiles !== null && !rule.profiles.includes(profile)) return 'apart'
  const [near, far] =
    asked.direction === 'in' ? [rule.localPorts, rule.remotePorts] : [rule.remotePorts, rule.localPorts]
  return together([
    protocolOf(rule, asked),
    portsOf(near, asked.ports),
    far === null ? 'covers' : 'partly',
    programOf(rule, asked, variables),
    addresses ? addressesOf(rule, asked.remote) : 'covers',
    rule.limits.length > 0 ? 'unsure' : 'covers',
  ])
}
