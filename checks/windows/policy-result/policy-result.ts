import { z } from 'zod'
import { parseDistinguishedName, sameValue } from '../../active-directory/distinguished-name.ts'
import { pathOf } from '../../active-directory/organisational-path.ts'
import { quoted } from '../../active-directory/quoted-name.ts'
import { NotObserved } from '../../observation.ts'
import { printable, printableList } from '../../printable.ts'
import { joined, same, type Text } from '../../text.ts'
import { whole, type Aspect } from '../../aspects.ts'
import { booleanOf, bytesOf, cimInstance, dateOf, numberOf, textOf, type CimInstance } from './cim-xml.ts'
import { registryData, type RegistryData } from '../group-policy/registry-value.ts'

const text = z.string().max(4096)
const xml = z.string().max(65_536)
const side = z.object({
  /** RSOP_ExtensionStatus of the engine itself. */
  status: xml.nullable(),
  /** RSOP_GPO. */
  policies: z.array(xml).max(128),
  policyCount: z.int(),
  /** RSOP_GPLink. */
  links: z
    .array(
      z.object({
        policy: text,
        place: text,
        enabled: z.boolean(),
        enforced: z.boolean(),
        blocked: z.boolean(),
        order: z.int(),
      }),
    )
    .max(128),
  linkCount: z.int(),
  /** RSOP_RegistryPolicySetting, those asked for. */
  settings: z.array(xml).max(128),
  settingCount: z.int(),
  settingTotal: z.int(),
  /** What the engine keeps in the registry of its last application. */
  state: z
    .array(
      z.object({
        id: text,
        name: text,
        denied: z.boolean(),
        disabled: z.boolean(),
        filterPassed: z.boolean(),
      }),
    )
    .max(256)
    .nullable(),
  stateCount: z.int(),
})
export type PolicySide = z.output<typeof side>

/** What the script `policy-result` gives. `side` is null where policy was never applied to that user on the machine. */
export const policyResultShape = z.object({
  /** The machine's clock, ISO 8601 in UTC. */
  now: z.iso.datetime(),
  computer: side.nullable(),
  users: z.array(z.object({ name: text, sid: text.nullable(), side: side.nullable() })).max(64),
})
export type PolicyResult = z.output<typeof policyResultShape>

export const REASONS = ['security', 'wmi-filter', 'disabled', 'link-disabled', 'blocked', 'empty'] as const
type Reason = (typeof REASONS)[number] | 'other'

/** What an exam may ask; see the check's parameters. */
export interface ResultAsked {
  readonly gpo?: string | undefined
  readonly applied: boolean
  readonly because?: (typeof REASONS)[number] | undefined
  readonly linkedTo?: string | undefined
  readonly setting?: AskedSetting | undefined
  /** GUIDs of the policies that bear the name in the directory now; null where it was not asked. */
  readonly named: readonly string[] | null
}
export interface AskedSetting {
  readonly key: string
  readonly value: string
  readonly data: string | number | readonly string[]
}

type Link = PolicySide['links'][number]

/** One policy as the machine knows it. */
interface Policy {
  /** As in the directory, lower case without braces; `localgpo` is the machine's own. */
  readonly guid: string
  readonly name: string
  readonly applied: boolean
  /** Why not; null where it was. */
  readonly reason: Reason | null
  readonly links: readonly Link[]
}

const GUID = /[0-9a-f]{8}(?:-[0-9a-f]{4}){3}-[0-9a-f]{12}/
const guidOf = (id: string): string => GUID.exec(id.toLowerCase())?.[0] ?? id.toLowerCase()

/** All that policy gave to one computer or user, read from the machine's XML. */
export interface Result {
  readonly policies: readonly Policy[]
  readonly side: PolicySide
  /** When policy was last applied, ISO 8601 in UTC. */
  readonly at: string
}

/** Windows applies policy again every two hours or so to itself and to whoever is logged on. */
const LONGEST = 24 * 3_600_000

/** Throws NotObserved where the answer is not whole, or the last application failed or was long ago by the machine's own clock. */
export function readResult(side: PolicySide, now: string): Result {
  if (side.status === null) throw new NotObserved('control', 'no status of the Group Policy engine')
  const status = cimInstance(side.status)
  const error = numberOf(status, 'error')
  if (error !== 0) throw new NotObserved('control', `policy was last applied with error ${error}`)
  const links = whole(side.links, side.linkCount, 'links')
  const policies = whole(side.policies, side.policyCount, 'policies').map((one) =>
    policyOf(cimInstance(one), links),
  )
  // Every machine has its local policy.
  if (policies.length === 0)
    throw new NotObserved('control', 'not one policy is shown, not even the local one')
  const at = dateOf(status, 'endTime')
  if (Date.parse(now) - Date.parse(at) > LONGEST)
    throw new NotObserved('control', `policy was last applied at ${at}, and may give something else since`)
  return { policies, side, at }
}

