import { createHash, randomUUID } from 'node:crypto'
import type { ExpressionBuilder, Kysely, Selectable, Transaction } from 'kysely'
import { roleSchema, type Role } from '../../access/role.ts'
import { sessionStateSchema, type SessionState } from '../../session-life/state.ts'
import type { Act } from '../journal.ts'
import type {
  Incident,
  Launch,
  LivingCandidate,
  LivingSession,
  Member,
  SessionAccess,
  SessionFileText,
  SessionLife,
  TraceSummary,
} from '../session-life.ts'
import { inJournal } from './journal.ts'
import type { Database } from './schema.ts'

export class SqlSessionLife implements SessionLife {
  readonly #db: Kysely<Database>
  readonly #now: () => Date
  constructor(db: Kysely<Database>, now: () => Date) {
    this.#db = db
    this.#now = now
  }

  async access(session: string, account: string, role: Role): Promise<SessionAccess | null> {
    const row = await this.#db
      .selectFrom('session')
      .leftJoin('session_member as mine', (join) =>
        join.onRef('mine.session_id', '=', 'session.id').on('mine.account_id', '=', account),
      )
      .select(['session.state', 'session.purpose', 'mine.account_id as member', 'mine.candidate'])
      .select((eb) => eb.exists(headsOf(eb)).as('has_head'))
      .where('session.id', '=', session)
      .executeTakeFirst()
    if (!row) return null
    return {
      state: sessionStateSchema.parse(row.state),
      purpose: row.purpose as SessionAccess['purpose'],
      own: row.member !== null || (role === 'responsable' && !row.has_head),
      candidate: row.candidate,
    }
  }

  async ownSessions(account: string, role: Role): Promise<LivingSession[]> {
    const rows = await this.#sessions()
      .where((eb) => {
        const member = eb.exists(
          eb
            .selectFrom('session_member')
            .select('account_id')
            .whereRef('session_id', '=', 'session.id')
            .where('account_id', '=', account),
        )
        if (role === 'responsable') return eb.or([member, eb.not(eb.exists(headsOf(eb)))])
        // To a candidate an examination does not exist.
        return role === 'candidate' ? eb.and([member, eb('session.purpose', '=', 'training')]) : member
      })
      .orderBy('date', 'desc')
      .orderBy('title')
      .orderBy('id')
      .execute()
    return rows.map(sessionOf)
  }

  async session(id: string): Promise<LivingSession | null> {
    const row = await this.#sessions().where('session.id', '=', id).executeTakeFirst()
    return row ? sessionOf(row) : null
  }

