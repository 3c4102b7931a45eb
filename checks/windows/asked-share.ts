import { z } from 'zod'
import { role } from '../define.ts'
import { pattern } from '../pattern.ts'
import { printable } from '../printable.ts'
import { joined, type Text } from '../text.ts'
import { accountSchema, isSid } from './account.ts'
import { accessRights, rightName } from './access-right.ts'
import { expectedOf, type Aspect } from './aspects.ts'
import { EVERYONE } from './account-groups.ts'
import { domainGroups } from './local-group-members.ts'
import { accountCell, folderAspect, pathAspect, type Share } from './shares.ts'

const account = z.union([
  z.enum([EVERYONE, ...domainGroups]),
  accountSchema.refine((name) => !isSid(name) || name.startsWith('S-1-5-21-'), {
    params: {
      fr: 'un utilisateur ou un groupe : « DOMAINE\\nom », « .\\nom », son SID, ou everyone, domain-users, domain-admins, domain-guests',
      en: 'a user or a group: “DOMAIN\\name”, “.\\name”, its SID, or everyone, domain-users, domain-admins, domain-guests',
    },
  }),
])
/** What an author asks of a share. */
export const shareParams = z
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
     * `read`, `modify` or `full`, no less and no more. Of a group, what a member gets by it alone; of `everyone`, what any
     * account gets that is in no other group; `domain-users`, `domain-admins` and `domain-guests` are those of the domain.
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
type Params = z.output<typeof shareParams>

/** Its name, with the `$` of a hidden one. */
export const wanted = ({ name, hidden }: Params) =>
  hidden === true && !name.endsWith('$') ? `${name}$` : name
/** The same name, hidden where the other is shown: what a candidate may have made instead. */
export const twin = (name: string) => (name.endsWith('$') ? name.slice(0, -1) : `${name}$`)
export const aspects = ({ path }: Params): Aspect<Share>[] => [
  folderAspect,
  ...(path === undefined ? [] : [pathAspect(path)]),
]
export const subject = (asked: Params): Text => {
  const name = printable(wanted(asked))
  return name.endsWith('$')
    ? { fr: `partage ${name} (masqué)`, en: `share ${name} (hidden)` }
    : { fr: `partage ${name}`, en: `share ${name}` }
}

/** All of it in one sentence. */
export function expected(asked: Params): Text {
  const rights = (asked.access ?? []).map(({ account, right }) =>
    joined([accountCell(account), rightName(right)], ' : '),
  )
  return joined([expectedOf(subject(asked), aspects(asked)), ...rights])
}
