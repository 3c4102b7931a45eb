import { readFile } from 'node:fs/promises'
import type { FastifyInstance, FastifyReply, FastifyRequest } from 'fastify'
import type { ComponentChildren } from 'preact'
import { z } from 'zod'
import { certificateOf, type Referential } from '../../checks/referential/referential.ts'
import type { ServerOptions } from '../options.ts'
import type { SessionSummary } from '../store/store.ts'
import { dossierAddress, sessionAddress, type Detail } from './addresses.ts'
import { readAssets } from './assets.ts'
import { DossierPage } from './dossier/dossier-page.tsx'
import { languageOf } from './language.ts'
import { renderPage, type Crumb } from './layout.tsx'
import { NotFoundPage } from './not-found-page.tsx'
import { ObservationPage } from './observation-page.tsx'
import { SessionPage } from './session-page.tsx'
import { SessionsPage } from './sessions-page.tsx'
import { words } from './wording.ts'

const ofSession = z.object({ session: z.string().max(200) })
const ofCandidate = ofSession.extend({ code: z.string().min(1).max(200) })
const ofObservation = ofCandidate.extend({ run: z.string().max(200), key: z.string().max(200) })
const dossierQuery = z.object({
  run: z.uuid().optional().catch(undefined),
  detail: z.enum(['folded', 'unfolded', 'raw']).catch('folded' satisfies Detail),
})

/** The pages: HTML made on the server, that needs no script. */
export async function registerPages(app: FastifyInstance, options: ServerOptions): Promise<void> {
  const { store, referentials } = options
  const timeZone = options.timeZone ?? 'Europe/Paris'

  for (const [path, { type, body }] of await readAssets(readFile))
    app.get(path, { schema: { hide: true } }, async (_request, reply) =>
      reply.type(type).header('cache-control', 'public, max-age=3600').send(body),
    )

  const show = (
    request: FastifyRequest,
    reply: FastifyReply,
    title: string | null,
    crumbs: readonly Crumb[],
    page: ComponentChildren,
  ) => {
    const lang = languageOf(request, reply)
    return (
      reply
        .type('text/html; charset=utf-8')
        // A dossier is nobody else's business, not a proxy's nor the next user's of this browser.
        .header('cache-control', 'no-store')
        .header('vary', 'Cookie')
        .send(
          renderPage(
            {
              lang,
              timeZone,
              title: title ?? words.sessions[lang],
              crumbs,
              otherLanguage: inOtherLanguage(request, lang),
            },
            page,
          ),
        )
    )
  }
  const notFound = (request: FastifyRequest, reply: FastifyReply) =>
    show(request, reply.code(404), words.notFound[languageOf(request, reply)], [], <NotFoundPage />)
  app.decorate('pageNotFound', notFound)

  app.get('/', { schema: { hide: true } }, async (request, reply) => {
    const sessions = await store.sessions()
    const labels = new Map<string, string>()
    for (const session of sessions) {
      const label = certificateLabel(await referentials(session.referential), session.certificate)
      if (label !== null) labels.set(session.id, label)
    }
    return show(request, reply, null, [], <SessionsPage sessions={sessions} certificates={labels} />)
  })

  app.get('/sessions/:session', { schema: { hide: true, params: ofSession } }, async (request, reply) => {
    const session = await store.session((request.params as z.infer<typeof ofSession>).session)
    if (!session) return notFound(request, reply)
    const certificate = certificateLabel(await referentials(session.referential), session.certificate)
    return show(
      request,
      reply,
      session.title,
      [],
      <SessionPage session={session} certificate={certificate} />,
    )
  })

  app.get(
    '/sessions/:session/candidates/:code',
    { schema: { hide: true, params: ofCandidate } },
    async (request, reply) => {
      const { session, code } = request.params as z.infer<typeof ofCandidate>
      const { run, detail } = dossierQuery.parse(request.query)
      const dossier = await store.dossier(session, code, run)
      if (!dossier) return notFound(request, reply)
      const referential = await referentials(dossier.run.exam.referential)
      return show(
        request,
        reply,
        `${dossier.candidate} – ${dossier.session.title}`,
        crumbsOf(dossier.session),
        <DossierPage dossier={dossier} referential={referential} detail={detail} asked={run} />,
      )
    },
  )

  app.get(
    '/sessions/:session/candidates/:code/runs/:run/observations/:key',
    { schema: { hide: true, params: ofObservation } },
    async (request, reply) => {
      const { session, code, run, key } = request.params as z.infer<typeof ofObservation>
      const detail = await store.session(session)
      const observation = await store.observation(run, key)
      if (!detail || !observation || !(await store.isRunOf(run, session, code)))
        return notFound(request, reply)
      const back = dossierAddress(session, code, { run })
      return show(
        request,
        reply,
        `${words.raw[languageOf(request, reply)]} – ${code}`,
        [...crumbsOf(detail), { href: back, label: code }],
        <ObservationPage run={run} observation={observation} back={back} />,
      )
    },
  )
}

const crumbsOf = (session: SessionSummary): Crumb[] => [
  { href: sessionAddress(session.id), label: session.title },
]

const certificateLabel = (referential: Referential | null, id: string): string | null =>
  (referential && certificateOf(referential, id)?.label) ?? null

/** The address of the page at hand with its language changed and the rest of its query kept. */
function inOtherLanguage(request: FastifyRequest, lang: string): string {
  const url = new URL(request.url, 'http://localhost')
  url.searchParams.set('lang', lang === 'fr' ? 'en' : 'fr')
  return `?${url.searchParams.toString()}`
}