  async running(): Promise<LivingSession[]> {
    return (await this.#sessions().where('session.state', '=', 'running').execute()).map(sessionOf)
  }

  async files(id: string): Promise<SessionFileText[]> {
    return this.#db
      .selectFrom('session_file')
      .select(['name', 'text'])
      .where('session_id', '=', id)
      .orderBy('ordinal')
      .execute()
  }

  async candidates(id: string): Promise<LivingCandidate[]> {
    const rows = await this.#db
      .selectFrom('session_candidate')
      .selectAll()
      .where('session_id', '=', id)
      .orderBy('ordinal')
      .execute()
    return rows.map(candidateOf)
  }

  create(made: Parameters<SessionLife['create']>[0]): Promise<boolean> {
    const { session, files, candidates, by } = made
    return this.#write(async (db, at) => {
      const row = await db
        .insertInto('session')
        .values({
          id: session.id,
          title: session.title,
          date: session.date,
          exam: session.exam,
          purpose: session.purpose,
          referential: session.referential,
          certificate: session.certificate,
          state: 'prepared',
          state_at: at,
          launch: session.launch,
          minutes: session.minutes,
          purge_after: session.purgeAfter,
        })
        .onConflict((conflict) => conflict.column('id').doNothing())
        .returning('id')
        .executeTakeFirst()
      const session_id = session.id
      if (!row && !(await completed(db, session))) return { result: false, acts: [] }
      await db
        .insertInto('session_file')
        .values(files.map(({ name, text }, ordinal) => ({ session_id, ordinal, name, text })))
        .execute()
      await db
        .insertInto('session_candidate')
        .values(
          candidates.map(({ code, seat, name, extraMinutes }, ordinal) => ({
            session_id,
            ordinal,
            code,
            seat,
            name,
            extra_minutes: extraMinutes,
            identity_at: null,
            identity_by: null,
            absent_at: null,
            clock_started_at: null,
          })),
        )
        .execute()
      await db
        .insertInto('session_member')
        .values({ session_id, account_id: by.account, candidate: null })
        .onConflict((conflict) => conflict.doNothing())
        .execute()
      return {
        result: true,
        acts: [
          {
            actor: by.name,
            act: 'session-made',
            session: session.id,
            details: { title: session.title, candidates: candidates.length },
          },
        ],
      }
    })
  }

  setState(
    id: string,
    from: SessionState,
    to: SessionState,
    by: string,
    reason: string | null = null,
  ): Promise<boolean> {
    return this.#write(async (db, at) => {
      const row = await db
        .updateTable('session')
        .set({ state: to, state_at: at })
        .where('id', '=', id)
        .where('state', '=', from)
        .returning('id')
        .executeTakeFirst()
      return {
        result: row !== undefined,
        acts: row
          ? [
              {
                actor: by,
                act: 'session-state',
                session: id,
                details: { from, to, ...(reason === null ? {} : { reason }) },
              },
            ]
          : [],
      }
    })
  }

  change(
    id: string,
    to: { launch?: Launch; minutes?: number; purgeAfter?: string },
    by: string,
  ): Promise<void> {
    return this.#write(async (db) => {
      await db
        .updateTable('session')
        .set({
          ...(to.launch !== undefined && { launch: to.launch }),
          ...(to.minutes !== undefined && { minutes: to.minutes }),
          ...(to.purgeAfter !== undefined && { purge_after: to.purgeAfter }),
        })
        .where('id', '=', id)
        .execute()
      const act = to.purgeAfter === undefined ? 'session-changed' : 'retention-set'
      return { result: undefined, acts: [{ actor: by, act, session: id, details: { ...to } }] }
    })
  }

  async members(id: string): Promise<Member[]> {
    const rows = await this.#db
      .selectFrom('session_member')
      .innerJoin('account', 'account.id', 'session_member.account_id')
      .select(['account.id', 'account.name', 'account.display_name', 'account.role', 'candidate'])
      .where('session_id', '=', id)
      .orderBy('account.role')
      .orderBy('account.name')
      .execute()
    return rows.map((row) => ({
      account: row.id,
      name: row.name,
      displayName: row.display_name,
      role: roleSchema.parse(row.role),
      candidate: row.candidate,
    }))
  }

  addMember(id: string, account: string, candidate: string | null, by: string): Promise<void> {
    return this.#write(async (db) => {
      const { name } = await db
        .selectFrom('account')
        .select('name')
        .where('id', '=', account)
        .executeTakeFirstOrThrow()
      await db
        .insertInto('session_member')
        .values({ session_id: id, account_id: account, candidate })
        .onConflict((conflict) => conflict.columns(['session_id', 'account_id']).doUpdateSet({ candidate }))
        .execute()
      return {
        result: undefined,
        acts: [{ actor: by, act: 'member-added', session: id, candidate, details: { account: name } }],
      }
    })
  }

  removeMember(id: string, account: string, by: string): Promise<void> {
    return this.#write(async (db) => {
      const gone = await db
        .deleteFrom('session_member')
        .where('session_id', '=', id)
        .where('account_id', '=', account)
        .returning('account_id')
        .executeTakeFirst()
      const named = await db.selectFrom('account').select('name').where('id', '=', account).executeTakeFirst()
      return {
        result: undefined,
        acts: gone
          ? [{ actor: by, act: 'member-removed', session: id, details: { account: named?.name ?? '' } }]
          : [],
      }
    })
  }

  checkIdentity(id: string, candidate: string, checked: boolean, by: string): Promise<void> {
    return this.#setCandidate(
      id,
      candidate,
      (at) => ({ identity_at: checked ? at : null, identity_by: checked ? by : null }),
      { actor: by, act: 'identity-checked', session: id, candidate, details: { checked } },
    )
  }

  setAbsent(id: string, candidate: string, absent: boolean, by: string): Promise<void> {
    return this.#setCandidate(id, candidate, (at) => ({ absent_at: absent ? at : null }), {
      actor: by,
      act: 'identity-checked',
      session: id,
      candidate,
      details: { absent },
    })
  }

  startClocks(id: string, codes: readonly string[], by: string): Promise<string[]> {
    return this.#write(async (db, at) => {
      if (codes.length === 0) return { result: [], acts: [] }
      const started = await db
        .updateTable('session_candidate')
        .set({ clock_started_at: at })
        .where('session_id', '=', id)
        .where('code', 'in', [...codes])
        .where('clock_started_at', 'is', null)
        .where('absent_at', 'is', null)
        .returning('code')
        .execute()
      return {
        result: started.map(({ code }) => code),
        acts: started.map(({ code }) => ({
          actor: by,
          act: 'clock-started' as const,
          session: id,
          candidate: code,
        })),
      }
    })
  }

  noteIncident(
    id: string,
    incident: Pick<Incident, 'candidate' | 'at' | 'text' | 'addedSeconds'>,
    by: string,
  ): Promise<Incident> {
    return this.#write(async (db, at) => {
      const noted: Incident = { ...incident, id: randomUUID(), notedAt: at, author: by }
      await db
        .insertInto('incident')
        .values({
          id: noted.id,
          session_id: id,
          candidate: noted.candidate,
          at: noted.at,
          noted_at: at,
          author: by,
          text: noted.text,
          added_seconds: noted.addedSeconds,
        })
        .execute()
      if (noted.addedSeconds !== 0) {
        const all = db
          .updateTable('session_candidate')
          .set((eb) => ({ added_seconds: eb('added_seconds', '+', noted.addedSeconds) }))
          .where('session_id', '=', id)
        await (noted.candidate === null ? all : all.where('code', '=', noted.candidate)).execute()
      }
      const act: Act = {
        actor: by,
        act: 'incident-noted',
        session: id,
        candidate: noted.candidate,
        details: { incident: noted.id, addedSeconds: noted.addedSeconds },
      }
      return { result: noted, acts: [act] }
    })
  }

  async incidents(id: string): Promise<Incident[]> {
    const rows = await this.#db
      .selectFrom('incident')
      .selectAll()
      .where('session_id', '=', id)
      .orderBy('at')
      .orderBy('noted_at')
      .execute()
    return rows.map((row) => ({
      id: row.id,
      candidate: row.candidate,
      at: row.at,
      notedAt: row.noted_at,
      author: row.author,
      text: row.text,
      addedSeconds: row.added_seconds,
    }))
  }

  keepTrace(
    id: string,
    candidate: string,
    name: string,
    contents: Buffer,
    by: string,
  ): Promise<TraceSummary> {
    return this.#write(async (db, at) => {
      const sha256 = createHash('sha256').update(contents).digest('hex')
      const kept = { candidate, name, sha256, bytes: contents.length, at, author: by }
      await db
        .insertInto('trace')
        .values({ session_id: id, ...kept, contents })
        .onConflict((conflict) => conflict.columns(['session_id', 'candidate', 'sha256']).doNothing())
        .execute()
      return {
        result: kept,
        acts: [
          {
            actor: by,
            act: 'trace-kept',
            session: id,
            candidate,
            details: { sha256, bytes: contents.length },
          },
        ],
      }
    })
  }

  async traces(id: string, candidate?: string): Promise<TraceSummary[]> {
    return this.#db
      .selectFrom('trace')
      .select(['candidate', 'name', 'sha256', 'bytes', 'at', 'author'])
      .where('session_id', '=', id)
      .$if(candidate !== undefined, (query) => query.where('candidate', '=', candidate ?? ''))
      .orderBy('candidate')
      .orderBy('at', 'desc')
      .execute()
  }

  async trace(id: string, candidate: string, sha256: string): Promise<Buffer | null> {
    const row = await this.#db
      .selectFrom('trace')
      .select('contents')
      .where('session_id', '=', id)
      .where('candidate', '=', candidate)
      .where('sha256', '=', sha256)
      .executeTakeFirst()
    return row?.contents ?? null
  }

  #sessions() {
    return this.#db
      .selectFrom('session')
      .selectAll('session')
      .select((eb) =>
        eb
          .exists(
            eb
              .selectFrom('session_file')
              .select('name')
              .whereRef('session_file.session_id', '=', 'session.id'),
          )
          .as('has_files'),
      )
  }

  #setCandidate(
    id: string,
    candidate: string,
    to: (at: string) => Partial<Database['session_candidate']>,
    act: Act,
  ): Promise<void> {
    return this.#write(async (db, at) => {
      const row = await db
        .updateTable('session_candidate')
        .set(to(at) as Record<string, string | null>)
        .where('session_id', '=', id)
        .where('code', '=', candidate)
        .returning('code')
        .executeTakeFirst()
      return { result: undefined, acts: row ? [act] : [] }
    })
  }

  #write<T>(
    work: (db: Transaction<Database>, at: string) => Promise<{ result: T; acts: readonly Act[] }>,
  ): Promise<T> {
    return inJournal(this.#db, this.#now, work)
  }
}

