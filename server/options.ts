import type { FastifyBaseLogger } from 'fastify'
import type { Referential } from '../checks/referential/referential.ts'
import type { Check } from '../checks/define.ts'
import type { OidcOptions } from './access/oidc.ts'
import type { Changes } from './live/changes.ts'
import type { Store } from './store/store.ts'

/** Everything that the server gets from outside. */
export interface ServerOptions {
  readonly store: Store
  /** A référentiel by its id; null where it isn't known (its dossiers then show the demands without official wording). */
  readonly referentials: (id: string) => Promise<Referential | null>
  /** Of Probant, for the API description. */
  readonly version: string
  /** The checks that an exam may use: an upload is validated against them. */
  readonly catalogue: ReadonlyMap<string, Check>
  /** All référentiels at hand, for the same. */
  readonly allReferentials: () => Promise<ReadonlyMap<string, Referential>>
  /** Tells pages that are open that something changed. */
  readonly changes: Changes
  /** Signs the cookies; whoever has it can't sign in by it, but a cookie that lacks it is not even looked up. */
  readonly cookieKey: string
  /** Opens the page of the first account as long as there is none; shown on the console only. */
  readonly firstAccountCode?: string | undefined
  /** Whether it is reached by TLS: cookies are then `Secure`. */
  readonly tls?: boolean
  /** PEM texts, where the server itself speaks TLS. */
  readonly https?: { readonly cert: string; readonly key: string } | null
  /** Whether only this machine reaches it: requests under another name (DNS rebinding) are then refused. */
  readonly loopbackOnly?: boolean
  /** OpenID Connect, for centres that have it; the client secret comes from the environment. */
  readonly oidc?: OidcOptions | undefined
  /** Where the server keeps what is its own (its signing key), readable by its owner only. */
  readonly dataFolder: string
  /** Seconds without a sign of life after which an agent's work goes back to the queue; 30 unless told. */
  readonly leaseSeconds?: number
  /** The server's clock. */
  readonly now?: () => Date
  /** IANA name of the zone in which moments are shown. */
  readonly timeZone?: string | undefined
  /** A pino logger, or false for silence. Neither bodies nor headers are ever given to it. */
  readonly logger?: FastifyBaseLogger | false
}
