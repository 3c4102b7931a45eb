import type { Facts } from '../define.ts'
import type { Text } from '../text.ts'
import { formatDistinguishedName } from './distinguished-name.ts'
import { domainPlace, placeOf } from './organisational-path.ts'

/** The line that an administrator types on the domain controller, in PowerShell, and where it helps on Samba's. */
export const onDomainController = (powerShell: string, samba?: string): Text => ({
  fr: `Sur le contrôleur de domaine : ${powerShell}${samba ? ` (Samba : ${samba})` : ''}`,
  en: `On the domain controller: ${powerShell}${samba ? ` (Samba: ${samba})` : ''}`,
})

/** The distinguished name of a place in the domain that the session gives for the role `on`. */
export const distinguishedNameAt = (path: string, on: string, facts: Facts): string =>
  formatDistinguishedName(placeOf(path, domainPlace(facts.targets[on]?.domain ?? '')))
