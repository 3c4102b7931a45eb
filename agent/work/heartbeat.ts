import { hostname } from 'node:os'
import type { HeldWorks } from './held-works.ts'
import { heartbeatSchema } from './protocol.ts'
import type { Answered, ServerClient } from './server-client.ts'

/** What the server answers to a sign of life. */
export interface Heard {
  /** What this machine's clock is ahead of the server's, in ms. */
  readonly offsetMs: number
  /** Works to stop, of which the incomplete run is wanted. */
  readonly cancel: readonly string[]
  /** Works that are no longer this agent's. */
  readonly gone: readonly string[]
}

const MAX_BYTES = 1024 * 1024

/** One sign of life with how far each work is; `heard` is null where the answer is none of a Probant server. */
export async function heartbeat(
  client: ServerClient,
  doing: ReturnType<HeldWorks['doing']>,
  version: string,
  signal: AbortSignal,
): Promise<{ readonly answered: Answered; readonly heard: Heard | null }> {
  const sentAt = Date.now()
  const answered = await client.post(
    'api/v1/agent/heartbeat',
    { version, host: hostname(), now: new Date(sentAt).toISOString(), doing },
    { signal, timeoutMs: 10_000, maxBytes: MAX_BYTES },
  )
  const parsed = answered.status === 200 ? heartbeatSchema.safeParse(answered.body) : null
  if (!parsed?.success) return { answered, heard: null }
  const { now, cancel, gone } = parsed.data
  // The server read its clock somewhere between the two readings of ours.
  const offsetMs = Math.round((sentAt + Date.now()) / 2 - Date.parse(now))
  return { answered, heard: { offsetMs, cancel, gone } }
}
