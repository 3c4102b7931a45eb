import { spawn, spawnSync, type ChildProcess } from 'node:child_process'
import { once } from 'node:events'
import { mkdirSync, mkdtempSync, rmSync } from 'node:fs'
import { createServer } from 'node:net'
import { tmpdir } from 'node:os'
import { join, resolve } from 'node:path'
import { setTimeout as wait } from 'node:timers/promises'
import cookie from '@fastify/cookie'
import { afterAll, beforeAll, expect, it } from 'vitest'
import { catalogue } from '../../checks/catalogue.ts'
import { firstBrokenLink } from '../../checks/evidence/chain.ts'
import { JournalVerifier } from '../../checks/evidence/journal-chain.ts'
import { newEnrolmentCode } from '../../server/access/enrolment-code.ts'
import { newSecret } from '../../server/access/one-time-code.ts'
import { cookieKey } from '../../server/secrets/cookie-key.ts'
import { takeUpload } from '../../server/session-life/upload.ts'
import { openSqliteStore } from '../../server/store/sqlite/open.ts'
import { testReferential } from './exam-day-server.ts'

/** A dozen in `npm test`; `npm run kills` plays a hundred. */
const kills = Number(process.env['PROBANT_KILLS'] ?? 12)
const root = resolve(import.meta.dirname, '../..')
const codes = ['C01', 'C02', 'C03', 'C04']
let folder: string
let compiled: string
let port: number
const running = new Map<'server' | 'agent', ChildProcess>()

beforeAll(async () => {
  folder = mkdtempSync(join(tmpdir(), 'probant-day-kills-'))
  // As it is shipped, inside the checkout to find its packages.
  mkdirSync(join(root, 'artefacts'), { recursive: true })
  compiled = mkdtempSync(join(root, 'artefacts', 'day-kills-'))
  const built = spawnSync(process.execPath, [join(root, 'build.ts'), compiled], {
    cwd: root,
    encoding: 'utf8',
  })
  if (built.status !== 0) throw new Error(built.stderr)
  const probe = createServer().listen(0, '127.0.0.1')
  await once(probe, 'listening')
  port = (probe.address() as { port: number }).port
  probe.close()
}, 60_000)
afterAll(() => {
  for (const child of running.values()) child.kill('SIGKILL')
  rmSync(folder, { recursive: true, force: true })
  rmSync(compiled, { recursive: true, force: true })
})

const session = `exam: sujet.yaml
title: Session des pannes
date: 2026-12-01
targets:
  moi: { address: 127.0.0.1, local: true }
candidates:
${codes.map((code, i) => `  - { code: ${code}, n: ${i + 1}, seat: A${i + 1} }`).join('\n')}
`
const exam = `title: Sujet local
purpose: examination
referential: tp-01351-01
certificate: TITRE
roles: { moi: linux }
demands:
  - { id: fichier, criteria: [C9.1], checks: [{ linux.file: { on: moi, path: /etc/hostname, type: file } }] }
  - { id: dossier, criteria: [C9.1], checks: [{ linux.file: { on: moi, path: /etc, type: directory } }] }
`
const data = () => join(folder, 'data')
const url = () => `http://127.0.0.1:${port}/`

async function start(what: 'server' | 'agent', env: Record<string, string> = {}): Promise<void> {
  const serve = `
    const { startServer } = await import(${JSON.stringify(join(compiled, 'serve.js'))})
    await startServer({ port: ${port}, host: '127.0.0.1', data: ${JSON.stringify(data())}, version: '0', leaseSeconds: 2,
      referentials: async () => null, allReferentials: async () => new Map(), catalogue: new Map(), logLevel: 'error' })`
  const args =
    what === 'server'
      ? ['--input-type=module', '--eval', serve]
      : [join(compiled, 'probant.js'), 'agent', '--server', url(), '--name', 'salle', '--enrol']
  const child = spawn(process.execPath, args, {
    stdio: ['ignore', 'ignore', what === 'server' ? 'inherit' : 'ignore'],
    env: {
      ...process.env,
      PROBANT_HOME: join(folder, 'agent'),
      NODE_COMPILE_CACHE: join(folder, 'compiled'),
      LANG: 'C',
      ...env,
    },
  })
  running.set(what, child)
  if (what === 'server') await answers()
}

async function answers(): Promise<void> {
  for (const end = Date.now() + 20_000; Date.now() < end; await wait(30)) {
    const there = await fetch(`${url()}sign-in`).then(
      (answer) => answer.ok,
      () => false,
    )
    if (there) return
  }
  throw new Error('the server does not answer')
}

async function kill(what: 'server' | 'agent'): Promise<void> {
  const child = running.get(what)!
  child.kill('SIGKILL')
  if (child.exitCode === null && child.signalCode === null) await once(child, 'exit')
}

