import { z } from 'zod'
import { quoted } from '../active-directory/quoted-name.ts'
import { NotObserved } from '../observation.ts'
import { joined, same, type Text } from '../text.ts'
import type { Aspect } from '../aspects.ts'

const text = z.string().max(256)

/** What the script `domain-member` gives. */
export const membershipShape = z.object({
  computer: text,
  hostName: text,
  nextName: text,
  joined: z.boolean(),
  joinPending: z.boolean(),
  domain: text,
  /** Win32_ComputerSystem.DomainRole. */
  role: z.int().min(0).max(5),
  /** Win32_OperatingSystem.ProductType. */
  product: z.int().min(1).max(3),
  channel: z.object({ asked: z.boolean(), works: z.boolean().nullable(), problem: text.nullable() }),
})
export type Membership = z.infer<typeof membershipShape>

export const roles = ['workstation', 'server', 'domain-controller'] as const
export type Role = (typeof roles)[number]

const roleWords: Record<Role, Text> = {
  workstation: { fr: 'poste de travail membre', en: 'member workstation' },
  server: { fr: 'serveur membre', en: 'member server' },
  'domain-controller': { fr: 'contrôleur de domaine', en: 'domain controller' },
}
/** By DomainRole: what it is as a member, and the product type that goes with it. */
const kinds: readonly { role: Role | null; product: number }[] = [
  { role: null, product: 1 },
  { role: 'workstation', product: 1 },
  { role: null, product: 3 },
  { role: 'server', product: 3 },
  { role: 'domain-controller', product: 2 },
  { role: 'domain-controller', product: 2 },
]

/** Whether the three things that the machine says of itself go together. */
export const isCoherent = ({ joined: isJoined, role, product }: Membership): boolean =>
  kinds[role]?.product === product && isJoined === (kinds[role].role !== null)

/** Until the restart that ends a join, Windows says of itself either what it was or what it will be. */
function requireSettled({ joinPending }: Membership): void {
  if (joinPending)
    throw new NotObserved('control', 'a domain was joined, and the restart that ends it is pending')
}

export const inDomain = (domain: string): Aspect<Membership> => ({
  expected: { fr: `membre du domaine ${domain}`, en: `member of domain ${domain}` },
  look: (seen) => {
    requireSettled(seen)
    const { joined: isJoined, domain: found } = seen
    if (!isJoined)
      return {
        holds: false,
        observed: {
          fr: `dans aucun domaine (groupe de travail ${quoted(found).fr})`,
          en: `in no domain (workgroup ${quoted(found).en})`,
        },
      }
    const holds = plain(found) === plain(domain)
    // A name without a dot is the NetBIOS name, which may be this domain's or another's.
    if (!holds && !found.includes('.'))
      throw new NotObserved('control', `domain without a DNS name: ${found}`)
    return {
      holds,
      observed: { fr: `membre du domaine ${quoted(found).fr}`, en: `member of domain ${quoted(found).en}` },
    }
  },
})

export const hasRole = (role: Role): Aspect<Membership> => ({
  expected: roleWords[role],
  look: (seen) => {
    requireSettled(seen)
    const found = kinds[seen.role]?.role ?? null
    const alone = { fr: 'autonome', en: 'standalone' }
    return { holds: found === role, observed: numbered(found ? roleWords[found] : alone, seen.role) }
  },
})

const numbered = (text: Text, role: number): Text => joined([text, same(`(DomainRole ${role})`)], ' ')

export const isNamed = (computer: string): Aspect<Membership> => ({
  expected: { fr: `nom ${quoted(computer).fr}`, en: `name ${quoted(computer).en}` },
  look: ({ computer: short, hostName, nextName }) => {
    const found = hostName === '' ? short : hostName
    if (fold(found).slice(0, NETBIOS) !== fold(short))
      throw new NotObserved('control', `NetBIOS name ${short}, host name ${hostName}`)
    const holds = fold(found) === fold(computer)
    if (!holds && fold(short) === fold(computer))
      throw new NotObserved('control', `${short} is the beginning of the name ${found}`)
    const renamed = nextName !== '' && fold(nextName) !== fold(short)
    const next = renamed
      ? {
          fr: ` (${quoted(nextName).fr} après le redémarrage attendu)`,
          en: ` (${quoted(nextName).en} after the restart that is pending)`,
        }
      : same('')
    return {
      holds,
      observed: { fr: `nom ${quoted(found).fr}${next.fr}`, en: `name ${quoted(found).en}${next.en}` },
    }
  },
})

/** Broken, or no domain controller at hand just then: Netlogon's status tells only what works. */
export const channelWorks: Aspect<Membership> = {
  expected: { fr: 'canal sécurisé établi', en: 'secure channel established' },
  look: ({ joined: isJoined, role, channel }) => {
    if (!isJoined)
      return { holds: false, observed: { fr: 'sans canal sécurisé', en: 'without a secure channel' } }
    if (kinds[role]?.role === 'domain-controller')
      throw new NotObserved('control', 'the secure channel of a domain controller is not asked for')
    if (channel.works !== true)
      throw new NotObserved(
        'control',
        `secure channel: ${channel.problem ?? 'broken, or no domain controller answers'}`,
      )
    return {
      holds: true,
      observed: {
        fr: 'canal sécurisé établi, au dernier état que Netlogon en connaît',
        en: 'secure channel established, by the last that Netlogon knows of it',
      },
    }
  },
}

/** Of a longer name, NetBIOS has the first 15 characters. */
const NETBIOS = 15
const fold = (name: string): string => name.toLowerCase()
const plain = (domain: string): string => fold(domain.replace(/\.$/, ''))
