import type { Kysely } from 'kysely'
import type { WorkQueue } from '../work-queue.ts'
import type { Database } from './schema.ts'

/** To be written. */
export const SqlWorkQueue = Object as unknown as new (db: Kysely<Database>, now: () => Date) => WorkQueue
