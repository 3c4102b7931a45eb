import type { Kysely } from 'kysely'
import type { Accounts } from '../accounts.ts'
import type { Database } from './schema.ts'

/** To be written. */
export const SqlAccounts = Object as unknown as new (db: Kysely<Database>, now: () => Date) => Accounts
