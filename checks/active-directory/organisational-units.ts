import { answered, NotObserved, type Observed } from '../observation.ts'
import { domainEntry, entries, nameOf, value, type Entry } from './directory-entry.ts'
import { folded, relativeTo, sameName, type DistinguishedName } from './distinguished-name.ts'
import { parseGroupPolicyLinks, type GroupPolicyLink } from './group-policy-link.ts'
import { pathOf, placeOf, rdnsOf } from './organisational-path.ts'
import { resembles } from './quoted-name.ts'

type Search = Observed<'ldap'> | undefined

/** An organisational unit, or the domain itself: what GPOs are linked to. */
export interface Container {
  /** Below the domain, from itself outwards; empty for the domain. */
  readonly below: DistinguishedName
  readonly path: string
  readonly links: readonly GroupPolicyLink[]
  readonly blocksInheritance: boolean
}

/** What the directory showed of its organisational units. */
export interface Tree {
  readonly domain: DistinguishedName
  readonly root: Container
  readonly units: readonly Container[]
  /** Every unit was shown: those that are not here don't exist, as far as this account sees (`seesUnits`). */
  readonly complete: boolean
  /** The control of an absence: the unit of the domain controllers, which every domain has, was shown. */
  readonly seesUnits: boolean
  /** The control of a missing link: at least one `gPLink` was shown. */
  readonly seesLinks: boolean
}

/** Trees already read, by the search of the units: many checks judge the same answer, which may hold thousands. */
const trees = new WeakMap<object, { readonly domain: Search; readonly tree: Tree }>()

/** Reads the tree from the searches `domain` and `organisationalUnits`; `units` may be cut short (see `complete`). */
export function tree(domain: Search, units: Search): Tree {
  const known = units && trees.get(units)
  if (known && known.domain === domain) return known.tree
  const read = readTree(domain, units)
  if (units) trees.set(units, { domain, tree: read })
  return read
}

function readTree(domain: Search, units: Search): Tree {
  const root = domainEntry(domain)
  const base = nameOf(root)
  const all = entries(units, { partial: true })
  const containers = all.flatMap((entry) => containerOf(entry, base) ?? [])
  return {
    domain: base,
    root: { below: [], path: '/', ...linksOf(root) },
    units: containers,
    complete: units?.truncated === false,
    seesUnits: containers.some(({ below }) => sameName(below, [[['OU', 'Domain Controllers']]])),
    seesLinks: [root, ...all].some((entry) => value(entry, 'gPLink') !== null),
  }
}

function containerOf(entry: Entry, base: DistinguishedName): Container | null {
  const below = relativeTo(nameOf(entry), base)
  return below && { below, path: pathOf(below), ...linksOf(entry) }
}

const linksOf = (entry: Entry) => ({
  links: parseGroupPolicyLinks(value(entry, 'gPLink') ?? ''),
  // [MS-GPOL] 2.2.3: bit 0; absent is 0.
  blocksInheritance: (Number(value(entry, 'gPOptions') ?? '0') & 1) !== 0,
})

/**
 * The container at a path, or null where it is believed to be absent.
 * `exact` is the search of that one container, asked where the list was cut short.
 * Throws NotObserved where its absence can't be believed.
 */
export function containerAt(seen: Tree, path: string, exact: Search): Container | null {
  const place = placeOf(path, seen.domain)
  const below = place.slice(0, place.length - seen.domain.length)
  if (below.length === 0) return seen.root
  const listed = seen.units.find((unit) => sameName(unit.below, below))
  if (listed) return listed
  if (!seen.complete) {
    const [entry] = answered(exact).entries
    const found = entry && containerOf(entry, seen.domain)
    if (found) return found
  }
  if (!(seen.seesUnits || (!seen.complete && seen.units.length > 0)))
    throw new NotObserved(
      'control',
      'OU=Domain Controllers, which every domain has, is not shown to the account that asks',
    )
  return null
}

/** Whether the list was cut short and doesn't hold the path: then that one container is asked for. */
export const mustAskFor = (seen: Tree, path: string): boolean =>
  !seen.complete &&
  rdnsOf(path).length > 0 &&
  !seen.units.some((unit) => sameName([...unit.below, ...seen.domain], placeOf(path, seen.domain)))

/** Paths of units of the same last name elsewhere, or of one that looks like it: what the candidate may have meant. */
export function lookalikes(seen: Tree, path: string): string[] {
  const wanted = rdnsOf(path)[0]?.[1] ?? ''
  return seen.units
    .filter(({ below }) => {
      const name = below[0]?.[0]?.[1] ?? ''
      return folded(name) === folded(wanted) || resembles(name, wanted)
    })
    .map((unit) => unit.path)
}

/** The containers above one, from its parent outwards to the domain. */
export const ancestors = (seen: Tree, of: Container): Container[] =>
  of.below.map((_, i) => {
    const below = of.below.slice(i + 1)
    return below.length === 0
      ? seen.root
      : (seen.units.find((unit) => sameName(unit.below, below)) ?? missing(pathOf(below)))
  })

const missing = (path: string): never => {
  throw new NotObserved('denied', `the container ${path} is not shown to the account that asks`)
}
