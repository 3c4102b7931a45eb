import type { FastifyInstance } from 'fastify'
import type { ServerOptions } from '../../options.ts'

export async function registerJuryPages(_app: FastifyInstance, _options: ServerOptions): Promise<void> {}
