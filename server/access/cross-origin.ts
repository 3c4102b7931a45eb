import type { FastifyInstance, FastifyRequest } from 'fastify'
import { isForPeople, refuse } from '../api/problem.ts'

/**
 * Refuses what a page of another site has a signed-in browser send (cross-site request forgery): by Fetch Metadata
 * (`Sec-Fetch-Site`), else by `Origin`. A browser sends one of them with every unsafe request; a request that lacks
 * both and shows a sign-in cookie is refused, while agents and scripts, which show a key or a token, need neither.
 * With cookies that are `SameSite=Strict`, no form carries a token.
 */
export function refuseCrossOrigin(app: FastifyInstance): void {
  app.addHook('onRequest', async (request, reply) => {
    if (safe.has(request.method) || comesFromHere(request)) return
    return isForPeople(request) ? app.pageForbidden(request, reply, null) : refuse(reply, 'cross-origin')
  })
}

const safe = new Set(['GET', 'HEAD', 'OPTIONS'])

function comesFromHere({ headers }: FastifyRequest): boolean {
  const { origin, host, cookie } = headers
  const site = headers['sec-fetch-site']
  if (site !== undefined) return site === 'same-origin' || site === 'none'
  if (origin !== undefined) return URL.canParse(origin) && new URL(origin).host === host
  return cookie === undefined
}
