import { NotObserved } from '../../observation.ts'
import { printableList } from '../../printable.ts'
import { same, type Text } from '../../text.ts'
import { isAccount, shownAccount, type Resolved, type SeenAccount } from '../accounts/account.ts'
import { whole, type Aspect } from '../../aspects.ts'
import { ADMINISTRATORS } from '../accounts/built-in-groups.ts'
import type { LocalGroup } from './local-groups.ts'

/** Groups of the domain, by what they are: their SID begins with that of the domain, which no author knows. */
export const domainGroups = ['domain-admins', 'domain-users', 'domain-guests'] as const
export type DomainGroup = (typeof domainGroups)[number]
const relative: Record<DomainGroup, number> = {
  'domain-admins': 512,
  'domain-users': 513,
  'domain-guests': 514,
}

const isDomainGroup = (account: string): account is DomainGroup => Object.hasOwn(relative, account)

/** What the members are compared by. */
export interface Known {
  readonly resolved: Resolved
  readonly administrator: string | null
}

function isMember(asked: string, { resolved, administrator }: Known, member: SeenAccount): boolean | null {
  if (!isDomainGroup(asked)) return isAccount(asked, resolved, member)
  if (member.sid === null || administrator === null) return null
  const ofMachine = member.sid.startsWith(administrator.replace(/500$/, ''))
  const ofSome =
    !ofMachine && member.sid.startsWith('S-1-5-21-') && member.sid.endsWith(`-${relative[asked]}`)
  // One without a name may be of a domain that the machine was in before.
  return ofSome && !member.resolved ? null : ofSome
}

/** Whether the account is a direct member; throws where a member can't be told from it. */
function holds(asked: string, known: Known, group: LocalGroup): boolean {
  const members = membersOf(group)
  const compared = members.map((member) => isMember(asked, known, member))
  if (compared.includes(true)) return true
  const doubtful = members[compared.indexOf(null)]
  if (doubtful) throw new NotObserved('control', `cannot tell ${asked} from ${shownAccount(doubtful)}`)
  return false
}

const list = (accounts: readonly string[]): Text => same(printableList(accounts, 12))

const membersOf = ({ members, total }: LocalGroup): SeenAccount[] =>
  whole(members, total, 'members').map(({ account }) => account)

function shown({ members }: LocalGroup): Text {
  if (members.length === 0) return { fr: 'aucun membre', en: 'no member' }
  const { fr, en } = list(members.map(({ account }) => shownAccount(account)))
  return { fr: `membres : ${fr}`, en: `members: ${en}` }
}

const has = (accounts: readonly string[], known: Known): Aspect<LocalGroup> => ({
  expected: { fr: `membres : ${list(accounts).fr}`, en: `members: ${list(accounts).en}` },
  look: (group) => ({
    holds: everyOne(accounts, (account) => holds(account, known, group)),
    observed: shown(group),
  }),
})

const hasNot = (accounts: readonly string[], known: Known): Aspect<LocalGroup> => ({
  expected: { fr: `sans ${list(accounts).fr}`, en: `without ${list(accounts).en}` },
  look: (group) => ({
    holds: everyOne(accounts, (account) => !holds(account, known, group)),
    observed: shown(group),
  }),
})

/** Nobody but these, and the machine's own administrator among the administrators. */
const hasOnly = (accounts: readonly string[], known: Known): Aspect<LocalGroup> => ({
  expected: { fr: 'et personne d’autre', en: 'and nobody else' },
  look: (group) => {
    if (group.sid === null) throw new NotObserved('unparsable', 'a group without a SID')
    const members = membersOf(group).filter(
      ({ sid }) => sid === null || group.sid !== ADMINISTRATORS || sid !== known.administrator,
    )
    const isOther = (member: SeenAccount): boolean => {
      const compared = accounts.map((account) => isMember(account, known, member))
      if (compared.includes(true)) return false
      if (compared.includes(null))
        throw new NotObserved('control', `cannot tell who ${shownAccount(member)} is`)
      return true
    }
    return { holds: everyOne(members, (member) => !isOther(member)), observed: shown(group) }
  },
})

/** One that does not hold settles it, whatever can't be told of the others. */
function everyOne<T>(items: readonly T[], isSo: (item: T) => boolean): boolean {
  let doubt: NotObserved | undefined
  for (const item of items)
    try {
      if (!isSo(item)) return false
    } catch (error) {
      if (!(error instanceof NotObserved)) throw error
      doubt ??= error
    }
  if (doubt) throw doubt
  return true
}

/** What is asked of the members of a group. */
export interface AskedMembers {
  readonly members?: readonly string[] | undefined
  readonly without?: readonly string[] | undefined
  readonly only: boolean
}

export const memberAspects = (
  { members, without, only }: AskedMembers,
  known: Known,
): Aspect<LocalGroup>[] => [
  ...(members ? [has(members, known)] : []),
  ...(without ? [hasNot(without, known)] : []),
  ...(members && only ? [hasOnly(members, known)] : []),
]

/** The accounts that the machine must resolve. */
export const namedAccounts = ({ members = [], without = [] }: AskedMembers): string[] =>
  [...members, ...without].filter((account) => !isDomainGroup(account))
