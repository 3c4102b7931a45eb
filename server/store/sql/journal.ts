import { randomBytes } from 'node:crypto'
import type { Kysely, Selectable, Transaction } from 'kysely'
import { sealEntry } from '../../../checks/evidence/journal-chain.ts'
import type { Act, Journal, JournalEntry } from '../journal.ts'
import type { Database } from './schema.ts'

const portion = 1000

/**
 * Adds one entry, as part of a transaction where `db` is one: an act and its entry are kept together or not at all.
 * @param at the moment, ISO 8601 UTC.
 */
export async function appendAct(db: Kysely<Database>, act: Act, at: string): Promise<void> {
  // The row that every entry needs is taken first: they go one after the other, in any dialect.
  const head = await db
    .updateTable('journal_head')
    .set((eb) => ({ sequence: eb('sequence', '+', 0) }))
    .where('id', '=', 1)
    .returningAll()
    .executeTakeFirstOrThrow()
  const entry = sealEntry(head, { ...act }, at, randomBytes(16).toString('hex'))
  await db
    .updateTable('journal_head')
    .set({ sequence: entry.sequence, hash: entry.hash })
    .where('id', '=', 1)
    .execute()
  await db
    .insertInto('journal')
    .values({
      sequence: entry.sequence,
      at: entry.at,
      digest: entry.digest,
      previous: entry.previous,
      hash: entry.hash,
      session_id: act.session ?? null,
      candidate: act.candidate ?? null,
      salt: entry.salt,
      contents: JSON.stringify(entry.contents),
    })
    .execute()
}

/**
 * One transaction: what was done, and the acts that tell it, at one moment.
 * @param work gets the transaction and that moment; what it throws undoes everything.
 */
export function inJournal<T>(
  db: Kysely<Database>,
  now: () => Date,
  work: (db: Transaction<Database>, at: string) => Promise<{ result: T; acts: readonly Act[] }>,
): Promise<T> {
  return db.transaction().execute(async (transaction) => {
    const at = now().toISOString()
    const { result, acts } = await work(transaction, at)
    for (const act of acts) await appendAct(transaction, act, at)
    return result
  })
}

export class SqlJournal implements Journal {
  readonly #db: Kysely<Database>
  readonly #now: () => Date
  constructor(db: Kysely<Database>, now: () => Date) {
    this.#db = db
    this.#now = now
  }

  append(act: Act): Promise<void> {
    return this.#db.transaction().execute((db) => appendAct(db, act, this.#now().toISOString()))
  }

  async read(where: {
    session?: string | undefined
    among?: readonly string[] | undefined
    before?: number | undefined
    limit: number
  }): Promise<JournalEntry[]> {
    const { session, among, before, limit } = where
    let query = this.#db.selectFrom('journal').selectAll().orderBy('sequence', 'desc').limit(limit)
    if (session !== undefined) query = query.where('session_id', '=', session)
    if (among !== undefined)
      query = query.where((eb) =>
        eb.or([eb('session_id', 'is', null), ...(among.length > 0 ? [eb('session_id', 'in', among)] : [])]),
      )
    if (before !== undefined) query = query.where('sequence', '<', before)
    return (await query.execute()).map(entryOf)
  }

  async *all(): AsyncIterable<JournalEntry> {
    let last = 0
    for (;;) {
      const rows = await this.#db
        .selectFrom('journal')
        .selectAll()
        .where('sequence', '>', last)
        .orderBy('sequence')
        .limit(portion)
        .execute()
      yield* rows.map(entryOf)
      const end = rows.at(-1)
      if (!end) return
      last = end.sequence
    }
  }
}

const entryOf = (row: Selectable<Database['journal']>): JournalEntry => ({
  sequence: row.sequence,
  at: row.at,
  digest: row.digest,
  previous: row.previous,
  hash: row.hash,
  session: row.session_id,
  candidate: row.candidate,
  salt: row.salt,
  contents: row.contents === null ? null : (JSON.parse(row.contents) as Act),
})
