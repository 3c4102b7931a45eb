import { randomUUID } from 'node:crypto'
import type { Kysely, Selectable, Transaction } from 'kysely'
import type { Text } from '../../../checks/text.ts'
import type { Cause } from '../../../checks/verdict.ts'
import type { Act } from '../journal.ts'
import type { EnrolledAgent, WayAtPreflight, Work, WorkKind, WorkQueue, WorkState } from '../work-queue.ts'
import { inJournal } from './journal.ts'
import type { Database } from './schema.ts'

export class SqlWorkQueue implements WorkQueue {
  readonly #db: Kysely<Database>
  readonly #now: () => Date
  constructor(db: Kysely<Database>, now: () => Date) {
    this.#db = db
    this.#now = now
  }

  ask(works: Parameters<WorkQueue['ask']>[0], by: string): Promise<Work[]> {
    return this.#write(async (db, at) => {
      const added: Work[] = []
      const acts: Act[] = []
      for (const work of works) {
        const same = await db
          .selectFrom('work')
          .select('id')
          .where('session_id', '=', work.session)
          .where('candidate', '=', work.candidate)
          .where('kind', '=', work.kind)
          .where('state', 'in', ['queued', 'leased'])
          .$if(work.target !== null, (query) => query.where('target', '=', work.target))
          .executeTakeFirst()
        if (same) continue
        const row = await db
          .insertInto('work')
          .values({
            id: randomUUID(),
            session_id: work.session,
            candidate: work.candidate,
            kind: work.kind,
            state: 'queued',
            demands: work.demands === null ? null : JSON.stringify(work.demands),
            follows: work.follows,
            target: work.target,
            reason: work.reason,
            requested_by: by,
            requested_at: at,
            agent: null,
            leased_until: null,
            cancel_at: null,
            ended_at: null,
            failure: null,
          })
          .returningAll()
          .executeTakeFirstOrThrow()
        added.push(workOf(row))
        acts.push({
          actor: by,
          act: work.kind === 'repin' ? 'repin-asked' : 'work-asked',
          session: work.session,
          candidate: work.candidate,
          details: {
            work: row.id,
            kind: work.kind,
            ...(work.target !== null && { machine: work.target }),
            ...(work.reason !== null && { reason: work.reason }),
          },
        })
      }
      return { result: added, acts }
    })
  }

  lease(agent: string, seconds: number): Promise<Work | null> {
    return this.#write(async (db, at) => {
      const until = this.#later(seconds)
      const row = await db
        .updateTable('work')
        .set((eb) => ({
          state: 'leased',
          agent,
          leased_until: until,
          attempts: eb('attempts', '+', 1),
          asked: 0,
          answered: 0,
          silent: '[]',
        }))
        .where('id', '=', (eb) =>
          eb
            .selectFrom('work as next')
            .innerJoin('session', 'session.id', 'next.session_id')
            .select('next.id')
            .where('next.state', '=', 'queued')
            .where('session.state', '!=', 'purged')
            // What was asked for in one act comes together: a session's candidates, by their codes.
            .orderBy('next.requested_at')
            .orderBy('next.session_id')
            .orderBy('next.candidate')
            .orderBy('next.id')
            .limit(1),
        )
        // Whoever came first has it, also where the database lets two transactions look at once.
        .where('state', '=', 'queued')
        .returningAll()
        .executeTakeFirst()
      if (row) await db.updateTable('agent').set({ seen_at: at }).where('name', '=', agent).execute()
      return { result: row ? workOf(row) : null, acts: [] }
    })
  }

  heartbeat(
    agent: string,
    about: { host: string; version: string },
    doing: Parameters<WorkQueue['heartbeat']>[2],
    seconds: number,
  ): ReturnType<WorkQueue['heartbeat']> {
    return this.#write(async (db, at) => {
      await db
        .updateTable('agent')
        .set({ seen_at: at, about: JSON.stringify(about) })
        .where('name', '=', agent)
        .execute()
      const cancel: string[] = []
      const gone: string[] = []
      const changed: Pick<Work, 'session' | 'candidate'>[] = []
      for (const { work, asked, answered, silent } of doing) {
        const row = await db.selectFrom('work').selectAll().where('id', '=', work).executeTakeFirst()
        // The server was away, or the agent was: what nobody took meanwhile is still its own.
        const free = row?.state === 'queued' && row.cancel_at === null
        if (!row || !(free || (row.state === 'leased' && row.agent === agent))) {
          gone.push(work)
          continue
        }
        const said = JSON.stringify(silent)
        await db
          .updateTable('work')
          .set({ state: 'leased', agent, leased_until: this.#later(seconds), asked, answered, silent: said })
          .where('id', '=', work)
          .execute()
        if (row.cancel_at !== null) cancel.push(work)
        if (row.asked !== asked || row.answered !== answered || row.silent !== said)
          changed.push({ session: row.session_id, candidate: row.candidate })
      }
      return { result: { cancel, gone, changed }, acts: [] }
    })
  }

  requeueLost(): Promise<Work[]> {
    return this.#write(async (db, at) => {
      const lost = await db
        .selectFrom('work')
        .selectAll()
        .where('state', '=', 'leased')
        .where('leased_until', '<', at)
        .orderBy('requested_at')
        .orderBy('candidate')
        .execute()
      return release(db, lost, at)
    })
  }

  cancel(id: string, by: string): Promise<void> {
    return this.#write(async (db, at) => {
      const row = await db
        .updateTable('work')
        .set((eb) => ({
          cancel_at: at,
          state: eb.case().when('state', '=', 'queued').then('cancelled').else(eb.ref('state')).end(),
          ended_at: eb.case().when('state', '=', 'queued').then(at).else(eb.ref('ended_at')).end(),
        }))
        .where('id', '=', id)
        .where('state', 'in', ['queued', 'leased'])
        .where('cancel_at', 'is', null)
        .returningAll()
        .executeTakeFirst()
      return { result: undefined, acts: row ? [actOf(row, 'work-cancelled', by)] : [] }
    })
  }

  fail(id: string, agent: string, message: Text): Promise<boolean> {
    return this.#end({
      id,
      agent,
      state: 'failed',
      failure: JSON.stringify(message),
      act: (row) => actOf(row, 'work-failed', `agent: ${agent}`, { message: message.fr }),
    })
  }

  keepPreflight(
    id: string,
    agent: string,
    ways: readonly Omit<WayAtPreflight, 'candidate'>[],
  ): Promise<boolean> {
    return this.#end({
      id,
      agent,
      state: 'done',
      kind: 'preflight',
      keep: async (db, row) => {
        for (const { role, worked, ...way } of ways) {
          const kept = { ...way, target: role, worked: worked ? 1 : 0 }
          const { target: _target, way: _way, ...rest } = kept
          await db
            .insertInto('preflight_way')
            .values({ session_id: row.session_id, candidate: row.candidate, ...kept })
            .onConflict((conflict) =>
              conflict.columns(['session_id', 'candidate', 'target', 'way']).doUpdateSet(rest),
            )
            .execute()
        }
      },
    })
  }

  endRepin(
    id: string,
    agent: string,
    forgotten: readonly { where: string; identity: string }[],
  ): Promise<boolean> {
    return this.#end({
      id,
      agent,
      state: 'done',
      kind: 'repin',
      act: (row) =>
        actOf(row, 'repinned', `agent: ${agent}`, {
          machine: row.target ?? '',
          reason: row.reason ?? '',
          forgotten: forgotten
            .map(({ where, identity }) => `${where} ${identity}`)
            .join('; ')
            .slice(0, 2000),
        }),
    })
  }

  async byId(id: string): Promise<Work | null> {
    const row = await this.#db.selectFrom('work').selectAll().where('id', '=', id).executeTakeFirst()
    return row ? workOf(row) : null
  }

  async ofSession(session: string): Promise<Work[]> {
    const rows = await this.#db
      .selectFrom('work')
      .selectAll()
      .where('session_id', '=', session)
      .orderBy('requested_at')
      .orderBy('id')
      .execute()
    return rows.map(workOf)
  }

  async ways(session: string, candidate?: string): Promise<WayAtPreflight[]> {
    const rows = await this.#db
      .selectFrom('preflight_way')
      .selectAll()
      .where('session_id', '=', session)
      .$if(candidate !== undefined, (query) => query.where('candidate', '=', candidate ?? ''))
      .orderBy('candidate')
      .orderBy('target')
      .orderBy('way')
      .execute()
    return rows.map((row) => ({
      candidate: row.candidate,
      role: row.target,
      way: row.way,
      address: row.address,
      worked: row.worked === 1,
      cause: row.cause as Cause | null,
      detail: row.detail,
      identity: row.identity,
      at: row.at,
    }))
  }

  async agents(): Promise<EnrolledAgent[]> {
    const rows = await this.#db.selectFrom('agent').selectAll().orderBy('name').execute()
    return rows.map(agentOf)
  }

  async underWay(): Promise<Pick<Work, 'agent' | 'kind'>[]> {
    const rows = await this.#db
      .selectFrom('work')
      .select(['agent', 'kind'])
      .where('state', 'in', ['queued', 'leased'])
      .orderBy('requested_at')
      .execute()
    return rows.map(({ agent, kind }) => ({ agent, kind: kind as WorkKind }))
  }

  async agentByKey(publicKey: string): Promise<EnrolledAgent | null> {
    const row = await this.#db
      .selectFrom('agent')
      .selectAll()
      .where('public_key', '=', publicKey)
      // A token's key, known from its first delivery, brings runs and nothing else.
      .where(({ exists, selectFrom }) =>
        exists(
          selectFrom('enrolment')
            .select('code_hash')
            .whereRef('enrolment.agent', '=', 'agent.name')
            .where('used_at', 'is not', null),
        ),
      )
      .executeTakeFirst()
    return row ? agentOf(row) : null
  }

  invite(codeHash: string, expiresAt: string, by: string): Promise<void> {
    return this.#write(async (db, at) => {
      await db
        .insertInto('enrolment')
        .values({ code_hash: codeHash, created_at: at, expires_at: expiresAt, used_at: null, agent: null })
        .execute()
      return { result: undefined, acts: [{ actor: by, act: 'agent-invited' }] }
    })
  }

  enrol(codeHash: string, name: string, publicKey: string): Promise<'enrolled' | 'code' | 'name'> {
    return this.#write<'enrolled' | 'code' | 'name'>(async (db, at) => {
      const used = await db
        .updateTable('enrolment')
        .set({ used_at: at, agent: name })
        .where('code_hash', '=', codeHash)
        .where('expires_at', '>', at)
        // The answer may have been lost on its way: the same agent may use the same code again.
        .where((eb) =>
          eb.or([
            eb('used_at', 'is', null),
            eb.and([
              eb('agent', '=', name),
              eb.exists(
                eb
                  .selectFrom('agent')
                  .select('agent.name')
                  .where('agent.name', '=', name)
                  .where('agent.public_key', '=', publicKey),
              ),
            ]),
          ]),
        )
        .returning('code_hash')
        .executeTakeFirst()
      if (!used) return { result: 'code', acts: [] }
      const same = await db
        .selectFrom('agent')
        .select(['name', 'public_key'])
        .where((eb) => eb.or([eb('name', '=', name), eb('public_key', '=', publicKey)]))
        .execute()
      if (same.some((other) => other.name === name && other.public_key !== publicKey)) {
        // The code isn't wasted on a name that is taken.
        await db
          .updateTable('enrolment')
          .set({ used_at: null, agent: null })
          .where('code_hash', '=', codeHash)
          .execute()
        return { result: 'name', acts: [] }
      }
      // An agent that comes back under another name keeps its key, and one row.
      const before = same[0]?.name
      if (before !== undefined) {
        await db.updateTable('agent').set({ name }).where('public_key', '=', publicKey).execute()
        // The name that it leaves is nobody's: it doesn't make an enrolled agent of whoever takes it.
        await db.updateTable('enrolment').set({ agent: name }).where('agent', '=', before).execute()
      } else
        await db
          .insertInto('agent')
          .values({
            name,
            // It shows no token: nothing hashes to this.
            token_hash: `key of ${publicKey}`,
            public_key: publicKey,
            created_at: at,
            seen_at: at,
            about: null,
          })
          .execute()
      return {
        result: 'enrolled',
        acts: [{ actor: `agent: ${name}`, act: 'agent-enrolled', details: { key: publicKey } }],
      }
    })
  }

  revoke(agent: string, by: string): Promise<Work[] | null> {
    return this.#write<Work[] | null>(async (db, at) => {
      // The row stays, as receipts name it; nothing it shows is valid any more.
      const row = await db
        .updateTable('agent')
        .set({ token_hash: `revoked ${randomUUID()}`, public_key: `revoked ${randomUUID()}` })
        .where('name', '=', agent)
        .where('token_hash', 'not like', 'revoked %')
        .returning('name')
        .executeTakeFirst()
      if (!row) return { result: null, acts: [] }
      const had = await db
        .selectFrom('work')
        .selectAll()
        .where('agent', '=', agent)
        .where('state', '=', 'leased')
        .execute()
      const { result, acts } = await release(db, had, at)
      return { result, acts: [{ actor: by, act: 'agent-revoked', details: { agent } }, ...acts] }
    })
  }

  #later(seconds: number): string {
    return new Date(this.#now().getTime() + seconds * 1000).toISOString()
  }

  /** Ends a work that the agent has; that it ended so before already is fine too. */
  #end({ id, agent, state, kind, failure, act, keep }: Ending): Promise<boolean> {
    return this.#write(async (db, at) => {
      const row = await db
        .updateTable('work')
        .set({ state, agent, ended_at: at, leased_until: null, failure: failure ?? null })
        .where('id', '=', id)
        .$if(kind !== undefined, (query) => query.where('kind', '=', kind ?? ''))
        .where((eb) =>
          eb.or([
            eb.and([eb('state', '=', 'leased'), eb('agent', '=', agent)]),
            // The lease was lost while it was being done, and nobody took it meanwhile.
            ...(state === 'done' ? [eb('state', '=', 'queued')] : []),
          ]),
        )
        .returningAll()
        .executeTakeFirst()
      if (row) {
        await keep?.(db, row)
        return { result: true, acts: act ? [act(row)] : [] }
      }
      const before = await db
        .selectFrom('work')
        .select('id')
        .where('id', '=', id)
        .where('agent', '=', agent)
        .where('state', '=', state)
        .$if(kind !== undefined, (query) => query.where('kind', '=', kind ?? ''))
        .executeTakeFirst()
      return { result: before !== undefined, acts: [] }
    })
  }

  #write<T>(
    work: (db: Transaction<Database>, at: string) => Promise<{ result: T; acts: readonly Act[] }>,
  ): Promise<T> {
    return inJournal(this.#db, this.#now, work)
  }
}

