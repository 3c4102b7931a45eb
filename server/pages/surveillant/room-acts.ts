import type { FastifyInstance } from 'fastify'
import { z } from 'zod'
import type { Access } from '../../access/guard.ts'
import { mayBecome } from '../../session-life/state.ts'
import { askUnobservedAgain, launch } from '../../work/asking.ts'
import { readIncident } from './incident-form.ts'
import { ofSession, type Supervision } from './supervision.tsx'

const moveForm = z.object({
  from: z.enum(['prepared', 'preflight', 'running']),
  to: z.enum(['preflight', 'running', 'collected']),
})
const whomForm = z.object({ candidate: z.string().max(32).optional() })
const launchForm = whomForm.extend({ kind: z.enum(['preflight', 'start', 'end']) })
const cancelForm = whomForm.extend({ sure: z.literal('yes').optional() })
const runAccess: Access = { session: 'run-session' }

/** What is done for the whole room, or for the candidate that the form names. */
export function registerRoomActs(app: FastifyInstance, supervision: Supervision): void {
  const { store, changes } = supervision.options
  const route = { config: { access: runAccess }, schema: { hide: true, params: ofSession } }
  const announceAll = (session: string, codes: readonly string[]) => {
    for (const code of codes) changes.announce(session, code)
  }

  app.post('/sessions/:session/watch/state', route, async (request, reply) => {
    const session = supervision.sessionIn(request)
    const form = moveForm.safeParse(request.body)
    if (!form.success || !mayBecome(form.data.from, form.data.to))
      return supervision.toRoom(reply, session, 'state')
    const { from, to } = form.data
    const moved = await store.life.setState(session, from, to, request.viewer!.name)
    changes.announce(session)
    return supervision.toRoom(reply, session, moved ? 'done' : 'state')
  })

  app.post('/sessions/:session/watch/clocks', route, async (request, reply) => {
    const session = supervision.sessionIn(request)
    if (request.sessionAccess?.state !== 'running') return supervision.toRoom(reply, session, 'state')
    const { candidate } = whomForm.catch({}).parse(request.body)
    const codes = await supervision.codesFor(session, candidate)
    if (codes.length === 0) return supervision.notThere(request, reply)
    const started = await store.life.startClocks(session, codes, request.viewer!.name)
    announceAll(session, started)
    return supervision.toRoom(reply, session, started.length > 0 ? 'done' : 'clocks', candidate || undefined)
  })

  app.post('/sessions/:session/watch/launch', route, async (request, reply) => {
    const session = supervision.sessionIn(request)
    const form = launchForm.safeParse(request.body)
    if (!form.success) return supervision.toRoom(reply, session, 'state')
    const { candidate, kind } = form.data
    const codes = await supervision.codesFor(session, candidate)
    if (codes.length === 0) return supervision.notThere(request, reply)
    if (candidate && (await isAbsent(session, candidate)))
      return supervision.back(reply, session, 'absent', candidate)
    const asked = await launch(store, session, codes, kind, request.viewer!.name)
    announceAll(
      session,
      asked.map((work) => work.candidate),
    )
    return supervision.back(reply, session, asked.length > 0 ? 'done' : 'under-way', candidate)
  })

  app.post('/sessions/:session/watch/again', route, async (request, reply) => {
    const session = supervision.sessionIn(request)
    const { candidate } = whomForm.catch({}).parse(request.body)
    const codes = await supervision.codesFor(session, candidate)
    if (codes.length === 0) return supervision.notThere(request, reply)
    const outcomes = new Set<Awaited<ReturnType<typeof askUnobservedAgain>>>()
    for (const code of codes) {
      outcomes.add(await askUnobservedAgain(store, session, code, request.viewer!.name))
      changes.announce(session, code)
    }
    const said = outcomes.has('asked') ? 'done' : outcomes.has('under-way') ? 'under-way' : 'nothing'
    return supervision.back(reply, session, said, candidate)
  })

  app.post('/sessions/:session/watch/cancel', route, async (request, reply) => {
    const session = supervision.sessionIn(request)
    const { candidate, sure } = cancelForm.catch({}).parse(request.body)
    const codes = new Set(await supervision.codesFor(session, candidate))
    if (codes.size === 0) return supervision.notThere(request, reply)
    const underWay = (await store.work.ofSession(session)).filter(
      (work) => (work.state === 'queued' || work.state === 'leased') && codes.has(work.candidate),
    )
    if (underWay.length === 0) return supervision.back(reply, session, 'idle', candidate)
    if (sure !== 'yes') return supervision.toConfirmCancel(reply, session, candidate)
    for (const work of underWay) {
      await store.work.cancel(work.id, request.viewer!.name)
      changes.announce(session, work.candidate)
    }
    return supervision.back(reply, session, 'done', candidate)
  })

  app.post(
    '/sessions/:session/watch/incidents',
    { ...route, config: { access: { session: 'note-incident' } } },
    async (request, reply) => {
      const session = supervision.sessionIn(request)
      const codes = await supervision.codesFor(session, undefined)
      const read = readIncident(request.body, { codes, ...(await supervision.today(session)) })
      if ('problem' in read) return supervision.showRoom(request, reply, read)
      await store.life.noteIncident(session, read.incident, request.viewer!.name)
      changes.announce(session, read.incident.candidate)
      return supervision.toRoom(reply, session, 'done')
    },
  )

  async function isAbsent(session: string, code: string): Promise<boolean> {
    return (await store.life.candidates(session)).some((one) => one.code === code && one.absentAt !== null)
  }
}
