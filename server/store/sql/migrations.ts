import type { Kysely } from 'kysely'
import { Migrator, type Migration } from 'kysely/migration'
import * as runs from './migrations/0001-runs.ts'
import * as examDay from './migrations/0002-exam-day.ts'
import type { Database } from './schema.ts'

/** Applied in the order of their names, each once, never edited after a release. The same for every dialect. */
const migrations: Record<string, Migration> = { '0001-runs': runs, '0002-exam-day': examDay }

/** Brings the tables up to date, or rejects and leaves them as they were. */
export async function migrate(db: Kysely<Database>): Promise<void> {
  const migrator = new Migrator({ db, provider: { getMigrations: async () => migrations } })
  const { error } = await migrator.migrateToLatest()
  if (error)
    throw error instanceof Error
      ? error
      : new Error('the store could not be brought up to date', { cause: error })
}
