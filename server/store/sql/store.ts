import type { ExpressionBuilder, Kysely, Selectable, Transaction } from 'kysely'
import type { Finding } from '../../../checks/finding.ts'
import type { Observation } from '../../../checks/observation.ts'
import type { Probe } from '../../../checks/probe.ts'
import type { Run } from '../../../checks/run.ts'
import { nextLink } from '../../../checks/evidence/chain.ts'
import { followUpsOf, runToRead, startOf, type RunPlace } from '../../dossier/run-to-read.ts'
import {
  AgentNameTaken,
  type Agent,
  type CandidateSummary,
  type ChainLink,
  type Dossier,
  type DossierOutline,
  type FoundFinding,
  type KeptObservation,
  type KeptRun,
  type Reception,
  type RunHeader,
  type RunStage,
  type RunReceipt,
  type RunSummary,
  type SessionDetail,
  type SessionSummary,
  type Store,
  type Unobserved,
} from '../store.ts'
import type { Accounts } from '../accounts.ts'
import type { Journal } from '../journal.ts'
import type { Notes } from '../notes.ts'
import type { Retention } from '../retention.ts'
import type { SessionLife } from '../session-life.ts'
import type { VerifiedRun } from '../verified-run.ts'
import type { WorkQueue } from '../work-queue.ts'
import { SqlAccounts } from './accounts.ts'
import { appendAct, SqlJournal } from './journal.ts'
import { SqlNotes } from './notes.ts'
import type { Database } from './schema.ts'
import { SqlRetention } from './retention.ts'
import { SqlSessionLife } from './session-life.ts'
import { SqlWorkQueue } from './work-queue.ts'

/** An answer longer than this is not part of a dossier: its page has a link to the whole. */
const dossierAnswerBytes = 24_576
/** Rows of one INSERT: SQLite takes 32,766 parameters, and a row has at most thirteen. */
const batch = 500

/** The store on a relational database, in queries that SQLite and PostgreSQL both take. */
export class SqlStore implements Store {
  readonly accounts: Accounts
  readonly life: SessionLife
  readonly work: WorkQueue
  readonly notes: Notes
  readonly journal: Journal
  readonly retention: Retention
  readonly #db: Kysely<Database>
  readonly #now: () => Date

  /** @param forget makes the database forget at once what was deleted. */
  constructor(db: Kysely<Database>, now: () => Date, forget: () => void = () => {}) {
    this.#db = db
    this.#now = now
    this.accounts = new SqlAccounts(db, now)
    this.life = new SqlSessionLife(db, now)
    this.work = new SqlWorkQueue(db, now)
    this.notes = new SqlNotes(db, now)
    this.journal = new SqlJournal(db, now)
    this.retention = new SqlRetention(db, now, forget)
  }

