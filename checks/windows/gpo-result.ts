import type { z } from 'zod'
import { powerShellArgument, quoted } from '../active-directory/quoted-name.ts'
import { groupPoliciesNamed, guidOf, requirePolicies } from '../active-directory/group-policies.ts'
import { groupPolicies } from '../active-directory/searches.ts'
import { defineCheck, type Facts } from '../define.ts'
import { unknown } from '../finding.ts'
import { returned, type Observed } from '../observation.ts'
import { powershell, type ProbeOf } from '../probe.ts'
import type { Text } from '../text.ts'
import { gpoResultParams } from './policy-result/asked-gpo-result.ts'
import { expectedOf, judgeAspects } from '../aspects.ts'
import {
  needsDirectory,
  plainKey,
  policyResultShape,
  readResult,
  resultAspects,
  type Result,
} from './policy-result/policy-result.ts'

type Params = z.output<typeof gpoResultParams>

const subject = ({ user }: Params): Text =>
  user === undefined
    ? { fr: 'ordinateur', en: 'computer' }
    : { fr: `utilisateur ${quoted(user).fr}`, en: `user ${quoted(user).en}` }
const asksFor = (asked: Params): Text => expectedOf(subject(asked), resultAspects({ ...asked, named: null }))

/** What policy gave to the computer or user asked for; null where the machine said nothing of it. */
function resultOf({ result }: { result: Observed<'powershell'> }, { user }: Params): Result | null {
  const { computer, users, now } = returned(result, policyResultShape)
  const side = user === undefined ? computer : users.find(({ name }) => name === user.toLowerCase())?.side
  return side ? readResult(side, now) : null
}

/** A role whose directory can be asked, which knows the names that policies bear today. */
const directoryIn = ({ targets }: Facts): string | undefined =>
  Object.keys(targets).find((name) => targets[name]?.transports.includes('ldap'))

/** GUIDs of the policies of that name in the directory; null where it was not asked. */
function namedNow(policies: Observed<'ldap'> | undefined, { gpo }: Params): readonly string[] | null {
  if (!policies || gpo === undefined) return null
  const found = groupPoliciesNamed(policies, gpo).map(guidOf)
  if (found.length === 0) requirePolicies(policies)
  return found
}

export const groupPolicyResult = defineCheck({
  id: 'windows.gpo-result',
  criteria: ['C8.2'],
  says: {
    fr: 'Le jeu de stratégies résultant est celui qui est demandé',
    en: 'The resulting set of policy is as asked for',
  },
  observes: {
    fr: 'les GPO appliquées ou refusées et leurs valeurs, que la machine a consignées à la dernière application (RSoP)',
    en: 'the GPOs applied or denied and their values, as the machine logged them at the last application (RSoP)',
  },
  control: {
    fr: 'la dernière application date de moins d’un jour et a réussi, la stratégie locale est parmi les GPO, et l’état du moteur dans le registre dit de même ; une GPO absente sous son nom est cherchée dans l’annuaire, où elle a pu être renommée depuis',
    en: 'the last application is less than a day old and succeeded, the local policy is among the GPOs, and the engine’s state in the registry says the same; a GPO that isn’t there by its name is looked up in the directory, where it may have been renamed since',
  },
  asks: ['powershell', 'ldap'],
  proven: 'recorded',
  params: gpoResultParams,
  probes: ({ on }, _facts, siblings) => {
    const together = siblings.filter((other) => other.on === on)
    const users = [
      ...new Set(together.flatMap(({ user }) => (user === undefined ? [] : [user.toLowerCase()]))),
    ]
    const settings = together.flatMap(({ setting }) =>
      setting ? [`${plainKey(setting.key)}\\${setting.value}`.toLowerCase()] : [],
    )
    const input = {
      computer: together.some(({ user }) => user === undefined),
      users: users.sort(),
      settings: [...new Set(settings)].sort(),
    }
    return { result: powershell(on, 'policy-result', input, { maxBytes: 1_048_576 }) }
  },
  then: (seen, asked, facts): Partial<Record<'policies', ProbeOf<'ldap'>>> => {
    const directory = directoryIn(facts)
    const result = resultOf(seen, asked)
    if (!directory || !result || !needsDirectory(result, asked.gpo)) return {}
    return { policies: groupPolicies(directory) }
  },
  judge: (seen, asked) => {
    const expected = asksFor(asked)
    if (asked.user !== undefined) {
      const { users } = returned(seen.result, policyResultShape)
      const user = users.find(({ name }) => name === asked.user?.toLowerCase())
      if (user && user.sid === null)
        return unknown('control', `the machine knows no account of that name`, expected, {
          observed: { fr: 'compte inconnu de la machine', en: 'account unknown to the machine' },
        })
      if (user && user.side === null)
        return unknown('control', 'no policy was logged for that account on this machine', expected, {
          observed: {
            fr: 'aucune stratégie consignée ici pour cet utilisateur (session jamais ouverte ?)',
            en: 'no policy logged here for this user (never logged on?)',
          },
        })
    }
    const result = resultOf(seen, asked)
    if (!result) return unknown('unparsable', 'the machine said nothing of the target asked for', expected)
    const { fr, en } = subject(asked)
    const when = {
      fr: `${fr} (stratégie appliquée à ${result.at})`,
      en: `${en} (policy applied at ${result.at})`,
    }
    return {
      ...judgeAspects(when, resultAspects({ ...asked, named: namedNow(seen.policies, asked) }), result),
      expected,
    }
  },
  expects: asksFor,
  byHand: ({ user }) => {
    const scope = user === undefined ? '/scope computer' : `/scope user /user ${powerShellArgument(user)}`
    return { fr: `Sur la machine : gpresult ${scope} /z`, en: `On the machine: gpresult ${scope} /z` }
  },
})
