import rateLimit from '@fastify/rate-limit'
import type { FastifyError } from 'fastify'
import { z } from 'zod'
import { causeSchema } from '../../../checks/verdict.ts'
import { typedCodeHash } from '../../access/enrolment-code.ts'
import { sourceOf } from '../../access/source.ts'
import type { ServerOptions } from '../../options.ts'
import type { WayAtPreflight, Work } from '../../store/work-queue.ts'
import type { TypedApp } from '../api.ts'
import { parseBoundedJson } from '../bounded-json.ts'
import { problemSchema, refuse, type Problem } from '../problem.ts'
import { AgentSignatures, readSignedBodies, unauthorised } from './authenticate.ts'

/** Without a sign of life for so long, a work goes back to the queue. */
const usualLeaseSeconds = 30
const agentName = z.string().regex(/^[\p{L}\p{N}][\p{L}\p{N} ._-]{0,63}$/u)
const nullable = <T extends z.ZodType>(schema: T) => schema.nullable()
const ofWork = z.object({ id: z.uuid() })
const silent = z.array(z.object({ role: z.string().max(64), cause: causeSchema })).max(64)
const wayShape = z.object({
  role: z.string().max(64),
  way: z.string().max(64),
  address: z.string().max(300),
  worked: z.boolean(),
  cause: nullable(causeSchema),
  detail: z.string().max(1000),
  identity: nullable(z.string().max(300)),
})
const problems = {
  401: problemSchema,
  403: problemSchema,
  404: problemSchema,
  409: problemSchema,
  422: problemSchema,
  429: problemSchema,
}
const tooMany: Problem = {
  code: 'too-many',
  message: {
    fr: 'Trop d’essais depuis ce poste\u202F; attendez une minute.',
    en: 'Too many attempts from this machine; wait a minute.',
  },
}
const security: Record<string, string[]>[] = [{ agentKey: [] }]