/** Takes works from their agent: back into the queue, or to their end where they were cancelled. */
async function release(
  db: Transaction<Database>,
  rows: readonly Selectable<Database['work']>[],
  at: string,
): Promise<{ result: Work[]; acts: Act[] }> {
  const result: Work[] = []
  const acts: Act[] = []
  for (const { id, cancel_at, leased_until, agent } of rows) {
    const cancelled = cancel_at !== null
    const row = await db
      .updateTable('work')
      .set(
        cancelled
          ? { state: 'cancelled', ended_at: at, leased_until: null }
          : { state: 'queued', agent: null, leased_until: null },
      )
      .where('id', '=', id)
      // Unless a sign of life came between.
      .where('state', '=', 'leased')
      .where('leased_until', '=', leased_until)
      .returningAll()
      .executeTakeFirst()
    if (!row) continue
    result.push(workOf(row))
    acts.push(actOf(row, cancelled ? 'work-cancelled' : 'work-requeued', 'server', { agent: agent ?? '' }))
  }
  return { result, acts }
}

/** How an agent ends a work without a run. */
interface Ending {
  readonly id: string
  readonly agent: string
  readonly state: Extract<WorkState, 'done' | 'failed'>
  /** The kind that ends so; any where it isn't said. */
  readonly kind?: WorkKind
  readonly failure?: string
  readonly act?: (row: Selectable<Database['work']>) => Act
  readonly keep?: (db: Transaction<Database>, row: Selectable<Database['work']>) => Promise<void>
}