function policyOf(instance: CimInstance, all: readonly Link[]): Policy {
  const guid = guidOf(textOf(instance, 'id'))
  const links = all.filter((link) => guidOf(link.policy) === guid)
  const applied = links.some((link) => link.enabled && link.order > 0)
  const flags: readonly (readonly [Reason, boolean])[] = [
    ['security', booleanOf(instance, 'accessDenied')],
    ['wmi-filter', !booleanOf(instance, 'filterAllowed')],
    ['disabled', !booleanOf(instance, 'enabled')],
    ['link-disabled', links.length > 0 && links.every((link) => !link.enabled)],
    ['blocked', links.length > 0 && links.every((link) => !link.enabled || (link.blocked && !link.enforced))],
    ['empty', numberOf(instance, 'version') === 0],
    ['other', true],
  ]
  return {
    guid,
    name: textOf(instance, 'name'),
    applied,
    reason: applied ? null : (flags.find(([, given]) => given)?.[0] ?? 'other'),
    links,
  }
}

export const resultAspects = (asked: ResultAsked): Aspect<Result>[] => [
  ...(asked.gpo === undefined ? [] : [policyAspect(asked.gpo, asked)]),
  ...(asked.gpo === undefined || asked.linkedTo === undefined
    ? []
    : [placeAspect(asked.gpo, asked.linkedTo, asked.named)]),
  ...(asked.setting === undefined ? [] : [settingAspect(asked.setting)]),
]

const isNamed = (wanted: string, guid: string, name: string): boolean =>
  GUID.test(wanted.toLowerCase()) ? guidOf(wanted) === guid : name.toLowerCase() === wanted.toLowerCase()

const REASON_TEXT: Readonly<Record<Reason, Text>> = {
  security: { fr: 'refusée par le filtrage de sécurité', en: 'denied by security filtering' },
  'wmi-filter': { fr: 'refusée par le filtre WMI', en: 'denied by its WMI filter' },
  disabled: { fr: 'GPO désactivée', en: 'GPO disabled' },
  'link-disabled': { fr: 'lien désactivé', en: 'link disabled' },
  blocked: { fr: 'héritage bloqué', en: 'inheritance blocked' },
  empty: { fr: 'GPO vide', en: 'empty GPO' },
  other: { fr: 'sans raison indiquée', en: 'no reason given' },
}
const APPLIED: Text = { fr: 'appliquée', en: 'applied' }
const notApplied = (reason?: Reason): Text =>
  reason === undefined
    ? { fr: 'non appliquée', en: 'not applied' }
    : {
        fr: `non appliquée (${REASON_TEXT[reason].fr})`,
        en: `not applied (${REASON_TEXT[reason].en})`,
      }

const isGuid = (gpo: string): boolean => GUID.test(gpo.toLowerCase())

/** Whether the policy can only be told by asking the directory: the machine knows it by the name that it had back then. */
export const needsDirectory = ({ policies }: Result, gpo: string | undefined): boolean =>
  gpo !== undefined && !isGuid(gpo) && !policies.some((one) => isNamed(gpo, one.guid, one.name))

const policyAspect = (gpo: string, { applied, because, named: guids }: ResultAsked): Aspect<Result> => ({
  expected: named(gpo, applied ? APPLIED : notApplied(because)),
  look: (result) => {
    const found = result.policies.filter((one) => isNamed(gpo, one.guid, one.name))
    agreesWithEngine(result, gpo, found)
    if (needsDirectory(result, gpo)) {
      if (guids === null)
        throw new NotObserved(
          'control',
          'no policy of that name was known when policy was last applied, and no directory was asked for its name of today',
        )
      for (const guid of guids) {
        const renamed = result.policies.filter((one) => one.guid === guid)
        agreesWithEngine(result, guid, renamed)
        found.push(...renamed)
      }
    }
    if (found.length === 0) {
      // A policy that may not even be read is shown without its name.
      if (
        because !== undefined &&
        result.policies.some(({ name }) => GUID.test(name.toLowerCase()) || name === '')
      )
        throw new NotObserved('control', 'a policy is shown without its name')
      const names = printableList(result.policies.filter((one) => one.applied).map(({ name }) => name))
      return {
        holds: !applied && because === undefined,
        observed: named(gpo, {
          fr: `ne concerne pas cette cible (appliquées : ${names || 'aucune'})`,
          en: `does not concern this target (applied: ${names || 'none'})`,
        }),
      }
    }
    // Whatever the machine does not apply, it says why, and which links it came by.
    if (found.some(({ links, reason }) => links.length === 0 || reason === 'other'))
      throw new NotObserved('control', 'a policy that was not applied, and nothing says why')
    const isApplied = found.some((one) => one.applied)
    const reason = found[0]?.reason ?? undefined
    return {
      holds: isApplied === applied && (because === undefined || found.some((one) => one.reason === because)),
      observed: named(gpo, isApplied ? APPLIED : notApplied(reason)),
    }
  },
})

const named = (gpo: string, { fr, en }: Text): Text => ({
  fr: `GPO ${quoted(gpo).fr} ${fr}`,
  en: `GPO ${quoted(gpo).en} ${en}`,
})

