import { setTimeout as pause } from 'node:timers/promises'
import { z } from 'zod'
import type { Text } from '../../checks/text.ts'

/** What became of one run that was brought to a server. */
export type Delivery =
  | { readonly outcome: 'received' | 'already'; readonly receipt: unknown }
  | { readonly outcome: 'refused'; readonly status: number; readonly why: Text | null }
  | { readonly outcome: 'unreachable'; readonly detail: string }

export interface DeliveryOptions {
  readonly server: URL
  readonly token: string
  readonly signal: AbortSignal
  /** How often a server that doesn't answer, or says that it can't now (429, 5xx), is tried. */
  readonly attempts?: number
  /** Wait before the second attempt, in ms; doubled each time. */
  readonly backoffMs?: number
  readonly timeoutMs?: number
}

const answerSchema = z.object({ status: z.string().optional(), receipt: z.unknown().optional() })
const problemSchema = z.object({ message: z.object({ fr: z.string().max(500), en: z.string().max(500) }) })
const MAX_ANSWER = 65_536

/**
 * Brings the bytes of one run file to a server: `POST {server}/api/v1/runs`. Sending the same run twice is harmless,
 * so that an attempt whose answer was lost is simply repeated. Follows no redirect: the token goes nowhere else.
 * Never rejects.
 */
export async function deliverRun(
  bytes: Uint8Array<ArrayBuffer>,
  options: DeliveryOptions,
): Promise<Delivery> {
  const { attempts = 5, backoffMs = 500, signal } = options
  for (let attempt = 1; ; attempt++) {
    const delivery = await tryOnce(bytes, options)
    const again =
      delivery.outcome === 'unreachable' ||
      (delivery.outcome === 'refused' && (delivery.status === 429 || delivery.status >= 500))
    if (!again || attempt >= attempts || signal.aborted) return delivery
    // Half of the wait is random: agents that failed together must not come back together.
    const wait = backoffMs * 2 ** (attempt - 1) * (0.5 + Math.random() / 2)
    await pause(wait, undefined, { signal }).catch(() => undefined)
    if (signal.aborted) return delivery
  }
}

async function tryOnce(bytes: Uint8Array<ArrayBuffer>, options: DeliveryOptions): Promise<Delivery> {
  const { server, token, signal, timeoutMs = 60_000 } = options
  try {
    const response = await fetch(new URL('api/v1/runs', server), {
      method: 'POST',
      body: bytes,
      headers: { authorization: `Bearer ${token}`, 'content-type': 'application/json' },
      redirect: 'manual',
      signal: AbortSignal.any([signal, AbortSignal.timeout(timeoutMs)]),
    })
    const answer = await boundedJson(response)
    if (response.status === 201 || response.status === 200) {
      const parsed = answerSchema.safeParse(answer)
      // A page that some proxy serves with 200 is no receipt.
      if (!parsed.success || parsed.data.receipt === undefined)
        return { outcome: 'refused', status: response.status, why: notProbant }
      return { outcome: response.status === 201 ? 'received' : 'already', receipt: parsed.data.receipt }
    }
    const problem = problemSchema.safeParse(answer)
    return { outcome: 'refused', status: response.status, why: problem.success ? problem.data.message : null }
  } catch (error) {
    const cause = error instanceof Error && error.cause instanceof Error ? error.cause : error
    const code = cause instanceof Error && 'code' in cause ? String(cause.code) : ''
    return { outcome: 'unreachable', detail: code || (error instanceof Error ? error.name : 'error') }
  }
}

const notProbant: Text = {
  fr: "ce n'est pas un serveur Probant qui répond à cette adresse",
  en: 'it is not a Probant server that answers at this address',
}

async function boundedJson(response: Response): Promise<unknown> {
  const chunks: Uint8Array[] = []
  let bytes = 0
  for await (const chunk of response.body ?? []) {
    chunks.push(chunk)
    bytes += chunk.length
    if (bytes > MAX_ANSWER) return undefined
  }
  try {
    return JSON.parse(Buffer.concat(chunks).toString('utf8'))
  } catch {
    return undefined
  }
}
