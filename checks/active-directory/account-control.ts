/** Bits of `userAccountControl` ([MS-ADTS] 2.2.16). */
export const ACCOUNT_DISABLED = 0x2
export const PASSWORD_NEVER_EXPIRES = 0x10000
export const PASSWORD_NOT_REQUIRED = 0x20
export const WORKSTATION_ACCOUNT = 0x1000
export const SERVER_ACCOUNT = 0x2000

/** Whether an account with these bits may be used. */
export const isEnabled = (userAccountControl: number): boolean =>
  (userAccountControl & ACCOUNT_DISABLED) === 0

/** Bits of `groupType` ([MS-ADTS] 2.2.12). */
const SCOPES = [
  [0x2, 'global'],
  [0x4, 'domain-local'],
  [0x8, 'universal'],
] as const
export const groupScopes = ['global', 'domain-local', 'universal'] as const
export type GroupScope = (typeof groupScopes)[number]

/** How far a group reaches, or null where no such bit is set. */
export const scopeOf = (groupType: number): GroupScope | null =>
  SCOPES.find(([bit]) => (groupType & bit) !== 0)?.[1] ?? null

/** Whether it is a security group (bit 31), which rights can be given to; else a distribution list. */
export const isSecurityGroup = (groupType: number): boolean => (groupType & 0x80000000) !== 0
