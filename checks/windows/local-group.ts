import { z } from 'zod'
import { powerShellArgument, quoted } from '../active-directory/quoted-name.ts'
import { defineCheck, role } from '../define.ts'
import { described } from '../described.ts'
import { fail, unknown } from '../finding.ts'
import { returned } from '../observation.ts'
import { pattern } from '../pattern.ts'
import { powershell } from '../probe.ts'
import { rule, type Mistake } from '../rule.ts'
import { same, type Text } from '../text.ts'
import { isSid, toResolve } from './accounts/account.ts'
import { accountOf } from './accounts/account-name.ts'
import { expectedOf, judgeAspects } from '../aspects.ts'
import { ADMINISTRATORS, groupAsked, isTranslated } from './accounts/built-in-groups.ts'
import { domainGroups, memberAspects, namedAccounts } from './local-groups/local-group-members.ts'
import { groupNamed, localGroupsShape, showsMembers } from './local-groups/local-groups.ts'

const accounts = z.array(accountOf(domainGroups)).min(1).max(32)

/** Accounts that must be members and must not. */
function* bothWays({ members = [], without = [] }: Lists): Generator<Mistake> {
  const wanted = new Set(members.map((account) => account.toLowerCase()))
  for (const [i, account] of without.entries())
    if (wanted.has(account.toLowerCase()))
      yield {
        path: ['without', i],
        words: {
          fr: 'ce compte est aussi demandé dans « members »',
          en: 'this account is asked for in “members” as well',
        },
      }
}
interface Lists {
  readonly members?: readonly string[] | undefined
  readonly without?: readonly string[] | undefined
}

const params = z
  .strictObject({
    on: role('windows'),
    group: described(
      z.string().regex(
        pattern(/^[^"/\\[\]:;|=,+*?<>@\0-\x1f]{1,256}$/, {
          fr: 'le nom ou le SID d’un groupe local',
          en: 'the name or the SID of a local group',
        }),
      ),
      {
        fr: 'Le groupe : son SID, le nom français ou anglais d’un groupe de Windows (Administrateurs), ou le nom qu’il a reçu',
        en: 'The group: its SID, a name of Windows’ own groups in French or English (Administrateurs), or the name that it was given',
      },
    ),
    members: described(accounts.optional(), {
      fr: 'Comptes qui doivent en être membres directs : DOMAINE\\nom, .\\nom, un SID, ou domain-admins, domain-users, domain-guests',
      en: 'Accounts that must be direct members: DOMAIN\\name, .\\name, a SID, or domain-admins, domain-users, domain-guests',
    }),
    without: described(accounts.optional(), {
      fr: 'Comptes qui ne doivent pas en être membres directs, écrits de même',
      en: 'Accounts that must not be direct members, written alike',
    }),
    only: described(z.boolean().default(false), {
      fr: 'Si personne d’autre ne doit en être membre direct (l’administrateur de la machine est toujours de ses administrateurs)',
      en: 'Whether nobody else may be a direct member (the machine’s own administrator always is one of its administrators)',
    }),
  })
  .refine(({ only, members }) => !only || members, {
    path: ['members'],
    params: { fr: '« only » demande une liste de membres', en: '“only” needs a list of members' },
  })
  .superRefine(rule(bothWays))

const subject = ({ group }: { group: string }): Text => ({
  fr: `groupe local ${quoted(group).fr}`,
  en: `local group ${quoted(group).en}`,
})

export const localGroup = defineCheck({
  id: 'windows.local-group',
  criteria: ['C8.3', 'C1.1'],
  says: { fr: 'Le groupe local « {group} » est conforme', en: 'Local group “{group}” is as asked' },
  observes: {
    fr: 'les membres directs d’un groupe local, comparés par leur SID ; les groupes imbriqués ne sont pas développés',
    en: 'the direct members of a local group, compared by their SID; nested groups are not expanded',
  },
  control: {
    fr: 'l’administrateur de la machine est montré parmi les administrateurs, d’où il ne peut être retiré ; un contrôleur de domaine n’a pas de groupe local propre et n’est jamais jugé',
    en: 'the machine’s own administrator is shown among the administrators, of whom he cannot be removed; a domain controller has no local groups of its own and is never judged',
  },
  asks: ['powershell'],
  proven: 'recorded',
  params,
  probes: ({ on }, _facts, siblings) => {
    const together = siblings.filter((other) => other.on === on)
    const groups = [ADMINISTRATORS, ...together.map(({ group }) => groupAsked(group))]
    return {
      groups: powershell(on, 'local-groups', {
        groups: [...new Set(groups)].sort(),
        accounts: toResolve(together.flatMap(namedAccounts)),
      }),
    }
  },
  judge: ({ groups }, p) => {
    const seen = returned(groups, localGroupsShape)
    const asked = memberAspects(p, { resolved: seen.accounts, administrator: seen.administrator })
    const expected = expectedOf(subject(p), asked)
    if (seen.role >= 4)
      return unknown('control', 'a domain controller has no local groups of its own', expected, {
        observed: {
          fr: 'contrôleur de domaine : il n’a pas de groupe local propre, ses groupes sont dans l’annuaire',
          en: 'domain controller: it has no local groups of its own, its groups are in the directory',
        },
      })
    if (!showsMembers(seen))
      return unknown('control', 'the administrators were not shown with the one they always have', expected)
    const found = groupNamed(seen, groupAsked(p.group))
    if (found?.found) return judgeAspects(subject(p), asked, found)
    // Windows' own groups can't be removed: one that is not there is not of this Windows.
    if (!found || isSid(groupAsked(p.group)))
      return unknown('control', 'no group of that SID was shown', expected)
    if (isTranslated(p.group))
      return unknown('control', 'a group of a role, whose name is in the language of Windows', expected)
    // A paper has the apostrophe of a word processor, a candidate that of the keyboard, and Windows tells them apart.
    if (/['’]/.test(p.group))
      return unknown('control', 'no group of that name, with the apostrophe that the paper has', expected)
    const { fr, en } = quoted(p.group)
    return fail(expected, { fr: `aucun groupe local ${fr}`, en: `no local group ${en}` })
  },
  expects: (p) => expectedOf(subject(p), memberAspects(p, { resolved: [], administrator: null })),
  byHand: ({ group }) => {
    const asked = groupAsked(group)
    return same(
      isSid(asked) ? `Get-LocalGroupMember -SID ${asked}` : `net localgroup ${powerShellArgument(group)}`,
    )
  },
})
