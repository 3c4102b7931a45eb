import type { FastifyBaseLogger } from 'fastify'
import type { Referential } from '../checks/referential/referential.ts'
import type { Store } from './store/store.ts'

/** Everything that the server gets from outside. */
export interface ServerOptions {
  readonly store: Store
  /** A référentiel by its id; null where it isn't known (its dossiers then show the demands without official wording). */
  readonly referentials: (id: string) => Promise<Referential | null>
  /** Of Probant, for the API description. */
  readonly version: string
  /** Demanded of whoever reads pages or the API; without it the server answers requests made to a loopback name only. */
  readonly readerToken?: string | undefined
  /** IANA name of the zone in which moments are shown. */
  readonly timeZone?: string | undefined
  /** A pino logger, or false for silence. Neither bodies nor headers are ever given to it. */
  readonly logger?: FastifyBaseLogger | false
}
