import type { Kysely } from 'kysely'
import { genesis } from '../../../../checks/evidence/chain.ts'
import type { Database } from '../schema.ts'

/** Agents, the chain of what was received, runs with their findings and observations in rows. */
export async function up(db: Kysely<Database>): Promise<void> {
  const { schema } = db
  await schema
    .createTable('agent')
    .addColumn('name', 'text', (c) => c.primaryKey().notNull())
    .addColumn('token_hash', 'text', (c) => c.notNull().unique())
    .addColumn('public_key', 'text')
    .addColumn('created_at', 'text', (c) => c.notNull())
    .execute()

  await schema
    .createTable('chain_head')
    .addColumn('id', 'integer', (c) => c.primaryKey().notNull())
    .addColumn('sequence', 'integer', (c) => c.notNull())
    .addColumn('hash', 'text', (c) => c.notNull())
    .execute()
  await db.insertInto('chain_head').values({ id: 1, sequence: 0, hash: genesis }).execute()

  // Not bound to `run`: when a run is purged, its link stays as a tombstone.
  await schema
    .createTable('chain')
    .addColumn('sequence', 'integer', (c) => c.primaryKey().notNull())
    .addColumn('run_id', 'text', (c) => c.notNull().unique())
    .addColumn('fingerprint', 'text', (c) => c.notNull())
    .addColumn('received_at', 'text', (c) => c.notNull())
    .addColumn('previous', 'text', (c) => c.notNull())
    .addColumn('hash', 'text', (c) => c.notNull())
    .addColumn('agent', 'text', (c) => c.notNull())
    .execute()

  await schema
    .createTable('session')
    .addColumn('id', 'text', (c) => c.primaryKey().notNull())
    .addColumn('title', 'text', (c) => c.notNull())
    .addColumn('date', 'text', (c) => c.notNull())
    .addColumn('exam', 'text', (c) => c.notNull())
    .addColumn('purpose', 'text', (c) => c.notNull())
    .addColumn('referential', 'text', (c) => c.notNull())
    .addColumn('certificate', 'text', (c) => c.notNull())
    .execute()

  await schema
    .createTable('run')
    .addColumn('id', 'text', (c) => c.primaryKey().notNull())
    .addColumn('session_id', 'text', (c) => c.notNull().references('session.id'))
    .addColumn('candidate', 'text', (c) => c.notNull())
    .addColumn('seat', 'text')
    .addColumn('fingerprint', 'text', (c) => c.notNull())
    .addColumn('public_key', 'text', (c) => c.notNull())
    .addColumn('started_at', 'text', (c) => c.notNull())
    .addColumn('ended_at', 'text', (c) => c.notNull())
    .addColumn('received_at', 'text', (c) => c.notNull())
    .addColumn('complete', 'integer', (c) => c.notNull())
    .addColumn('sequence', 'integer', (c) => c.notNull())
    .addColumn('header', 'text', (c) => c.notNull())
    .execute()
  await schema
    .createIndex('run_of_candidate')
    .on('run')
    .columns(['session_id', 'candidate', 'started_at'])
    .execute()

  const ofRun = (table: string) =>
    schema
      .createTable(table)
      .addColumn('run_id', 'text', (c) => c.notNull().references('run.id').onDelete('cascade'))

  await ofRun('run_text')
    .addColumn('text', 'text', (c) => c.notNull())
    .addPrimaryKeyConstraint('run_text_key', ['run_id'])
    .execute()

  await ofRun('finding')
    .addColumn('ordinal', 'integer', (c) => c.notNull())
    .addColumn('session_id', 'text', (c) => c.notNull())
    .addColumn('candidate', 'text', (c) => c.notNull())
    .addColumn('demand', 'text', (c) => c.notNull())
    .addColumn('check_id', 'text', (c) => c.notNull())
    .addColumn('asked_from', 'text', (c) => c.notNull())
    .addColumn('target', 'text', (c) => c.notNull())
    .addColumn('address', 'text', (c) => c.notNull())
    .addColumn('verdict', 'text', (c) => c.notNull())
    .addColumn('cause', 'text')
    .addColumn('blame', 'text')
    .addColumn('body', 'text', (c) => c.notNull())
    .addPrimaryKeyConstraint('finding_key', ['run_id', 'ordinal'])
    .execute()
  await schema
    .createIndex('finding_of_candidate')
    .on('finding')
    .columns(['session_id', 'candidate', 'verdict'])
    .execute()

  await ofRun('finding_criterion')
    .addColumn('ordinal', 'integer', (c) => c.notNull())
    .addColumn('session_id', 'text', (c) => c.notNull())
    .addColumn('candidate', 'text', (c) => c.notNull())
    .addColumn('criterion', 'text', (c) => c.notNull())
    .addPrimaryKeyConstraint('finding_criterion_key', ['run_id', 'ordinal', 'criterion'])
    .execute()
  await schema
    .createIndex('criterion_of_candidate')
    .on('finding_criterion')
    .columns(['session_id', 'criterion', 'candidate'])
    .execute()

  await ofRun('observation')
    .addColumn('key', 'text', (c) => c.notNull())
    .addColumn('probe', 'text', (c) => c.notNull())
    .addColumn('outline', 'text', (c) => c.notNull())
    .addColumn('answer_bytes', 'integer', (c) => c.notNull())
    // Last, so that SQLite reads the rest of the row without the pages of a long answer.
    .addColumn('answer', 'text')
    .addPrimaryKeyConstraint('observation_key', ['run_id', 'key'])
    .execute()
}
