import type { Observation } from '../../checks/observation.ts'
import type { RunBody } from '../../checks/run.ts'
import type { AgentKey } from '../evidence/agent-key.ts'
import type { CheckIdentity } from '../transports/transport.ts'
import type { SecretSource } from './credentials.ts'
import type { LoadedSession } from './load.ts'
import type { PreflightRecord } from './preflight-record.ts'

export type RunEvent =
  | { readonly type: 'started'; readonly candidate: string }
  /** `asked` counts every question so far; it may grow from round to round. */
  | { readonly type: 'asking'; readonly candidate: string; readonly asked: number }
  | {
      readonly type: 'answered'
      readonly candidate: string
      readonly role: string
      readonly observation: Observation
    }
  | { readonly type: 'ended'; readonly candidate: string; readonly complete: boolean }

/** What a server asked of one candidate's run. */
export interface RunOrder {
  /** The run's id; chosen at random where absent. */
  readonly id?: string
  readonly stage?: RunBody['stage']
  readonly follows?: string
  /** Ids of the demands to ask; all where absent. */
  readonly demands?: readonly string[]
}

/** Under which conditions candidates are asked, whether once or again and again. */
export interface RunConditions {
  readonly loaded: LoadedSession
  readonly secrets: SecretSource
  readonly checkIdentity: CheckIdentity
  readonly preflight: PreflightRecord | null
  readonly key: AgentKey
  readonly version: string
  /** What the agent's clock is ahead of the server's, in ms; null where nobody compared them. */
  readonly clockOffsetMs?: number | null
  readonly onEvent?: (event: RunEvent) => void
  /** Machines asked at once, over all candidates. */
  readonly jobs?: number
  readonly connectTimeoutMs?: number
  readonly machineTimeoutMs?: number
  readonly runTimeoutMs?: number
}
