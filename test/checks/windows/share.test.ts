import { describe, expect, it } from 'vitest'
import type { Observation } from '../../../checks/observation.ts'
import { share } from '../../../checks/windows/share.ts'
import type { Shares } from '../../../checks/windows/shares/shares.ts'
import { answer as groupsOf } from '../../../fixtures/windows/model/account-groups.ts'
import { agence as identity } from '../../../fixtures/windows/model/identity.ts'
import { windowsServer } from '../../../fixtures/windows/model/server.ts'
import { ADMIN, answer as sharesOf, IPC, sharedFolder } from '../../../fixtures/windows/model/share.ts'
import { observed } from '../observed.ts'
import { replay } from '../replay.ts'
import { granted, type AccessList, type Belongs } from '../../../checks/windows/shares/access-list.ts'
import { certainRight, maskName } from '../../../checks/windows/shares/access-right.ts'
import {
  knownAccount,
  networkToken,
  type Account,
  type Accounts,
  type Host,
} from '../../../checks/windows/accounts/account-groups.ts'
import { user } from '../../../fixtures/windows/model/account-groups.ts'
import { DOMAIN, MACHINE } from '../../../fixtures/windows/model/known-accounts.ts'
import {
  accessList,
  ADMINISTRATORS,
  allow,
  AUTHENTICATED_USERS,
  deny,
  EVERYONE,
  FULL,
  INSIDE_ONLY,
  MODIFY,
  READ,
  USERS,
} from '../../../fixtures/windows/model/security.ts'

const ME = `${DOMAIN}-1123`
const mine: Belongs = (sid) => (sid === ME ? 'yes' : sid === USERS ? 'maybe' : 'no')
const right = (list: AccessList, place: 'here' | 'files' | 'folders' = 'here') =>
  certainRight(granted(list, mine, place))
const GENERIC_READ = -0x80000000

describe('what an access list grants', () => {
  it.each([
    ['nothing', accessList([]), 'none'],
    ['everything without a list', { ...accessList([]), unlimited: true }, 'full'],
    ['nothing of what others get', accessList([allow(`${DOMAIN}-1105`, FULL)]), 'none'],
    ['a generic right, signed as .NET gives it', accessList([allow(ME, GENERIC_READ)]), 'read'],
    ['two entries together', accessList([allow(ME, READ), allow(ME, MODIFY & ~READ)]), 'modify'],
    ['what was allowed before it was denied', accessList([allow(ME, READ), deny(ME, FULL)]), 'read'],
    ['what is left by a deny', accessList([deny(ME, FULL & ~READ), allow(ME, FULL)]), 'read'],
    ['nothing where all is denied first', accessList([deny(ME, FULL), allow(ME, FULL)]), 'none'],
    ['nothing of an inherit-only entry', accessList([allow(ME, FULL, INSIDE_ONLY)]), 'none'],
    ['nothing of an inherit-only deny', accessList([deny(ME, FULL, INSIDE_ONLY), allow(ME, READ)]), 'read'],
    ['nothing to the creator', accessList([allow('S-1-3-0', FULL)]), 'none'],
    ['nothing certain where a group is unknown', accessList([allow(USERS, READ)]), null],
    ['what an unknown group adds nothing to', accessList([allow(ME, READ), allow(USERS, READ)]), 'read'],
    [
      'nothing certain where an unknown group is denied',
      accessList([deny(USERS, FULL), allow(ME, READ)]),
      null,
    ],
    [
      'what it is where the unknown group comes too late',
      accessList([allow(ME, READ), deny(USERS, FULL)]),
      'read',
    ],
    ['the permissions to the owner', accessList([allow(ME, MODIFY)], ME), 'special'],
    ['not to an owner who is limited', accessList([allow('S-1-3-4', READ)], ME), 'read'],
    ['read and write without delete', accessList([allow(ME, 0x1201bf)]), 'special'],
    ['modify, and deleting what is inside', accessList([allow(ME, MODIFY | 0x40)]), 'modify'],
    ['no more than passing through', accessList([allow(ME, 0x1000a0)]), 'none'],
  ] as const)('%s', (_what, list, expected) => expect(right(list)).toBe(expected))

  it('reaches files and folders by their own flags', () => {
    const list = accessList([allow(ME, READ), allow(ME, MODIFY, 0x9), allow(ME, FULL, 0xa)])
    expect([right(list), right(list, 'files'), right(list, 'folders')]).toEqual(['read', 'modify', 'full'])
    expect(right(accessList([allow(ME, READ)], ME), 'files')).toBe('none')
  })
  it('is not worked out of a list that is not whole, or has entries of another kind', () => {
    expect(() => right({ ...accessList([allow(ME, READ)]), total: 2 })).toThrow('truncated')
    expect(() => right(accessList([{ ...allow(ME, READ), type: 5 }]))).toThrow('unparsable')
    expect(() => right(accessList([{ ...allow(ME, READ), sid: null }]))).toThrow('unparsable')
  })
  it('is said in words where it is none of those asked for', () =>
    expect(maskName(0x100003).fr).toBe('autorisations spéciales (lecture, création de fichiers ou écriture)'))
})