/** Enrolment, leases, heartbeats and what agents say of their work. */
export async function registerAgentRoutes(app: TypedApp, options: ServerOptions): Promise<void> {
  const { store, changes, leaseSeconds = usualLeaseSeconds } = options
  const now = options.now ?? (() => new Date())
  const signatures = new AgentSignatures(store, now)
  // For `config.rateLimit`: codes can't be tried in numbers.
  await app.register(rateLimit, { global: false, keyGenerator: (request) => sourceOf(request.ip) })
  app.setErrorHandler((error: FastifyError, _request, reply) => {
    if (error.statusCode !== 429) throw error
    return reply.code(429).send(tooMany)
  })
  readSignedBodies(app, (text) => parseBoundedJson(text, 16))
  app.addHook('onRequest', async (request, reply) => {
    await signatures.recognise(request)
    // Nobody else's body is even read.
    if (request.routeOptions.config.access === 'agent' && !request.agent) return unauthorised(reply)
  })

  app.post(
    '/api/v1/agent/enrol',
    {
      config: { access: 'public', rateLimit: { max: 120, timeWindow: '1 minute' } },
      schema: {
        summary: 'Enrol an agent with a one-time code; signed with the key that is enrolled',
        security,
        body: z.object({ code: z.string().max(100), name: agentName, publicKey: z.base64().max(64) }),
        response: { 201: z.strictObject({ agent: z.string() }), ...problems },
      },
    },
    async (request, reply) => {
      const { code, name, publicKey } = request.body
      // Whoever enrols a key shows that he has it.
      if (request.signedBy?.publicKey !== publicKey) return unauthorised(reply)
      const outcome = await store.work.enrol(typedCodeHash(code), name, publicKey)
      if (outcome === 'code') return refuse(reply, 'enrolment-code')
      if (outcome === 'name') return refuse(reply, 'agent-name')
      return reply.code(201).send({ agent: name })
    },
  )

  app.post(
    '/api/v1/agent/heartbeat',
    {
      config: { access: 'agent' },
      bodyLimit: 256 * 1024,
      // Every few seconds from every agent: only what goes wrong with them is worth a line.
      logLevel: 'warn',
      schema: {
        summary: 'A sign of life, with how far each work is; renews their leases',
        security,
        body: z.object({
          version: z.string().max(64),
          host: z.string().max(255),
          now: z.string().max(64),
          doing: z
            .array(
              z.object({
                work: z.uuid(),
                asked: z.int().nonnegative(),
                answered: z.int().nonnegative(),
                silent,
              }),
            )
            .max(256),
        }),
        response: {
          200: z.strictObject({
            now: z.string(),
            cancel: z.array(z.string()),
            gone: z.array(z.string()),
          }),
          ...problems,
        },
      },
    },
    async (request) => {
      const { host, version, doing } = request.body
      const { cancel, gone, changed } = await store.work.heartbeat(
        request.agent!.name,
        { host, version },
        doing,
        leaseSeconds,
      )
      for (const { session, candidate } of changed) changes.announce(session, candidate)
      return { now: now().toISOString(), cancel, gone }
    },
  )

  app.post(
    '/api/v1/agent/lease',
    {
      config: { access: 'agent' },
      logLevel: 'warn',
      schema: {
        summary: 'The next work, leased; waits a while where there is none',
        security,
        body: z.object({ wait: z.number().min(0).max(25) }),
        response: { 200: z.object({ work: z.record(z.string(), z.unknown()) }), 204: z.null(), ...problems },
      },
    },
    async (request, reply) => {
      const gone = new AbortController()
      const leave = () => gone.abort()
      request.raw.socket.once('close', leave)
      // A connection that is kept serves many leases.
      reply.raw.once('close', () => request.raw.socket.off('close', leave))
      const deadline = Date.now() + request.body.wait * 1000
      for (;;) {
        // Whoever went away would leave what is leased to him undone.
        if (gone.signal.aborted || closing.signal.aborted) return reply.code(204).send(null)
        const work = await store.work.lease(request.agent!.name, leaseSeconds)
        if (work) {
          changes.announce(work.session, work.candidate)
          return { work: await printWork(work) }
        }
        const left = deadline - Date.now()
        if (left <= 0) return reply.code(204).send(null)
        // Other processes may add work too: looked at again after a second at most.
        await changed(Math.min(left, 1000), [gone.signal, closing.signal])
      }
    },
  )

  const closing = new AbortController()
  app.addHook('preClose', async () => closing.abort())
  const changed = (ms: number, signals: readonly AbortSignal[]): Promise<void> =>
    new Promise((resolve) => {
      const done = () => {
        clearTimeout(timer)
        unwatch()
        for (const signal of signals) signal.removeEventListener('abort', done)
        resolve()
      }
      const timer = setTimeout(done, ms)
      const unwatch = changes.watch('*', done)
      for (const signal of signals) signal.addEventListener('abort', done)
    })

  const printWork = async (work: Work) => {
    const ways = await store.work.ways(work.session, work.candidate)
    return {
      id: work.id,
      kind: work.kind,
      session: { id: work.session, files: await store.life.files(work.session) },
      candidate: work.candidate,
      demands: work.demands,
      follows: work.follows,
      role: work.target,
      reason: work.reason,
      preflight: ways.length === 0 ? null : recordOf(ways),
      leaseSeconds,
    }
  }

  const ended = async (id: string, done: boolean) => {
    const work = await store.work.byId(id)
    if (work && done) changes.announce(work.session, work.candidate)
    return done
  }

  app.post(
    '/api/v1/agent/work/:id/preflight',
    {
      config: { access: 'agent' },
      bodyLimit: 1024 * 1024,
      schema: {
        summary: 'What a preflight found: which ways work',
        security,
        params: ofWork,
        body: z.object({
          at: z.iso.datetime(),
          ways: z.array(wayShape).max(512),
          control: z.boolean().nullable(),
        }),
        response: { 204: z.null(), ...problems },
      },
    },
    async (request, reply) => {
      const { at, ways } = request.body
      const kept = await store.work.keepPreflight(
        request.params.id,
        request.agent!.name,
        ways.map((way) => ({ ...way, at })),
      )
      return (await ended(request.params.id, kept)) ? reply.code(204).send(null) : refuse(reply, 'not-yours')
    },
  )
  app.post(
    '/api/v1/agent/work/:id/repinned',
    {
      config: { access: 'agent' },
      schema: {
        summary: 'Identities that the agent has forgotten, as asked',
        security,
        params: ofWork,
        body: z.object({
          forgotten: z.array(z.object({ where: z.string().max(300), identity: z.string().max(300) })).max(64),
        }),
        response: { 204: z.null(), ...problems },
      },
    },
    async (request, reply) => {
      const { id } = request.params
      const done = await store.work.endRepin(id, request.agent!.name, request.body.forgotten)
      return (await ended(id, done)) ? reply.code(204).send(null) : refuse(reply, 'not-yours')
    },
  )
  app.post(
    '/api/v1/agent/work/:id/failed',
    {
      config: { access: 'agent' },
      schema: {
        summary: 'Why the agent can’t do a work',
        security,
        params: ofWork,
        body: z.object({
          message: z.strictObject({ fr: z.string().max(2000), en: z.string().max(2000) }),
        }),
        response: { 204: z.null(), ...problems },
      },
    },
    async (request, reply) => {
      const { id } = request.params
      const done = await store.work.fail(id, request.agent!.name, request.body.message)
      return (await ended(id, done)) ? reply.code(204).send(null) : refuse(reply, 'not-yours')
    },
  )
}

/** The preflight of a candidate, in the shape that agents keep. */
function recordOf(ways: readonly WayAtPreflight[]) {
  const at =
    ways
      .map((way) => way.at)
      .sort()
      .at(-1) ?? ''
  return {
    at,
    ways: Object.fromEntries(
      ways.map(({ candidate, role, way, worked, cause, detail }) => [
        `${candidate} ${role} ${way}`,
        { worked, cause, detail },
      ]),
    ),
  }
}
