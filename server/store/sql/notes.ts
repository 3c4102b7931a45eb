import type { Kysely } from 'kysely'
import type { Notes } from '../notes.ts'
import type { Database } from './schema.ts'

/** To be written. */
export const SqlNotes = Object as unknown as new (db: Kysely<Database>, now: () => Date) => Notes
