import { z } from 'zod'
import { role } from '../../define.ts'
import { described } from '../../described.ts'
import { pattern } from '../../pattern.ts'
import { printable } from '../../printable.ts'
import { rule, type Mistake } from '../../rule.ts'
import { joined, type Text } from '../../text.ts'
import { accountOf } from '../accounts/account-name.ts'
import { accessRights, rightName } from './access-right.ts'
import { expectedOf, type Aspect } from '../../aspects.ts'
import { EVERYONE } from '../accounts/account-groups.ts'
import { domainGroups } from '../local-groups/local-group-members.ts'
import { accountCell, folderAspect, pathAspect, type Share } from './shares.ts'

const account = accountOf([EVERYONE, ...domainGroups], 'of-domain')

/** An account that is asked for twice: no two rights can both be the one that it has. */
function* twice(access: readonly { readonly account: string }[]): Generator<Mistake> {
  const seen = new Set<string>()
  for (const [i, { account: written }] of access.entries()) {
    const name = written.toLowerCase()
    if (seen.has(name))
      yield {
        path: [i, 'account'],
        words: {
          fr: 'ce compte a déjà un droit plus haut dans la même liste',
          en: 'this account already has a right above in the same list',
        },
      }
    seen.add(name)
  }
}
/** What an author asks of a share. */
export const shareParams = z
  .strictObject({
    on: role('windows'),
    name: described(
      z.string().regex(
        pattern(/^[^"/\\[\]:|<>+=;,*?\0-\x1f]{1,80}$/, {
          fr: 'un nom de partage, sans « " / \\ [ ] : | < > + = ; , * ? »',
          en: 'the name of a share, without “" / \\ [ ] : | < > + = ; , * ?”',
        }),
      ),
      {
        fr: 'Nom du partage, avec son $ s’il est masqué',
        en: 'Name of the share, with its $ where it is hidden',
      },
    ),
    hidden: described(z.boolean().optional(), {
      fr: 'S’il est masqué : son nom finit par $, ajouté s’il n’est pas écrit',
      en: 'Whether it is hidden: its name ends in $, which is added where it isn’t written',
    }),
    path: described(
      z
        .string()
        .max(260)
        .regex(
          pattern(/^[A-Za-z]:[\\/][^"*?<>|\0-\x1f]*$/, {
            fr: 'un chemin complet : D:\\Partages\\Compta',
            en: 'a full path: D:\\Shares\\Accounts',
          }),
        )
        .optional(),
      { fr: 'Dossier partagé, en chemin complet', en: 'Folder that is shared, as a full path' },
    ),
    access: described(
      z
        .array(
          z.strictObject({
            account: described(account, {
              fr: 'Utilisateur ou groupe : DOMAINE\\nom, .\\nom, son SID, everyone, domain-users, domain-admins ou domain-guests',
              en: 'User or group: DOMAIN\\name, .\\name, its SID, everyone, domain-users, domain-admins or domain-guests',
            }),
            right: described(z.enum(accessRights), {
              fr: 'none aucun accès, read lecture, modify modification, full contrôle total',
              en: 'What it gets: none, read, modify or full control',
            }),
            inherited: described(z.boolean().default(true), {
              fr: 'Si les fichiers et dossiers qu’il contient doivent être aussi ouverts ; false si le droit ne vise que le dossier',
              en: 'Whether the files and folders in it must be as open; false where the right is meant for the folder itself',
            }),
          }),
        )
        .min(1)
        .max(32)
        .superRefine(rule(twice))
        .optional(),
      {
        fr: 'Ce que chaque compte obtient par le réseau, autorisations du partage et du dossier ensemble, ni plus ni moins ; d’un groupe, ce qu’un membre obtient par lui seul ; d’everyone, ce qu’obtient un compte sans autre groupe',
        en: 'What each account gets over the network, by the permissions of the share and of the folder together, no less and no more; of a group, what a member gets by it alone; of everyone, what an account in no other group gets',
      },
    ),
    directory: described(role('windows').optional(), {
      fr: 'Le contrôleur de domaine qui connaît les comptes, si le partage est sur une autre machine (rôle du sujet)',
      en: 'The domain controller that knows the accounts, where the share is on another machine (role of the exam)',
    }),
  })
  .refine(({ name, hidden }) => hidden !== false || !name.endsWith('$'), {
    path: ['hidden'],
    params: {
      fr: 'un nom qui finit par « $ » est masqué : retirez « hidden », ou le « $ »',
      en: 'a name that ends in “$” is hidden: remove “hidden”, or the “$”',
    },
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
