import formbody from '@fastify/formbody'
import helmet from '@fastify/helmet'
import Fastify, { type FastifyInstance } from 'fastify'
import { serializerCompiler, validatorCompiler, type ZodTypeProvider } from 'fastify-type-provider-zod'
import { registerApi } from './api/api.ts'
import { answerErrors } from './api/problem.ts'
import { refuseCrossOrigin } from './access/cross-origin.ts'
import { guardRoutes } from './access/guard.ts'
import { refuseOtherNames } from './access/loopback-name.ts'
import { recogniseViewers } from './access/sign-in.ts'
import type { ServerOptions } from './options.ts'
import { preparePages, registerPages } from './pages/pages.tsx'

/** Builds the server without listening. `close()` ends it and leaves the store open. */
export async function createServer(options: ServerOptions): Promise<FastifyInstance> {
  const { logger, https } = options
  const app = Fastify({
    ...(logger ? { loggerInstance: logger } : { logger: false }),
    ...(https ? { https: { cert: https.cert, key: https.key } } : {}),
    // A hostile or broken client may not hold a connection for ever.
    requestTimeout: 120_000,
    bodyLimit: 64 * 1024,
    routerOptions: { maxParamLength: 200 },
    trustProxy: false,
    // Browsers and agents open connections ahead and keep them: an end doesn't wait for those.
    forceCloseConnections: true,
  })
  app.setValidatorCompiler(validatorCompiler)
  app.setSerializerCompiler(serializerCompiler)
  answerErrors(app)
  await app.register(helmet, {
    // Nothing from elsewhere, nothing inline. No `upgrade-insecure-requests`: the server may be asked by plain HTTP.
    contentSecurityPolicy: {
      useDefaults: false,
      directives: {
        defaultSrc: ["'self'"],
        baseUri: ["'none'"],
        formAction: ["'self'"],
        frameAncestors: ["'none'"],
        frameSrc: ["'none'"],
        objectSrc: ["'none'"],
        scriptSrc: ["'self'"],
        styleSrc: ["'self'"],
        imgSrc: ["'self'"],
      },
    },
    // Said by whoever puts TLS in front: over plain HTTP browsers ignore it.
    strictTransportSecurity: false,
    referrerPolicy: { policy: 'no-referrer' },
  })
  await app.register(formbody, { bodyLimit: 64 * 1024 })
  preparePages(app, options)
  if (options.loopbackOnly) refuseOtherNames(app)
  refuseCrossOrigin(app)
  await recogniseViewers(app, options)
  guardRoutes(app, options.store)
  const typed = app.withTypeProvider<ZodTypeProvider>()
  await registerApi(typed, options)
  await registerPages(app, options)
  return app
}
