import { NotObserved, type Observed } from '../observation.ts'
import { joined, type Text } from '../text.ts'
import { entries, number, value, type Entry } from './directory-entry.ts'
import { sameValue } from './distinguished-name.ts'

type Search = Observed<'ldap'> | undefined
export const sides = ['user', 'computer'] as const
export type Side = (typeof sides)[number]

/** Default Domain Policy and Default Domain Controllers Policy: the same everywhere, whatever the language. */
const DEFAULT_POLICIES = ['31b2f340-016d-11d2-945f-00c04fb984f9', '6ac1786c-016f-11d2-945f-00c04fb984f9']

/** A GPO's GUID, lower case, without braces: its `cn`, which links name it by. */
export const guidOf = (gpo: Entry): string => (value(gpo, 'cn') ?? '').replace(/^\{|\}$/g, '').toLowerCase()

/** The GPOs of that display name; a domain may have several, or none. */
export const groupPoliciesNamed = (policies: Search, name: string): readonly Entry[] =>
  entries(policies, { partial: true }).filter((gpo) => sameValue(value(gpo, 'displayName') ?? '', name))

/** The control of a GPO that isn't there: the list is whole, and a default one is in it. */
export function requirePolicies(policies: Search): void {
  if (!entries(policies).some((gpo) => DEFAULT_POLICIES.includes(guidOf(gpo))))
    throw new NotObserved('control', 'neither default policy is shown to the account that asks')
}

/** `flags` ([MS-GPOL] 2.2.4): bit 0 switches the user side off, bit 1 the computer's. */
export const sideEnabled = (gpo: Entry, side: Side): boolean =>
  (number(gpo, 'flags') & (side === 'user' ? 1 : 2)) === 0

/** `versionNumber` ([MS-GPOL] 2.2.4): the user side counts in the upper half, the computer's in the lower. */
export const isWritten = (gpo: Entry, side: Side): boolean => {
  const version = number(gpo, 'versionNumber')
  return (side === 'user' ? version >>> 16 : version & 0xffff) > 0
}

/** Which sides are enabled, in the words of the console (GPO status). */
export function sidesText(gpo: Entry): Text {
  const user = sideEnabled(gpo, 'user')
  const computer = sideEnabled(gpo, 'computer')
  const status: Text =
    user && computer
      ? { fr: 'GPO activée', en: 'GPO enabled' }
      : user
        ? { fr: 'configuration ordinateur désactivée', en: 'computer configuration disabled' }
        : computer
          ? { fr: 'configuration utilisateur désactivée', en: 'user configuration disabled' }
          : { fr: 'tous les paramètres désactivés', en: 'all settings disabled' }
  const written = isWritten(gpo, 'user') || isWritten(gpo, 'computer')
  return written ? status : joined([status, { fr: 'jamais modifiée', en: 'never edited' }])
}