const actOf = (
  row: Selectable<Database['work']>,
  act: Act['act'],
  actor: string,
  details: Act['details'] = {},
): Act => ({
  actor,
  act,
  session: row.session_id,
  candidate: row.candidate,
  details: { work: row.id, kind: row.kind, ...details },
})

const workOf = (row: Selectable<Database['work']>): Work => ({
  id: row.id,
  session: row.session_id,
  candidate: row.candidate,
  kind: row.kind as WorkKind,
  state: row.state as WorkState,
  demands: row.demands === null ? null : (JSON.parse(row.demands) as string[]),
  follows: row.follows,
  target: row.target,
  reason: row.reason,
  requestedBy: row.requested_by,
  requestedAt: row.requested_at,
  agent: row.agent,
  leasedUntil: row.leased_until,
  attempts: row.attempts,
  asked: row.asked,
  answered: row.answered,
  silent: JSON.parse(row.silent) as Work['silent'],
  cancelAt: row.cancel_at,
  endedAt: row.ended_at,
  failure: row.failure === null ? null : (JSON.parse(row.failure) as Text),
})

const agentOf = (row: Selectable<Database['agent']>): EnrolledAgent => ({
  name: row.name,
  publicKey: row.public_key?.startsWith('revoked') ? null : row.public_key,
  seenAt: row.seen_at,
  about: row.about === null ? null : (JSON.parse(row.about) as EnrolledAgent['about']),
})
