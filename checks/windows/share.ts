import { z } from 'zod'
import { defineCheck, role } from '../define.ts'
import { fail } from '../finding.ts'
import { pattern } from '../pattern.ts'
import { printable } from '../printable.ts'
import { powershell, type ProbeOf } from '../probe.ts'
import { joined, type Text } from '../text.ts'
import { powerShellArgument } from '../active-directory/quoted-name.ts'
import { accountSchema, isSid } from './account.ts'
import { accessRights, rightName } from './access-right.ts'
import { expectedOf, judgeAspects, type Aspect } from './aspects.ts'
import { folderAspect, judgeAccess, pathAspect, seenShares, shareNamed, type Share } from './shares.ts'

const account = accountSchema.refine((name) => !isSid(name) || name.startsWith('S-1-5-21-'), {
  params: { fr: 'un utilisateur ou un groupe', en: 'a user or a group' },
})
const params = z
  .strictObject({
    on: role('windows'),
    /** Name of the share, with its `$` where it is hidden. */
    name: z.string().regex(
      pattern(/^[^"/\\[\]:|<>+=;,*?\0-\x1f]{1,80}$/, {
        fr: 'un nom de partage, sans « " / \\ [ ] : | < > + = ; , * ? »',
        en: 'the name of a share, without “" / \\ [ ] : | < > + = ; , * ?”',
      }),
    ),
    /** Whether it is hidden: its name ends in `$`, which is added where it isn't written. */
    hidden: z.boolean().optional(),
    /** Folder that is shared. */
    path: z
      .string()
      .max(260)
      .regex(
        pattern(/^[A-Za-z]:[\\/][^"*?<>|\0-\x1f]*$/, {
          fr: 'un chemin complet : D:\\Partages\\Compta',
          en: 'a full path: D:\\Shares\\Accounts',
        }),
      )
      .optional(),
    /**
     * What users or groups get over the network, by the permissions of the share and of the folder together: `none`,
     * `read`, `modify` or `full`, no less and no more. Of a group, what a member gets by it alone.
     */
    access: z
      .array(
        z.strictObject({
          account,
          right: z.enum(accessRights),
          /** Whether the files and folders in it must be as open; false where the right is meant for the folder itself. */
          inherited: z.boolean().default(true),
        }),
      )
      .min(1)
      .max(32)
      .optional(),
    /** The domain controller that knows the accounts, where the share is on another machine. */
    directory: role('windows').optional(),
  })
  .refine(({ name, hidden }) => hidden !== false || !name.endsWith('$'), {
    path: ['hidden'],
    params: { fr: 'un nom qui finit par « $ » est masqué', en: 'a name that ends in “$” is hidden' },
  })
type Params = z.output<typeof params>

const wanted = ({ name, hidden }: Params) => (hidden === true && !name.endsWith('$') ? `${name}$` : name)
/** The same name, hidden where the other is shown: what a candidate may have made instead. */
const twin = (name: string) => (name.endsWith('$') ? name.slice(0, -1) : `${name}$`)
const aspects = ({ path }: Params): Aspect<Share>[] => [
  folderAspect,
  ...(path === undefined ? [] : [pathAspect(path)]),
]
const subject = (asked: Params): Text => {
  const name = printable(wanted(asked))
  return name.endsWith('$')
    ? { fr: `partage ${name} (masqué)`, en: `share ${name} (hidden)` }
    : { fr: `partage ${name}`, en: `share ${name}` }
}
const unique = (names: readonly string[]) => [...new Set(names)].sort()

export const share = defineCheck({
  id: 'windows.share',
  criteria: ['C8.3', 'C1.2'],
  says: { fr: 'Le partage {name} est conforme à la demande', en: 'Share {name} is as asked for' },
  observes: {
    fr: 'le partage SMB, son dossier, et ce que ses autorisations et celles du dossier (NTFS) laissent ensemble à chaque compte',
    en: 'the SMB share, its folder, and what its permissions and those of the folder (NTFS) leave together to each account',
  },
  control: {
    fr: 'IPC$ ou ADMIN$ est dans la liste, lue par un administrateur ; krbtgt, que tout domaine possède, est trouvé',
    en: 'IPC$ or ADMIN$ is in the list, read by an administrator; krbtgt, which every domain has, is found',
  },
  asks: ['powershell'],
  proven: 'recorded',
  params,
  probes: ({ on, access, directory = on }, _facts, siblings): Record<string, ProbeOf<'powershell'>> => {
    const names = siblings.filter((other) => other.on === on).map(wanted)
    const accounts = siblings
      .filter((other) => (other.directory ?? other.on) === directory)
      .flatMap((other) => (other.access ?? []).map((one) => one.account))
    return {
      shares: powershell(on, 'share', { names: unique(names.flatMap((name) => [name, twin(name)])) }),
      ...(access
        ? { accounts: powershell(directory, 'account-groups', { accounts: unique(accounts) }) }
        : {}),
    }
  },
  judge: (seen, asked) => {
    const shares = seenShares(seen['shares'])
    const found = shareNamed(shares, wanted(asked))
    if (!found) {
      const other = shareNamed(shares, twin(wanted(asked)))
      return fail(expected(asked), {
        fr: `aucun partage de ce nom sur ${shares.total}${other ? `, mais un partage ${printable(other.name)}` : ''}`,
        en: `no share of that name among ${shares.total}${other ? `, but a share ${printable(other.name)}` : ''}`,
      })
    }
    const itself = { ...judgeAspects(subject(asked), aspects(asked), found), evidence: ['shares'] }
    const cell: Text = { fr: 'le partage', en: 'the share' }
    const sameMachine = (asked.directory ?? asked.on) === asked.on
    return [
      { ...itself, cell },
      ...(asked.access ?? []).map((one) => judgeAccess(one, found, shares, seen['accounts'], sameMachine)),
    ]
  },
  expects: (asked) => expected(asked),
  byHand: (asked) => {
    const name = powerShellArgument(wanted(asked))
    const command = `Get-SmbShareAccess ${name}; Get-Acl (Get-SmbShare ${name}).Path | Format-List`
    return {
      fr: `${command} ; Propriétés du dossier, Sécurité, Avancé, Accès effectif`,
      en: `${command}; Properties of the folder, Security, Advanced, Effective Access`,
    }
  },
})

function expected(asked: Params): Text {
  const rights = (asked.access ?? []).map(({ account, right }) =>
    joined([{ fr: account, en: account }, rightName(right)], ' : '),
  )
  return joined([expectedOf(subject(asked), aspects(asked)), ...rights])
}
