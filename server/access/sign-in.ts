import cookie from '@fastify/cookie'
import type { FastifyInstance, FastifyReply, FastifyRequest } from 'fastify'
import type { ServerOptions } from '../options.ts'
import { hashToken } from '../store/agent-token.ts'
import type { Account } from '../store/accounts.ts'
import { rememberDevice } from './device-cookie.ts'
import { newSecret, secretHash } from './one-time-code.ts'

declare module 'fastify' {
  interface FastifyRequest {
    /** What is kept of the sign-in cookie of this request; null where it came otherwise. */
    signInHash: string | null
  }
}

/** A day of an examination, and no longer: whoever forgets to sign out is out by the evening. */
const signInMs = 12 * 3_600_000
const cookieName = 'probant'

/**
 * Recognises whoever asks: by the sign-in cookie (signed, so that a forged one never reaches the store), or by the bearer
 * token of an account. Sets `request.viewer`; says nothing of what he may do.
 */
export async function recogniseViewers(app: FastifyInstance, options: ServerOptions): Promise<void> {
  const { accounts } = options.store
  app.decorateRequest('viewer', null)
  app.decorateRequest('signInHash', null)
  await app.register(cookie, { secret: options.cookieKey })
  app.addHook('onRequest', async (request) => {
    // Style sheets are for anybody, and an agent is no account.
    const { access } = request.routeOptions.config
    if (access === 'agent' || request.url.startsWith('/assets/')) return
    const id = signInOf(request)
    if (id !== null) {
      const hash = secretHash(id)
      request.viewer = await accounts.viewerBySignIn(hash)
      if (request.viewer) request.signInHash = hash
    }
    const token = /^Bearer (probant_[\w-]{1,100})$/i.exec(request.headers.authorization ?? '')?.[1]
    if (!request.viewer && token !== undefined)
      request.viewer = await accounts.viewerByToken(hashToken(token))
  })
}

/** Signs an account in: the cookie goes out with this reply, and with it one that tells this browser from strangers. */
export async function signIn(reply: FastifyReply, options: ServerOptions, account: Account): Promise<void> {
  const now = (options.now ?? (() => new Date()))()
  const { secret, hash } = newSecret()
  const expires = new Date(now.getTime() + signInMs)
  await options.store.accounts.keepSignIn(hash, account.account, expires.toISOString(), account.name)
  void reply.setCookie(cookieName, secret, { ...cookieRules(options), signed: true, maxAge: signInMs / 1000 })
  rememberDevice(reply, account.name, options.tls === true)
}

/** Ends the sign-in of this request. */
export async function signOut(
  request: FastifyRequest,
  reply: FastifyReply,
  options: ServerOptions,
): Promise<void> {
  const id = signInOf(request)
  if (id !== null && request.viewer)
    await options.store.accounts.endSignIn(secretHash(id), request.viewer.name)
  void reply.clearCookie(cookieName, cookieRules(options))
}

function signInOf(request: FastifyRequest): string | null {
  const shown = request.cookies[cookieName]
  if (shown === undefined) return null
  const { valid, value } = request.unsignCookie(shown)
  return valid ? value : null
}

const cookieRules = (options: ServerOptions) =>
  ({ path: '/', httpOnly: true, sameSite: 'strict', secure: options.tls === true }) as const
