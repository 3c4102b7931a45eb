import type { FastifyInstance, FastifyReply, FastifyRequest } from 'fastify'
import { z } from 'zod'
import { keyFingerprint } from '../../../checks/run.ts'
import { enrolmentMinutes, newEnrolmentCode } from '../../access/enrolment-code.ts'
import type { Access } from '../../access/guard.ts'
import type { ServerOptions } from '../../options.ts'
import type { EnrolledAgent } from '../../store/work-queue.ts'
import { Said, usePage } from '../context.tsx'
import { languageOf } from '../language.ts'
import { sentence } from '../sentence.ts'
import { dayAndTime } from '../typography.ts'

const words = {
  agents: sentence('Agents', 'Agents'),
  means: sentence(
    'Un agent interroge les machines des candidats depuis un poste de la salle. « probant serve » en a un ; d’autres s’inscrivent par un code.',
    'An agent asks the candidates’ machines from a station in the room. “probant serve” has one; others enrol with a code.',
  ),
  none: sentence('Aucun agent n’est inscrit.', 'No agent is enrolled.'),
  name: sentence('Nom', 'Name'),
  key: sentence('Clé de signature', 'Signing key'),
  seen: sentence('Dernier signe de vie', 'Last sign of life'),
  machine: sentence('Poste', 'Machine'),
  never: sentence('jamais', 'never'),
  revoked: sentence('sans clé, ou révoqué', 'without a key, or revoked'),
  revoke: sentence('Révoquer', 'Revoke'),
  actions: sentence('Actions', 'Actions'),
  invite: sentence('Inscrire un agent', 'Enrol an agent'),
  makeCode: sentence('Créer un code d’inscription', 'Make an enrolment code'),
  code: sentence('Code d’inscription', 'Enrolment code'),
  once: sentence(
    `Affiché cette seule fois ; il sert une fois et vaut ${enrolmentMinutes} minutes. Sur le poste de l’agent, tapez :`,
    `Shown this once; it works once and holds for ${enrolmentMinutes} minutes. On the agent’s machine, type:`,
  ),
  thenCode: sentence('puis ce code quand il est demandé.', 'then this code when asked.'),
}
const responsable: Access = { roles: ['responsable'] }
const ofAgent = z.object({ agent: z.string().min(1).max(64) })

/** The agents, and the codes by which they enrol. */
export async function registerAgentPages(app: FastifyInstance, options: ServerOptions): Promise<void> {
  const { store } = options
  const now = options.now ?? (() => new Date())
  const show = async (request: FastifyRequest, reply: FastifyReply, code: string | null = null) =>
    reply.page(
      { title: words.agents[languageOf(request, reply)], status: code === null ? 200 : 201 },
      <AgentsPage
        agents={await store.work.agents()}
        code={code}
        url={`${request.protocol}://${request.host}/`}
      />,
    )
  app.get('/agents', { config: { access: responsable }, schema: { hide: true } }, (request, reply) =>
    show(request, reply),
  )
  app.post(
    '/agents/codes',
    { config: { access: responsable }, schema: { hide: true } },
    async (request, reply) => {
      const { code, hash } = newEnrolmentCode()
      const expires = new Date(now().getTime() + enrolmentMinutes * 60_000).toISOString()
      await store.work.invite(hash, expires, request.viewer!.name)
      return show(request, reply, code)
    },
  )
  app.post(
    '/agents/:agent/revoke',
    { config: { access: responsable }, schema: { hide: true, params: ofAgent } },
    async (request, reply) => {
      const { agent } = request.params as z.infer<typeof ofAgent>
      await store.work.revoke(agent, request.viewer!.name)
      return reply.redirect('/agents', 303)
    },
  )
}

function AgentsPage({
  agents,
  code,
  url,
}: {
  agents: readonly EnrolledAgent[]
  code: string | null
  url: string
}) {
  const { say, lang, timeZone } = usePage()
  return (
    <>
      <h1>{say(words.agents)}</h1>
      <p class="quiet">{say(words.means)}</p>
      {agents.length === 0 ? (
        <p>{say(words.none)}</p>
      ) : (
        <table class="list">
          <thead>
            <tr>
              <th scope="col">{say(words.name)}</th>
              <th scope="col">{say(words.machine)}</th>
              <th scope="col">{say(words.seen)}</th>
              <th scope="col">{say(words.key)}</th>
              <th scope="col">{say(words.actions)}</th>
            </tr>
          </thead>
          <tbody>
            {agents.map(({ name, publicKey, seenAt, about }) => (
              <tr>
                <th scope="row">
                  <Said text={name} limit={64} />
                </th>
                <td>{about ? <Said text={`${about.host} (${about.version})`} limit={120} /> : '–'}</td>
                <td>{seenAt === null ? say(words.never) : dayAndTime(seenAt, timeZone, lang)}</td>
                <td>
                  {publicKey === null ? (
                    <span class="quiet">{say(words.revoked)}</span>
                  ) : (
                    <code>SHA256:{keyFingerprint(publicKey).slice(0, 16)}…</code>
                  )}
                </td>
                <td>
                  {publicKey !== null && (
                    <form method="post" action={`/agents/${encodeURIComponent(name)}/revoke`}>
                      <button class="plain" aria-label={`${say(words.revoke)} : ${name}`}>
                        {say(words.revoke)}
                      </button>
                    </form>
                  )}
                </td>
              </tr>
            ))}
          </tbody>
        </table>
      )}
      <h2>{say(words.invite)}</h2>
      {code !== null && (
        <section class="shown-once" aria-labelledby="code">
          <h3 id="code">
            {say(words.code)} : <code class="copied">{code}</code>
          </h3>
          <p>{say(words.once)}</p>
          <p>
            <code class="copied">probant agent --server {url} --enrol</code>
          </p>
          <p>{say(words.thenCode)}</p>
        </section>
      )}
      <form method="post" action="/agents/codes">
        <button>{say(words.makeCode)}</button>
      </form>
    </>
  )
}
