import { z } from 'zod'
import { defineCheck, role } from '../define.ts'
import { described } from '../described.ts'
import { unknown } from '../finding.ts'
import { returned } from '../observation.ts'
import { pattern } from '../pattern.ts'
import { powershell } from '../probe.ts'
import { same, type Text } from '../text.ts'
import { expectedOf, judgeAspects, type Aspect } from '../aspects.ts'
import {
  channelWorks,
  hasRole,
  inDomain,
  isCoherent,
  isNamed,
  membershipShape,
  roles,
  type Membership,
} from './membership.ts'

const params = z.strictObject({
  on: role('windows'),
  domain: described(
    z
      .string()
      .max(253)
      .regex(
        pattern(/^[A-Za-z0-9_]([A-Za-z0-9_-]{0,62})(\.[A-Za-z0-9_]([A-Za-z0-9_-]{0,62}))+$/, {
          fr: 'le nom DNS du domaine, comme « agence1.lan »',
          en: 'the DNS name of the domain, like “agence1.lan”',
        }),
      ),
    {
      fr: 'Nom DNS du domaine Active Directory, comme agence1.lan',
      en: 'DNS name of the Active Directory domain, like agence1.lan',
    },
  ),
  role: described(z.enum(roles).optional(), {
    fr: 'Ce que la machine y est ; non jugé s’il n’est pas donné',
    en: 'What the machine is there; not judged where absent',
  }),
  computer: described(
    z
      .string()
      .regex(
        pattern(/^[A-Za-z0-9][A-Za-z0-9_-]{0,62}$/, {
          fr: 'un nom d’ordinateur, sans le domaine',
          en: 'a computer name, without the domain',
        }),
      )
      .optional(),
    { fr: 'Nom de l’ordinateur, sans le domaine', en: 'Name of the computer, without the domain' },
  ),
  secureChannel: described(z.boolean().default(false), {
    fr: 'Si son canal sécurisé avec un contrôleur de domaine doit être établi',
    en: 'Whether its secure channel with a domain controller must be established',
  }),
})
type Params = z.output<typeof params>

const subject: Text = { fr: 'ordinateur', en: 'computer' }

const aspects = ({ domain, role: kind, computer, secureChannel }: Params): Aspect<Membership>[] => [
  inDomain(domain),
  ...(kind ? [hasRole(kind)] : []),
  ...(computer === undefined ? [] : [isNamed(computer)]),
  ...(secureChannel ? [channelWorks] : []),
]

export const domainMember = defineCheck({
  id: 'windows.domain-member',
  criteria: ['C1.1', 'C8.1'],
  says: {
    fr: 'L’ordinateur est membre du domaine {domain}',
    en: 'The computer is a member of domain {domain}',
  },
  observes: {
    fr: 'le domaine de l’ordinateur, son rôle et son nom, selon Windows, et l’état de son canal sécurisé selon Netlogon',
    en: 'the domain of the computer, its role and its name, by Windows, and the state of its secure channel by Netlogon',
  },
  control: {
    fr: 'le rôle dans le domaine et le type de produit de Windows, lus à deux endroits, vont ensemble ; un canal sécurisé qui ne répond pas n’est jamais dit rompu, faute de savoir si un contrôleur de domaine répondait',
    en: 'the role in the domain and the product type of Windows, read in two places, go together; a secure channel without an answer is never called broken, as a domain controller may not have been there to answer',
  },
  asks: ['powershell'],
  proven: 'recorded',
  params,
  probes: ({ on }, _facts, siblings) => {
    const secureChannel = siblings.some((other) => other.on === on && other.secureChannel)
    return { membership: powershell(on, 'domain-member', { secureChannel }) }
  },
  judge: ({ membership }, p) => {
    const seen = returned(membership, membershipShape)
    if (isCoherent(seen)) return judgeAspects(subject, aspects(p), seen)
    const detail = `PartOfDomain ${seen.joined}, DomainRole ${seen.role}, ProductType ${seen.product}`
    return unknown('control', detail, expectedOf(subject, aspects(p)))
  },
  expects: (p) => expectedOf(subject, aspects(p)),
  byHand: () =>
    same('Get-CimInstance Win32_ComputerSystem | Format-List Name, PartOfDomain, Domain, DomainRole'),
})
