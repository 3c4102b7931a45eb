import type { FastifyInstance } from 'fastify'
import type { ServerOptions } from '../../options.ts'

export async function registerSurveillantPages(
  _app: FastifyInstance,
  _options: ServerOptions,
): Promise<void> {}