const account = (different: Partial<Account> = {}): Account => {
  const known = { ...user(1123, [`${DOMAIN}-1110`, ADMINISTRATORS]), name: 'x', ...different }
  return { ...known, total: known.groups?.length ?? 0 }
}
const answer = (one: Account, different: Partial<Accounts> = {}): Accounts => ({
  administrator: true,
  role: 5,
  localTotal: 0,
  witness: `${DOMAIN}-502`,
  witnessGroups: [`${DOMAIN}-513`, `${DOMAIN}-572`],
  count: 1,
  accounts: [one],
  commonTotal: 1,
  common: [`${DOMAIN}-1111`],
  nested: false,
  ...different,
})
const controller: Host = { role: 5, groups: null, same: true }
const member: Host = {
  role: 3,
  same: false,
  groups: [
    { sid: ADMINISTRATORS, total: 1, members: [`${DOMAIN}-512`] },
    { sid: USERS, total: 1, members: [AUTHENTICATED_USERS] },
    { sid: `${MACHINE}-1010`, total: 1, members: [`${DOMAIN}-1110`] },
    { sid: `${MACHINE}-1011`, total: 0, members: null },
  ],
}
const local = account({ sid: `${MACHINE}-1001`, kind: null, local: true, groups: null })
const locally = answer(local, {
  role: 3,
  witness: null,
  witnessGroups: [],
  common: null,
  commonTotal: 0,
  localTotal: 20,
})
const lonely: Host = {
  role: 2,
  same: true,
  groups: [{ sid: ADMINISTRATORS, total: 2, members: [`${MACHINE}-500`, `${MACHINE}-1001`] }],
}

describe('what a token holds over the network', () => {
  it.each([
    ['everybody', controller, EVERYONE, 'yes'],
    ['the network', controller, 'S-1-5-2', 'yes'],
    ['the console', controller, 'S-1-5-4', 'no'],
    ['a group of the domain', controller, `${DOMAIN}-1110`, 'yes'],
    ['another group', controller, `${DOMAIN}-1112`, 'no'],
    ['a group that everybody is in', controller, `${DOMAIN}-1111`, 'yes'],
    ['a built-in group of the domain', controller, ADMINISTRATORS, 'yes'],
    ['how one logged on', controller, 'S-1-5-64-10', 'maybe'],
    ['the administrators of the domain on a member server', member, ADMINISTRATORS, 'no'],
    ['users of a member server', member, USERS, 'yes'],
    ['a local group through one of the domain', member, `${MACHINE}-1010`, 'yes'],
    ['a local group whose members are not known', member, `${MACHINE}-1011`, 'maybe'],
    ['a group that everybody is in, on a member server', member, `${DOMAIN}-1111`, 'maybe'],
    ['a built-in group that is not known', member, 'S-1-5-32-547', 'maybe'],
    ['a local account where no group is known', { ...member, groups: null }, `${MACHINE}-1010`, 'maybe'],
  ] as const)('%s', (_what, host, sid, expected) => {
    expect(networkToken(answer(account()), account(), host)(sid)).toBe(expected)
  })
  it('is not certain of any other group where groups are not known', () => {
    for (const different of [{ nested: true }, { common: null }])
      expect(networkToken(answer(account(), different), account(), controller)(`${DOMAIN}-1112`)).toBe(
        'maybe',
      )
  })
  it('of a local administrator is filtered', () => {
    expect(networkToken(locally, local, lonely)(ADMINISTRATORS)).toBe('maybe')
    const builtIn = { ...local, sid: `${MACHINE}-500` }
    expect(networkToken(locally, builtIn, lonely)(ADMINISTRATORS)).toBe('yes')
    expect(networkToken(locally, local, lonely)(`${MACHINE}-513`)).toBe('yes')
  })
})

