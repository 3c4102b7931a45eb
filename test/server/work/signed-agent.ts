import { randomBytes, sign as signBytes } from 'node:crypto'
import type { FastifyInstance, LightMyRequestResponse } from 'fastify'
import { sign } from '../../../checks/http-signature.ts'
import type { Run } from '../../../checks/run.ts'
import { newEnrolmentCode } from '../../../server/access/enrolment-code.ts'
import type { Store } from '../../../server/store/store.ts'
import { makeBody, makeKey, signRun, type AgentKey, type FixtureOptions } from '../run-fixture.ts'

/** A work as the server prints it for agents. */
export interface PrintedWork {
  readonly id: string
  readonly kind: string
  readonly session: { readonly id: string; readonly files: readonly { name: string; text: string }[] }
  readonly candidate: string
  readonly demands: readonly string[] | null
  readonly follows: string | null
  readonly role: string | null
  readonly reason: string | null
  readonly preflight: { readonly at: string; readonly ways: Record<string, unknown> } | null
  readonly leaseSeconds: number
}

/** A request with its signature, to be sent as it is or changed on its way. */
export interface SignedPost {
  readonly method: 'POST'
  readonly url: string
  readonly payload: string
  readonly headers: Record<string, string>
}

/** An agent that does what a test says, over the wire's own bytes. */
export class SignedAgent {
  readonly name: string
  readonly key: AgentKey
  readonly #now: () => number
  /** The server; a test that starts another one changes it. */
  app: FastifyInstance

  constructor(app: FastifyInstance, name: string, { key = makeKey(), now = () => Date.now() } = {}) {
    this.app = app
    this.name = name
    this.key = key
    this.#now = now
  }

  async enrol(code: string): Promise<LightMyRequestResponse> {
    return this.post('enrol', { code, name: this.name, publicKey: this.key.publicKey })
  }

  async signed(path: string, body: object): Promise<SignedPost> {
    const payload = JSON.stringify(body)
    const fields = await sign(
      { method: 'POST', path, query: '', body: new TextEncoder().encode(payload) },
      { publicKey: this.key.publicKey, signBytes: (bytes) => signBytes(null, bytes, this.key.privateKey) },
      { created: Math.floor(this.#now() / 1000), nonce: randomBytes(18).toString('base64url') },
    )
    return { method: 'POST', url: path, payload, headers: { 'content-type': 'application/json', ...fields } }
  }

  /** @param path under /api/v1/agent/. */
  async post(path: string, body: object): Promise<LightMyRequestResponse> {
    return this.app.inject(await this.signed(`/api/v1/agent/${path}`, body))
  }

  async lease(wait = 0): Promise<PrintedWork | null> {
    const answer = await this.post('lease', { wait })
    if (answer.statusCode === 204) return null
    if (answer.statusCode !== 200) throw new Error(`lease: ${answer.statusCode} ${answer.body}`)
    return answer.json<{ work: PrintedWork }>().work
  }

  async heartbeat(...works: readonly (string | { work: string; asked: number; answered: number })[]) {
    const answer = await this.post('heartbeat', {
      version: '0.1',
      host: `poste de ${this.name}`,
      now: new Date(this.#now()).toISOString(),
      doing: works.map((one) => ({
        ...(typeof one === 'string' ? { work: one, asked: 0, answered: 0 } : one),
        silent: [],
      })),
    })
    if (answer.statusCode !== 200) throw new Error(`heartbeat: ${answer.statusCode} ${answer.body}`)
    return answer.json<{ now: string; cancel: string[]; gone: string[] }>()
  }

  async deliver(run: Run): Promise<LightMyRequestResponse> {
    return this.app.inject(await this.signed('/api/v1/runs', run))
  }

  /** The run that a work asks for, made and signed by this agent. */
  runFor(
    work: Pick<PrintedWork, 'id' | 'kind' | 'candidate' | 'demands' | 'follows'> & {
      session: { id: string }
    },
    options: FixtureOptions = {},
  ): Run {
    const body = makeBody({ id: work.id, ...options })
    const kept = (demand: string) => work.demands === null || work.demands.includes(demand)
    return signRun(
      {
        ...body,
        stage: work.kind as 'start' | 'end' | 'again',
        ...(work.follows !== null && { follows: work.follows }),
        candidate: { ...body.candidate, code: work.candidate },
        facts: { ...body.facts, candidate: work.candidate },
        session: { ...body.session, id: work.session.id },
        exam: { ...body.exam, demands: body.exam.demands.filter(({ id }) => kept(id)) },
        findings: body.findings.filter(({ demand }) => kept(demand)),
        demands: body.demands.filter(({ demand }) => kept(demand)),
      },
      this.key,
    )
  }
}

/** An agent that has enrolled with a code made for it. */
export async function enrolled(
  app: FastifyInstance,
  store: Store,
  name: string,
  { now = () => Date.now() } = {},
): Promise<SignedAgent> {
  const { code, hash } = newEnrolmentCode()
  await store.work.invite(hash, new Date(now() + 900_000).toISOString(), 'test')
  const agent = new SignedAgent(app, name, { now })
  const answer = await agent.enrol(code)
  if (answer.statusCode !== 201) throw new Error(`enrol: ${answer.statusCode} ${answer.body}`)
  return agent
}
