import type { FastifyInstance, FastifyRequest } from 'fastify'
import { refuse } from '../api/problem.ts'

const loopbackNames = new Set(['localhost', '127.0.0.1', '[::1]'])

/**
 * Where only this machine reaches the server, takes requests made to a loopback *name* only: a page of another site can't
 * then reach it through a name of its own that resolves to 127.0.0.1 (DNS rebinding).
 */
export function refuseOtherNames(app: FastifyInstance): void {
  app.addHook('onRequest', async (request, reply) => {
    if (!loopbackNames.has(nameOf(request))) return refuse(reply, 'foreign-host')
  })
}

const nameOf = (request: FastifyRequest): string =>
  (request.headers.host ?? '').toLowerCase().replace(/:\d+$/, '')
