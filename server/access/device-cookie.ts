import { randomBytes } from 'node:crypto'
import type { FastifyReply, FastifyRequest } from 'fastify'
import { secretHash } from './one-time-code.ts'

const cookieName = 'probant-device'
/** Accounts that one browser is known for; a shared one forgets the oldest. */
const most = 8
const days = 180

/**
 * Marks browsers from which somebody has signed in (OWASP, “Device cookies”): they are told from whoever guesses passwords,
 * also from the same address, and outlive a restart. It opens nothing: the password is still asked for.
 */
interface Device {
  readonly id: string
  /** Short hashes of the names of the accounts that signed in from it, the latest first. */
  readonly accounts: readonly string[]
}

/** The id of the browser, where this account has signed in from it; null where it hasn't, or the cookie isn't ours. */
export function knownDevice(request: FastifyRequest, accountName: string): string | null {
  const device = deviceOf(request)
  return device?.accounts.includes(marked(accountName)) ? device.id : null
}

/** The id of a browser from which anybody has signed in. */
export const anyKnownDevice = (request: FastifyRequest): string | null => deviceOf(request)?.id ?? null

/** Remembers, with this reply, that the account signed in from this browser. */
export function rememberDevice(reply: FastifyReply, accountName: string, secure: boolean): void {
  const device = deviceOf(reply.request)
  const mark = marked(accountName)
  const accounts = [mark, ...(device?.accounts ?? []).filter((other) => other !== mark)].slice(0, most)
  const id = device?.id ?? randomBytes(16).toString('base64url')
  void reply.setCookie(cookieName, [id, ...accounts].join('~'), {
    path: '/',
    httpOnly: true,
    // A provider of accounts sends the browser back from another site: a strict one would be forgotten then.
    sameSite: 'lax',
    secure,
    signed: true,
    maxAge: days * 86_400,
  })
}

function deviceOf(request: FastifyRequest): Device | null {
  const shown = request.cookies[cookieName]
  if (shown === undefined || shown.length > 1000) return null
  const { valid, value } = request.unsignCookie(shown)
  const [id, ...accounts] = valid ? value.split('~') : []
  return id === undefined ? null : { id, accounts }
}

const marked = (accountName: string): string => secretHash(accountName).slice(0, 16)
