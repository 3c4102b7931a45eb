import type { FastifyInstance, FastifyReply, FastifyRequest } from 'fastify'
import { z } from 'zod'
import { certificateOf } from '../../../checks/referential/referential.ts'
import { mayDo } from '../../access/session-acts.ts'
import type { Role, Viewer } from '../../access/role.ts'
import type { ServerOptions } from '../../options.ts'
import { lacksOf } from '../../session-life/lacks.ts'
import { officialMinutes } from '../../session-life/phase-one.ts'
import type { LivingSession } from '../../store/session-life.ts'
import { sessionAddress } from '../addresses.ts'
import { languageOf } from '../language.ts'
import { registerAdministration } from './administration.tsx'
import { listCandidates } from './candidates.tsx'
import { registerNewSession } from './new-session.tsx'
import { nextStep } from './next-step.ts'
import { OverviewPage, type Administration, type Trouble } from './overview-page.tsx'
import { SessionsPage, type ListedSession } from './sessions-page.tsx'
import { words } from './wording.ts'

const ofSession = z.object({ session: z.string().max(200) })

/** The list of sessions, their preparation, and the page of each with its state. */
export async function registerSessionPages(app: FastifyInstance, options: ServerOptions): Promise<void> {
  const { store, referentials } = options
  const now = options.now ?? (() => new Date())
  const today = () => dayIn(options.timeZone ?? 'Europe/Paris', now())

  const labelOf = async ({ referential, certificate }: LivingSession): Promise<string | null> => {
    const known = await referentials(referential)
    return (known && certificateOf(known, certificate)?.label) ?? null
  }

  app.get('/', { config: { access: 'signed-in' }, schema: { hide: true } }, async (request, reply) => {
    // Asked first, so that a language chosen on the way is kept where this redirects.
    const lang = languageOf(request, reply)
    const viewer = request.viewer!
    const sessions = await store.life.ownSessions(viewer.account, viewer.role)
    const only = placeToBe(sessions, viewer.role, today())
    if (only !== null && (request.query as { all?: unknown }).all === undefined)
      return reply.redirect(only, 303)
    const listed = await Promise.all(sessions.map((session) => listedFor(viewer, session)))
    return reply.page({ title: words.sessions[lang] }, <SessionsPage sessions={listed} />)
  })
  const listedFor = async (viewer: Viewer, session: LivingSession): Promise<ListedSession> => {
    const own =
      viewer.role === 'candidate' ? await store.life.access(session.id, viewer.account, viewer.role) : null
    const act = viewer.role === 'candidate' ? 'read-own-training' : 'see-session'
    return {
      session,
      certificate: await labelOf(session),
      seen: mayDo(act, viewer.role, session.state),
      next: nextStep(session, viewer.role, today(), own?.candidate ?? null),
    }
  }

  const administrationOf = async (session: LivingSession): Promise<Administration> => {
    const members = await store.life.members(session.id)
    const inside = new Set(members.map(({ account }) => account))
    const accounts = await store.accounts.list()
    const official = officialMinutes(await referentials(session.referential), session.certificate)
    return {
      members,
      others: accounts.filter(({ account, disabledAt }) => !inside.has(account) && disabledAt === null),
      officialMinutes: official,
      lacks: lacksOf({
        session,
        members,
        anyAgent: (await store.work.agents()).some(({ publicKey }) => publicKey !== null),
        officialMinutes: official,
      }),
      discardable: session.state === 'prepared' && (await store.runsOf(session.id)).length === 0,
    }
  }
  const showSession = async (
    request: FastifyRequest,
    reply: FastifyReply,
    trouble: Trouble | null = null,
  ) => {
    const { session: id } = request.params as z.infer<typeof ofSession>
    const session = await store.life.session(id)
    if (!session) return app.pageNotFound(request, reply)
    const { role } = request.viewer!
    const candidate = request.sessionAccess?.candidate ?? null
    const rows = mayDo('watch-session', role, session.state) || mayDo('read-findings', role, session.state)
    return reply.page(
      {
        title: session.title,
        crumbs: [{ href: '/?all', label: words.sessions[languageOf(request, reply)] }],
        status: trouble === null ? 200 : trouble.at === 'state' ? 409 : 422,
      },
      <OverviewPage
        session={session}
        certificate={await labelOf(session)}
        next={nextStep(session, role, today(), candidate)}
        candidates={
          rows
            ? listCandidates(
                await store.life.candidates(id),
                (await store.session(id))?.people ?? [],
                // Whoever checks identities needs the name; the jury reads codes.
                role !== 'jury',
              )
            : []
        }
        administration={role === 'responsable' ? await administrationOf(session) : null}
        trouble={trouble}
      />,
    )
  }
  app.get(
    '/sessions/:session',
    {
      config: { access: { session: ['see-session', 'read-own-training'] } },
      schema: { hide: true, params: ofSession },
    },
    (request, reply) => showSession(request, reply),
  )
  registerAdministration(app, options, showSession)
  await app.register(async (scope) => registerNewSession(scope, options))
}

/** Where somebody is wanted, when there is only one such place: the jury's open session, the surveillant's of today. */
function placeToBe(sessions: readonly LivingSession[], role: Role, today: string): string | null {
  if (role === 'jury') {
    const [first, ...more] = sessions.filter(({ state }) => state === 'open')
    return first && more.length === 0 ? `${sessionAddress(first.id)}/jury` : null
  }
  if (role !== 'surveillant') return null
  const [first, ...more] = sessions.filter(
    ({ state, date }) => date === today && mayDo('run-session', role, state),
  )
  return first && more.length === 0 ? `${sessionAddress(first.id)}/watch` : null
}

/** The day of a moment in a time zone, `2026-12-01`. */
function dayIn(timeZone: string, moment: Date): string {
  // Sweden writes its dates as ISO 8601 does.
  return new Intl.DateTimeFormat('sv-SE', { timeZone, dateStyle: 'short' }).format(moment)
}
