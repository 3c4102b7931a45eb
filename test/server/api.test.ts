import { statSync } from 'node:fs'
import { join } from 'node:path'
import type { FastifyInstance } from 'fastify'
import { pino } from 'pino'
import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import { runBodySchema, type Run } from '../../checks/run.ts'
import { createAgentToken } from '../../server/store/agent-token.ts'
import { firstBrokenLink, genesis } from '../../checks/evidence/chain.ts'
import { openSqliteStore } from '../../server/store/sqlite/open.ts'
import { AgentNameTaken, type Store } from '../../server/store/store.ts'
import { startExamDay, type ExamDay, type SignedIn } from './exam-day-server.ts'
import { hostile, makeBody, makeKey, makeRun, sessionId, signRun } from './run-fixture.ts'

const key = makeKey()
let day: ExamDay
let reader: SignedIn
let store: Store
let app: FastifyInstance
let token: string
let log: string

beforeEach(async () => {
  log = ''
  day = await startExamDay({ logger: pino({}, { write: (line: string) => void (log += line) }) })
  store = day.store
  app = day.app
  token = await createAgentToken(store, 'poste-1')
  reader = await day.signIn('responsable')
})
afterEach(() => day.close())

const deliver = (run: unknown, bearer: string | null = token, headers: Record<string, string> = {}) =>
  app.inject({
    method: 'POST',
    url: '/api/v1/runs',
    headers: {
      'content-type': 'application/json',
      ...(bearer === null ? {} : { authorization: `Bearer ${bearer}` }),
      ...headers,
    },
    payload: typeof run === 'string' ? run : JSON.stringify(run),
  })
/** What somebody who may read findings is answered; every session is open to the jury. */
async function get(url: string) {
  for (const { id, state } of await store.life.ownSessions(reader.account.account, 'responsable'))
    if (state === 'collected') await store.life.setState(id, 'collected', 'open', 'test')
  return day.get(url, reader)
}

describe('delivering a run', () => {
  it('takes it once, and answers a repetition with the first receipt', async () => {
    const run = makeRun(key)
    const first = await deliver(run)
    expect(first.statusCode).toBe(201)
    const again = await deliver(run)
    expect(again.statusCode).toBe(200)
    expect(again.json()).toEqual({ status: 'already', receipt: first.json().receipt })
    expect(await store.chain()).toHaveLength(1)
  })

  it('refuses the same id with other contents, and keeps the first', async () => {
    const run = makeRun(key)
    await deliver(run)
    const changed = makeRun(key, { id: run.id, complete: false })
    const answer = await deliver(changed)
    expect(answer.statusCode).toBe(409)
    expect(answer.json().code).toBe('conflict')
    expect(JSON.parse((await store.runText(run.id)) ?? '')).toEqual(run)
  })

  it('gives the run back as it was signed', async () => {
    const run = makeRun(key, { says: hostile })
    await deliver(run)
    const back = await get(`/api/v1/runs/${run.id}`)
    expect(back.json()).toEqual(run)
    expect(back.headers['content-type']).toContain('application/json')
  })

  it.each([
    ['without a token', null],
    ['with an unknown token', 'probant_unknown'],
    ['with a token that is a name', 'poste-1'],
  ])('asks for a token: %s', async (_, bearer) => {
    const answer = await deliver(makeRun(key), bearer)
    expect(answer.statusCode).toBe(401)
    expect(await store.chain()).toEqual([])
  })

  it('binds the token to the key of the first delivery', async () => {
    await deliver(makeRun(key))
    const answer = await deliver(makeRun(makeKey(), { n: 2 }))
    expect(answer.statusCode).toBe(403)
    expect(await store.chain()).toHaveLength(1)
    expect((await deliver(makeRun(key, { n: 2 }))).statusCode).toBe(201)
  })

  it('does not bind a key to a token by a delivery that is refused', async () => {
    const stranger = makeKey()
    const forged = { ...makeRun(stranger), complete: false }
    expect((await deliver(forged)).statusCode).toBe(422)
    expect((await deliver(makeRun(key))).statusCode).toBe(201)
  })

  it('refuses another signer of contents that were received', async () => {
    const other = makeKey()
    const otherToken = await createAgentToken(store, 'poste-2')
    const run = makeRun(key)
    await deliver(run)
    const { signature: _, ...body } = run
    expect((await deliver(signRun(body, other), otherToken)).statusCode).toBe(409)
  })

  it.each<[string, (run: Run) => unknown, number, string]>([
    ['changed after it was signed', (run) => ({ ...run, complete: !run.complete }), 422, 'signature'],
    [
      'with a signature that is none',
      (run) => ({ ...run, signature: { ...run.signature, value: 'AAAA' } }),
      422,
      'signature',
    ],
    ['with a field too many', (run) => ({ ...run, mark: 17 }), 422, 'invalid'],
    ['without a field', (run) => ({ ...run, findings: undefined }), 422, 'invalid'],
    ['that is no run', () => [], 422, 'invalid'],
    ['that is not JSON', () => '{"format":', 400, 'not-json'],
    ['nested without end', () => '['.repeat(100_000), 400, 'not-json'],
    [
      'with __proto__',
      (run) => JSON.stringify(run).replace('{"format"', '{"__proto__":{},"format"'),
      400,
      'not-json',
    ],
  ])('refuses a run %s', async (_, change, status, code) => {
    const answer = await deliver(change(makeRun(key)))
    expect([answer.statusCode, answer.json().code]).toEqual([status, code])
    expect(await store.chain()).toEqual([])
  })

  it.each<[string, (body: ReturnType<typeof makeBody>) => void]>([
    ['a finding of no demand', (b) => void (b.findings[0] = { ...b.findings[0]!, demand: 'other' })],
    ['two demands of one id', (b) => void b.exam.demands.push(b.exam.demands[0]!)],
    [
      'an observation under another key',
      (b) => {
        const [first, second] = Object.keys(b.observations) as [string, string]
        b.observations[first] = b.observations[second]!
      },
    ],
    [
      'a probe under another key',
      (b) => {
        const [first, second] = Object.keys(b.probes) as [string, string]
        b.probes[first] = b.probes[second]!
      },
    ],
    ['the facts of another candidate', (b) => void (b.facts = { ...b.facts, candidate: 'C09' })],
  ])('refuses a signed run with %s', async (_, change) => {
    const body = makeBody()
    change(body)
    const answer = await deliver(signRun(runBodySchema.parse(body), key))
    expect([answer.statusCode, answer.json().code]).toEqual([422, 'inconsistent'])
  })

  it('stops reading above its limit', async () => {
    const answer = await deliver(`"${'x'.repeat(64 * 1024 * 1024)}"`)
    expect([answer.statusCode, answer.json().code]).toEqual([413, 'too-large'])
  })

  it('logs who delivered what, and nothing of the contents or the token', async () => {
    await deliver(makeRun(key, { says: 'contenu-du-candidat' }))
    await deliver({ secret: 'contenu-du-candidat' })
    expect(log).toContain('poste-1')
    expect(log).not.toContain('contenu-du-candidat')
    expect(log).not.toContain(token)
  })
})

