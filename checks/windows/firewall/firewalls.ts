import { z } from 'zod'
import { attempt, unobserved } from '../../attempt.ts'
import { passIf, unknown, type Judgement } from '../../finding.ts'
import { NotObserved, returned, type Observed } from '../../observation.ts'
import { printable, printableList } from '../../printable.ts'
import { joined, same, type Text } from '../../text.ts'
import { whole } from '../../aspects.ts'
import { firewallRule, type Choice, type FirewallRule } from './firewall-rule-text.ts'
import { isLimitedTo, relation, type Relation, type Traffic } from './firewall-traffic.ts'

export const profileNames = ['domain', 'private', 'public'] as const
export type ProfileName = (typeof profileNames)[number]

const number = z.int().nullable()
const profileShape = z
  .object({ enabled: number, noExceptions: number, merge: number, inbound: number, outbound: number })
  .nullable()

/** What the script `firewall` gives. */
export const firewallShape = z.object({
  /** State of the service MpsSvc: 4 is running; null where it was not shown. */
  service: number,
  profileCount: z.int(),
  profiles: z
    .array(
      z.object({
        name: z.enum(profileNames),
        own: profileShape,
        policy: profileShape,
        /** What the first administrative templates say of all networks but the domain. */
        old: profileShape,
      }),
    )
    .max(3),
  total: z.int(),
  /** Rules of the group « Core Networking », which every Windows has. */
  core: z.int(),
  count: z.int(),
  rules: z
    .array(
      z.object({ store: z.enum(['own', 'policy']), id: z.string().max(512), text: z.string().max(32_768) }),
    )
    .max(2000),
  /** How many lists of the first administrative templates there are, which act as rules too. */
  old: z.int(),
  networkCount: z.int(),
  networks: z.array(z.int()).max(256).nullable(),
  variables: z.record(z.string().max(64), z.string().max(1024)),
})
export type Firewall = z.infer<typeof firewallShape>

export function seenFirewall(observation: Observed<'powershell'> | undefined): Firewall {
  const answer = returned(observation, firewallShape)
  whole(answer.profiles, answer.profileCount, 'profiles')
  whole(answer.rules, answer.count, 'rules')
  return answer
}

const CATEGORIES: Readonly<Record<number, ProfileName>> = { 0: 'public', 1: 'private', 2: 'domain' }

/** The profiles asked for; else those of the networks that the machine is on. Throws NotObserved where there are none. */
export function profilesOf(asked: readonly ProfileName[] | undefined, firewall: Firewall): ProfileName[] {
  if (asked) return [...new Set(asked)]
  const networks = whole(firewall.networks ?? [], firewall.networkCount, 'networks')
  const found = networks.flatMap((category) => CATEGORIES[category] ?? [])
  if (found.length === 0)
    throw new NotObserved('control', 'what kind of network the machine is on is not known')
  return profileNames.filter((name) => found.includes(name))
}

export const profileName: Readonly<Record<ProfileName, Text>> = {
  domain: { fr: 'domaine', en: 'domain' },
  private: { fr: 'privé', en: 'private' },
  public: { fr: 'public', en: 'public' },
}
export const profilesName = (profiles: readonly ProfileName[] | undefined): Text =>
  profiles
    ? joined(profiles.map((one) => profileName[one]))
    : { fr: 'profils des réseaux connectés', en: 'profiles of the connected networks' }

type Setting = 'enabled' | 'merge'

/** A setting as it is in force: the policy's where it has one, else the machine's own, else Windows' default. */
function inForce(firewall: Firewall, name: ProfileName, setting: Setting, byDefault: number | null): number {
  const found = firewall.profiles.find((one) => one.name === name)
  if (!found) throw new NotObserved('unparsable', `the ${name} profile is not in the answer`)
  if (found.own === null) throw new NotObserved('unparsable', `the machine has no ${name} profile of its own`)
  const policy = found.policy?.[setting] ?? null
  if (policy === null && (found.old?.[setting] ?? null) !== null)
    throw new NotObserved('control', 'a policy of the first administrative templates speaks of this profile')
  const value = policy ?? found.own[setting] ?? byDefault
  if (value === null) throw new NotObserved('unparsable', `${setting} of the ${name} profile was not given`)
  return value
}

/** Whether the profile blocks what its rules allow: it is enough that one of the two stores says so ([MS-FASP] 2.2.38). */
const letsNobodyIn = (firewall: Firewall, name: ProfileName): boolean =>
  firewall.profiles
    .filter((one) => one.name === name)
    .some(({ own, policy, old }) => [own, policy, old].some((store) => (store?.noExceptions ?? 0) !== 0))

const RUNNING = 4
const onName = (on: boolean): Text => (on ? { fr: 'activé', en: 'on' } : { fr: 'désactivé', en: 'off' })
const FIREWALL_CELL: Text = { fr: 'le pare-feu', en: 'the firewall' }

