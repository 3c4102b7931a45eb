import { z } from 'zod'
import { pattern } from '../pattern.ts'
import {
  formatDistinguishedName,
  parseDistinguishedName,
  type DistinguishedName,
  type Rdn,
} from './distinguished-name.ts'

/**
 * Where something is in a domain, as an exam says it: names of organisational units from the root down, with slashes.
 * `Siège/Comptabilité`; a slash that belongs to a name is `\/`, a backslash `\\`; `/` alone is the domain itself.
 * The containers that are no organisational units are written `CN=Users`, `CN=Computers`.
 */
export const organisationalPath = z
  .string()
  .min(1)
  .max(512)
  .regex(
    pattern(/^(?:\/|\/?(?! +(?:\/|$))(?:[^/\\]|\\[/\\])+(?:\/(?! +(?:\/|$))(?:[^/\\]|\\[/\\])+)*)$/, {
      fr: "des noms d'unités d'organisation depuis le domaine, comme Siège/Comptabilité (« \\/ » pour une barre dans un nom, « / » pour le domaine)",
      en: 'names of organisational units from the domain down, such as Siège/Comptabilité (“\\/” for a slash in a name, “/” for the domain)',
    }),
    { abort: true },
  )
  .refine((path) => segments(path) !== null, {
    params: {
      fr: 'dans un chemin, « \\ » ne se met que devant « / » ou « \\ »',
      en: 'in a path, “\\” only goes before “/” or “\\”',
    },
  })

/** A path that leads to organisational units or to the domain itself, what GPOs are linked to. */
export const linkablePath = organisationalPath.regex(
  pattern(/^(?!(?:.*\/)?CN=)/i, {
    fr: "une unité d'organisation ou le domaine, et non un conteneur CN=…",
    en: 'an organisational unit or the domain, not a CN=… container',
  }),
)

/** A path that leads to an organisational unit. */
export const unitPath = organisationalPath.regex(
  pattern(/^(?!\/$)(?!(?:.*\/)?CN=)/i, {
    fr: "une unité d'organisation, et non le domaine lui-même ni un conteneur CN=…",
    en: 'an organisational unit, not the domain itself nor a CN=… container',
  }),
)

/** The RDNs of a path, from the innermost outwards (as a probe wants them); empty for the domain itself. */
export const rdnsOf = (path: string): [type: string, value: string][] =>
  (segments(path) ?? [])
    .map((name): [string, string] => {
      const container = /^CN=(.+)$/i.exec(name)?.[1]
      return container === undefined ? ['OU', name] : ['CN', container]
    })
    .toReversed()

/** The path's distinguished name below the domain's. */
export const placeOf = (path: string, domain: DistinguishedName): DistinguishedName => [
  ...rdnsOf(path).map((ava): Rdn => [ava]),
  ...domain,
]

/** A name below the domain as a path, for people; `/` for the domain itself. */
export function pathOf(below: DistinguishedName): string {
  if (below.length === 0) return '/'
  return below
    .map((rdn) => {
      const [type, value] = rdn[0] ?? ['', '']
      if (rdn.length > 1 || !/^(ou|cn)$/i.test(type)) return escaped(formatDistinguishedName([rdn]))
      return (type.toLowerCase() === 'cn' ? 'CN=' : '') + escaped(value)
    })
    .toReversed()
    .join('/')
}

/** The distinguished name of a DNS domain (RFC 2247): `agence1.lan` is `DC=agence1,DC=lan`. */
export const domainPlace = (dnsName: string): DistinguishedName =>
  parseDistinguishedName(
    dnsName
      .split('.')
      .filter((label) => /^[A-Za-z0-9_-]+$/.test(label))
      .map((label) => `DC=${label}`)
      .join(','),
  )

const escaped = (name: string) => name.replace(/[\\/]/g, '\\$&')

/** Null where the path can't be read: an empty name, an escape of nothing. */
function segments(path: string): string[] | null {
  if (path === '/') return []
  const names: string[] = ['']
  for (let at = path.startsWith('/') ? 1 : 0; at < path.length; at++) {
    const c = path[at] ?? ''
    if (c === '/') names.push('')
    else if (c !== '\\') names[names.length - 1] += c
    else {
      const next = path[++at]
      if (next !== '/' && next !== '\\') return null
      names[names.length - 1] += next
    }
  }
  return names.length <= 32 && names.every((name) => name.trim() !== '' && name.length <= 256) ? names : null
}
