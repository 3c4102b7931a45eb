import { setTimeout as pause } from 'node:timers/promises'
import { boundedJson, networkDetail } from '../work/http-answer.ts'
import { deliveryOf, type Delivery } from '../work/receipt.ts'

export type { Delivery } from '../work/receipt.ts'

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
    return deliveryOf(response.status, await boundedJson(response, MAX_ANSWER))
  } catch (error) {
    return { outcome: 'unreachable', detail: networkDetail(error) }
  }
}
