import { randomUUID } from 'node:crypto'
import type { Kysely } from 'kysely'
import type { Note, NoteKind, Notes, ReadMark } from '../notes.ts'
import { appendAct } from './journal.ts'
import type { Database } from './schema.ts'

type By = { readonly account: string; readonly name: string }

/** Jurors' notes as rows that are only ever added; a withdrawal is a row that names the one that it withdraws. */
export class SqlNotes implements Notes {
  readonly #db: Kysely<Database>
  readonly #now: () => Date
  constructor(db: Kysely<Database>, now: () => Date) {
    this.#db = db
    this.#now = now
  }

  add(
    session: string,
    note: Pick<Note, 'candidate' | 'kind' | 'criterion' | 'run' | 'ordinal' | 'text'>,
    by: By,
  ): Promise<Note> {
    const { candidate, kind, criterion, run, ordinal, text } = note
    return this.#db.transaction().execute(async (db) => {
      const at = this.#now().toISOString()
      const id = randomUUID()
      await appendAct(
        db,
        {
          actor: by.name,
          act: kind === 'contest' ? 'finding-contested' : 'note-added',
          session,
          candidate,
          details: kind === 'contest' ? { note: id, run, ordinal } : { note: id, kind, criterion },
        },
        at,
      )
      await db
        .insertInto('note')
        .values({
          id,
          session_id: session,
          candidate,
          kind,
          criterion,
          run_id: run,
          ordinal,
          author: by.account,
          at,
          text,
          withdraws: null,
        })
        .execute()
      return { id, ...note, author: by.account, authorName: by.name, at, withdrawnAt: null }
    })
  }

  withdraw(session: string, candidate: string, id: string, by: By): Promise<boolean> {
    return this.#db.transaction().execute(async (db) => {
      const at = this.#now().toISOString()
      const note = await db
        .selectFrom('note')
        .selectAll()
        .where('id', '=', id)
        .where('session_id', '=', session)
        .where('candidate', '=', candidate)
        .where('author', '=', by.account)
        .where('withdraws', 'is', null)
        .executeTakeFirst()
      if (!note) return false
      const earlier = await db.selectFrom('note').select('id').where('withdraws', '=', id).executeTakeFirst()
      if (earlier) return true
      await appendAct(
        db,
        { actor: by.name, act: 'note-withdrawn', session, candidate, details: { note: id } },
        at,
      )
      await db
        .insertInto('note')
        .values({ ...note, id: randomUUID(), at, text: '', withdraws: id })
        .execute()
      return true
    })
  }

  async of(session: string, candidate: string, reader: string): Promise<Note[]> {
    const rows = await this.#db
      .selectFrom('note')
      .leftJoin('account', 'account.id', 'note.author')
      .selectAll('note')
      .select('account.display_name')
      .where('session_id', '=', session)
      .where('candidate', '=', candidate)
      .where((eb) => eb.or([eb('kind', '!=', 'private'), eb('author', '=', reader)]))
      .orderBy('at')
      .orderBy('note.id')
      .execute()
    const withdrawnAt = new Map<string, string>()
    for (const { withdraws, at } of rows)
      if (withdraws !== null && !withdrawnAt.has(withdraws)) withdrawnAt.set(withdraws, at)
    return rows
      .filter(({ withdraws }) => withdraws === null)
      .map((row) => ({
        id: row.id,
        candidate: row.candidate,
        kind: row.kind as NoteKind,
        criterion: row.criterion,
        run: row.run_id,
        ordinal: row.ordinal,
        author: row.author,
        authorName: row.display_name ?? '–',
        at: row.at,
        text: row.text,
        withdrawnAt: withdrawnAt.get(row.id) ?? null,
      }))
  }

  async mark(
    session: string,
    candidate: string,
    account: string,
    demand: string,
    read: boolean,
  ): Promise<void> {
    if (read)
      await this.#db
        .insertInto('read_mark')
        .values({
          session_id: session,
          candidate,
          account_id: account,
          demand,
          at: this.#now().toISOString(),
        })
        .onConflict((conflict) =>
          conflict.columns(['session_id', 'candidate', 'account_id', 'demand']).doNothing(),
        )
        .execute()
    else
      await this.#db
        .deleteFrom('read_mark')
        .where('session_id', '=', session)
        .where('candidate', '=', candidate)
        .where('account_id', '=', account)
        .where('demand', '=', demand)
        .execute()
  }

  async marks(session: string, candidate: string): Promise<ReadMark[]> {
    const rows = await this.#db
      .selectFrom('read_mark')
      .leftJoin('account', 'account.id', 'read_mark.account_id')
      .select(['demand', 'account_id', 'display_name', 'at'])
      .where('session_id', '=', session)
      .where('candidate', '=', candidate)
      .orderBy('at')
      .orderBy('account_id')
      .execute()
    return rows.map(({ demand, account_id, display_name, at }) => ({
      demand,
      account: account_id,
      name: display_name ?? '–',
      at,
    }))
  }

  async readBy(session: string, account: string): Promise<{ candidate: string; demand: string }[]> {
    return this.#db
      .selectFrom('read_mark')
      .select(['candidate', 'demand'])
      .where('session_id', '=', session)
      .where('account_id', '=', account)
      .execute()
  }
}
