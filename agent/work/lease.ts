import { leaseSchema, namedWorkSchema, workSchema, type Task, type Work } from './protocol.ts'
import type { Answered, ServerClient } from './server-client.ts'

/** What asking for work gave. */
export interface Leased {
  readonly answered: Answered
  /** Null where there is none. */
  readonly work: Work | null
  /** A work that is not understood here; the server has to be told. */
  readonly strange: Task | null
}

const MAX_BYTES = 16 * 1024 * 1024

/** Asks for one work, for which the server may take `waitMs` until there is one. */
export async function lease(client: ServerClient, waitMs: number, signal: AbortSignal): Promise<Leased> {
  const answered = await client.post(
    'api/v1/agent/lease',
    { wait: waitMs / 1000 },
    { signal, timeoutMs: waitMs + 15_000, maxBytes: MAX_BYTES },
  )
  if (answered.status !== 200) return { answered, work: null, strange: null }
  const { work } = leaseSchema.safeParse(answered.body).data ?? {}
  const parsed = workSchema.safeParse(work)
  if (parsed.success) return { answered, work: parsed.data, strange: null }
  const named = namedWorkSchema.safeParse(work)
  return { answered, work: null, strange: named.success ? named.data : null }
}
