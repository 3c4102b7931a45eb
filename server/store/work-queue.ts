import type { Text } from '../../checks/text.ts'
import type { Cause } from '../../checks/verdict.ts'

export type WorkKind = 'preflight' | 'start' | 'end' | 'again' | 'repin'
export type WorkState = 'queued' | 'leased' | 'done' | 'cancelled' | 'failed'

export interface Work {
  readonly id: string
  readonly session: string
  readonly candidate: string
  readonly kind: WorkKind
  readonly state: WorkState
  /** Ids of demands; null for all. */
  readonly demands: readonly string[] | null
  /** For `again`: the run whose unobserved demands are asked once more. */
  readonly follows: string | null
  /** For `repin`: the role of the machine. */
  readonly target: string | null
  readonly reason: string | null
  readonly requestedBy: string
  readonly requestedAt: string
  readonly agent: string | null
  readonly leasedUntil: string | null
  readonly attempts: number
  readonly asked: number
  readonly answered: number
  /** Machines that could not be asked, and why. */
  readonly silent: readonly { readonly role: string; readonly cause: Cause }[]
  readonly cancelAt: string | null
  readonly endedAt: string | null
  /** What the agent said where it could not do it. */
  readonly failure: Text | null
}

export interface WayAtPreflight {
  readonly candidate: string
  readonly role: string
  readonly way: string
  readonly address: string
  readonly worked: boolean
  readonly cause: Cause | null
  readonly detail: string
  readonly identity: string | null
  readonly at: string
}

export interface EnrolledAgent {
  readonly name: string
  readonly publicKey: string | null
  readonly seenAt: string | null
  readonly about: { readonly host: string; readonly version: string } | null
}

/** Work for agents: asked for by people, leased to agents, back in the queue when an agent dies. */
export interface WorkQueue {
  /** Skips a candidate that has work of the same kind queued or leased; gives what was added. The journal has it. */
  ask(
    works: readonly Pick<
      Work,
      'session' | 'candidate' | 'kind' | 'demands' | 'follows' | 'target' | 'reason'
    >[],
    by: string,
  ): Promise<Work[]>
  /** The oldest queued work, leased to the agent for `seconds`; null where there is none. */
  lease(agent: string, seconds: number): Promise<Work | null>
  /** Renews the leases that the agent still has and keeps its progress. */
  heartbeat(
    agent: string,
    about: { host: string; version: string },
    doing: readonly { work: string; asked: number; answered: number; silent: Work['silent'] }[],
    seconds: number,
  ): Promise<{ cancel: string[]; gone: string[]; changed: Pick<Work, 'session' | 'candidate'>[] }>
  /** Leases that ran out go back to the queue (those cancelled end); gives what changed. */
  requeueLost(): Promise<Work[]>
  /** A queued work ends at once; of a leased one the agent is told. */
  cancel(id: string, by: string): Promise<void>
  /** Ends a work of the agent's; false where it isn't its own, or ended otherwise. The same again changes nothing. */
  fail(id: string, agent: string, message: Text): Promise<boolean>
  /** Keeps the ways and ends the work; the same again changes nothing. */
  keepPreflight(
    id: string,
    agent: string,
    ways: readonly Omit<WayAtPreflight, 'candidate'>[],
  ): Promise<boolean>
  endRepin(
    id: string,
    agent: string,
    forgotten: readonly { where: string; identity: string }[],
  ): Promise<boolean>
  byId(id: string): Promise<Work | null>
  /** All works of a session, the oldest first. */
  ofSession(session: string): Promise<Work[]>
  ways(session: string, candidate?: string): Promise<WayAtPreflight[]>
  agents(): Promise<EnrolledAgent[]>
  /** What waits and what is being done, in all sessions; `agent` is null where it waits. */
  underWay(): Promise<Pick<Work, 'agent' | 'kind'>[]>
  /** The agent that enrolled with this key; null also for a key that only a token is bound to. */
  agentByKey(publicKey: string): Promise<EnrolledAgent | null>
  invite(codeHash: string, expiresAt: string, by: string): Promise<void>
  /** Uses the code; `used` where it is used, unknown or too old, `name` where the name is another key's. */
  enrol(codeHash: string, name: string, publicKey: string): Promise<'enrolled' | 'code' | 'name'>
  /** Nothing the agent shows is valid any more; gives what became of the works that it had, null where there is no such agent. */
  revoke(agent: string, by: string): Promise<Work[] | null>
}
