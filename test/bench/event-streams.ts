/**
 * `npm run bench:streams [-- SECONDS]`: 200 clients of the surveillant's event stream while a session of 16 candidates runs:
 * what the server's memory does, how long an event takes, how long its loop is held up. The clients are another process.
 */
import { fork } from 'node:child_process'
import { once } from 'node:events'
import { get } from 'node:http'
import { monitorEventLoopDelay } from 'node:perf_hooks'
import { setTimeout as wait } from 'node:timers/promises'

const clients = 200
const [, , role = '60'] = process.argv

if (role === 'clients') {
  const { url, cookie } = JSON.parse(process.env['STREAMS'] ?? '{}') as { url: string; cookie: string }
  let events = 0
  let open = 0
  const waits: number[] = []
  for (let i = 0; i < clients; i++)
    get(url, { headers: { cookie }, agent: false }, (answer) => {
      open++
      answer.setEncoding('utf8')
      let rest = ''
      answer.on('data', (text: string) => {
        rest += text
        const parts = rest.split('\n\n')
        rest = parts.pop() ?? ''
        for (const part of parts) {
          if (!part.startsWith('event: pieces')) continue
          events++
          const sent = /incident (\d{13})(?!.*incident \d{13})/s.exec(part)?.[1]
          if (sent !== undefined) waits.push(Date.now() - Number(sent))
        }
      })
    })
  process.on('message', () => {
    waits.sort((a, b) => a - b)
    const at = (share: number) => waits[Math.floor(waits.length * share)] ?? null
    process.send?.({ open, events, p50: at(0.5), p95: at(0.95), max: waits.at(-1) ?? null })
    events = 0
    waits.length = 0
  })
} else {
  const { createServer } = await import('../../dist/server.js' as string)
  const { openSqliteStore } = await import('../../server/store/sqlite/open.ts')
  const { Changes } = await import('../../server/live/changes.ts')
  const { newSecret } = await import('../../server/access/one-time-code.ts')
  const { mkdtempSync, rmSync } = await import('node:fs')
  const { join } = await import('node:path')
  const { tmpdir } = await import('node:os')
  const seconds = Number(role)
  const folder = mkdtempSync(join(tmpdir(), 'probant-streams-'))
  const store = await openSqliteStore(join(folder, 'probant.sqlite'))
  const changes = new Changes()
  const app = await createServer({
    store,
    changes,
    catalogue: new Map(),
    referentials: async () => null,
    allReferentials: async () => new Map(),
    version: '0',
    cookieKey: 'x'.repeat(64),
    dataFolder: folder,
    logger: false,
  })
  const account = await store.accounts.add(
    { name: 'surv', displayName: 'Surv', role: 'surveillant' },
    'bench',
  )
  const { secret, hash } = newSecret()
  await store.accounts.keepSignIn(
    hash,
    account.account,
    new Date(Date.now() + 3_600_000).toISOString(),
    'surv',
  )
  const session = 'b'.repeat(64)
  await store.life.create({
    session: {
      id: session,
      title: 'Session',
      date: '2026-12-01',
      exam: 'Sujet',
      purpose: 'examination',
      referential: 'tp-01351-01',
      certificate: 'TITRE',
      launch: 'hand',
      minutes: 90,
      purgeAfter: null,
    },
    files: [{ name: 'session.yaml', text: 'x' }],
    candidates: Array.from({ length: 16 }, (_, i) => ({
      code: `C${String(i + 1).padStart(2, '0')}`,
      seat: `P${i + 1}`,
      name: null,
      extraMinutes: 0,
    })),
    by: { account: account.account, name: 'surv' },
  })
  await store.life.setState(session, 'prepared', 'preflight', 'x')
  await store.life.setState(session, 'preflight', 'running', 'x')
  await store.addAgent('poste', 'x')
  const url: string = await app.listen({ host: '127.0.0.1', port: 0 })
  const cookie = `probant=${encodeURIComponent(app.signCookie(secret))}`
  const child = fork(import.meta.filename, ['clients'], {
    env: {
      ...process.env,
      STREAMS: JSON.stringify({ url: `${url}/sessions/${session}/watch/events`, cookie }),
    },
  })
  const report = async () => {
    child.send('report')
    const [said] = (await once(child, 'message')) as [unknown]
    return said
  }
  await wait(3000)
  const loop = monitorEventLoopDelay({ resolution: 10 })
  loop.enable()
  const codes = (await store.life.candidates(session)).map(({ code }) => code)
  await store.work.ask(
    codes.map((candidate) => ({
      session,
      candidate,
      kind: 'end' as const,
      demands: null,
      follows: null,
      target: null,
      reason: null,
    })),
    'x',
  )
  const works: string[] = []
  for (let work = await store.work.lease('poste', 600); work; work = await store.work.lease('poste', 600))
    works.push(work.id)
  const started = Date.now()
  for (let n = 0; Date.now() - started < seconds * 1000; n++) {
    // Sixteen candidates whose progress is told twice a second, and now and then an incident.
    const doing = works.map((work) => ({ work, asked: 10_000, answered: n, silent: [] }))
    const { changed } = await store.work.heartbeat('poste', { host: 'x', version: '0' }, doing, 600)
    for (const one of changed) changes.announce(one.session, one.candidate)
    if (n % 10 === 0) {
      await store.life.noteIncident(
        session,
        { candidate: null, at: new Date().toISOString(), text: `incident ${Date.now()}`, addedSeconds: 0 },
        'x',
      )
      changes.announce(session)
    }
    if (n % 20 === 19) {
      globalThis.gc?.()
      const { rss, heapUsed } = process.memoryUsage()
      console.log(
        `${String(Math.round((Date.now() - started) / 1000)).padStart(3)} s: rss ${Math.round(rss / 1e6)} MB, heap ${Math.round(heapUsed / 1e6)} MB, loop held up p99 ${Math.round(loop.percentile(99) / 1e6)} ms`,
        JSON.stringify(await report()),
      )
      loop.reset()
    }
    await wait(500)
  }
  child.kill()
  await app.close()
  await store.close()
  rmSync(folder, { recursive: true, force: true })
}
