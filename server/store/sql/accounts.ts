import { randomUUID } from 'node:crypto'
import type { Kysely, Selectable, Transaction } from 'kysely'
import { roleSchema, type Role, type Viewer } from '../../access/role.ts'
import { AccountNameTaken, type Account, type Accounts } from '../accounts.ts'
import type { Act } from '../journal.ts'
import { inJournal } from './journal.ts'
import type { Database } from './schema.ts'

export class SqlAccounts implements Accounts {
  readonly #db: Kysely<Database>
  readonly #now: () => Date
  constructor(db: Kysely<Database>, now: () => Date) {
    this.#db = db
    this.#now = now
  }

  async count(): Promise<number> {
    const { n } = await this.#db
      .selectFrom('account')
      .select(({ fn }) => fn.countAll<number>().as('n'))
      .executeTakeFirstOrThrow()
    return Number(n)
  }

  async list(): Promise<Account[]> {
    const rows = await this.#db.selectFrom('account').selectAll().orderBy('role').orderBy('name').execute()
    return rows.map(accountOf)
  }

  async byId(id: string): Promise<Account | null> {
    const row = await this.#db.selectFrom('account').selectAll().where('id', '=', id).executeTakeFirst()
    return row ? accountOf(row) : null
  }

  add(
    made: { name: string; displayName: string; role: Role; oidcSubject?: string | null },
    by: string,
  ): Promise<Account> {
    return this.#write(async (db, at) => {
      const row = await db
        .insertInto('account')
        .values({
          id: randomUUID(),
          name: made.name,
          display_name: made.displayName,
          role: made.role,
          password_hash: null,
          oidc_subject: made.oidcSubject ?? null,
          disabled_at: null,
          created_at: at,
        })
        .onConflict((conflict) => conflict.column('name').doNothing())
        .returningAll()
        .executeTakeFirst()
      if (!row) throw new AccountNameTaken(made.name)
      const act: Act = {
        actor: by,
        act: 'account-made',
        details: { account: made.name, role: made.role },
      }
      return { result: accountOf(row), acts: [act] }
    })
  }

  addFirst(made: { name: string; displayName: string; passwordHash: string }): Promise<Account | null> {
    return this.#write(async (db, at) => {
      const { n } = await db
        .selectFrom('account')
        .select(({ fn }) => fn.countAll<number>().as('n'))
        .executeTakeFirstOrThrow()
      if (Number(n) > 0) return { result: null, acts: [] }
      const row = await db
        .insertInto('account')
        .values({
          id: randomUUID(),
          name: made.name,
          display_name: made.displayName,
          role: 'responsable',
          password_hash: made.passwordHash,
          oidc_subject: null,
          disabled_at: null,
          created_at: at,
        })
        .returningAll()
        .executeTakeFirstOrThrow()
      return {
        result: accountOf(row),
        acts: [
          { actor: made.name, act: 'account-made', details: { account: made.name, role: 'responsable' } },
        ],
      }
    })
  }

  async change(id: string, to: { displayName?: string; disabled?: boolean }, by: string): Promise<boolean> {
    return this.#write(async (db, at) => {
      const account = await db.selectFrom('account').selectAll().where('id', '=', id).executeTakeFirst()
      if (!account) return { result: false, acts: [] }
      if (to.disabled === true && account.role === 'responsable' && (await othersLeft(db, id)) === 0)
        return { result: false, acts: [] }
      await db
        .updateTable('account')
        .set({
          display_name: to.displayName ?? account.display_name,
          disabled_at: to.disabled === undefined ? account.disabled_at : to.disabled ? at : null,
        })
        .where('id', '=', id)
        .execute()
      if (to.disabled === true) await endWaysIn(db, id)
      return {
        result: true,
        acts: [{ actor: by, act: 'account-changed', details: { account: account.name, ...to } }],
      }
    })
  }

  async secretOf(name: string): Promise<{ account: Account; passwordHash: string | null } | null> {
    const row = await this.#db.selectFrom('account').selectAll().where('name', '=', name).executeTakeFirst()
    return row ? { account: accountOf(row), passwordHash: row.password_hash } : null
  }

  async byOidcSubject(subject: string): Promise<Account | null> {
    const row = await this.#db
      .selectFrom('account')
      .selectAll()
      .where('oidc_subject', '=', subject)
      .executeTakeFirst()
    return row ? accountOf(row) : null
  }

  setPassword(id: string, passwordHash: string, by: string): Promise<void> {
    return this.#write(async (db) => {
      const row = await db
        .updateTable('account')
        .set({ password_hash: passwordHash })
        .where('id', '=', id)
        .returning('name')
        .executeTakeFirstOrThrow()
      await endWaysIn(db, id)
      return { result: undefined, acts: [{ actor: by, act: 'password-set', details: { account: row.name } }] }
    })
  }

  invite(account: string, codeHash: string, expiresAt: string, by: string): Promise<void> {
    return this.#write(async (db) => {
      const { name } = await db
        .selectFrom('account')
        .select('name')
        .where('id', '=', account)
        .executeTakeFirstOrThrow()
      // The latest invitation is the one that holds.
      await db.deleteFrom('invitation').where('account_id', '=', account).execute()
      await db
        .insertInto('invitation')
        .values({ code_hash: codeHash, account_id: account, expires_at: expiresAt, used_at: null })
        .execute()
      return { result: undefined, acts: [{ actor: by, act: 'invitation-made', details: { account: name } }] }
    })
  }

  async invitation(codeHash: string): Promise<Account | null> {
    const row = await this.#db
      .selectFrom('invitation')
      .innerJoin('account', 'account.id', 'invitation.account_id')
      .selectAll('account')
      .where('code_hash', '=', codeHash)
      .where('used_at', 'is', null)
      .where('expires_at', '>', this.#now().toISOString())
      .where('disabled_at', 'is', null)
      .executeTakeFirst()
    return row ? accountOf(row) : null
  }

  acceptInvitation(
    codeHash: string,
    way: { passwordHash: string } | { oidcSubject: string },
  ): Promise<Account | null> {
    return this.#write(async (db, at) => {
      const used = await db
        .updateTable('invitation')
        .set({ used_at: at })
        .where('code_hash', '=', codeHash)
        .where('used_at', 'is', null)
        .where('expires_at', '>', at)
        .returning('account_id')
        .executeTakeFirst()
      if (!used) return { result: null, acts: [] }
      const row = await db
        .updateTable('account')
        .set('passwordHash' in way ? { password_hash: way.passwordHash } : { oidc_subject: way.oidcSubject })
        .where('id', '=', used.account_id)
        .where('disabled_at', 'is', null)
        .returningAll()
        .executeTakeFirst()
      if (!row) return { result: null, acts: [] }
      await endWaysIn(db, row.id)
      return {
        result: accountOf(row),
        acts: [{ actor: row.name, act: 'password-set', details: { account: row.name, invitation: true } }],
      }
    })
  }

  async keepSignIn(idHash: string, account: string, expiresAt: string, by: string): Promise<void> {
    return this.#write(async (db, at) => {
      await db.deleteFrom('sign_in').where('expires_at', '<=', at).execute()
      await db
        .insertInto('sign_in')
        .values({ id_hash: idHash, account_id: account, created_at: at, expires_at: expiresAt })
        .execute()
      return { result: undefined, acts: [{ actor: by, act: 'signed-in' }] }
    })
  }

  async viewerBySignIn(idHash: string): Promise<Viewer | null> {
    const row = await this.#db
      .selectFrom('sign_in')
      .innerJoin('account', 'account.id', 'sign_in.account_id')
      .select(['account.id', 'account.name', 'account.display_name', 'account.role'])
      .where('id_hash', '=', idHash)
      .where('expires_at', '>', this.#now().toISOString())
      .where('disabled_at', 'is', null)
      .executeTakeFirst()
    return row ? viewerOf(row) : null
  }

  async endSignIn(idHash: string, by: string): Promise<void> {
    return this.#write(async (db) => {
      await db.deleteFrom('sign_in').where('id_hash', '=', idHash).execute()
      return { result: undefined, acts: [{ actor: by, act: 'signed-out' }] }
    })
  }

  async endAllSignIns(account: string, by: string): Promise<void> {
    return this.#write(async (db) => {
      await db.deleteFrom('sign_in').where('account_id', '=', account).execute()
      return { result: undefined, acts: [{ actor: by, act: 'signed-out', details: { everywhere: true } }] }
    })
  }

  addToken(account: string, tokenHash: string, label: string, by: string): Promise<void> {
    return this.#write(async (db, at) => {
      await db
        .insertInto('account_token')
        .values({ token_hash: tokenHash, account_id: account, label, created_at: at, used_at: null })
        .execute()
      return { result: undefined, acts: [{ actor: by, act: 'token-made', details: { label } }] }
    })
  }

  async viewerByToken(tokenHash: string): Promise<Viewer | null> {
    const row = await this.#db
      .selectFrom('account_token')
      .innerJoin('account', 'account.id', 'account_token.account_id')
      .select(['account.id', 'account.name', 'account.display_name', 'account.role'])
      .where('token_hash', '=', tokenHash)
      .where('disabled_at', 'is', null)
      .executeTakeFirst()
    if (!row) return null
    await this.#db
      .updateTable('account_token')
      .set({ used_at: this.#now().toISOString() })
      .where('token_hash', '=', tokenHash)
      .execute()
    return viewerOf(row)
  }

  async tokens(account: string) {
    const rows = await this.#db
      .selectFrom('account_token')
      .selectAll()
      .where('account_id', '=', account)
      .orderBy('created_at')
      .execute()
    return rows.map((row) => ({
      tokenHash: row.token_hash,
      label: row.label,
      createdAt: row.created_at,
      usedAt: row.used_at,
    }))
  }

  revokeToken(account: string, tokenHash: string, by: string): Promise<boolean> {
    return this.#write(async (db) => {
      const gone = await db
        .deleteFrom('account_token')
        .where('account_id', '=', account)
        .where('token_hash', '=', tokenHash)
        .returning('label')
        .executeTakeFirst()
      return gone
        ? { result: true, acts: [{ actor: by, act: 'token-revoked', details: { label: gone.label } }] }
        : { result: false, acts: [] }
    })
  }

  #write<T>(
    work: (db: Transaction<Database>, at: string) => Promise<{ result: T; acts: readonly Act[] }>,
  ): Promise<T> {
    return inJournal(this.#db, this.#now, work)
  }
}

