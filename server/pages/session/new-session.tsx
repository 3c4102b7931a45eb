import multipart from '@fastify/multipart'
import type { FastifyInstance, FastifyReply, FastifyRequest } from 'fastify'
import type { ComponentProps } from 'preact'
import type { Access } from '../../access/guard.ts'
import type { ServerOptions } from '../../options.ts'
import { maxFileBytes, maxFiles, takeUpload } from '../../session-life/upload.ts'
import { sessionAddress } from '../addresses.ts'
import { languageOf } from '../language.ts'
import { NewSessionPage, PreparedPage } from './new-session-page.tsx'
import { readSessionForm } from './session-form.ts'
import { formWords, words } from './wording.ts'

const responsable: Access = { roles: ['responsable'] }

/** Where a session is prepared from its files. Has the multipart reader, so it wants a scope of its own. */
export async function registerNewSession(app: FastifyInstance, options: ServerOptions): Promise<void> {
  const { store, changes, catalogue, allReferentials } = options
  await app.register(multipart, {
    throwFileSizeLimit: false,
    limits: { fileSize: maxFileBytes, files: maxFiles, fields: 10, fieldSize: 1024, parts: maxFiles + 10 },
  })
  const show = (
    request: FastifyRequest,
    reply: FastifyReply,
    shown: Partial<ComponentProps<typeof NewSessionPage>> = {},
    status = 422,
  ) =>
    reply.page(
      { title: words.prepareNew[languageOf(request, reply)], crumbs: crumbs(request, reply), status },
      <NewSessionPage launch="hand" problems={{}} diagnostics={[]} {...shown} />,
    )
  app.get('/sessions/new', { config: { access: responsable }, schema: { hide: true } }, (request, reply) =>
    show(request, reply, {}, 200),
  )
  app.post(
    '/sessions/new',
    { config: { access: responsable }, schema: { hide: true } },
    async (request, reply) => {
      const { upload, launch, problems } = await readSessionForm(request)
      if (!upload) return show(request, reply, { launch, problems })
      const { account, name } = request.viewer!
      const taken = await takeUpload(
        upload,
        { launch },
        {
          store,
          sources: { catalogue, referentials: await allReferentials() },
          by: { account, name },
        },
      )
      if (taken.outcome === 'refused') return show(request, reply, { launch, diagnostics: taken.diagnostics })
      if (taken.outcome === 'foreign' || taken.outcome === 'purged')
        return show(request, reply, { launch, problems: { form: formWords[taken.outcome] } }, 409)
      if (taken.outcome === 'created') changes.announce(taken.id)
      if (taken.diagnostics.length === 0 && taken.warnings.length === 0)
        return reply.redirect(sessionAddress(taken.id), 303)
      return reply.page(
        { title: formWords.prepared[languageOf(request, reply)], crumbs: crumbs(request, reply) },
        <PreparedPage id={taken.id} diagnostics={taken.diagnostics} warnings={taken.warnings} />,
      )
    },
  )
}

const crumbs = (request: FastifyRequest, reply: FastifyReply) => [
  { href: '/?all', label: words.sessions[languageOf(request, reply)] },
]