const FILTERED: readonly Reason[] = ['security', 'wmi-filter', 'disabled']

/** What the engine itself keeps must say the same; where it keeps nothing, only that a policy was applied is believed. */
function agreesWithEngine({ side }: Result, gpo: string, found: readonly Policy[]): void {
  const applied = found.some((one) => one.applied)
  if (side.state === null) {
    if (applied) return
    throw new NotObserved('control', 'the Group Policy engine keeps no list of its last application')
  }
  const kept = whole(side.state, side.stateCount, 'policies of the engine').filter((one) =>
    isNamed(gpo, guidOf(one.id), one.name),
  )
  const passes = kept.some((one) => !one.denied && !one.disabled && one.filterPassed)
  const denied = found.some(({ reason }) => reason !== null && FILTERED.includes(reason))
  const agrees = applied ? passes : found.length === 0 ? kept.length === 0 : !(denied && passes)
  if (!agrees)
    throw new NotObserved(
      'control',
      'what was logged of the last application is not what the engine keeps of it',
    )
}

const placeText = (path: string): Text =>
  path === '/'
    ? { fr: 'par un lien au domaine', en: 'through a link to the domain' }
    : { fr: `par un lien à ${quoted(path).fr}`, en: `through a link to ${quoted(path).en}` }

const placeAspect = (gpo: string, path: string, guids: ResultAsked['named']): Aspect<Result> => ({
  expected: placeText(path),
  look: ({ policies }) => {
    const places = policies
      .filter((one) => isNamed(gpo, one.guid, one.name) || guids?.includes(one.guid))
      .flatMap(({ links }) => links.filter((link) => link.enabled && link.order > 0))
      .map(({ place }) => pathOfPlace(place))
    return {
      holds: places.some((one) => sameValue(one, path.replace(/^\/(?=.)/, ''))),
      observed:
        places.length === 0
          ? { fr: 'par aucun lien', en: 'through no link' }
          : joined(places.slice(0, 8).map(placeText)),
    }
  },
})

/** The organisational unit of a link as a path from its domain down; what is neither stays as it is. */
function pathOfPlace(place: string): string {
  try {
    const name = parseDistinguishedName(place.replace(/^LDAP:\/\/(?:[^/,=]*\/)?/i, ''))
    return pathOf(name.filter((rdn) => !/^dc$/i.test(rdn[0]?.[0] ?? '')))
  } catch {
    return place
  }
}

/** The key of a setting as policy writes it: without its hive, in lower case. */
export const plainKey = (key: string): string =>
  key
    .replace(/^(hklm|hkcu|hkey_local_machine|hkey_current_user):?\\/i, '')
    .replace(/\\$/, '')
    .toLowerCase()

const settingText = ({ key, value }: AskedSetting, data: string): Text =>
  same(`${printable(`${key}\\${value}`, 200)} = ${printable(data)}`)

const settingAspect = (asked: AskedSetting): Aspect<Result> => ({
  expected: settingText(asked, [asked.data].flat().join(', ')),
  look: ({ side, policies }) => {
    const name = `${plainKey(asked.key)}\\${asked.value}`.toLowerCase()
    const winning = whole(side.settings, side.settingCount, 'settings')
      .map(cimInstance)
      .filter(
        (one) =>
          `${textOf(one, 'registryKey')}\\${textOf(one, 'valueName')}`.toLowerCase() === name &&
          numberOf(one, 'precedence') === 1,
      )
    const [first] = winning
    if (!first) {
      // Settings are logged one by one: where others are, this one would be.
      if (side.settingTotal === 0)
        throw new NotObserved('control', 'not one setting of the registry was logged')
      return { holds: false, observed: { fr: 'paramètre non défini', en: 'setting not set' } }
    }
    if (winning.length > 1) throw new NotObserved('unparsable', 'a setting that wins twice')
    const from = policies.find((one) => one.guid === guidOf(textOf(first, 'gpoid')))
    const by: Text = from
      ? { fr: ` (GPO ${quoted(from.name).fr})`, en: ` (GPO ${quoted(from.name).en})` }
      : same('')
    if (booleanOf(first, 'deleted'))
      return { holds: false, observed: { fr: `paramètre supprimé${by.fr}`, en: `setting removed${by.en}` } }
    const data = registryData(numberOf(first, 'valueType'), bytesOf(first, 'value'))
    if (!data) throw new NotObserved('unparsable', 'data of a setting')
    const shown = settingText(asked, [data.value].flat().join(', '))
    return {
      holds: sameData(data, asked.data),
      observed: { fr: `${shown.fr}${by.fr}`, en: `${shown.en}${by.en}` },
    }
  },
})

function sameData({ value }: RegistryData, asked: AskedSetting['data']): boolean {
  if (Array.isArray(value)) {
    const wanted = [asked].flat().map(String)
    return value.length === wanted.length && wanted.every((one, i) => one === value[i])
  }
  return !Array.isArray(asked) && String(value) === String(asked)
}
