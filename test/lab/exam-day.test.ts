import { mkdtempSync, readFileSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, beforeAll, expect, it } from 'vitest'
import { AgentFailure } from '../../agent/work/agent-failure.ts'
import { runAgent } from '../../agent/work/run-agent.ts'
import { resolveSecret } from '../../agent/secrets/resolve.ts'
import { readReferentials } from '../../referentials.ts'
import { newEnrolmentCode } from '../../server/access/enrolment-code.ts'
import { startExamDay, type ExamDay, type SignedIn } from '../server/exam-day-server.ts'

const root = join(import.meta.dirname, '..', '..')
const stop = new AbortController()
let day: ExamDay
let working: Promise<void>
let home: string
let surveillant: SignedIn
let session: string

/** A whole day on real machines: the server, and an agent that pulls its work, on the lab's three candidates. */
beforeAll(async () => {
  home = mkdtempSync(join(tmpdir(), 'probant-lab-day-'))
  process.env['PROBANT_HOME'] = home
  day = await startExamDay()
  const url = await day.app.listen({ host: '127.0.0.1', port: 0 })
  const responsable = await day.signIn('responsable')
  surveillant = await day.signIn('surveillant')
  const text = (path: string) => readFileSync(join(root, path), 'utf8')
  const posted = await day.app.inject({
    method: 'POST',
    url: '/api/v1/sessions',
    headers: { cookie: responsable.cookie, 'sec-fetch-site': 'same-origin' },
    payload: {
      files: [
        { name: 'session.yaml', text: text('fixtures/sessions/agence-lyon.yaml') },
        { name: '../exams/agence-lyon.yaml', text: text('fixtures/exams/agence-lyon.yaml') },
      ],
    },
  })
  expect([posted.statusCode, posted.body]).toEqual([201, expect.any(String)])
  session = (posted.json() as { id: string }).id
  await day.store.life.addMember(session, surveillant.account.account, null, 'test')
  const { code, hash } = newEnrolmentCode()
  await day.store.work.invite(hash, new Date(Date.now() + 60_000).toISOString(), 'test')
  working = runAgent({
    server: new URL(`${url}/`),
    name: 'salle-lab',
    folder: home,
    enrolCode: code,
    signal: stop.signal,
    secrets: resolveSecret,
    version: '0',
    referentials: readReferentials,
  }).catch((error: unknown) => {
    if (!(error instanceof AgentFailure)) throw error
    throw new Error(error.text.en)
  })
})
afterAll(async () => {
  stop.abort()
  await working
  await day.close()
  rmSync(home, { recursive: true, force: true })
})

const post = async (path: string, form: Record<string, string>) => {
  const answer = await day.post(`/sessions/${session}/watch/${path}`, form, surveillant)
  expect([path, answer.statusCode, String(answer.headers.location)]).toEqual([
    path,
    303,
    expect.stringContaining('said=done'),
  ])
}
const allDone = (kind: string) =>
  expect
    .poll(
      async () =>
        (await day.store.work.ofSession(session))
          .filter((work) => work.kind === kind)
          .map(({ state, failure }) => failure?.en ?? state),
      { timeout: 90_000, interval: 200 },
    )
    .toEqual(['done', 'done', 'done'])

it('goes from the preflight to the jury, on the machines themselves', { timeout: 240_000 }, async () => {
  await post('state', { from: 'prepared', to: 'preflight' })
  await post('launch', { kind: 'preflight' })
  await allDone('preflight')
  const ways = await day.store.work.ways(session, 'C01')
  expect(ways.length).toBeGreaterThan(5)
  expect(ways.filter(({ worked }) => !worked)).toEqual([])
  await post('state', { from: 'preflight', to: 'running' })
  await post('clocks', {})
  await post('launch', { kind: 'start' })
  await allDone('start')
  await post('launch', { kind: 'end' })
  await allDone('end')
  await post('state', { from: 'running', to: 'collected' })

  // What the lab plants for C01 is all as asked; the same machines, asked twice, were changed by nobody.
  const dossier = (await day.store.dossier(session, 'C01'))!
  expect(dossier.run.stage).toBe('end')
  expect([...new Set(dossier.findings.map(({ verdict }) => verdict))]).toEqual(['pass'])
  expect(dossier.start?.findings.map(({ verdict }) => verdict)).toEqual(
    dossier.findings.map(({ verdict }) => verdict),
  )
  expect(dossier.run.agent.clock.offsetMs).not.toBeNull()
  expect(await day.store.receipts(session)).toHaveLength(6)
  // C02 has its planted mistakes, and they are not the tool's.
  const other = (await day.store.dossier(session, 'C02'))!
  expect(other.findings.some(({ verdict }) => verdict === 'fail')).toBe(true)
})
