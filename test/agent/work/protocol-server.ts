import { randomUUID } from 'node:crypto'
import Fastify, { type FastifyInstance, type FastifyReply, type FastifyRequest } from 'fastify'
import { digestHolds, verify } from '../../../checks/http-signature.ts'
import { fingerprint, signatureHolds, signedRunSchema, type Run } from '../../../checks/run.ts'

/**
 * A small server that speaks the agents' protocol, with its queue in memory: what it knows outlives a stop, as a store would.
 * Strict where a lenient one would hide a fault of the agent: signatures, nonces, bodies, and what arrives twice.
 */
export interface QueuedWork {
  readonly id: string
  readonly kind: 'preflight' | 'start' | 'end' | 'again' | 'repin'
  readonly session: { id: string; files: { name: string; text: string }[] }
  readonly candidate: string
  readonly demands: string[] | null
  readonly follows: string | null
  readonly role: string | null
  readonly reason: string | null
  readonly preflight: object | null
  state: 'queued' | 'leased' | 'done' | 'failed'
  leasedUntil: number
  leases: number
  cancel: boolean
}

type Body = Record<string, unknown>

export class ProtocolServer {
  readonly works = new Map<string, QueuedWork>()
  readonly codes = new Set<string>()
  /** Names by public key. */
  readonly agents = new Map<string, string>()
  /** What was acknowledged, by work. */
  readonly runs = new Map<string, Run>()
  readonly preflights = new Map<string, Body>()
  readonly repins = new Map<string, Body>()
  readonly failures = new Map<string, { message: { fr: string; en: string } }>()
  readonly heartbeats: Body[] = []
  /** What went wrong that never should: another run under a known id, a nonce used twice, an unsigned request. */
  readonly faults: string[] = []
  /** How often the same run came again. */
  repeated = 0
  gone: string[] = []
  leaseMs = 30_000
  /** Called before (`in`) and after (`out`) a request is dealt with: a status to answer instead, or `cut` the connection. */
  interfere: (path: string, moment: 'in' | 'out') => number | 'cut' | undefined = () => undefined
  readonly #nonces = new Set<string>()
  #app: FastifyInstance | null = null
  #port = 0

  get url(): URL {
    return new URL(`http://127.0.0.1:${this.#port}/`)
  }

  add(work: Partial<QueuedWork> & Pick<QueuedWork, 'kind' | 'session' | 'candidate'>): QueuedWork {
    const whole: QueuedWork = {
      id: randomUUID(),
      demands: null,
      follows: null,
      role: null,
      reason: null,
      preflight: null,
      state: 'queued',
      leasedUntil: 0,
      leases: 0,
      cancel: false,
      ...work,
    }
    this.works.set(whole.id, whole)
    return whole
  }

