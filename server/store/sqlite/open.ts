import { chmodSync, mkdirSync } from 'node:fs'
import { dirname } from 'node:path'
import SQLite from 'better-sqlite3'
import { Kysely } from 'kysely'
import { migrate } from '../sql/migrations.ts'
import type { Database } from '../sql/schema.ts'
import { SqlStore } from '../sql/store.ts'
import type { Store } from '../store.ts'
import { DurableSqliteDialect } from './dialect.ts'

/**
 * Opens (or makes) the embedded store and brings its tables up to date. Several processes may have it open.
 * @param file path of the database, its folder made where missing; readable by its owner only, for it holds the dossiers.
 * @param now the server's clock, for what is said of a reception.
 */
export async function openSqliteStore(file: string, now: () => Date = () => new Date()): Promise<Store> {
  mkdirSync(dirname(file), { recursive: true, mode: 0o700 })
  const database = new SQLite(file, { timeout: 10_000 })
  try {
    chmodSync(file, 0o600)
    database.pragma('journal_mode = WAL')
    // What is acknowledged must survive the power going off, not only the process.
    database.pragma('synchronous = FULL')
    database.pragma('foreign_keys = ON')
    // What a purge deletes is overwritten, not only let go of.
    database.pragma('secure_delete = ON')
  } catch (error) {
    database.close()
    throw error
  }
  const db = new Kysely<Database>({ dialect: new DurableSqliteDialect({ database }) })
  try {
    await migrate(db)
  } catch (error) {
    await db.destroy()
    throw error
  }
  return new SqlStore(db, now, () => {
    // Pages keep remnants of rows that were moved within them, and the log the pages as they were.
    database.exec('vacuum')
    database.pragma('wal_checkpoint(TRUNCATE)')
  })
}