it(
  `a played session survives ${kills} kills of server, agent and both: nothing acknowledged is lost, nothing is there twice`,
  { timeout: 60_000 + kills * 8000 },
  async () => {
    const store = await openSqliteStore(join(data(), 'probant.sqlite'))
    const account = await store.accounts.add(
      { name: 'surv', displayName: 'Surv', role: 'surveillant' },
      'test',
    )
    const taken = await takeUpload(
      {
        session: { name: 'session.yaml', text: session },
        exam: { name: 'sujet.yaml', text: exam },
        candidates: null,
        others: [],
        names: new Map(),
      },
      { launch: 'hand' },
      {
        store,
        sources: { catalogue, referentials: new Map([[testReferential.id, testReferential]]) },
        by: { account: account.account, name: 'test' },
      },
    )
    if (taken.outcome !== 'created') throw new Error(JSON.stringify(taken))
    const { id } = taken
    await store.life.setState(id, 'prepared', 'preflight', 'test')
    await store.life.setState(id, 'preflight', 'running', 'test')
    const { code, hash } = newEnrolmentCode()
    await store.work.invite(hash, new Date(Date.now() + 900_000).toISOString(), 'test')
    const { secret, hash: signIn } = newSecret()
    await store.accounts.keepSignIn(
      signIn,
      account.account,
      new Date(Date.now() + 36_000_000).toISOString(),
      'surv',
    )
    await store.close()
    const headers = {
      cookie: `probant=${encodeURIComponent(cookie.sign(secret, cookieKey(data())))}`,
      'sec-fetch-site': 'same-origin',
      'content-type': 'application/x-www-form-urlencoded',
    }
    /** Whether the server said that it has it. */
    const post = (path: string, form: Record<string, string>): Promise<boolean> =>
      fetch(`${url()}sessions/${id}/watch/${path}`, {
        method: 'POST',
        headers,
        body: new URLSearchParams(form),
        redirect: 'manual',
      }).then(
        async (answer) =>
          answer.status === 303 && (answer.headers.get('location') ?? '').includes('said=done'),
        () => false,
      )

    await start('server')
    await start('agent', { PROBANT_ENROL_CODE: code })
    const incidents: string[] = []
    const launched: { code: string; kind: string }[] = []
    const kinds = ['start', 'end'] as const
    for (let round = 0; round < kills; round++) {
      const over = new AbortController()
      const player = (async () => {
        for (let n = 0; !over.signal.aborted; n++) {
          const text = `incident ${round}.${n}`
          if (await post('incidents', { at: '09:00', text, candidate: '', minutes: '0' }))
            incidents.push(text)
          const candidate = codes[n % codes.length]!
          const kind = kinds[n % kinds.length]!
          if (await post('launch', { candidate, kind })) launched.push({ code: candidate, kind })
          await wait(20)
        }
      })()
      await wait(200 + Math.random() * 1200)
      const victims = (
        [['server'], ['agent'], ['server', 'agent']] as const satisfies readonly (readonly (
          | 'server'
          | 'agent'
        )[])[]
      )[round % 3]!
      await Promise.all(victims.map(kill))
      over.abort()
      await player
      for (const victim of victims) await start(victim, { PROBANT_ENROL_CODE: code })
    }

    // Left alone, everything that was asked for gets done.
    const kept = await openSqliteStore(join(data(), 'probant.sqlite'))
    for (const end = Date.now() + 60_000; Date.now() < end; await wait(200))
      if ((await kept.work.ofSession(id)).every(({ state }) => state === 'done')) break
    const works = await kept.work.ofSession(id)
    const page = await (await fetch(`${url()}sessions/${id}/watch`, { headers })).text()
    await kill('agent')
    await kill('server')

    const chain = await kept.chain()
    const requeued = works.filter(({ attempts }) => attempts > 1).length
    console.log(
      `${kills} kills: ${launched.length} launches and ${incidents.length} incidents acknowledged, ${works.length} works, ${requeued} taken more than once, ${chain.length} runs`,
    )
    expect(works.map(({ state }) => state).filter((state) => state !== 'done')).toEqual([])
    // Each work has its one run, under its own id, and there is no other.
    expect(chain.map(({ run }) => run).sort()).toEqual(works.map((work) => work.id).sort())
    expect(firstBrokenLink(chain)).toBeNull()
    for (const { code: candidate, kind } of launched)
      expect(works.some((work) => work.candidate === candidate && work.kind === kind)).toBe(true)
    expect(launched.length).toBeLessThanOrEqual(works.length)
    const noted = (await kept.life.incidents(id)).map(({ text }) => text)
    expect(new Set(noted).size).toBe(noted.length)
    expect(incidents.filter((text) => !noted.includes(text))).toEqual([])
    const verifier = new JournalVerifier()
    let received = 0
    for await (const { session: _, candidate: __, contents, ...entry } of kept.journal.all()) {
      expect(verifier.follows({ ...entry, contents: contents && { ...contents } })).toBe(true)
      if (contents?.act === 'run-received') received++
    }
    expect(received).toBe(chain.length)
    // And the page says what happened.
    for (const candidate of codes) expect(page).toContain(`id="cell-${candidate}-receipt"`)
    for (const candidate of codes) {
      const run = await kept.dossier(id, candidate)
      expect(run?.run.candidate.code).toBe(candidate)
    }
    await kept.close()
  },
)
