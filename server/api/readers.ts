import { createHash, timingSafeEqual } from 'node:crypto'
import type { FastifyInstance, FastifyRequest } from 'fastify'
import { refuse } from './problem.ts'

const loopbackNames = new Set(['localhost', '127.0.0.1', '[::1]'])

/**
 * Who may read, until there are accounts. With a token: whoever shows it, as `Bearer` or as the password of HTTP Basic
 * (any user name), which a browser asks for by itself. Without: only requests made to a loopback *name*, so that a page
 * of another site can't reach the dossiers through a name of its own that resolves to 127.0.0.1 (DNS rebinding).
 * Deliveries are not readers: each agent shows its own token.
 */
export function guardReaders(app: FastifyInstance, token: string | undefined): void {
  app.addHook('onRequest', async (request, reply) => {
    if (token === undefined) {
      if (!loopbackNames.has(hostName(request))) return refuse(reply, 'foreign-host')
      return
    }
    if (isDelivery(request)) return
    if (sameSecret(shownToken(request), token)) return
    return refuse(reply.header('www-authenticate', 'Basic realm="Probant", charset="UTF-8"'), 'unauthorised')
  })
}

const isDelivery = (request: FastifyRequest): boolean =>
  request.method === 'POST' && request.routeOptions.url === '/api/v1/runs'

const hostName = (request: FastifyRequest): string =>
  (request.headers.host ?? '').toLowerCase().replace(/:\d+$/, '')

function shownToken(request: FastifyRequest): string {
  const [scheme, value = ''] = (request.headers.authorization ?? '').split(' ')
  if (scheme?.toLowerCase() === 'bearer') return value
  if (scheme?.toLowerCase() !== 'basic') return ''
  const pair = Buffer.from(value, 'base64').toString('utf8')
  return pair.slice(pair.indexOf(':') + 1)
}

const digest = (value: string): Buffer => createHash('sha256').update(value).digest()

/** In a time that doesn't tell how much of it matched. */
const sameSecret = (shown: string, wanted: string): boolean => timingSafeEqual(digest(shown), digest(wanted))
