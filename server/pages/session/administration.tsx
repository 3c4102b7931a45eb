import type { FastifyInstance, FastifyReply, FastifyRequest } from 'fastify'
import { z } from 'zod'
import type { Text } from '../../../checks/text.ts'
import type { Access } from '../../access/guard.ts'
import type { ServerOptions } from '../../options.ts'
import {
  isBackwards,
  maySetUp,
  mayBecome,
  needsConfirmation,
  sessionStateSchema,
  type SessionState,
} from '../../session-life/state.ts'
import type { Account } from '../../store/accounts.ts'
import type { LivingSession } from '../../store/session-life.ts'
import { sessionAddress } from '../addresses.ts'
import { languageOf } from '../language.ts'
import { MovePage, moveName, type Unfinished } from './move-page.tsx'
import type { Trouble } from './overview-page.tsx'
import { words } from './wording.ts'

const ofSession = z.object({ session: z.string().max(200) })
const ofMember = ofSession.extend({ account: z.uuid() })
const ofMove = ofSession.extend({ to: z.string().max(20) })
const moveForm = z.object({
  from: sessionStateSchema,
  to: sessionStateSchema,
  reason: z.string().trim().max(500).default(''),
})
const memberForm = z.object({ account: z.uuid(), candidate: z.string().max(32).default('') })
const settingsForm = z.object({
  launch: z.enum(['hand', 'clock']),
  minutes: z
    .string()
    .regex(/^\d{1,4}$/)
    .transform(Number)
    .pipe(z.int().min(1).max(1440)),
})
const administer: Access = { session: 'administer-session' }

/**
 * What a responsable changes about a session: its state, its members, its settings.
 * @param show the session's page again, with what could not be done.
 */
