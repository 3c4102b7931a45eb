import type { Role, Viewer } from '../access/role.ts'

export interface Account extends Viewer {
  readonly oidcSubject: string | null
  readonly hasPassword: boolean
  /** ISO 8601 UTC; null while it may sign in. */
  readonly disabledAt: string | null
  readonly createdAt: string
}

/**
 * Accounts, the ways in, and who is signed in. Codes, tokens and cookies are kept as SHA-256 only. What changes something
 * takes `by`, the name of whoever does it, and keeps the act in the journal in the same transaction.
 */
export interface Accounts {
  count(): Promise<number>
  /** By role, then name. */
  list(): Promise<Account[]>
  byId(id: string): Promise<Account | null>
  /** Rejects with AccountNameTaken. */
  add(
    account: { name: string; displayName: string; role: Role; oidcSubject?: string | null },
    by: string,
  ): Promise<Account>
  /** The first responsable; null where there is an account already: of two at once, one wins. */
  addFirst(account: { name: string; displayName: string; passwordHash: string }): Promise<Account | null>
  /** False for an unknown account and for disabling the last responsable. One that is disabled is out at once. */
  change(id: string, to: { displayName?: string; disabled?: boolean }, by: string): Promise<boolean>
  /** For signing in; null where there is no such account. */
  secretOf(name: string): Promise<{ account: Account; passwordHash: string | null } | null>
  byOidcSubject(subject: string): Promise<Account | null>
  /** Ends every sign-in, token and invitation of the account. */
  setPassword(id: string, passwordHash: string, by: string): Promise<void>
  /** A one-time code to choose a password; the former one ends. */
  invite(account: string, codeHash: string, expiresAt: string, by: string): Promise<void>
  /** Whose invitation it is; null where it is used, too old or unknown. */
  invitation(codeHash: string): Promise<Account | null>
  /** Uses the code and gives the account its way in, in one transaction; null where the code is used or too old. */
  acceptInvitation(
    codeHash: string,
    way: { passwordHash: string } | { oidcSubject: string },
  ): Promise<Account | null>
  /** Sign-ins, known by the SHA-256 of the cookie's value. */
  keepSignIn(idHash: string, account: string, expiresAt: string, by: string): Promise<void>
  /** Whose it is; null where it ended, is too old, or its account is disabled. */
  viewerBySignIn(idHash: string): Promise<Viewer | null>
  endSignIn(idHash: string, by: string): Promise<void>
  endAllSignIns(account: string, by: string): Promise<void>
  /** Bearer tokens of accounts, for `probant push` and scripts. */
  addToken(account: string, tokenHash: string, label: string, by: string): Promise<void>
  viewerByToken(tokenHash: string): Promise<Viewer | null>
  tokens(
    account: string,
  ): Promise<{ tokenHash: string; label: string; createdAt: string; usedAt: string | null }[]>
  revokeToken(account: string, tokenHash: string, by: string): Promise<boolean>
}

export class AccountNameTaken extends Error {
  constructor(name: string) {
    super(`an account named ${name} exists already`)
    this.name = 'AccountNameTaken'
  }
}
