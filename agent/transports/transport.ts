import type { Answer } from '../../checks/observation.ts'
import type { Probe } from '../../checks/probe.ts'
import type { Credential, Target } from '../../checks/session.ts'
import type { Cause } from '../../checks/verdict.ts'

/** A credential with its values: exists only in the agent's memory. */
export interface OpenCredential {
  readonly user?: string | undefined
  readonly password?: string | undefined
  readonly key?: string | undefined
  readonly passphrase?: string | undefined
  readonly community?: string | undefined
  readonly auth?: { protocol: NonNullable<Credential['auth']>['protocol']; secret: string } | undefined
  readonly privacy?: { protocol: NonNullable<Credential['privacy']>['protocol']; secret: string } | undefined
}

/** Resolves the name of a credential. Rejects with a TransportFailure `grader` where the secret is missing. */
export type OpenCredentials = (name: string) => Promise<OpenCredential>

/**
 * Decides whether the identity shown is the one expected, recording it on first use.
 * `where` names the machine and the way ("ssh 10.0.1.20:22"); `shown` is `SHA256:…`; `pinned` comes from the session.
 * Returns false for another identity than the pinned or recorded one.
 */
export type CheckIdentity = (where: string, shown: string, pinned: 'first-use' | (string & {})) => boolean

/** Everything that a transport gets from outside. */
export interface TransportContext {
  readonly role: string
  readonly target: Target
  readonly credentials: OpenCredentials
  readonly checkIdentity: CheckIdentity
  /** Reads a file named in the session (a CA), relative to it. */
  readonly readFile: (path: string) => Promise<string>
  /** Opens a TCP stream to another target through a jump host; absent where the session says none. */
  readonly jump?: (
    address: string,
    port: number,
    signal: AbortSignal,
  ) => Promise<import('node:stream').Duplex>
  /** Limit for connecting and authenticating, in ms. */
  readonly connectTimeoutMs: number
  readonly signal: AbortSignal
}

/** What one question gave: the answer, or why there is none. */
export type Outcome = {
  readonly probe: Probe
  /** Who answered, as `SHA256:…` or a SID; null where the way has no identity. */
  readonly identity: string | null
  /** When it was asked (ms since the epoch) and how long it took (ms). */
  readonly startedAt: number
  readonly ms: number
} & (
  | { readonly answer: Answer; readonly truncated: boolean }
  | { readonly failure: { readonly cause: Cause; readonly detail: string } }
)

/** A failure with its cause; any other error that leaves a transport is counted as `grader`. */
export class TransportFailure extends Error {
  readonly reason: Cause
  constructor(cause: Cause, detail: string) {
    super(detail)
    this.name = 'TransportFailure'
    this.reason = cause
  }
}

/**
 * One open way to one machine under one identity. Connects at the first `ask`, keeps the connection, closes once.
 * `ask` never rejects and gives exactly one outcome per probe, in any order, as soon as each is known. Whatever happens it ends:
 * each probe within its own `timeoutMs` once asked, the whole within the signal. A machine that can't be reached
 * fails all its probes with one and the same cause after one connect timeout.
 * Never retries what failed for a reason of the machine's; never prints.
 */
export interface Transport {
  ask(probes: readonly Probe[], signal: AbortSignal): AsyncIterable<Outcome>
  close(): Promise<void>
}

/** Opens nothing yet: the connection is made by the first `ask`. */
export type OpenTransport = (context: TransportContext) => Transport