export function registerAdministration(
  app: FastifyInstance,
  { store, changes }: ServerOptions,
  show: (request: FastifyRequest, reply: FastifyReply, trouble: Trouble | null) => Promise<FastifyReply>,
): void {
  const unfinishedOf = async (id: string): Promise<Unfinished> => {
    const works = await store.work.ofSession(id)
    const ended = new Set(
      (await store.receipts(id)).filter(({ stage }) => stage !== 'start').map(({ candidate }) => candidate),
    )
    const underWay = works.filter(({ state }) => state === 'queued' || state === 'leased')
    return {
      underWay: [...new Set(underWay.map(({ candidate }) => candidate))].sort(),
      withoutEnd: (await store.life.candidates(id))
        .filter(({ code, absentAt }) => absentAt === null && !ended.has(code))
        .map(({ code }) => code),
    }
  }
  const showMove = async (
    request: FastifyRequest,
    reply: FastifyReply,
    session: LivingSession,
    to: SessionState,
    again?: { reason: string; problem: Text },
  ) =>
    reply.page(
      {
        title: moveName(session.state, to)[languageOf(request, reply)],
        crumbs: [{ href: sessionAddress(session.id), label: session.title }],
        status: again ? 422 : 200,
      },
      <MovePage
        session={session}
        to={to}
        unfinished={
          to === 'open' && session.state === 'collected'
            ? await unfinishedOf(session.id)
            : { underWay: [], withoutEnd: [] }
        }
        reason={again?.reason ?? ''}
        problem={again?.problem}
      />,
    )
  const moved: Trouble = { at: 'state', text: words.moved }
  /** A purge has a page of its own, with what it means. */
  const possible = (from: SessionState, to: SessionState) => to !== 'purged' && mayBecome(from, to)

  app.get(
    '/sessions/:session/state/:to',
    { config: { access: administer }, schema: { hide: true, params: ofMove } },
    async (request, reply) => {
      const { session: id, to: wanted } = request.params as z.infer<typeof ofMove>
      const session = await store.life.session(id)
      const { data: to } = sessionStateSchema.safeParse(wanted)
      if (!session || to === undefined) return app.pageNotFound(request, reply)
      if (!possible(session.state, to)) return show(request, reply, moved)
      return showMove(request, reply, session, to)
    },
  )
  app.post(
    '/sessions/:session/state',
    { config: { access: administer }, schema: { hide: true, params: ofSession } },
    async (request, reply) => {
      const { session: id } = request.params as z.infer<typeof ofSession>
      const session = await store.life.session(id)
      const form = moveForm.safeParse(request.body)
      if (!session) return app.pageNotFound(request, reply)
      if (!form.success || form.data.from !== session.state || !possible(session.state, form.data.to))
        return show(request, reply, moved)
      const { from, to, reason } = form.data
      if (needsConfirmation(from, to) && isBackwards(from, to) && reason === '')
        return showMove(request, reply, session, to, { reason, problem: words.reasonNeeded })
      if (!(await store.life.setState(id, from, to, request.viewer!.name, reason || null)))
        return show(request, reply, moved)
      changes.announce(id)
      return reply.redirect(sessionAddress(id), 303)
    },
  )

  app.post(
    '/sessions/:session/members',
    { config: { access: administer }, schema: { hide: true, params: ofSession } },
    async (request, reply) => {
      const { session: id } = request.params as z.infer<typeof ofSession>
      const session = await store.life.session(id)
      if (!session) return app.pageNotFound(request, reply)
      const form = memberForm.safeParse(request.body)
      const account = form.success ? await store.accounts.byId(form.data.account) : null
      if (!form.success || !account || account.disabledAt !== null || session.state === 'purged')
        return show(request, reply, { at: 'members', text: words.notMember })
      const code = form.data.candidate || null
      const problem = await unfit(session, account, code)
      if (problem) return show(request, reply, { at: 'members', text: problem })
      await store.life.addMember(id, account.account, code, request.viewer!.name)
      changes.announce(id)
      return reply.redirect(`${sessionAddress(id)}#members`, 303)
    },
  )
  /** Why an account can't join with that code; null where it can. */
  const unfit = async (
    { id, purpose }: LivingSession,
    { account, role }: Account,
    code: string | null,
  ): Promise<Text | null> => {
    if (role !== 'candidate') return code === null ? null : words.codeNotWanted
    if (purpose !== 'training') return words.examinationOnly
    const codes = new Set([
      ...(await store.life.candidates(id)).map((candidate) => candidate.code),
      ...((await store.session(id))?.people ?? []).map((candidate) => candidate.code),
    ])
    if (code === null || !codes.has(code)) return words.codeNeeded
    const taken = (await store.life.members(id)).some(
      (member) => member.candidate === code && member.account !== account,
    )
    return taken ? words.codeTaken : null
  }
  app.post(
    '/sessions/:session/members/:account/remove',
    { config: { access: administer }, schema: { hide: true, params: ofMember } },
    async (request, reply) => {
      const { session, account } = request.params as z.infer<typeof ofMember>
      await store.life.removeMember(session, account, request.viewer!.name)
      changes.announce(session)
      const { account: self, role } = request.viewer!
      const still = account !== self || (await store.life.access(session, self, role))?.own === true
      return reply.redirect(still ? `${sessionAddress(session)}#members` : '/?all', 303)
    },
  )
  app.post(
    '/sessions/:session/settings',
    { config: { access: administer }, schema: { hide: true, params: ofSession } },
    async (request, reply) => {
      const { session: id } = request.params as z.infer<typeof ofSession>
      const session = await store.life.session(id)
      if (!session) return app.pageNotFound(request, reply)
      if (!maySetUp(session.state)) return show(request, reply, moved)
      const form = settingsForm.safeParse(request.body)
      if (!form.success) {
        const { minutes } = (request.body ?? {}) as { minutes?: unknown }
        const typed = typeof minutes === 'string' ? minutes.slice(0, 10) : ''
        return show(request, reply, { at: 'minutes', text: words.badMinutes, typed })
      }
      await store.life.change(id, form.data, request.viewer!.name)
      changes.announce(id)
      return reply.redirect(`${sessionAddress(id)}#settings`, 303)
    },
  )
}