  receive(verified: VerifiedRun, agent: Agent): Promise<Reception> {
    return this.#db.transaction().execute(async (db) => {
      // The first statement takes the row that every reception needs: they go one after the other, in any dialect.
      const head = await db
        .updateTable('chain_head')
        .set((eb) => ({ sequence: eb('sequence', '+', 0) }))
        .where('id', '=', 1)
        .returningAll()
        .executeTakeFirstOrThrow()
      const { run, fingerprint } = verified
      const key = run.signature.publicKey
      if (!(await bindKey(db, agent.name, key))) return { outcome: 'foreign-key' }

      const earlier = await db.selectFrom('chain').selectAll().where('run_id', '=', run.id).executeTakeFirst()
      if (earlier) {
        if (earlier.fingerprint !== fingerprint) return { outcome: 'conflict' }
        const kept = await db
          .selectFrom('run')
          .select('public_key')
          .where('id', '=', run.id)
          .executeTakeFirst()
        if (kept && kept.public_key !== key) return { outcome: 'conflict' }
        return { outcome: 'already', link: linkOf(earlier) }
      }
      const session = await db
        .selectFrom('session')
        .select('state')
        .where('id', '=', run.session.id)
        .executeTakeFirst()
      if (session?.state === 'purged') return { outcome: 'purged' }
      const work = await db.selectFrom('work').selectAll().where('id', '=', run.id).executeTakeFirst()
      if (work && !isForWork(run, work)) return { outcome: 'not-the-work' }
      const link = nextLink(head, { run: run.id, fingerprint, receivedAt: this.#now().toISOString() })
      await db
        .updateTable('chain_head')
        .set({ sequence: link.sequence, hash: link.hash })
        .where('id', '=', 1)
        .execute()
      await db
        .insertInto('chain')
        .values({
          sequence: link.sequence,
          run_id: link.run,
          fingerprint: link.fingerprint,
          received_at: link.receivedAt,
          previous: link.previous,
          hash: link.hash,
          agent: agent.name,
          session_id: run.session.id,
        })
        .execute()
      await insertRun(db, verified, link)
      if (work)
        await db
          .updateTable('work')
          .set({ state: 'done', ended_at: link.receivedAt, leased_until: null })
          .where('id', '=', work.id)
          .execute()
      await appendAct(
        db,
        {
          actor: `agent: ${agent.name}`,
          act: 'run-received',
          session: run.session.id,
          candidate: run.candidate.code,
          details: { run: run.id, fingerprint, sequence: link.sequence, complete: run.complete },
        },
        link.receivedAt,
      )
      return { outcome: 'received', link }
    })
  }

  async sessions(): Promise<SessionSummary[]> {
    const rows = await this.#db
      .selectFrom('session')
      .selectAll('session')
      .select((eb) =>
        eb
          .selectFrom('run')
          .whereRef('run.session_id', '=', 'session.id')
          .select(({ fn }) => fn.count<number>('run.candidate').distinct().as('n'))
          .as('candidates'),
      )
      .orderBy('date', 'desc')
      .orderBy('title')
      .orderBy('id')
      .execute()
    return rows.map((row) => sessionOf(row, Number(row.candidates)))
  }

  async session(id: string): Promise<SessionDetail | null> {
    const session = await this.#db.selectFrom('session').selectAll().where('id', '=', id).executeTakeFirst()
    if (!session) return null
    const rows = await this.#db
      .selectFrom('run')
      .select(['id', 'candidate', 'seat', 'fingerprint', 'started_at', 'ended_at', 'received_at'])
      .select(['complete', 'stage', 'follows'])
      .where('session_id', '=', id)
      .orderBy('candidate')
      .orderBy('started_at', 'desc')
      .orderBy('sequence', 'desc')
      .execute()
    const byCandidate = Map.groupBy(rows, (row) => row.candidate)
    const shown = new Map<string, (typeof rows)[number]>()
    for (const [code, runs] of byCandidate) {
      const first = firstToRead(runs)
      if (first) shown.set(code, first)
    }
    const unobserved = await this.#unobserved([...shown.values()].map((run) => run.id))
    const people = [...shown].map(([code, run]): CandidateSummary => ({
      code,
      seat: run.seat,
      shown: summaryOf(run),
      unobserved: unobserved.get(run.id) ?? [],
      runs: byCandidate.get(code)?.length ?? 0,
    }))
    return { ...sessionOf(session, people.length), people }
  }