  async start(): Promise<void> {
    const app = Fastify({ bodyLimit: 64 * 1024 * 1024, forceCloseConnections: true })
    app.removeAllContentTypeParsers()
    app.addContentTypeParser('application/json', { parseAs: 'buffer' }, (_r, body, done) => done(null, body))
    app.addHook('preHandler', async (request, reply) => {
      const act = this.interfere(request.url, 'in')
      if (act === 'cut') return this.#cut(request, reply)
      if (act !== undefined) return reply.code(act).send({ message: { fr: 'essai', en: 'test' } })
      const key = await this.#signer(request)
      if (key === null) return reply.code(401).send({})
      if (request.url !== '/api/v1/agent/enrol' && !this.agents.has(key)) return reply.code(401).send({})
      return undefined
    })
    app.addHook('onSend', async (request, reply, payload) => {
      const act = this.interfere(request.url, 'out')
      if (act === 'cut') await this.#cut(request, reply)
      return payload
    })
    const bodyOf = (request: FastifyRequest) =>
      JSON.parse((request.body as Buffer).toString('utf8')) as Record<string, unknown>
    app.post('/api/v1/agent/enrol', async (request, reply) => {
      const { code, name, publicKey } = bodyOf(request) as { code: string; name: string; publicKey: string }
      if (!this.codes.delete(code))
        return reply.code(403).send({ message: { fr: 'Code inconnu.', en: 'Unknown code.' } })
      this.agents.set(publicKey, name)
      return reply.code(201).send({ agent: name })
    })
    app.post('/api/v1/agent/lease', async (request, reply) => {
      const until = Date.now() + Number(bodyOf(request)['wait']) * 1000
      for (;;) {
        this.requeueLost()
        const work = [...this.works.values()].find(({ state }) => state === 'queued')
        if (work) {
          work.state = 'leased'
          work.leases++
          work.leasedUntil = Date.now() + this.leaseMs
          const { state: _s, leasedUntil: _u, leases: _l, cancel: _c, ...told } = work
          return reply.send({ work: { ...told, leaseSeconds: this.leaseMs / 1000 } })
        }
        if (Date.now() >= until || request.socket.destroyed) return reply.code(204).send()
        await new Promise((resolve) => setTimeout(resolve, 10))
      }
    })
    app.post('/api/v1/agent/heartbeat', async (request, reply) => {
      const body = bodyOf(request)
      this.heartbeats.push(body)
      this.requeueLost()
      const mine = (body['doing'] as { work: string }[]).map(({ work }) => work)
      const lost: string[] = []
      const cancel: string[] = []
      for (const id of mine) {
        const work = this.works.get(id)
        if (this.gone.includes(id) || work?.state !== 'leased') lost.push(id)
        else {
          work.leasedUntil = Date.now() + this.leaseMs
          if (work.cancel) cancel.push(id)
        }
      }
      return reply.send({ now: new Date().toISOString(), cancel, gone: lost })
    })
    app.post('/api/v1/runs', async (request, reply) => {
      const parsed = signedRunSchema.safeParse(bodyOf(request))
      if (!parsed.success || !(await signatureHolds(parsed.data))) return reply.code(422).send({})
      const run = parsed.data
      const known = this.runs.get(run.id)
      if (known && fingerprint(known) !== fingerprint(run)) {
        this.faults.push(`another run ${run.id}`)
        return reply.code(409).send({})
      }
      if (known) this.repeated++
      this.runs.set(run.id, run)
      this.#end(run.id, 'done')
      return reply.code(known ? 200 : 201).send({ status: known ? 'known' : 'received', receipt: {} })
    })
    const results = { preflight: this.preflights, repinned: this.repins, failed: this.failures }
    for (const [kind, kept] of Object.entries(results))
      app.post(`/api/v1/agent/work/:id/${kind}`, async (request, reply) => {
        const { id } = request.params as { id: string }
        if (!this.works.has(id)) return reply.code(404).send({})
        kept.set(id, bodyOf(request) as never)
        this.#end(id, kind === 'failed' ? 'failed' : 'done')
        return reply.code(204).send()
      })
    await app.listen({ host: '127.0.0.1', port: this.#port })
    this.#port = (app.server.address() as { port: number }).port
    this.#app = app
  }

  async stop(): Promise<void> {
    await this.#app?.close()
    this.#app = null
  }

  requeueLost(): void {
    for (const work of this.works.values())
      if (work.state === 'leased' && work.leasedUntil < Date.now()) work.state = 'queued'
  }

  #end(id: string, state: 'done' | 'failed'): void {
    const work = this.works.get(id)
    if (work && work.state !== 'done') work.state = state
  }

  async #cut(request: FastifyRequest, reply: FastifyReply): Promise<void> {
    reply.hijack()
    request.raw.socket.destroy()
  }

  async #signer(request: FastifyRequest): Promise<string | null> {
    const [path = '', query] = request.url.split('?')
    const signed = { method: request.method, path, query: query === undefined ? '' : `?${query}` }
    const verified = await verify(signed, request.headers)
    const body = new Uint8Array(request.body as Buffer)
    if (!verified || !(await digestHolds(verified, body))) {
      this.faults.push(`unsigned ${path}`)
      return null
    }
    if (Math.abs(verified.created - Date.now() / 1000) > 300) return null
    if (this.#nonces.has(verified.nonce)) {
      this.faults.push('nonce used twice')
      return null
    }
    this.#nonces.add(verified.nonce)
    return verified.publicKey
  }
}
