import type { Role, Viewer } from '../access/role.ts'

export interface Account extends Viewer {
  readonly oidcSubject: string | null
  readonly hasPassword: boolean
  /** ISO 8601 UTC; null while it may sign in. */
  readonly disabledAt: string | null
  readonly createdAt: string
}

/** Accounts, the ways in, and who is signed in. Codes and tokens are kept as SHA-256 only. */
export interface Accounts {
  count(): Promise<number>
  list(): Promise<Account[]>
  byId(id: string): Promise<Account | null>
  /** Rejects with AccountNameTaken. */
  add(account: {
    name: string
    displayName: string
    role: Role
    oidcSubject?: string | null
  }): Promise<Account>
  /** A new name, role or state; sign-ins and tokens of an account that is disabled or changes role end. */
  change(id: string, to: { displayName?: string; role?: Role; disabled?: boolean }): Promise<void>
  /** For signing in; null where there is no such account. */
  secretOf(name: string): Promise<{ account: Account; passwordHash: string | null } | null>
  byOidcSubject(subject: string): Promise<Account | null>
  /** Ends every sign-in and invitation of the account. */
  setPassword(id: string, passwordHash: string): Promise<void>
  /** One-time codes to choose a password. */
  invite(account: string, codeHash: string, expiresAt: string): Promise<void>
  invitation(codeHash: string): Promise<Account | null>
  /** Uses the code and sets the password in one transaction; false where the code is used or too old. */
  acceptInvitation(codeHash: string, passwordHash: string): Promise<boolean>
  /** Sign-ins: the cookie's value is kept as its SHA-256. */
  keepSignIn(idHash: string, account: string, expiresAt: string): Promise<void>
  /** Whose it is; null where it ended, is too old, or its account is disabled. */
  viewerBySignIn(idHash: string): Promise<Viewer | null>
  endSignIn(idHash: string): Promise<void>
  /** Bearer tokens of accounts, for `probant push` and scripts. */
  addToken(account: string, tokenHash: string, label: string): Promise<void>
  viewerByToken(tokenHash: string): Promise<Viewer | null>
  tokens(
    account: string,
  ): Promise<{ tokenHash: string; label: string; createdAt: string; usedAt: string | null }[]>
  revokeToken(account: string, tokenHash: string): Promise<boolean>
}

export class AccountNameTaken extends Error {
  constructor(name: string) {
    super(`an account named ${name} exists already`)
    this.name = 'AccountNameTaken'
  }
}