  async dossier(session: string, candidate: string, wanted?: string): Promise<Dossier | null> {
    const rows = await this.#db
      .selectFrom('run')
      .select(['id', 'fingerprint', 'started_at', 'ended_at', 'received_at', 'complete', 'sequence'])
      .select(['stage', 'follows'])
      .where('session_id', '=', session)
      .where('candidate', '=', candidate)
      .orderBy('started_at', 'desc')
      .orderBy('sequence', 'desc')
      .execute()
    const shown = wanted === undefined ? firstToRead(rows) : rows.find((row) => row.id === wanted)
    if (!shown) return null
    const places = rows.map(placeOf)
    const start = startOf(places.filter(({ id }) => id !== shown.id))
    const [kept, followUps, atStart, link, sessionRow] = await Promise.all([
      this.#keptRun(shown.id),
      Promise.all(followUpsOf(shown.id, places).map(({ id }) => this.#keptRun(id))),
      start && shown.stage !== 'start' ? this.#runWithFindings(start.id) : null,
      this.#db.selectFrom('chain').selectAll().where('run_id', '=', shown.id).executeTakeFirstOrThrow(),
      this.#db.selectFrom('session').selectAll().where('id', '=', session).executeTakeFirstOrThrow(),
    ])
    return {
      session: sessionOf(sessionRow, 1),
      candidate,
      ...kept,
      summary: summaryOf(shown),
      link: linkOf(link),
      runs: rows.map(summaryOf),
      stages: new Map(rows.map((row) => [row.id, row.stage as RunStage | null])),
      followUps,
      start: atStart,
    }
  }

  async outlines(session: string): Promise<DossierOutline[]> {
    const rows = await this.#db
      .selectFrom('run')
      .select(['id', 'candidate', 'seat', 'fingerprint', 'started_at', 'ended_at', 'received_at'])
      .select(['complete', 'stage', 'follows'])
      .where('session_id', '=', session)
      .orderBy('candidate')
      .orderBy('started_at', 'desc')
      .orderBy('sequence', 'desc')
      .execute()
    const chosen = [...Map.groupBy(rows, (row) => row.candidate).values()].flatMap((runs) => {
      const shown = firstToRead(runs)
      if (!shown) return []
      return [{ shown, ids: [shown.id, ...followUpsOf(shown.id, runs.map(placeOf)).map(({ id }) => id)] }]
    })
    const ids = chosen.flatMap((one) => one.ids)
    if (ids.length === 0) return []
    const [headers, unknown] = await Promise.all([
      this.#db.selectFrom('run').select(['id', 'header']).where('id', 'in', ids).execute(),
      this.#db
        .selectFrom('finding')
        .select(['run_id as run', 'demand', 'asked_from as from', 'target', 'address', 'cause', 'blame'])
        .distinct()
        .where('run_id', 'in', ids)
        .where('verdict', '=', 'unknown')
        .orderBy('target')
        .orderBy('cause')
        .execute(),
    ])
    const headerOf = new Map(headers.map(({ id, header }) => [id, JSON.parse(header) as RunHeader]))
    const unobserved = Map.groupBy(unknown as DossierOutline['unobserved'], ({ run }) => run)
    return chosen.map(({ shown, ids: own }) => ({
      code: shown.candidate,
      seat: shown.seat,
      shown: summaryOf(shown),
      stage: shown.stage as RunStage | null,
      runs: own.flatMap((id) => headerOf.get(id) ?? []),
      unobserved: own.flatMap((id) => unobserved.get(id) ?? []),
    }))
  }

  async observation(run: string, key: string): Promise<KeptObservation | null> {
    const row = await this.#db
      .selectFrom('observation')
      .select(['key', 'probe', 'outline', 'answer_bytes', 'answer'])
      .where('run_id', '=', run)
      .where('key', '=', key)
      .executeTakeFirst()
    return row ? observationOf(row) : null
  }

  async isRunOf(run: string, session: string, candidate: string): Promise<boolean> {
    const row = await this.#db
      .selectFrom('run')
      .select('id')
      .where('id', '=', run)
      .where('session_id', '=', session)
      .where('candidate', '=', candidate)
      .executeTakeFirst()
    return row !== undefined
  }

  async unobservedDemands(
    session: string,
    candidate: string,
  ): Promise<{ run: string; demands: string[] } | null> {
    const rows = await this.#db
      .selectFrom('run')
      .select(['id', 'stage', 'follows', 'complete', 'header'])
      .where('session_id', '=', session)
      .where('candidate', '=', candidate)
      .orderBy('started_at', 'desc')
      .orderBy('sequence', 'desc')
      .execute()
    const places = rows.map((row) => ({ ...row, complete: row.complete === 1 }))
    const shown = runToRead(places)
    if (!shown || shown.stage === 'start') return null
    const resultsOf = (row: { header: string }) => (JSON.parse(row.header) as RunHeader).demands
    const open = new Set(
      resultsOf(shown)
        .filter(({ verdict }) => verdict === 'unknown')
        .map(({ demand }) => demand),
    )
    for (const again of followUpsOf(shown.id, places))
      for (const { demand, verdict } of resultsOf(again)) if (verdict !== 'unknown') open.delete(demand)
    return { run: shown.id, demands: [...open] }
  }

  async receipts(session: string): Promise<RunReceipt[]> {
    const rows = await this.#db
      .selectFrom('run')
      .innerJoin('chain', 'chain.run_id', 'run.id')
      .select(['run.id', 'candidate', 'stage', 'run.fingerprint', 'started_at', 'ended_at'])
      .select(['run.received_at', 'complete', 'run.sequence', 'chain.agent'])
      .where('run.session_id', '=', session)
      .orderBy('candidate')
      .orderBy('run.sequence')
      .execute()
    return rows.map((row) => ({
      run: row.id,
      candidate: row.candidate,
      stage: row.stage,
      fingerprint: row.fingerprint,
      startedAt: row.started_at,
      endedAt: row.ended_at,
      receivedAt: row.received_at,
      complete: row.complete === 1,
      sequence: row.sequence,
      agent: row.agent,
    }))
  }

  async runsOf(session: string): Promise<string[]> {
    const rows = await this.#db
      .selectFrom('run')
      .select('id')
      .where('session_id', '=', session)
      .orderBy('sequence')
      .execute()
    return rows.map(({ id }) => id)
  }

  async sessionOfRun(run: string): Promise<string | null> {
    const row = await this.#db.selectFrom('run').select('session_id').where('id', '=', run).executeTakeFirst()
    return row?.session_id ?? null
  }

  async runText(id: string): Promise<string | null> {
    const row = await this.#db
      .selectFrom('run_text')
      .select('text')
      .where('run_id', '=', id)
      .executeTakeFirst()
    return row?.text ?? null
  }

  async findings(where: { session: string; candidate?: string; criterion: string }): Promise<FoundFinding[]> {
    const rows = await this.#db
      .selectFrom('finding_criterion as c')
      .innerJoin('finding as f', (join) =>
        join.onRef('f.run_id', '=', 'c.run_id').onRef('f.ordinal', '=', 'c.ordinal'),
      )
      .select(['c.candidate', 'c.run_id', 'f.body'])
      .where('c.session_id', '=', where.session)
      .where('c.criterion', '=', where.criterion)
      .$if(where.candidate !== undefined, (query) => query.where('c.candidate', '=', where.candidate ?? ''))
      .orderBy('c.candidate')
      .orderBy('c.run_id')
      .orderBy('c.ordinal')
      .execute()
    return rows.map((row) => ({
      candidate: row.candidate,
      run: row.run_id,
      finding: JSON.parse(row.body) as Finding,
    }))
  }

  async addAgent(name: string, tokenHash: string): Promise<Agent> {
    const added = await this.#db
      .insertInto('agent')
      .values({ name, token_hash: tokenHash, public_key: null, created_at: this.#now().toISOString() })
      .onConflict((conflict) => conflict.column('name').doNothing())
      .returning('name')
      .executeTakeFirst()
    if (!added) throw new AgentNameTaken(name)
    return { name, publicKey: null }
  }

  async agentByToken(tokenHash: string): Promise<Agent | null> {
    const row = await this.#db
      .selectFrom('agent')
      .select(['name', 'public_key'])
      .where('token_hash', '=', tokenHash)
      .executeTakeFirst()
    return row ? { name: row.name, publicKey: row.public_key } : null
  }

  async chain(): Promise<ChainLink[]> {
    const rows = await this.#db.selectFrom('chain').selectAll().orderBy('sequence').execute()
    return rows.map(linkOf)
  }

  async close(): Promise<void> {
    await this.#db.destroy()
  }

  async #runWithFindings(id: string): Promise<Pick<KeptRun, 'run' | 'findings'>> {
    const [{ header }, findings] = await Promise.all([
      this.#db.selectFrom('run').select('header').where('id', '=', id).executeTakeFirstOrThrow(),
      this.#db.selectFrom('finding').select('body').where('run_id', '=', id).orderBy('ordinal').execute(),
    ])
    return {
      run: JSON.parse(header) as RunHeader,
      findings: findings.map(({ body }) => JSON.parse(body) as Finding),
    }
  }

  async #keptRun(id: string): Promise<KeptRun> {
    const [contents, evidence] = await Promise.all([
      this.#runWithFindings(id),
      this.#db
        .selectFrom('observation')
        .select(['key', 'probe', 'outline', 'answer_bytes', shortAnswer])
        .where('run_id', '=', id)
        .execute(),
    ])
    return { ...contents, observations: new Map(evidence.map((row) => [row.key, observationOf(row)])) }
  }

  /** What stayed unknown, by run, said once per machine, cause and blame. */
  async #unobserved(runs: readonly string[]): Promise<Map<string, Unobserved[]>> {
    if (runs.length === 0) return new Map()
    const rows = await this.#db
      .selectFrom('finding')
      .select(['run_id', 'asked_from as from', 'target', 'address', 'cause', 'blame'])
      .distinct()
      .where('run_id', 'in', [...runs])
      .where('verdict', '=', 'unknown')
      .orderBy('target')
      .orderBy('cause')
      .execute()
    const found = new Map<string, Unobserved[]>()
    for (const { run_id, ...row } of rows)
      found.set(run_id, [...(found.get(run_id) ?? []), row as Unobserved])
    return found
  }
}

/** The agent's key, known from its first delivery on. False where it is another one. */
async function bindKey(db: Transaction<Database>, agent: string, key: string): Promise<boolean> {
  await db
    .updateTable('agent')
    .set({ public_key: key })
    .where('name', '=', agent)
    .where('public_key', 'is', null)
    .execute()
  const bound = await db.selectFrom('agent').select('public_key').where('name', '=', agent).executeTakeFirst()
  return bound?.public_key === key
}

/** Whether a run is the one that a work asked for. */
const isForWork = (run: Run, work: Selectable<Database['work']>): boolean =>
  run.session.id === work.session_id &&
  run.candidate.code === work.candidate &&
  run.stage === work.kind &&
  (run.follows ?? null) === work.follows

async function insertRun(
  db: Transaction<Database>,
  { run, text }: VerifiedRun,
  link: ChainLink,
): Promise<void> {
  const { probes, observations, findings, ...header } = run
  await db
    .insertInto('session')
    .values({
      id: run.session.id,
      title: run.session.title,
      date: run.session.date,
      exam: run.exam.title,
      purpose: run.exam.purpose,
      referential: run.exam.referential,
      certificate: run.exam.certificate,
    })
    .onConflict((conflict) => conflict.column('id').doNothing())
    .execute()
  await db
    .insertInto('run')
    .values({
      id: run.id,
      session_id: run.session.id,
      candidate: run.candidate.code,
      seat: run.candidate.seat,
      fingerprint: link.fingerprint,
      public_key: run.signature.publicKey,
      started_at: moment(run.startedAt),
      ended_at: moment(run.endedAt),
      received_at: link.receivedAt,
      complete: run.complete ? 1 : 0,
      sequence: link.sequence,
      stage: run.stage ?? null,
      follows: run.follows ?? null,
      header: JSON.stringify(header),
    })
    .execute()
  await db.insertInto('run_text').values({ run_id: run.id, text }).execute()
  const whose = { run_id: run.id, session_id: run.session.id, candidate: run.candidate.code }
  await inBatches(findings, (part, from) =>
    db
      .insertInto('finding')
      .values(part.map((finding, index) => findingRow(finding, { ...whose, ordinal: from + index })))
      .execute(),
  )
  const criteria = findings.flatMap((finding, ordinal) =>
    [...new Set(finding.criteria)].map((criterion) => ({ ...whose, ordinal, criterion })),
  )
  await inBatches(criteria, (part) => db.insertInto('finding_criterion').values(part).execute())
  await inBatches(Object.entries(observations), (part) =>
    db
      .insertInto('observation')
      .values(part.map(([key, observation]) => observationRow(run.id, key, probes[key], observation)))
      .execute(),
  )
}

async function inBatches<T>(
  rows: readonly T[],
  insert: (part: T[], from: number) => Promise<unknown>,
): Promise<void> {
  for (let from = 0; from < rows.length; from += batch) await insert(rows.slice(from, from + batch), from)
}

/** One way of writing a moment, so that they sort as text (a run may carry an offset-free UTC with or without fractions). */
const moment = (iso: string): string => new Date(iso).toISOString()

const findingRow = (
  finding: Finding,
  whose: { run_id: string; session_id: string; candidate: string; ordinal: number },
): Database['finding'] => ({
  ...whose,
  demand: finding.demand,
  check_id: finding.check,
  asked_from: finding.from,
  target: finding.target,
  address: finding.address,
  verdict: finding.verdict,
  cause: finding.cause,
  blame: finding.blame,
  body: JSON.stringify(finding),
})

function observationRow(
  run: string,
  key: string,
  probe: Run['probes'][string] | undefined,
  observation: Observation,
): Database['observation'] {
  const { answer, ...outline } = observation
  const text = answer === null ? null : JSON.stringify(answer)
  return {
    run_id: run,
    key,
    probe: JSON.stringify(probe ?? null),
    outline: JSON.stringify(outline),
    answer: text,
    answer_bytes: text === null ? 0 : Buffer.byteLength(text),
  }
}

const shortAnswer = (eb: ExpressionBuilder<Database, 'observation'>) =>
  eb
    .case()
    .when('answer_bytes', '<=', dossierAnswerBytes)
    .then(eb.ref('answer'))
    .else(null)
    .end()
    .as('answer')

function observationOf(
  row: Database['observation'] | Omit<Database['observation'], 'run_id'>,
): KeptObservation {
  return {
    key: row.key,
    probe: JSON.parse(row.probe) as Probe | null,
    outline: JSON.parse(row.outline) as KeptObservation['outline'],
    answer: row.answer === null ? null : (JSON.parse(row.answer) as KeptObservation['answer']),
    answerBytes: row.answer_bytes,
  }
}

const linkOf = (row: Selectable<Database['chain']>): ChainLink => ({
  sequence: row.sequence,
  run: row.run_id,
  fingerprint: row.fingerprint,
  receivedAt: row.received_at,
  previous: row.previous,
  hash: row.hash,
})

const sessionOf = (row: Selectable<Database['session']>, candidates: number): SessionSummary => ({
  id: row.id,
  title: row.title,
  date: row.date,
  exam: row.exam,
  purpose: row.purpose as SessionSummary['purpose'],
  referential: row.referential,
  certificate: row.certificate,
  candidates,
})

const summaryOf = (
  row: Pick<Database['run'], 'id' | 'fingerprint' | 'started_at' | 'ended_at' | 'received_at' | 'complete'>,
): RunSummary => ({
  id: row.id,
  fingerprint: row.fingerprint,
  startedAt: row.started_at,
  endedAt: row.ended_at,
  receivedAt: row.received_at,
  complete: row.complete === 1,
})

type PlaceColumns = Pick<Selectable<Database['run']>, 'id' | 'stage' | 'follows' | 'complete'>

const placeOf = ({ id, stage, follows, complete }: PlaceColumns): RunPlace => ({
  id,
  stage,
  follows,
  complete: complete === 1,
})

/** Of a candidate's runs, the latest first: the one that a dossier shows. */
function firstToRead<R extends PlaceColumns>(runs: readonly R[]): R | undefined {
  const id = runToRead(runs.map(placeOf))?.id
  return runs.find((run) => run.id === id)
}
