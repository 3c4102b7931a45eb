import type { FastifyReply, FastifyRequest } from 'fastify'
import { digestHolds, verify, type VerifiedSignature } from '../../../checks/http-signature.ts'
import type { Agent, Store } from '../../store/store.ts'
import type { TypedApp } from '../api.ts'
import { refuse } from '../problem.ts'

/** How far a request's clock may be from the server's, in seconds, either way. */
const maxSkew = 300
/** Nonces are remembered while a request that bears one could still be taken. */
const nonceMs = 2 * maxSkew * 1000
/** Of one agent: far more than an honest one sends in ten minutes. Beyond it nothing is taken until the oldest are forgotten. */
const maxNonces = 20_000

declare module 'fastify' {
  interface FastifyRequest {
    agent: Agent | null
    /** The signature of the request, once it was found to hold. */
    signedBy: VerifiedSignature | null
  }
}

/** Requests signed by agents (RFC 9421): whose each is, once. */
export class AgentSignatures {
  readonly #store: Store
  readonly #now: () => Date
  /** By agent's key: each nonce with the moment until which it is remembered. */
  readonly #nonces = new Map<string, Map<string, number>>()

  constructor(store: Store, now: () => Date) {
    this.#store = store
    this.#now = now
  }

  /**
   * Looks at the signature before the body is read: sets `request.signedBy`, and `request.agent` where its key is an
   * agent's. A signature that is old, from the future, or was seen before is none.
   */
  async recognise(request: FastifyRequest): Promise<void> {
    const [path = '', query] = request.url.split('?', 2) as [string, string | undefined]
    const signed = await verify(
      { method: request.method, path, query: query === undefined ? '' : `?${query}` },
      request.headers,
    )
    if (!signed || Math.abs(this.#now().getTime() / 1000 - signed.created) > maxSkew) return
    const agent = await this.#store.work.agentByKey(signed.publicKey)
    // Anybody can make keys: only an agent's fill the memory. An enrolment that is sent again changes nothing.
    if (agent && !this.#isNew(signed)) return
    request.signedBy = signed
    if (agent) request.agent = { name: agent.name, publicKey: signed.publicKey }
  }

  #isNew({ publicKey, nonce }: VerifiedSignature): boolean {
    const now = this.#now().getTime()
    const known = this.#nonces.get(publicKey) ?? new Map<string, number>()
    this.#nonces.set(publicKey, known)
    for (const [old, until] of known) {
      if (until > now) break
      known.delete(old)
    }
    if (known.has(nonce) || known.size >= maxNonces) return false
    known.set(nonce, now + nonceMs)
    return true
  }
}

/** Reads bodies as text, bounded by the route, and refuses one that is not the body that was signed. */
export function readSignedBodies(app: TypedApp, parse: (text: string) => unknown): void {
  app.removeAllContentTypeParsers()
  app.addContentTypeParser(
    'application/json',
    { parseAs: 'buffer' },
    async (request: FastifyRequest, body: Buffer) => {
      const bytes = new Uint8Array(body)
      if (request.signedBy && !(await digestHolds(request.signedBy, bytes))) throw new ForeignBody()
      return parse(textOf(bytes))
    },
  )
}

function textOf(bytes: Uint8Array): string {
  try {
    return new TextDecoder('utf-8', { fatal: true }).decode(bytes)
  } catch {
    throw new SyntaxError('not UTF-8')
  }
}

/** The body is not the one whose digest was signed. */
export class ForeignBody extends Error {
  readonly statusCode = 401
}

/** Ends a request of which nobody knows whose it is. */
export const unauthorised = (reply: FastifyReply): FastifyReply =>
  refuse(reply.header('www-authenticate', 'Bearer'), 'unauthorised')
