import type { Text } from '../../checks/text.ts'
import type { AgentEvent } from './agent-event.ts'
import type { ResultKind } from './protocol.ts'
import { deliveryOf, problemOf } from './receipt.ts'
import { isAway, type Answered, type ServerClient } from './server-client.ts'
import type { Spool, Spooled } from './spool.ts'

export interface SpoolDelivery {
  readonly spool: Spool
  readonly client: ServerClient
  readonly tell: (event: AgentEvent) => void
  readonly heard: (answered: Answered) => void
  /** The server has the result, or never will; `refused` with its status where it will not. */
  readonly settled: (one: Spooled, refused: Refusal | null) => Promise<void>
}

/** What a server says of a result that it will never take. */
export interface Refusal {
  readonly status: number
  readonly why: Text | null
}

/** A run with its evidence may be long, and the network of the room slow. */
const TIMEOUT_MS = 120_000

const pathOf = ({ kind, task }: Spooled): string =>
  kind === 'run' ? 'api/v1/runs' : `api/v1/agent/work/${task.id}/${kind}`

/**
 * Makes a function that brings what waits in the spool once, the oldest first, each removed once the server has said that
 * it has it. It gives true where nothing is left. Where the server is not there it ends at once; what fails is tried after
 * the others next time, so that one result on which a connection breaks doesn't keep them waiting.
 */
export function spoolDelivery(place: SpoolDelivery): (signal: AbortSignal) => Promise<boolean> {
  const tries = new Map<string, number>()
  return async (signal) => {
    let left = false
    const triesOf = ({ name }: Spooled) => tries.get(name) ?? 0
    for (const one of (await place.spool.waiting()).sort((a, b) => triesOf(a) - triesOf(b))) {
      if (signal.aborted) return false
      tries.set(one.name, triesOf(one) + 1)
      const then = await deliver(one, place, signal)
      if (then === 'stop') return false
      if (then === 'left') left = true
      else tries.delete(one.name)
    }
    return !left
  }
}

async function deliver(
  one: Spooled,
  place: SpoolDelivery,
  signal: AbortSignal,
): Promise<'settled' | 'left' | 'stop'> {
  const bytes = await place.spool.read(one).catch(() => null)
  if (!bytes) return 'left' // brought by another process of this agent, or not to be read for now
  const answered = await place.client.post(pathOf(one), bytes, { signal, timeoutMs: TIMEOUT_MS })
  if (answered.status === null && signal.aborted) return 'stop'
  place.heard(answered)
  if (answered.status === null) return 'stop'
  if (isAcknowledged(one.kind, answered)) {
    await place.spool.remove(one)
    await place.settled(one, null)
    place.tell({ type: 'delivered', task: one.task, result: one.kind })
    return 'settled'
  }
  if (isForGood(answered.status)) {
    await setAside(one, answered, place)
    return 'settled'
  }
  // By this one alone, it may be (500), or for a moment; anything else is about the server.
  return [500, 408, 425].includes(answered.status) ? 'left' : 'stop'
}

const isAcknowledged = (kind: ResultKind, { status, body }: Exclude<Answered, { status: null }>): boolean =>
  kind === 'run' ? deliveryOf(status, body).outcome !== 'refused' : status === 204

/** A client error that is neither a matter of time (408, 425, 429) nor of who asks (401: enrolled again, it is taken). */
const isForGood = (status: number): boolean =>
  status >= 400 && status < 500 && status !== 401 && !isAway({ status, body: undefined, aheadMs: null })

async function setAside(
  one: Spooled,
  { status, body }: Exclude<Answered, { status: null }>,
  { spool, tell, settled }: SpoolDelivery,
): Promise<void> {
  const why = problemOf(body)
  const path = await spool.setAside(one, `HTTP ${status} ${why?.en ?? ''}`.trim())
  await settled(one, { status, why })
  tell({ type: 'refused', task: one.task, result: one.kind, status, why, path })
}
