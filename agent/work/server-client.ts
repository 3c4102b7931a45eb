import { randomBytes } from 'node:crypto'
import { sign, type RequestKey } from '../../checks/http-signature.ts'
import { boundedJson, networkDetail } from './http-answer.ts'

/** What came back from the server, or that nothing did. */
export type Answered =
  | {
      readonly status: number
      /** Undefined where it is no JSON, or too long. */
      readonly body: unknown
      /** What this machine's clock is ahead of the server's, in ms, to the second; null where the server doesn't say. */
      readonly aheadMs: number | null
    }
  | { readonly status: null; readonly detail: string }

export interface PostOptions {
  readonly signal: AbortSignal
  readonly timeoutMs: number
  readonly maxBytes?: number
}

const MAX_ANSWER = 65_536

/**
 * Whether the server is not there, or can't for now: what is asked is then asked again later. Anything else is its answer.
 * RFC 9110, 15.5.9 (408), 15.6; RFC 8470 (425); RFC 6585 (429).
 */
export const isAway = ({ status }: Answered): boolean =>
  status === null || status >= 500 || status === 408 || status === 425 || status === 429

/** Requests to one server, each signed with the agent's key. Follows no redirect. Never rejects. */
export class ServerClient {
  readonly #server: URL
  readonly #key: RequestKey

  /** @param server its path ends in `/`. */
  constructor(server: URL, key: RequestKey) {
    this.#server = server
    this.#key = key
  }

  /** @param path under the server's address, without a leading `/`; a body that is no text is sent as JSON. */
  async post(
    path: string,
    body: string | Uint8Array<ArrayBuffer> | object,
    options: PostOptions,
  ): Promise<Answered> {
    const { signal, timeoutMs, maxBytes = MAX_ANSWER } = options
    const url = new URL(path, this.#server)
    const bytes =
      body instanceof Uint8Array
        ? body
        : new TextEncoder().encode(typeof body === 'string' ? body : JSON.stringify(body))
    try {
      const fields = await sign(
        { method: 'POST', path: url.pathname, query: url.search, body: bytes },
        this.#key,
        { created: Math.floor(Date.now() / 1000), nonce: randomBytes(18).toString('base64url') },
      )
      const response = await fetch(url, {
        method: 'POST',
        body: bytes,
        headers: { 'content-type': 'application/json', ...fields },
        redirect: 'manual',
        signal: AbortSignal.any([signal, AbortSignal.timeout(timeoutMs)]),
      })
      const date = Date.parse(response.headers.get('date') ?? '')
      const aheadMs = Number.isNaN(date) ? null : Date.now() - date
      return { status: response.status, body: await boundedJson(response, maxBytes), aheadMs }
    } catch (error) {
      return { status: null, detail: networkDetail(error) }
    }
  }
}
