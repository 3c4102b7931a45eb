import { randomBytes, sign as signBytes } from 'node:crypto'
import { readFileSync } from 'node:fs'
import { sign } from '../../checks/http-signature.ts'
import { signedRunSchema, type Run, type RunBody } from '../../checks/run.ts'
import type { makeKey } from '../server/run-fixture.ts'
import { signRun } from '../server/run-fixture.ts'

/** Runs that were recorded in the lab, one a candidate: what their machines answered one day. */
const recorded: Run[] = ['C01', 'C02', 'C03'].map((code) =>
  signedRunSchema.parse(
    JSON.parse(readFileSync(new URL(`../../fixtures/runs/${code}.run.json`, import.meta.url), 'utf8')),
  ),
)

interface Work {
  readonly id: string
  readonly kind: 'preflight' | 'start' | 'end' | 'again' | 'repin'
  readonly session: { readonly id: string }
  readonly candidate: string
  readonly demands: readonly string[] | null
  readonly follows: string | null
}

/**
 * An agent that answers from recordings: it speaks the server's protocol like any other, signs with its own key, and gives
 * each candidate what one of the lab's candidates was seen to have.
 */
export class ReplayAgent {
  readonly #server: URL
  readonly #key: ReturnType<typeof makeKey>
  #stopped = false
  readonly done: Work[] = []

  constructor(server: URL, key: ReturnType<typeof makeKey>) {
    this.#server = server
    this.#key = key
  }

  async enrol(code: string, name: string): Promise<number> {
    const { status } = await this.#post('api/v1/agent/enrol', { code, name, publicKey: this.#key.publicKey })
    return status
  }

  /** Works until stopped. */
  async run(): Promise<void> {
    while (!this.#stopped) {
      await this.#heartbeat([])
      const { status, body } = await this.#post('api/v1/agent/lease', { wait: 1 })
      if (status !== 200) continue
      const { work } = body as { work: Work }
      await this.#do(work)
      this.done.push(work)
    }
  }

  stop(): void {
    this.#stopped = true
  }

  async #do(work: Work): Promise<void> {
    const { id, kind, candidate } = work
    const source = recorded[(Number(candidate.replace(/\D/g, '')) - 1) % recorded.length]!
    if (kind === 'preflight') {
      const ways = Object.entries(source.facts.targets).map(([role, { address }]) => ({
        role,
        way: 'icmp',
        address,
        worked: true,
        cause: null,
        detail: '',
        identity: null,
      }))
      await this.#must(`api/v1/agent/work/${id}/preflight`, {
        at: new Date().toISOString(),
        ways,
        control: true,
      })
      return
    }
    if (kind === 'repin') return this.#must(`api/v1/agent/work/${id}/repinned`, { forgotten: [] })
    const asked = Object.keys(source.probes).length
    await this.#heartbeat([{ work: id, asked, answered: Math.floor(asked / 2), silent: [] }])
    await this.#must('api/v1/runs', signRun(bodyFor(work, source), this.#key))
  }

  #heartbeat(doing: readonly unknown[]) {
    return this.#post('api/v1/agent/heartbeat', {
      version: '0',
      host: 'replay',
      now: new Date().toISOString(),
      doing,
    })
  }

  async #must(path: string, body: unknown): Promise<void> {
    const { status, body: answer } = await this.#post(path, body)
    if (status >= 300) throw new Error(`${path}: ${status} ${JSON.stringify(answer)}`)
  }

  async #post(path: string, value: unknown): Promise<{ status: number; body: unknown }> {
    const url = new URL(path, this.#server)
    const body = new TextEncoder().encode(JSON.stringify(value))
    const fields = await sign(
      { method: 'POST', path: url.pathname, query: url.search, body },
      { publicKey: this.#key.publicKey, signBytes: (bytes) => signBytes(null, bytes, this.#key.privateKey) },
      { created: Math.floor(Date.now() / 1000), nonce: randomBytes(18).toString('base64url') },
    )
    const answer = await fetch(url, {
      method: 'POST',
      body,
      headers: { 'content-type': 'application/json', ...fields },
    })
    const text = await answer.text()
    return { status: answer.status, body: text === '' ? null : JSON.parse(text) }
  }
}

/** The recorded run as this candidate's, for this work. Observations stay as they were; nothing is judged anew. */
function bodyFor({ id, kind, session, candidate, demands, follows }: Work, source: Run): RunBody {
  const { signature: _, ...body } = source
  const kept = (demand: string) => demands === null || demands.includes(demand)
  return {
    ...body,
    id,
    stage: kind as 'start' | 'end' | 'again',
    ...(follows !== null && { follows }),
    candidate: { ...body.candidate, code: candidate },
    facts: { ...body.facts, candidate },
    session: { ...body.session, id: session.id },
    exam: { ...body.exam, demands: body.exam.demands.filter(({ id: demand }) => kept(demand)) },
    findings: body.findings.filter(({ demand }) => kept(demand)),
    demands: body.demands.filter(({ demand }) => kept(demand)),
    startedAt: new Date(Date.now() - 2000).toISOString(),
    endedAt: new Date().toISOString(),
  }
}