/** Responsables who can sign in, without this one; one who was only invited can't yet, and perhaps never will. */
async function othersLeft(db: Transaction<Database>, id: string): Promise<number> {
  const { n } = await db
    .selectFrom('account')
    .select(({ fn }) => fn.countAll<number>().as('n'))
    .where('role', '=', 'responsable')
    .where('id', '!=', id)
    .where('disabled_at', 'is', null)
    .where(({ or, eb }) => or([eb('password_hash', 'is not', null), eb('oidc_subject', 'is not', null)]))
    .executeTakeFirstOrThrow()
  return Number(n)
}

/** Whoever was in by the account's former password is out. */
async function endWaysIn(db: Transaction<Database>, account: string): Promise<void> {
  await db.deleteFrom('sign_in').where('account_id', '=', account).execute()
  await db.deleteFrom('account_token').where('account_id', '=', account).execute()
  await db.deleteFrom('invitation').where('account_id', '=', account).where('used_at', 'is', null).execute()
}

const viewerOf = (
  row: Pick<Selectable<Database['account']>, 'id' | 'name' | 'display_name' | 'role'>,
): Viewer => ({
  account: row.id,
  name: row.name,
  displayName: row.display_name,
  role: roleSchema.parse(row.role),
})

const accountOf = (row: Selectable<Database['account']>): Account => ({
  ...viewerOf(row),
  oidcSubject: row.oidc_subject,
  hasPassword: row.password_hash !== null,
  disabledAt: row.disabled_at,
  createdAt: row.created_at,
})
