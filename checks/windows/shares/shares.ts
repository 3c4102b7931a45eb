import { z } from 'zod'
import { wellKnownAccounts } from '../../active-directory/well-known-accounts.ts'
import { attempt, unobserved } from '../../attempt.ts'
import { fail, passIf, unknown, type Judgement } from '../../finding.ts'
import { NotObserved, returned, type Observed } from '../../observation.ts'
import { printable } from '../../printable.ts'
import { joined, same, type Text } from '../../text.ts'
import { accessListShape, granted, type Belongs, type Granted, type Place } from './access-list.ts'
import { certainRight, maskName, rightName, rightOf, type AccessRight } from './access-right.ts'
import {
  accountsShape,
  EVERYONE,
  everybody,
  knownAccount,
  localGroupsShape,
  networkToken,
  type Host,
} from '../accounts/account-groups.ts'
import { whole, type Aspect } from '../../aspects.ts'

const shareShape = z.object({
  name: z.string().max(300),
  /** `*` but on a cluster. */
  scope: z.string().max(300),
  type: z.int(),
  special: z.boolean(),
  path: z.string().max(2048),
  permissions: accessListShape.nullable(),
  folder: accessListShape.nullable(),
  /** .NET type of what kept the folder from being read. */
  problem: z.string().max(300).nullable(),
})
export type Share = z.infer<typeof shareShape>

/** What the script `share` gives. */
export const sharesShape = z.object({
  administrator: z.boolean(),
  role: z.int(),
  total: z.int(),
  count: z.int(),
  shares: z.array(shareShape).max(1024),
  groupCount: z.int(),
  groups: localGroupsShape,
})
export type Shares = z.infer<typeof sharesShape>

type Answer = Observed<'powershell'> | undefined

/** The shares asked for and the witnesses. Throws NotObserved where they don't show that all could be seen. */
export function seenShares(observation: Answer): Shares {
  const answer = returned(observation, sharesShape)
  const witnesses = ['ipc$', 'admin$']
  whole(answer.shares, answer.count, 'shares')
  if (answer.groups !== null) whole(answer.groups, answer.groupCount, 'groups of the machine')
  if (!answer.shares.some(({ name, special }) => special && witnesses.includes(name.toLowerCase())))
    throw new NotObserved('control', 'neither IPC$ nor ADMIN$ is among the shares')
  return answer
}

/** The share of that name, or null. Throws NotObserved where there are several, as on a cluster. */
export function shareNamed({ shares, administrator }: Shares, name: string): Share | null {
  const found = shares.filter((share) => share.name.toLowerCase() === name.toLowerCase())
  if (found.length > 1) throw new NotObserved('control', `${found.length} shares of that name`)
  if (found.length === 0 && !administrator)
    throw new NotObserved('denied', 'the list of shares is complete for an administrator only')
  return found[0] ?? null
}

const FOLDER = 0
const GONE: ReadonlySet<string> = new Set([
  'System.Management.Automation.DriveNotFoundException',
  'System.Management.Automation.ItemNotFoundException',
])
const plainPath = (path: string) => path.replaceAll('/', '\\').replace(/\\+$/, '').toLowerCase()

export const folderAspect: Aspect<Share> = {
  expected: { fr: 'dossier', en: 'folder' },
  look: ({ type, problem }) => {
    // A share outlives its folder, and nobody gets anything by it; but a folder may also be out of sight.
    if (type === FOLDER && GONE.has(problem ?? ''))
      throw new NotObserved('control', `the folder of the share was not found (${problem})`)
    return {
      holds: type === FOLDER,
      observed:
        type === FOLDER ? { fr: 'dossier', en: 'folder' } : { fr: `type ${type}`, en: `type ${type}` },
    }
  },
}

export const pathAspect = (path: string): Aspect<Share> => ({
  expected: same(path),
  look: (share) => ({
    holds: plainPath(share.path) === plainPath(path),
    observed: same(printable(share.path)),
  }),
})

const PLACES: readonly (readonly [Place, Text])[] = [
  ['files', { fr: 'les fichiers qui s’y trouvent', en: 'the files in it' }],
  ['folders', { fr: 'les sous-dossiers', en: 'the folders in it' }],
]

/** What is asked for an account. */
export interface AskedAccess {
  readonly account: string
  readonly right: AccessRight
  /** Whether it must reach what is created in the folder as well. */
  readonly inherited: boolean
}

const KEYWORDS: Readonly<Record<string, Text>> = {
  [EVERYONE]: { fr: 'tout le monde', en: 'everyone' },
  'domain-admins': { fr: 'admins du domaine', en: 'domain admins' },
  'domain-users': { fr: 'utilisateurs du domaine', en: 'domain users' },
  'domain-guests': { fr: 'invités du domaine', en: 'domain guests' },
}

/** Whom an access is asked for, in words. */
export const accountCell = (account: string): Text =>
  KEYWORDS[account] ?? { fr: `compte ${printable(account)}`, en: `account ${printable(account)}` }