/** Whether the firewall is on in the profiles, and its service runs. */
export function judgeState(wanted: boolean, profiles: readonly ProfileName[], firewall: Firewall): Judgement {
  const expected = joined([onName(wanted), profilesName(profiles)], ' : ')
  const extra = { cell: FIREWALL_CELL }
  const { value, failure } = attempt(() =>
    profiles.map((name) => ({ name, on: inForce(firewall, name, 'enabled', null) !== 0 })),
  )
  if (!value) return unobserved(failure, expected, extra)
  const observed = joined(value.map(({ name, on }) => joined([profileName[name], onName(on)], ' ')))
  if (firewall.service === null) return unknown('control', 'service MpsSvc was not shown', expected, extra)
  if (firewall.service !== RUNNING)
    return wanted
      ? passIf(
          false,
          expected,
          joined([observed, { fr: 'service MpsSvc arrêté', en: 'service MpsSvc stopped' }]),
          extra,
        )
      : unknown('control', 'service MpsSvc does not run', expected, { ...extra, observed })
  return passIf(
    value.every(({ on }) => on === wanted),
    expected,
    observed,
    extra,
  )
}

/** A rule that is asked for: its traffic, port by port. */
export interface AskedRule {
  readonly action: 'allow' | 'block'
  readonly traffic: readonly Traffic[]
  readonly words: Text
}

interface Seen {
  readonly rule: FirewallRule
  readonly relation: Relation
}
interface Outcome {
  readonly verdict: 'pass' | 'fail' | 'unknown'
  readonly observed: Text
}

const RULE_CELL: Text = { fr: 'la règle', en: 'the rule' }

/** One finding for a rule: it must do what is asked for in each profile and on each port. */
export function judgeRule(asked: AskedRule, profiles: readonly ProfileName[], firewall: Firewall): Judgement {
  const expected = joined([asked.words, profilesName(profiles)], ' ; ')
  const extra = { cell: RULE_CELL }
  const { value, failure } = attempt(() => {
    const rules = readRules(firewall)
    return profiles.flatMap((profile) =>
      asked.traffic.map((traffic) => outcomeIn(profile, traffic, asked, rules, firewall)),
    )
  })
  if (!value) return unobserved(failure, expected, extra)
  const observed = joined(
    value
      .map((one) => one.observed)
      .filter((text, i, all) => all.findIndex(({ fr }) => fr === text.fr) === i),
    ' ; ',
  )
  if (value.some(({ verdict }) => verdict === 'fail')) return passIf(false, expected, observed, extra)
  return value.some(({ verdict }) => verdict === 'unknown')
    ? unknown('control', 'it depends on rules whose effect cannot be told from here', expected, {
        ...extra,
        observed,
      })
    : passIf(true, expected, observed, extra)
}

/** All rules that were given. Throws NotObserved where one is no rule, which may do anything. */
function readRules(firewall: Firewall): FirewallRule[] {
  return firewall.rules.map(({ id, text, store }) => {
    const rule = firewallRule(id, text, store === 'policy')
    if (rule) return rule
    throw new NotObserved('unparsable', `rule ${id} of the firewall is of another form`)
  })
}

function outcomeIn(
  profile: ProfileName,
  traffic: Traffic,
  asked: AskedRule,
  rules: readonly FirewallRule[],
  firewall: Firewall,
): Outcome {
  const merged = inForce(firewall, profile, 'merge', 1) !== 0
  const shut = traffic.direction === 'in' && letsNobodyIn(firewall, profile)
  const usable = rules.filter(({ fromPolicy }) => fromPolicy || merged)
  const related = (addresses = true): Seen[] =>
    usable
      .map((rule) => ({ rule, relation: relation(rule, profile, traffic, firewall.variables, addresses) }))
      .filter(({ relation }) => relation !== 'apart')
  const seen = related()
  const blocking = seen.filter(({ rule }) => rule.action === 'Block')
  if (asked.action === 'block') return blocked(blocking, seen, firewall)
  const allowing = seen.filter(({ rule }) => rule.action === 'Allow')
  const blocker = blocking.find((one) => one.relation === 'covers')
  if (blocker) return { verdict: 'fail', observed: because({ fr: 'bloqué par', en: 'blocked by' }, blocker) }
  const found = allowing.find((one) => one.relation === 'covers')
  if (!found) return missing(allowing, seen, firewall)
  if (shut)
    return {
      verdict: 'fail',
      observed: {
        fr: 'toutes les connexions entrantes sont bloquées, même autorisées',
        en: 'all inbound connections are blocked, allowed ones too',
      },
    }
  const wide = traffic.remote === null ? null : widest(related(false), traffic.remote)
  if (wide) return wide
  const doubtful = blocking.filter(({ rule }) => !isOther(rule, found.rule))
  return doubtful.length > 0
    ? {
        verdict: 'unknown',
        observed: because({ fr: 'bloqué en partie par', en: 'partly blocked by' }, doubtful[0]!),
      }
    : { verdict: 'pass', observed: because({ fr: 'autorisé par', en: 'allowed by' }, found) }
}

