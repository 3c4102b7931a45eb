/**
 * How long a dossier page takes at 100,000 findings in store: `node test/server/dossier.bench.ts`, from a built checkout
 * (`npm run build`). The whole answer over HTTP on loopback, to a juror who is signed in, fifty requests a second whether the
 * ones before were answered or not, each for another candidate.
 */
import { randomUUID } from 'node:crypto'
import { mkdtempSync, readFileSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { catalogue } from '../../checks/catalogue.ts'
import { parseReferential } from '../../checks/referential/referential.ts'
import { Changes } from '../../server/live/changes.ts'
import { createAgentToken, hashToken } from '../../server/store/agent-token.ts'
import { openSqliteStore } from '../../server/store/sqlite/open.ts'
import { isRefusal, verifyRun } from '../../server/store/verified-run.ts'
import { newSecret } from '../../server/access/one-time-code.ts'
import { makeKey, makeRun, sessionId } from './run-fixture.ts'

const root = fileURLToPath(new URL('../../', import.meta.url))
const perRun = 100
const wanted = 3_000
const requests = 300
const perSecond = 50

const { createServer } = (await import(
  join(root, 'dist/server.js')
)) as typeof import('../../server/server.ts')
const folder = mkdtempSync(join(tmpdir(), 'probant-bench-'))
try {
  const store = await openSqliteStore(join(folder, 'probant.sqlite'))
  const token = await createAgentToken(store, 'bench')
  const agent = await store.agentByToken(hashToken(token))
  if (!agent) throw new Error('no agent')
  const key = makeKey()
  const addresses: string[] = []
  const sessions = new Set<string>()
  let findings = 0
  for (let i = 0; findings < wanted; i++) {
    const session = `s${Math.floor(i / 16)}`
    const n = 1 + (i % 16)
    const run = makeRun(key, { n, session, more: perRun - 12 })
    const verified = await verifyRun(run)
    if (isRefusal(verified)) throw new Error(verified.detail)
    await store.receive(verified, agent)
    findings += run.findings.length
    sessions.add(run.session.id)
    addresses.push(`/sessions/${sessionId(session)}/candidates/${run.candidate.code}`)
  }
  const referential = parseReferential(
    readFileSync(join(root, 'checks/referential/tp-01351-01.yaml'), 'utf8'),
  )
  const app = await createServer({
    store,
    referentials: async () => referential,
    allReferentials: async () => new Map([[referential.id, referential]]),
    catalogue,
    changes: new Changes(),
    cookieKey: randomUUID() + randomUUID(),
    dataFolder: folder,
    version: '0',
    logger: false,
  })
  const url = await app.listen({ host: '127.0.0.1', port: 0 })
  const juror = await store.accounts.add({ name: 'jury', displayName: 'Jury', role: 'jury' }, 'bench')
  const { secret, hash } = newSecret()
  await store.accounts.keepSignIn(
    hash,
    juror.account,
    new Date(Date.now() + 3_600_000).toISOString(),
    juror.name,
  )
  const headers = { cookie: `probant=${encodeURIComponent(app.signCookie(secret))}` }
  for (const session of sessions) {
    await store.life.addMember(session, juror.account, null, 'bench')
    await store.life.setState(session, 'collected', 'open', 'bench')
  }
  const times: number[] = []
  let bytes = 0
  const ask = async (i: number) => {
    const address = addresses[(Math.abs(i) * 7919) % addresses.length] ?? ''
    const start = performance.now()
    const answer = await fetch(url + address, { headers })
    const text = await answer.text()
    if (answer.status !== 200) throw new Error(`${answer.status} at ${address}`)
    // The first ones warm the program up.
    if (i >= 0) times.push(performance.now() - start)
    bytes = text.length
  }
  const one = async (i: number) => { const r = await app.inject({ url: addresses[i % addresses.length]!, headers }); if (r.statusCode !== 200) throw new Error('x'); bytes = r.rawPayload.length }
  for (let i = 0; i < 100; i++) await one(i)
  const cpu = process.cpuUsage()
  for (let i = 0; i < 1000; i++) await one(i)
  const used = process.cpuUsage(cpu)
  console.log('cpu ms/request', (used.user + used.system) / 1_000_000, bytes)
  const c2 = process.cpuUsage()
  for (let i = 0; i < 200; i++) await store.dossier([...sessions][0]!, 'C01')
  const u2 = process.cpuUsage(c2)
  console.log('cpu ms/dossier', (u2.user + u2.system) / 200_000)
  times.sort((a, b) => a - b)
  const at = (share: number) => (times[Math.floor(share * (times.length - 1))] ?? 0).toFixed(1)
  console.log(
    `${findings} findings, ${addresses.length} candidates, ${perRun} findings a dossier (${Math.round(bytes / 1000)} kB of HTML): p50 ${at(0.5)} ms, p95 ${at(0.95)} ms, p99 ${at(0.99)} ms`,
  )
  await app.close()
  await store.close()
} finally {
  rmSync(folder, { recursive: true, force: true })
}
