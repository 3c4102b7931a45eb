import { readFile } from 'node:fs/promises'
import type { FastifyInstance, FastifyReply, FastifyRequest } from 'fastify'
import type { ServerOptions } from '../options.ts'
import type { SessionState } from '../session-life/state.ts'
import { registerAccountPages } from './accounts/account-pages.tsx'
import { registerAgentPages } from './agents/agent-pages.tsx'
import { readAssets } from './assets.ts'
import { registerFiles } from './files/file-routes.tsx'
import { FailedPage } from './failed-page.tsx'
import { ForbiddenPage } from './forbidden-page.tsx'
import { registerJuryPages } from './jury/jury-pages.tsx'
import { languageOf } from './language.ts'
import { NotFoundPage } from './not-found-page.tsx'
import { decoratePages } from './reply-page.tsx'
import { registerResponsablePages } from './responsable/responsable-pages.tsx'
import { registerSessionPages } from './session/session-pages.tsx'
import { registerSurveillantPages } from './surveillant/surveillant-pages.tsx'
import { words } from './wording.ts'

/** What pages need before any route: how they are answered, also where access is refused. */
export function preparePages(app: FastifyInstance, options: ServerOptions): void {
  decoratePages(app, options.timeZone ?? 'Europe/Paris')
  app.decorate('pageNotFound', (request: FastifyRequest, reply: FastifyReply) =>
    reply.page({ title: words.notFound[languageOf(request, reply)], status: 404 }, <NotFoundPage />),
  )
  app.decorate('pageFailed', (request: FastifyRequest, reply: FastifyReply) =>
    reply.page({ title: words.failed[languageOf(request, reply)], status: 500 }, <FailedPage />),
  )
  app.decorate('pageForbidden', (request: FastifyRequest, reply: FastifyReply, state: SessionState | null) =>
    reply.page(
      { title: words.forbidden[languageOf(request, reply)], status: 403 },
      <ForbiddenPage state={state} />,
    ),
  )
}

/** The pages: HTML made on the server, that needs no script. */
export async function registerPages(app: FastifyInstance, options: ServerOptions): Promise<void> {
  for (const [path, { type, body }] of await readAssets(readFile))
    app.get(path, { config: { access: 'public' }, schema: { hide: true } }, async (_request, reply) =>
      reply.type(type).header('cache-control', 'public, max-age=3600').send(body),
    )
  await app.register(async (scope) => registerAccountPages(scope, options))
  await app.register(async (scope) => registerAgentPages(scope, options))
  await app.register(async (scope) => registerSessionPages(scope, options))
  await app.register(async (scope) => registerSurveillantPages(scope, options))
  await app.register(async (scope) => registerJuryPages(scope, options))
  await app.register(async (scope) => registerFiles(scope, options))
  await app.register(async (scope) => registerResponsablePages(scope, options))
}