describe('an account', () => {
  const known = (given: Accounts, host = controller) => knownAccount(given, 'X', host)
  it('is found without regard to case', () => expect(known(answer(account()))?.sid).toBe(ME))
  it('is absent where the machine knows all that there are', () => {
    const none = account({ sid: null, groups: null })
    expect(known(answer(none))).toBeNull()
    expect(() => known(answer(none, { witness: null }))).toThrow('control')
    expect(() => known(answer(none, { role: 3 }))).toThrow('control')
    expect(known(answer(none, { role: 2, localTotal: 8 }), lonely)).toBeNull()
    expect(() => known(answer(none, { role: 2 }), lonely)).toThrow('control')
  })
  it('has groups that are known in full, or is not judged', () => {
    expect(() => known(answer(account(), { administrator: false }))).toThrow('denied')
    expect(() => known(answer({ ...account(), total: 9 }))).toThrow('truncated')
    expect(() => known(answer(account({ groups: [] })))).toThrow('control')
    expect(() => known(answer(account(), { witnessGroups: [`${DOMAIN}-513`] }))).toThrow('control')
    expect(() => known(answer(account({ kind: 'distribution' })))).toThrow('control')
    expect(known(answer(account({ kind: 'group', groups: [] })))).not.toBeNull()
    expect(() => known(answer(account({ sid: EVERYONE })))).toThrow('unparsable')
  })
  it('of the machine itself means something there only', () => {
    expect(known(locally, lonely)).toBe(local)
    expect(() => known(locally, { ...lonely, same: false })).toThrow('not-asked')
    expect(() => known(answer(account()), lonely)).toThrow('control')
  })
})

describe('a share of a member server, for accounts of the domain', () => {
  const params = {
    on: 'fic',
    directory: 'dc',
    name: 'Outils',
    access: [
      { account: String.raw`AGENCE1\c.durand`, right: 'modify' },
      { account: String.raw`AGENCE1\p.martin`, right: 'read' },
    ],
  }
  const facts = { candidate: 'C01', targets: {} }
  const seen = (value: Shares | Accounts): Observation => observed({ kind: 'powershell', value, error: null })
  const administrators = { sid: ADMINISTRATORS, total: 1, members: [`${DOMAIN}-512`] }
  const dc = windowsServer('fr')
  const server = (users: readonly string[] | null) =>
    windowsServer('fr', {
      identity: { ...identity(), product: 3 },
      shares: {
        shares: [
          ADMIN,
          IPC,
          sharedFolder('Outils', 'D:\\Outils', {
            folder: accessList([allow(USERS, READ, 3), allow(`${DOMAIN}-1111`, MODIFY, 3)]),
          }),
        ],
        groups: [administrators, { sid: USERS, total: users?.length ?? 0, members: users && [...users] }],
      },
    })
  const verdicts = (users: readonly string[] | null) =>
    replay(share, params, facts, {
      shares: seen(sharesOf(server(users), { names: ['Outils'] })),
      accounts: seen(groupsOf(dc, { accounts: params.access.map(({ account }) => account) })),
    }).map(({ verdict }) => verdict)

  it('is judged by the groups that the domain controller knows, and the members of its own groups', () => {
    expect(verdicts([`${DOMAIN}-513`])).toEqual(['pass', 'pass', 'pass'])
    expect(verdicts([])).toEqual(['pass', 'pass', 'fail'])
  })
  it('is not judged where the members of a group that decides are not known', () => {
    expect(verdicts(null)).toEqual(['pass', 'pass', 'unknown'])
  })
  it('asks each machine once for all that the exam wants of it', () => {
    const uses = [params, { ...params, name: 'Compta', hidden: true, access: undefined }].map((one) =>
      share.params.parse(one),
    )
    const asked = uses.map((one) => share.probes(one, facts, uses))
    expect(asked[0]!['shares']).toEqual(asked[1]!['shares'])
    expect(asked[0]!['shares']).toMatchObject({
      to: 'fic',
      input: { names: ['Compta', 'Compta$', 'Outils', 'Outils$'] },
    })
    expect(asked[0]!['accounts']).toMatchObject({ to: 'dc' })
    expect(asked[1]!['accounts']).toBeUndefined()
  })
})
