import type { FastifyInstance, FastifyReply, FastifyRequest } from 'fastify'
import { z } from 'zod'
import { enrolmentMinutes, newEnrolmentCode } from '../../access/enrolment-code.ts'
import type { Access } from '../../access/guard.ts'
import type { ServerOptions } from '../../options.ts'
import { languageOf } from '../language.ts'
import { AgentsPage } from './agents-page.tsx'
import { words } from './wording.ts'

const responsable: Access = { roles: ['responsable'] }
const agentName = z.string().min(1).max(64)
const ofAgent = z.object({ agent: agentName })
const aboutToRevoke = z.object({ revoke: agentName.optional().catch(undefined) })

/** The agents, and the codes by which they enrol. */
export async function registerAgentPages(app: FastifyInstance, options: ServerOptions): Promise<void> {
  const { store, changes } = options
  const now = options.now ?? (() => new Date())
  const show = async (
    request: FastifyRequest,
    reply: FastifyReply,
    { code = null, revoke }: { code?: string | null; revoke?: string | undefined } = {},
  ) => {
    const [agents, underWay] = await Promise.all([store.work.agents(), store.work.underWay()])
    return reply.page(
      { title: words.agents[languageOf(request, reply)], status: code === null ? 200 : 201 },
      <AgentsPage
        agents={agents}
        underWay={underWay}
        code={code}
        url={`${request.protocol}://${request.host}/`}
        revoking={agents.find(({ name, publicKey }) => name === revoke && publicKey !== null) ?? null}
      />,
    )
  }
  app.get(
    '/agents',
    { config: { access: responsable }, schema: { hide: true, querystring: aboutToRevoke } },
    (request, reply) => show(request, reply, request.query as z.infer<typeof aboutToRevoke>),
  )
  app.post(
    '/agents/codes',
    { config: { access: responsable }, schema: { hide: true } },
    async (request, reply) => {
      const { code, hash } = newEnrolmentCode()
      const expires = new Date(now().getTime() + enrolmentMinutes * 60_000).toISOString()
      await store.work.invite(hash, expires, request.viewer!.name)
      return show(request, reply, { code })
    },
  )
  app.post(
    '/agents/:agent/revoke',
    { config: { access: responsable }, schema: { hide: true, params: ofAgent } },
    async (request, reply) => {
      const { agent } = request.params as z.infer<typeof ofAgent>
      const works = await store.work.revoke(agent, request.viewer!.name)
      for (const { session, candidate } of works ?? []) changes.announce(session, candidate)
      return reply.redirect('/agents', 303)
    },
  )
}
