import type { Kysely } from 'kysely'
import type { SessionLife } from '../session-life.ts'
import type { Database } from './schema.ts'

/** To be written. */
export const SqlSessionLife = Object as unknown as new (db: Kysely<Database>, now: () => Date) => SessionLife
