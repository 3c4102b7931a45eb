import swagger from '@fastify/swagger'
import type { FastifyBaseLogger, FastifyInstance, RawServerDefault } from 'fastify'
import {
  createJsonSchemaTransform,
  createJsonSchemaTransformObject,
  type ZodTypeProvider,
} from 'fastify-type-provider-zod'
import type { IncomingMessage, ServerResponse } from 'node:http'
import { schemaRegistry } from './components.ts'
import type { ServerOptions } from '../options.ts'
import { registerAgentRoutes } from './agents/agent-routes.ts'
import { registerDelivery } from './delivery.ts'
import { registerReading } from './reading.ts'
import { registerSessionUpload } from './session-upload.ts'

export type TypedApp = FastifyInstance<
  RawServerDefault,
  IncomingMessage,
  ServerResponse,
  FastifyBaseLogger,
  ZodTypeProvider
>

/** The API, described at /api/openapi.json (OpenAPI 3.1). */
export async function registerApi(app: TypedApp, options: ServerOptions): Promise<void> {
  app.decorateRequest('agent', null)
  app.decorateRequest('signedBy', null)
  await app.register(swagger, {
    openapi: {
      openapi: '3.1.0',
      info: {
        title: 'Probant',
        description:
          'Runs (passages) of a session go in, each once; sessions, dossiers and the evidence come out. Nothing is added up: there is no mark.',
        version: options.version,
      },
      components: {
        securitySchemes: {
          agentKey: {
            type: 'http',
            scheme: 'signature',
            description:
              'HTTP Message Signatures (RFC 9421) with the Ed25519 key of an enrolled agent, over method, path, query and Content-Digest.',
          },
          agent: {
            type: 'http',
            scheme: 'bearer',
            description: 'Token of an agent, bound to its signing key at its first delivery.',
          },
          account: {
            type: 'http',
            scheme: 'bearer',
            description: 'Token of an account, made on its page.',
          },
          signIn: { type: 'apiKey', in: 'cookie', name: 'probant', description: 'A browser’s sign-in.' },
        },
      },
    },
    transform: createJsonSchemaTransform({ schemaRegistry }),
    transformObject: createJsonSchemaTransformObject({ schemaRegistry }),
  })
  await app.register(async (scope) => registerDelivery(scope, options))
  await app.register(async (scope) => registerReading(scope, options.store))
  await app.register(async (scope) => registerAgentRoutes(scope, options))
  await app.register(async (scope) => registerSessionUpload(scope, options))
  app.get(
    '/api/openapi.json',
    { config: { access: 'public' }, schema: { hide: true } },
    async (_request, reply) =>
      reply.type('application/json; charset=utf-8').serializer(JSON.stringify).send(app.swagger()),
  )
}