/** One finding for one account: what the permissions of the share and of its folder leave it together. */
export function judgeAccess(
  { account, right, inherited }: AskedAccess,
  share: Share,
  shares: Shares,
  accounts: Answer,
  sameMachine: boolean,
): Judgement {
  const expected = joined([accountCell(account), rightName(right)], ' : ')
  const extra = { cell: accountCell(account), evidence: ['shares', 'accounts'] }
  const judged = attempt(() => {
    const answer = returned(accounts, accountsShape)
    const host: Host = { role: shares.role, groups: shares.groups, same: sameMachine }
    const known = account === EVERYONE ? everybody(answer, host) : knownAccount(answer, account, host)
    if (!known) return absent(right, expected, extra)
    const belongs = networkToken(answer, known, host)
    const { network, here, inside } = permissions(share, belongs)
    const result = both(network, here)
    const got = certainRight(result)
    const observed = said(result, network, here)
    if (got === null) return unsure(expected, observed, extra)
    if (got !== right || !inherited) return passIf(got === right, expected, observed, extra)
    const further = inside.map(([place, rights]) => ({ place, rights: both(network, rights) }))
    const certain = further.map(({ rights }) => certainRight(rights))
    const other = further.find((_, i) => certain[i] !== null && certain[i] !== right)
    if (other) return passIf(false, expected, joined([observed, insideSaid(other)]), extra)
    return certain.includes(null)
      ? unsure(expected, observed, extra)
      : passIf(true, expected, observed, extra)
  })
  return judged.value ?? unobserved(judged.failure, expected, extra)
}

type Extra = { readonly cell: Text; readonly evidence: readonly string[] }

const unsure = (expected: Text, observed: Text, extra: Extra): Judgement =>
  unknown('control', 'it depends on a group or a condition that could not be known', expected, {
    ...extra,
    observed: { fr: `au moins : ${observed.fr}`, en: `at least: ${observed.en}` },
  })

const insideSaid = ({ place, rights }: { place: Text; rights: Granted }): Text => ({
  fr: `mais sur ${place.fr} : ${maskName(rights.least).fr}`,
  en: `but on ${place.en}: ${maskName(rights.least).en}`,
})

function absent(right: AccessRight, expected: Text, extra: Extra): Judgement {
  const observed: Text = { fr: 'aucun compte de ce nom', en: 'no account of that name' }
  // Nothing is refused to an account that does not exist.
  return right === 'none'
    ? unknown('control', 'no account of that name', expected, { ...extra, observed })
    : fail(expected, observed, extra)
}

function permissions(share: Share, belongs: Belongs) {
  const { permissions: network, folder } = share
  if (network === null) throw new NotObserved('denied', 'the permissions of the share were not shown')
  if (folder === null)
    throw new NotObserved(
      share.problem === 'System.UnauthorizedAccessException' ? 'denied' : 'control',
      `the permissions of the folder could not be read (${share.problem ?? 'no path'})`,
    )
  return {
    network: granted({ ...network, owner: null }, belongs, 'here'),
    here: granted(folder, belongs, 'here'),
    inside: PLACES.map(([place, name]) => [name, granted(folder, belongs, place)] as const),
  }
}

const both = (a: Granted, b: Granted): Granted => ({
  least: a.least & b.least,
  most: a.most & b.most,
  by: [...new Set([...a.by, ...b.by])],
})

const TRUSTEES: Readonly<Record<string, Text>> = {
  ...wellKnownAccounts,
  'S-1-5-2': { fr: 'Réseau', en: 'Network' },
  'S-1-5-32-544': { fr: 'Administrateurs', en: 'Administrators' },
  'S-1-5-32-545': { fr: 'Utilisateurs', en: 'Users' },
}

/** The permissions of one side, and through whom they come: « modification, par Tout le monde ». */
function side({ least, by }: Granted): Text {
  const name = maskName(least)
  if (by.length === 0) return name
  const whom = joined(by.slice(0, 4).map((sid) => TRUSTEES[sid] ?? same(printable(sid))))
  return { fr: `${name.fr}, par ${whom.fr}`, en: `${name.en}, through ${whom.en}` }
}

/** « lecture ; partage : lecture, NTFS : modification, limité par le partage ». */
function said(result: Granted, network: Granted, here: Granted): Text {
  const rights = maskName(result.least)
  const share = side(network)
  const folder = side(here)
  const limit = limitedBy(result.least, network.least, here.least)
  return {
    fr: `${rights.fr} (partage : ${share.fr} ; NTFS : ${folder.fr}${limit ? ` ; ${limit.fr}` : ''})`,
    en: `${rights.en} (share: ${share.en}; NTFS: ${folder.en}${limit ? `; ${limit.en}` : ''})`,
  }
}

function limitedBy(result: number, network: number, folder: number): Text | null {
  const [got, share, ntfs] = [result, network, folder].map(rightOf)
  if (share === ntfs && share !== 'special') return null
  if (got === share && got !== ntfs) return { fr: 'limité par le partage', en: 'limited by the share' }
  if (got === ntfs && got !== share) return { fr: 'limité par NTFS', en: 'limited by NTFS' }
  return result === network && result === folder ? null : { fr: 'limité par les deux', en: 'limited by both' }
}
