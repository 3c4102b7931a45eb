import { z } from 'zod'
import { defineCheck, role } from '../define.ts'
import { pattern } from '../pattern.ts'
import { fail, pass, passIf, unknown } from '../finding.ts'
import { output } from '../observation.ts'
import type { ProbeOf } from '../probe.ts'
import { printable, printableList, typed } from '../printable.ts'
import { joined, same, type Text } from '../text.ts'
import {
  accounts,
  groups,
  oneAccount,
  oneGroup,
  parseAccounts,
  parseGroups,
  type Account,
  type Group,
} from './accounts.ts'

const name = z.string().regex(
  pattern(/^[A-Za-z0-9_][A-Za-z0-9_.@\\-]{0,63}\$?$/, {
    fr: 'le nom d’un compte ou d’un groupe : technicien',
    en: 'the name of an account or a group: technician',
  }),
)
const params = z.strictObject({
  on: role('linux'),
  name,
  exists: z.boolean().default(true),
  /** Groups that the account belongs to, among others. */
  groups: z.array(name).max(32).default([]),
  shell: z.string().startsWith('/').optional(),
  home: z.string().startsWith('/').optional(),
  uid: z.int().nonnegative().optional(),
  /** The full name (first part of the comment field). */
  fullName: z.string().min(1).max(256).optional(),
})
type Params = z.output<typeof params>

function asksFor({ exists, groups, shell, home, uid, fullName }: Params): Text {
  if (!exists) return { fr: 'compte absent', en: 'no such account' }
  return joined([
    { fr: 'compte présent', en: 'account present' },
    ...(groups.length > 0 ? [{ fr: `groupes ${groups.join(', ')}`, en: `groups ${groups.join(', ')}` }] : []),
    ...[fullName, shell, home].filter((v) => v !== undefined).map(same),
    ...(uid === undefined ? [] : [same(`uid ${uid}`)]),
  ])
}

export const user = defineCheck({
  id: 'linux.user',
  criteria: ['C9.1'],
  says: { fr: 'Le compte {name} est conforme à la demande', en: 'Account {name} is as asked for' },
  observes: {
    fr: 'le compte et les groupes auxquels il appartient, selon les bases de la machine (getent)',
    en: 'the account and the groups it belongs to, according to the machine’s databases (getent)',
  },
  control: {
    fr: 'le compte et le groupe root sont dans les listes',
    en: 'account and group root are in the lists',
  },
  asks: ['command'],
  proven: 'live',
  params,
  probes: ({ on }) => ({ accounts: accounts(on), groups: groups(on) }),
  // A directory may answer by name only: what is not in a list is asked for once more, exactly.
  then: (seen, { on, name, groups: wanted }): Record<string, ProbeOf<'command'>> => {
    const known = new Set(parseGroups(output(seen.groups)).map((g) => g.name))
    const listed = parseAccounts(output(seen.accounts)).some((a) => a.name === name)
    return {
      ...(listed ? {} : { account: oneAccount(on, name) }),
      ...Object.fromEntries(wanted.filter((g) => !known.has(g)).map((g) => [`group ${g}`, oneGroup(on, g)])),
    }
  },
  judge: (seen, params) => {
    const expected = asksFor(params)
    const allAccounts = parseAccounts(output(seen.accounts))
    const allGroups = parseGroups(output(seen.groups))
    if (
      !allAccounts.some((a) => a.name === 'root' && a.uid === 0) ||
      !allGroups.some((g) => g.name === 'root' && g.gid === 0)
    )
      return unknown('control', 'getent did not name root', expected)
    const account =
      allAccounts.find((a) => a.name === params.name) ??
      parseAccounts(output(seen['account'], [0, 2])).find((a) => a.name === params.name)
    if (!account) return passIf(!params.exists, expected, { fr: 'compte absent', en: 'no such account' })
    const more = params.groups.filter((g) => !allGroups.some((known) => known.name === g))
    const every = [...allGroups, ...more.flatMap((g) => parseGroups(output(seen[`group ${g}`], [0, 2])))]
    const belongs = every.filter((g) => g.gid === account.gid || g.members.includes(account.name))
    const observed = description(account, belongs)
    if (!params.exists) return fail(expected, observed)
    return matches(account, params) && params.groups.every((g) => belongs.some((b) => b.name === g))
      ? pass(expected, observed)
      : fail(expected, observed)
  },
  expects: asksFor,
  byHand: ({ name }) => same(`${typed(['getent', 'passwd', name])}; ${typed(['id', name])}`),
})

const matches = (account: Account, { shell, home, uid, fullName }: Params): boolean =>
  (shell === undefined || account.shell === shell) &&
  (home === undefined || account.home === home) &&
  (uid === undefined || account.uid === uid) &&
  (fullName === undefined || account.fullName.normalize('NFC') === fullName.normalize('NFC'))

function description(account: Account, belongs: readonly Group[]): Text {
  const rest = [`uid ${account.uid}`, account.fullName, account.home, account.shell]
    .filter(Boolean)
    .map((v) => printable(v, 80))
  const names = printableList(
    belongs.map((g) => g.name),
    16,
  )
  return joined([
    ...rest.map(same),
    names === ''
      ? { fr: 'sans groupe connu', en: 'in no known group' }
      : { fr: `groupes ${names}`, en: `groups ${names}` },
  ])
}