/** Members of the session at hand who may administer it. */
const headsOf = (eb: ExpressionBuilder<Database, 'session'>) =>
  eb
    .selectFrom('session_member as head')
    .innerJoin('account', 'account.id', 'head.account_id')
    .select('head.account_id')
    .whereRef('head.session_id', '=', 'session.id')
    .where('account.role', '=', 'responsable')
    .where('account.disabled_at', 'is', null)

/**
 * Gives a session that only delivered runs made known what its files say, its state apart.
 * False where it has files already, or was purged.
 */
async function completed(
  db: Transaction<Database>,
  session: Pick<LivingSession, 'id' | 'launch' | 'minutes' | 'purgeAfter'>,
): Promise<boolean> {
  const row = await db
    .updateTable('session')
    .set({ launch: session.launch, minutes: session.minutes, purge_after: session.purgeAfter })
    .where('id', '=', session.id)
    .where('state', '!=', 'purged')
    .where((eb) =>
      eb.not(
        eb.exists(
          eb.selectFrom('session_file').select('name').whereRef('session_file.session_id', '=', 'session.id'),
        ),
      ),
    )
    .returning('id')
    .executeTakeFirst()
  return row !== undefined
}

const sessionOf = (row: Selectable<Database['session']> & { has_files: unknown }): LivingSession => ({
  id: row.id,
  title: row.title,
  date: row.date,
  exam: row.exam,
  purpose: row.purpose as LivingSession['purpose'],
  referential: row.referential,
  certificate: row.certificate,
  state: sessionStateSchema.parse(row.state),
  stateAt: row.state_at,
  launch: row.launch === 'clock' ? 'clock' : 'hand',
  minutes: row.minutes,
  purgeAfter: row.purge_after,
  hasFiles: Boolean(row.has_files),
})

const candidateOf = (row: Selectable<Database['session_candidate']>): LivingCandidate => ({
  code: row.code,
  seat: row.seat,
  name: row.name,
  extraMinutes: row.extra_minutes,
  identityAt: row.identity_at,
  identityBy: row.identity_by,
  absentAt: row.absent_at,
  clockStartedAt: row.clock_started_at,
  addedSeconds: row.added_seconds,
})