describe('the store', () => {
  it('chains what it receives', async () => {
    for (const n of [1, 2, 3]) await deliver(makeRun(key, { n }))
    const chain = await store.chain()
    expect(chain.map((link) => link.sequence)).toEqual([1, 2, 3])
    expect(chain[0]?.previous).toBe(genesis)
    expect(firstBrokenLink(chain)).toBeNull()
    expect(firstBrokenLink(chain.map((l) => (l.sequence === 2 ? { ...l, fingerprint: l.hash } : l)))).toBe(2)
    expect(firstBrokenLink(chain.filter((l) => l.sequence !== 2))).toBe(3)
  })

  it('takes deliveries that arrive at once, one after the other', async () => {
    const runs = Array.from({ length: 12 }, (_, i) => makeRun(key, { n: 1 + (i % 6) }))
    const answers = await Promise.all([...runs, ...runs].map((run) => deliver(run)))
    expect(answers.map((a) => a.statusCode).sort()).toEqual([...Array(12).fill(200), ...Array(12).fill(201)])
    expect(firstBrokenLink(await store.chain())).toBeNull()
    expect(await store.chain()).toHaveLength(12)
  })

  it('is there again after it was closed, for its owner only', async () => {
    const run = makeRun(key)
    await deliver(run)
    await store.close()
    const file = join(day.folder, 'probant.sqlite')
    expect(statSync(file).mode & 0o077).toBe(0)
    const again = await openSqliteStore(file)
    expect(JSON.parse((await again.runText(run.id)) ?? '')).toEqual(run)
    await again.close()
  })

  it('refuses a second agent of the same name', async () => {
    await expect(createAgentToken(store, 'poste-1')).rejects.toBeInstanceOf(AgentNameTaken)
  })
})