/** Two rules for two programs have nothing to do with one another. */
const isOther = (a: FirewallRule, b: FirewallRule): boolean =>
  a.program !== null && b.program !== null && a.program.toLowerCase() !== b.program.toLowerCase()

/** A rule that lets in others than those asked for. */
function widest(seen: readonly Seen[], remote: Choice): Outcome | null {
  const open = seen
    .filter((one) => one.rule.action === 'Allow' && one.relation === 'covers')
    .map((one) => ({ one, limited: isLimitedTo(one.rule, remote) }))
  const wide = open.find(({ limited }) => limited === false)
  if (wide)
    return {
      verdict: 'fail',
      observed: because({ fr: 'ouvert plus largement par', en: 'opened more widely by' }, wide.one),
    }
  const unsure = open.find(({ limited }) => limited === null)
  return unsure
    ? {
        verdict: 'unknown',
        observed: because({ fr: 'adresses inconnues :', en: 'unknown addresses:' }, unsure.one),
      }
    : null
}

function blocked(blocking: readonly Seen[], seen: readonly Seen[], firewall: Firewall): Outcome {
  const found = blocking.find((one) => one.relation === 'covers')
  if (!found) return missing(blocking, seen, firewall)
  const over = seen.find(({ rule }) => rule.action !== 'Allow' && rule.action !== 'Block')
  return over
    ? { verdict: 'unknown', observed: because({ fr: 'levé en partie par', en: 'partly lifted by' }, over) }
    : { verdict: 'pass', observed: because({ fr: 'bloqué par', en: 'blocked by' }, found) }
}

/** No rule does all of it: an absence where the rules that every Windows has were seen. */
function missing(near: readonly Seen[], seen: readonly Seen[], firewall: Firewall): Outcome {
  if (firewall.core === 0)
    throw new NotObserved('control', 'none of the rules that every Windows has is in the registry')
  if (firewall.old > 0)
    throw new NotObserved('control', 'lists of the first administrative templates act as rules too')
  const unsure = [...near, ...seen.filter(({ rule }) => rule.action === 'ByPass')].find(
    (one) => one.relation === 'unsure' || one.rule.action === 'ByPass',
  )
  if (unsure)
    return { verdict: 'unknown', observed: because({ fr: 'peut-être par', en: 'maybe by' }, unsure) }
  const partly = near.slice(0, 3).map(({ rule }) => ruleName(rule))
  return {
    verdict: 'fail',
    observed:
      partly.length > 0
        ? { fr: `en partie seulement : ${joined(partly).fr}`, en: `only in part: ${joined(partly).en}` }
        : { fr: `aucune règle active parmi ${firewall.total}`, en: `no active rule among ${firewall.total}` },
  }
}

const because = (what: Text, { rule }: Seen): Text => joined([what, ruleName(rule)], ' ')

/** « Site web (TCP 8080, depuis 192.168.10.0/24, stratégie de groupe) » */
function ruleName(rule: FirewallRule): Text {
  const ports = (choice: Choice | null): string[] =>
    choice === null
      ? []
      : [
          ...choice.ranges.map(({ from, to }) => (from === to ? String(from) : `${from}-${to}`)),
          ...choice.words,
        ]
  const details: Text[] = [
    ...(rule.protocol === null ? [] : [same(PROTOCOLS[rule.protocol] ?? `protocole ${rule.protocol}`)]),
    ...portText(ports(rule.localPorts), { fr: 'port local', en: 'local port' }),
    ...portText(ports(rule.remotePorts), { fr: 'port distant', en: 'remote port' }),
    ...(rule.program === null ? [] : [same(printable(rule.program, 100))]),
    ...(rule.remote === null
      ? []
      : [
          {
            fr: `depuis ou vers ${addresses(rule.remote).fr}`,
            en: `from or to ${addresses(rule.remote).en}`,
          },
        ]),
    ...(rule.fromPolicy ? [{ fr: 'stratégie de groupe', en: 'group policy' }] : []),
  ]
  const name = printable(rule.name.startsWith('@') ? rule.id : rule.name, 80)
  const all = joined(details)
  return details.length === 0 ? same(name) : { fr: `${name} (${all.fr})`, en: `${name} (${all.en})` }
}

const PROTOCOLS: Readonly<Record<number, string>> = { 1: 'ICMPv4', 6: 'TCP', 17: 'UDP', 58: 'ICMPv6' }
const portText = (ports: readonly string[], what: Text): Text[] =>
  ports.length === 0 ? [] : [joined([what, same(printableList(ports))], ' ')]

const dotted = (address: number): string =>
  [24, 16, 8, 0].map((shift) => Math.floor(address / 2 ** shift) % 256).join('.')

export const addresses = ({ ranges, words }: Choice): Text => {
  const shown = [
    ...ranges.map(({ from, to }) => (from === to ? dotted(from) : `${dotted(from)}-${dotted(to)}`)),
    ...words,
  ]
  return same(printableList(shown))
}
