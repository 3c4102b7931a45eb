import type { Kysely, Transaction } from 'kysely'
import type { Act } from '../journal.ts'
import type { CandidateData, PurgeProof, Retention } from '../retention.ts'
import { appendAct } from './journal.ts'
import type { Database } from './schema.ts'

/** Tables that hold something of a session's candidates, in an order in which they can be emptied. */
const ofSession = [
  'read_mark',
  'note',
  'trace',
  'incident',
  'preflight_way',
  'work',
  'session_member',
  'session_candidate',
  'session_file',
] as const
/** Those that hang on a run and go with it. */
const ofRun = ['finding_criterion', 'finding', 'observation', 'run_text'] as const

export class SqlRetention implements Retention {
  readonly #db: Kysely<Database>
  readonly #now: () => Date
  readonly #forget: () => void

  /** @param forget makes the database itself forget what was deleted (pages in a log), where its kind needs to be told. */
  constructor(db: Kysely<Database>, now: () => Date, forget: () => void) {
    this.#db = db
    this.#now = now
    this.#forget = forget
  }

  async purge(session: string, by: string): Promise<PurgeProof | null> {
    const at = this.#now().toISOString()
    const purged = await this.#db.transaction().execute(async (db) => {
      const state = await db
        .updateTable('session')
        .set((eb) => ({ state: eb.ref('state') }))
        .where('id', '=', session)
        .returning('state')
        .executeTakeFirst()
      if (!state || !(await mayGo(db, session, state.state))) return false
      const runs = await db
        .selectFrom('run')
        .select(['id', 'candidate'])
        .where('session_id', '=', session)
        .execute()
      for (const table of ofRun)
        await db
          .deleteFrom(table)
          .where('run_id', 'in', (eb) =>
            eb.selectFrom('run').select('run.id').where('run.session_id', '=', session),
          )
          .execute()
      await db.deleteFrom('run').where('session_id', '=', session).execute()
      for (const table of ofSession) await db.deleteFrom(table).where('session_id', '=', session).execute()
      const emptied = await db
        .updateTable('journal')
        .set({ contents: null, salt: null, candidate: null })
        .where('session_id', '=', session)
        .where('contents', 'is not', null)
        .returning('sequence')
        .execute()
      await db
        .updateTable('session')
        .set({ state: 'purged', state_at: at })
        .where('id', '=', session)
        .execute()
      const candidates = new Set(runs.map(({ candidate }) => candidate)).size
      await appendAct(
        db,
        {
          actor: by,
          act: 'session-purged',
          session,
          details: { runs: runs.length, candidates, entries: emptied.length, from: state.state },
        },
        at,
      )
      return true
    })
    if (!purged) return null
    this.#forget()
    return this.proof(session)
  }

  async proof(session: string): Promise<PurgeProof | null> {
    const row = await this.#db
      .selectFrom('session')
      .select(['state', 'state_at'])
      .where('id', '=', session)
      .executeTakeFirst()
    if (row?.state !== 'purged') return null
    const entries = await this.#db
      .selectFrom('journal')
      .select(['at', 'contents'])
      .where('session_id', '=', session)
      .execute()
    const acts = entries.flatMap(({ at, contents }) =>
      contents === null ? [] : [{ at, ...(JSON.parse(contents) as Act) }],
    )
    const purge = acts.find(({ act }) => act === 'session-purged')
    const left: Record<string, number> = {}
    for (const table of [...ofSession, 'run', 'finding', 'finding_criterion'] as const)
      left[table] = await this.#count(table, session)
    for (const table of ['observation', 'run_text'] as const) left[table] = await this.#countOrphans(table)
    return {
      session,
      at: purge?.at ?? row.state_at ?? '',
      by: purge?.actor ?? '',
      tombstones: await this.#tombstones(session),
      emptiedEntries: entries.length - acts.length,
      left,
    }
  }

  async candidateData(session: string, candidate: string): Promise<CandidateData | null> {
    const db = this.#db
    const person = await db
      .selectFrom('session_candidate')
      .selectAll()
      .where('session_id', '=', session)
      .where('code', '=', candidate)
      .executeTakeFirst()
    const runs = await db
      .selectFrom('run')
      .select(['id', 'seat', 'fingerprint', 'started_at', 'ended_at', 'received_at', 'complete', 'stage'])
      .where('session_id', '=', session)
      .where('candidate', '=', candidate)
      .orderBy('started_at')
      .execute()
    if (!person && runs.length === 0) return null
    const his = { session_id: session, candidate }
    const [work, preflight, incidents, traces, notes, readMarks, journal] = await Promise.all([
      db
        .selectFrom('work')
        .select(['id', 'kind', 'state', 'requested_by', 'requested_at', 'agent', 'ended_at'])
        .where((eb) => eb.and(his))
        .orderBy('requested_at')
        .execute(),
      db
        .selectFrom('preflight_way')
        .select(['target', 'way', 'address', 'worked', 'cause', 'identity', 'at'])
        .where((eb) => eb.and(his))
        .orderBy('at')
        .execute(),
      db
        .selectFrom('incident')
        .select(['at', 'noted_at', 'author', 'text', 'added_seconds'])
        .where((eb) => eb.and(his))
        .orderBy('at')
        .execute(),
      db
        .selectFrom('trace')
        .select(['name', 'sha256', 'bytes', 'at', 'author'])
        .where((eb) => eb.and(his))
        .orderBy('at')
        .execute(),
      db
        .selectFrom('note')
        .leftJoin('account', 'account.id', 'note.author')
        .select([
          'note.kind',
          'note.criterion',
          'account.name as author',
          'note.at',
          'note.text',
          'note.withdraws',
        ])
        .where('note.session_id', '=', session)
        .where('note.candidate', '=', candidate)
        .orderBy('note.at')
        .execute(),
      db
        .selectFrom('read_mark')
        .leftJoin('account', 'account.id', 'read_mark.account_id')
        .select(['account.name as reader', 'read_mark.demand', 'read_mark.at'])
        .where('read_mark.session_id', '=', session)
        .where('read_mark.candidate', '=', candidate)
        .orderBy('read_mark.at')
        .execute(),
      db
        .selectFrom('journal')
        .select(['sequence', 'at', 'contents'])
        .where((eb) => eb.and(his))
        .orderBy('sequence')
        .execute(),
    ])
    return {
      candidate: person ?? { code: candidate },
      runs,
      work,
      preflight,
      incidents,
      traces,
      notes,
      readMarks,
      journal: journal.flatMap(({ sequence, at, contents }) =>
        contents === null ? [] : [{ sequence, at, act: JSON.parse(contents) as Act }],
      ),
    }
  }

  async #count(
    table: (typeof ofSession)[number] | 'run' | 'finding' | 'finding_criterion',
    session: string,
  ): Promise<number> {
    const { n } = await this.#db
      .selectFrom(table)
      .select(({ fn }) => fn.countAll<number>().as('n'))
      .where('session_id', '=', session)
      .executeTakeFirstOrThrow()
    return Number(n)
  }

  /** Rows that belong to no run: there are none, of any session. */
  async #countOrphans(table: 'observation' | 'run_text'): Promise<number> {
    const { n } = await this.#db
      .selectFrom(table)
      .select(({ fn }) => fn.countAll<number>().as('n'))
      .where('run_id', 'not in', (eb) => eb.selectFrom('run').select('run.id'))
      .executeTakeFirstOrThrow()
    return Number(n)
  }

  /** Links of the chain whose run is gone and whose session was this one. */
  async #tombstones(session: string): Promise<PurgeProof['tombstones']> {
    return this.#db
      .selectFrom('chain')
      .select(['sequence', 'fingerprint'])
      .where('session_id', '=', session)
      .where('run_id', 'not in', (eb) => eb.selectFrom('run').select('run.id'))
      .orderBy('sequence')
      .execute()
  }
}

/** A closed session, or a wrong upload: prepared, and nothing received for it. */
async function mayGo(db: Transaction<Database>, session: string, state: string): Promise<boolean> {
  if (state === 'closed') return true
  if (state !== 'prepared') return false
  const run = await db.selectFrom('run').select('id').where('session_id', '=', session).executeTakeFirst()
  return run === undefined
}