describe('reading', () => {
  it('lists sessions and their candidates, with what stayed unknown and no verdict', async () => {
    await deliver(makeRun(key, { n: 1 }))
    await deliver(makeRun(key, { n: 2, complete: false, broken: true }))
    const [session] = (await get('/api/v1/sessions')).json()
    expect(session).toMatchObject({ id: sessionId('lyon'), date: '2026-12-01', candidates: 2 })
    const detail = (await get(`/api/v1/sessions/${session.id}`)).json()
    expect(detail.people.map((p: { code: string }) => p.code)).toEqual(['C01', 'C02'])
    expect(detail.people[1].shown.complete).toBe(false)
    expect(detail.people[1].unobserved).toContainEqual({
      from: 'agent',
      target: 'sw',
      address: '10.0.2.2',
      cause: 'unreachable',
      blame: 'candidate',
    })
    expect(JSON.stringify(detail)).not.toMatch(/"(pass|fail|verdict)"/)
  })

  it('shows the latest complete run, and another on demand', async () => {
    const early = makeRun(key, { startedAt: '2026-12-01T09:00:00Z' })
    const late = makeRun(key, { startedAt: '2026-12-01T10:00:00.5Z' })
    const cut = makeRun(key, { startedAt: '2026-12-01T11:00:00Z', complete: false })
    for (const run of [late, cut, early]) await deliver(run)
    const url = `/api/v1/sessions/${sessionId('lyon')}/candidates/C01`
    const dossier = (await get(url)).json()
    expect(dossier.shown.id).toBe(late.id)
    expect(dossier.runs.map((r: { id: string }) => r.id)).toEqual([cut.id, late.id, early.id])
    expect((await get(`${url}?run=${cut.id}`)).json().shown.id).toBe(cut.id)
    expect((await get(`${url}?run=${makeRun(key, { n: 2 }).id}`)).statusCode).toBe(404)
  })

  it('gives a dossier by demand, and findings by criterion', async () => {
    const run = makeRun(key)
    await deliver(run)
    await deliver(makeRun(key, { n: 2 }))
    const dossier = (await get(`/api/v1/sessions/${sessionId('lyon')}/candidates/C01`)).json()
    expect(dossier.demands.flatMap((d: { findings: unknown[] }) => d.findings)).toHaveLength(
      run.findings.length,
    )
    const url = `/api/v1/sessions/${sessionId('lyon')}/criteria/C8.1/findings`
    const found = (await get(url)).json()
    expect(found.map((f: { candidate: string }) => f.candidate).sort()).toEqual(['C01', 'C01', 'C02', 'C02'])
    expect((await get(`${url}?candidate=C02`)).json()).toHaveLength(2)
  })

  it('gives an observation whole, also one that is too long for a dossier', async () => {
    const run = makeRun(key)
    await deliver(run)
    const long = Object.values(run.observations).find((o) => o.truncated)!
    const kept = (await get(`/api/v1/runs/${run.id}/observations/${long.probe}`)).json()
    expect(kept).toEqual({ probe: run.probes[long.probe], observation: long })
  })

  it.each([
    '/api/v1/sessions/x',
    `/api/v1/sessions/${'0'.repeat(64)}`,
    '/api/v1/runs/x',
    '/nowhere',
    '/api/v1/runs/../../etc/passwd',
  ])('says that there is nothing at %s', async (url) => {
    const answer = await get(url)
    expect([404, 422]).toContain(answer.statusCode)
  })

  it('describes itself in OpenAPI 3.1, every route typed', async () => {
    const api = (await get('/api/openapi.json')).json()
    expect(api.openapi).toBe('3.1.0')
    expect(Object.keys(api.paths).sort()).toEqual([
      '/api/v1/agent/enrol',
      '/api/v1/agent/heartbeat',
      '/api/v1/agent/lease',
      '/api/v1/agent/work/{id}/failed',
      '/api/v1/agent/work/{id}/preflight',
      '/api/v1/agent/work/{id}/repinned',
      '/api/v1/chain',
      '/api/v1/runs',
      '/api/v1/runs/{run}',
      '/api/v1/runs/{run}/observations/{key}',
      '/api/v1/sessions',
      '/api/v1/sessions/{session}',
      '/api/v1/sessions/{session}/candidates/{code}',
      '/api/v1/sessions/{session}/criteria/{criterion}/findings',
    ])
    for (const path of Object.values<Record<string, { responses: Record<string, unknown> }>>(api.paths))
      for (const operation of Object.values(path))
        expect(Object.keys(operation.responses).length).toBeGreaterThan(1)
    // References must be resolvable where they stand: from the root of the document.
    const references = JSON.stringify(api).match(/"\$ref":"[^"]+"/g) ?? []
    for (const reference of references) {
      const path = reference.slice(8, -1).replace(/^#\//, '').split('/')
      expect(
        path.reduce<any>((at, part) => at?.[part], api),
        reference,
      ).toBeDefined()
    }
  })
})
