import { z } from 'zod'
import { NotObserved } from '../../observation.ts'
import type { Belongs } from '../shares/access-list.ts'
import { whole } from '../../aspects.ts'

const sid = z.string().max(200).regex(/^S-1-/)
const sids = z.array(sid).max(1024)
const accountShape = z.object({
  name: z.string().max(300),
  /** Null where no account has that name. */
  sid: sid.nullable(),
  /** Class of its object in the directory; `distribution` for a group that is no security group. */
  kind: z.string().max(64).nullable(),
  /** One of the machine's own. */
  local: z.boolean(),
  total: z.int(),
  /** All groups that it is in, through others too; null where they could not be read. */
  groups: sids.nullable(),
  problem: z.string().max(300).nullable(),
})
export type Account = z.infer<typeof accountShape>

/** What the script `account-groups` gives. */
export const accountsShape = z.object({
  administrator: z.boolean(),
  /** Win32_ComputerSystem.DomainRole: 4 and 5 are domain controllers, 0 and 2 are in no domain. */
  role: z.int(),
  localTotal: z.int(),
  /** SID of krbtgt. */
  witness: sid.nullable(),
  /** The groups that it is shown in. */
  witnessGroups: sids,
  count: z.int(),
  accounts: z.array(accountShape).max(512),
  commonTotal: z.int(),
  /** Groups of the domain that everybody is in. */
  common: sids.nullable(),
  /** Whether one of these is in another group again. */
  nested: z.boolean(),
})
export type Accounts = z.infer<typeof accountsShape>

/** Groups of a machine itself with their members, as the script `share` gives them; null where they could not be read. */
export const localGroupsShape = z
  .array(z.object({ sid, total: z.int(), members: sids.nullable() }))
  .max(1024)
  .nullable()
export type LocalGroups = z.infer<typeof localGroupsShape>

/** The machine that an account comes to over the network. */
export interface Host {
  readonly role: number
  readonly groups: LocalGroups
  /** Whether the accounts were looked up on this very machine. */
  readonly same: boolean
}

export const isController = (role: number) => role >= 4
const isAlone = (role: number) => role === 0 || role === 2

/** Whoever comes over the network with a name and a password, as an author writes it. */
export const EVERYONE = 'everyone'

/**
 * Whoever comes with a name and a password, and is in no group of their own. Throws NotObserved where the groups of the domain
 * that everybody is in can't be known.
 */
export function everybody(answer: Accounts, host: Host): Account {
  if (!answer.administrator)
    throw new NotObserved('denied', 'groups are shown in full to an administrator only')
  if (isController(answer.role) ? isAlone(host.role) : !isAlone(host.role) || !host.same)
    throw directoryNeeded()
  return { name: EVERYONE, sid: 'S-1-1-0', kind: 'group', local: false, total: 0, groups: [], problem: null }
}

const directoryNeeded = () =>
  new NotObserved(
    'not-asked',
    'the groups of this account are known by a domain controller: the check needs it as « directory »',
    'grader',
  )

/** The account of that name, or null where there is none. Throws NotObserved where that can't be told, or its groups can't. */
export function knownAccount(answer: Accounts, name: string, host: Host): Account | null {
  const account = whole(answer.accounts, answer.count, 'accounts').find(
    (one) => one.name.toLowerCase() === name.toLowerCase(),
  )
  if (!account) throw new NotObserved('unparsable', `the answer says nothing of the account ${name}`)
  if (account.sid === null) {
    if (account.groups !== null) throw new NotObserved('unparsable', 'groups of an account without a SID')
    const searched = isController(answer.role)
      ? /^S-1-5-21-[\d-]+-502$/.test(answer.witness ?? '')
      : isAlone(answer.role) && answer.localTotal > 0
    if (!searched)
      throw new NotObserved('control', 'accounts could not be looked up: not even krbtgt was found')
    return null
  }
  if (!account.sid.startsWith('S-1-5-21-'))
    throw new NotObserved('unparsable', `${name} is neither a user nor a group of a domain or a machine`)
  if (isController(answer.role)) {
    if (isAlone(host.role)) throw new NotObserved('control', 'the machine that shares is in no domain')
    requireGroups(answer, account)
  } else if (!account.local || !host.same) throw directoryNeeded()
  return account
}

/** Of the group of those whose passwords no read-only domain controller keeps: a domain local one, which krbtgt is in. */
const DENIED_RODC = '-572'

function requireGroups(
  { administrator, witnessGroups }: Accounts,
  { groups, total, kind, problem }: Account,
): void {
  if (!administrator) throw new NotObserved('denied', 'groups are shown in full to an administrator only')
  // By rights a member gets nothing by it; whether Windows would even resolve its name was never seen.
  if (kind === 'distribution')
    throw new NotObserved('control', 'a distribution group, which stands in no token')
  if (groups === null)
    throw new NotObserved(
      'control',
      `the groups of the account could not be read (${problem ?? 'no reason'})`,
    )
  whole(groups, total, 'groups of the account')
  // Without a global catalog at hand, no groups are shown, of a group as of a user.
  if (!witnessGroups.some((group) => group.startsWith('S-1-5-21-') && group.endsWith(DENIED_RODC)))
    throw new NotObserved('control', 'not even krbtgt is shown with the domain local group that it is in')
  // A user is at least in the primary group.
  if (groups.length === 0 && kind !== 'group')
    throw new NotObserved('control', 'the directory shows no group of the account, not even the primary one')
}

/** In the token of everybody who comes over the network with a name and a password. */
const NETWORK = new Set(['S-1-1-0', 'S-1-5-2', 'S-1-5-11'])
/** Never in such a token: logged on at the console, as a service, as a batch, anonymous, the system, a service, an app. */
const ELSEWHERE = /^S-1-5-(3|4|6|7|8|9|10|13|14|17|18|19|20)$|^S-1-(3|15|16)-|^S-1-5-(80|83|90|96)-/
const ADMINISTRATORS = 'S-1-5-32-544'
const isBuiltIn = (sid: string) => sid.startsWith('S-1-5-32-')
const authorityOf = (sid: string) => sid.slice(0, sid.lastIndexOf('-'))

/**
 * What the token of an account holds when it comes to a machine over the network. Built-in groups are those of the
 * machine it comes to: on a domain controller, those of the domain. Throws NotObserved for a list that is not whole.
 */
export function networkToken(answer: Accounts, account: Account, host: Host): Belongs {
  const directory = isController(answer.role)
  const controller = isController(host.role)
  const common = answer.common && whole(answer.common, answer.commonTotal, 'groups that everybody is in')
  const local = new Map((host.groups ?? []).map((group) => [group.sid, group]))
  const own = new Set([account.sid, ...(account.groups ?? [])])
  const named: Belongs = (sid) => {
    if (NETWORK.has(sid)) return 'yes'
    if (ELSEWHERE.test(sid)) return 'no'
    if (!sid.startsWith('S-1-5-21-') && !isBuiltIn(sid)) return 'maybe'
    if (own.has(sid) && (controller || !isBuiltIn(sid))) return 'yes'
    if (!directory) return 'no'
    if (controller && common?.includes(sid)) return 'yes'
    const perhaps = common === null || answer.nested || (common.includes(sid) && !isBuiltIn(sid))
    return perhaps ? 'maybe' : 'no'
  }
  if (controller) return named
  return (sid) => {
    const group = local.get(sid)
    if (!group) {
      if (isBuiltIn(sid)) return 'maybe'
      if (!directory && sid === `${authorityOf(account.sid ?? '')}-513`) return 'yes'
      const foreign = sid.startsWith('S-1-5-21-') && authorityOf(sid) !== authorityOf(account.sid ?? '')
      return host.groups === null && foreign && named(sid) === 'no' ? 'maybe' : named(sid)
    }
    if (account.sid === sid) return 'yes'
    if (group.members === null) return 'maybe'
    const members = whole(group.members, group.total, 'members of a local group').map(named)
    // The token of a local administrator other than the built-in one is filtered over the network.
    const filtered = sid === ADMINISTRATORS && !directory && !account.sid?.endsWith('-500')
    if (members.includes('yes')) return filtered ? 'maybe' : 'yes'
    return members.includes('maybe') ? 'maybe' : 'no'
  }
}
