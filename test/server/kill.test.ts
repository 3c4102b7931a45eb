import { spawn, spawnSync, type ChildProcess } from 'node:child_process'
import { once } from 'node:events'
import { mkdirSync, mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join, resolve } from 'node:path'
import { createInterface } from 'node:readline'
import { setTimeout as wait } from 'node:timers/promises'
import { afterAll, beforeAll, expect, it } from 'vitest'
import { fingerprint, type Run } from '../../checks/run.ts'
import { createAgentToken } from '../../server/store/agent-token.ts'
import { firstBrokenLink } from '../../checks/evidence/chain.ts'
import { openSqliteStore } from '../../server/store/sqlite/open.ts'
import { makeKey, makeRun } from './run-fixture.ts'

const root = resolve(import.meta.dirname, '../..')
const kills = 30
const key = makeKey()
let folder: string
let compiled: string
let running: ChildProcess | undefined

/** A small deterministic generator (mulberry32): a failure can be run again. */
function random(seed: number): () => number {
  let state = seed
  return () => {
    state = (state + 0x6d2b79f5) | 0
    let t = Math.imul(state ^ (state >>> 15), 1 | state)
    t = (t + Math.imul(t ^ (t >>> 7), 61 | t)) ^ t
    return ((t ^ (t >>> 14)) >>> 0) / 4_294_967_296
  }
}

beforeAll(() => {
  folder = mkdtempSync(join(tmpdir(), 'probant-kill-'))
  // The server as it is shipped: compiled, because Node does not read .tsx. Inside the checkout, to find its packages.
  mkdirSync(join(root, 'artefacts'), { recursive: true })
  compiled = mkdtempSync(join(root, 'artefacts', 'kill-'))
  const built = spawnSync(process.execPath, [join(root, 'build.ts'), compiled], {
    cwd: root,
    encoding: 'utf8',
  })
  if (built.status !== 0) throw new Error(built.stderr)
}, 60_000)
afterAll(() => {
  running?.kill('SIGKILL')
  rmSync(folder, { recursive: true, force: true })
  rmSync(compiled, { recursive: true, force: true })
})

async function startServer(data: string): Promise<{ child: ChildProcess; url: string }> {
  const program = `
    const { flushCompileCache } = await import('node:module')
    const { startServer } = await import(${JSON.stringify(join(compiled, 'serve.js'))})
    const server = await startServer({ port: 0, host: '127.0.0.1', data: ${JSON.stringify(data)}, version: '0',
      referentials: async () => null, allReferentials: async () => new Map(), catalogue: new Map(), logLevel: 'error' })
    console.log(server.url)
    flushCompileCache()`
  const child = spawn(process.execPath, ['--input-type=module', '--eval', program], {
    stdio: ['ignore', 'pipe', 'inherit'],
    // Thirty starts: what Node compiled for the first serves the others.
    env: { ...process.env, NODE_COMPILE_CACHE: join(folder, 'compiled') },
  })
  running = child
  const lines = createInterface({ input: child.stdout })
  const [url] = (await Promise.race([
    once(lines, 'line'),
    once(child, 'exit').then(() => Promise.reject(new Error('the server ended by itself'))),
  ])) as [string]
  return { child, url }
}

it(
  `killed at ${kills} random moments while runs arrive, loses no acknowledged run and doubles none`,
  async () => {
    const data = join(folder, 'data')
    const file = join(data, 'probant.sqlite')
    const empty = await openSqliteStore(file)
    const token = await createAgentToken(empty, 'poste')
    await empty.close()

    const seed = Number(process.env['PROBANT_SEED'] ?? 20261201)
    const draw = random(seed)
    const acknowledged = new Map<string, string>()
    const sent = new Map<string, Run>()
    let queue: Run[] = []
    let interrupted = 0

    const deliver = async (url: string, run: Run, aborted: AbortSignal) => {
      sent.set(run.id, run)
      const answer = await fetch(`${url}api/v1/runs`, {
        method: 'POST',
        headers: { 'content-type': 'application/json', authorization: `Bearer ${token}` },
        body: JSON.stringify(run),
        signal: aborted,
      })
      const { receipt } = (await answer.json()) as { receipt: { fingerprint: string } }
      expect([200, 201]).toContain(answer.status)
      acknowledged.set(run.id, receipt.fingerprint)
    }

    for (let round = 0; round < kills; round++) {
      const { child, url } = await startServer(data)
      const stop = new AbortController()
      // The random moment: some acknowledgements into the round (counted, so that a slow machine gets as far as a
      // fast one), and then a random while into what comes next.
      const wanted = Math.floor(draw() * 5)
      const before = acknowledged.size
      const reached = Promise.withResolvers<void>()
      const heard = () => {
        if (acknowledged.size - before >= wanted) reached.resolve()
      }
      heard()
      // Several deliver at once; what was cut off is delivered again in the next round, as an agent does.
      const retry = queue
      queue = []
      const sender = async () => {
        for (let n = 1; !stop.signal.aborted; n++) {
          const run = retry.pop() ?? makeRun(key, { n: n % 90, more: n % 3 === 0 ? 60 : 0 })
          try {
            await deliver(url, run, stop.signal)
            heard()
          } catch (error) {
            if (error instanceof Error && error.name === 'AssertionError') throw error
            queue.push(run)
            interrupted++
            return
          }
        }
      }
      const senders = [sender(), sender(), sender()]
      await reached.promise
      await wait(draw() * 60)
      child.kill('SIGKILL')
      await once(child, 'exit')
      stop.abort()
      await Promise.all(senders)
    }
    // The last time it is left alive: everything that was cut off gets through.
    const { child, url } = await startServer(data)
    for (const run of queue) await deliver(url, run, AbortSignal.timeout(10_000))
    child.kill('SIGTERM')
    await once(child, 'exit')

    const store = await openSqliteStore(file)
    const chain = await store.chain()
    console.log(
      `seed ${seed}: ${acknowledged.size} runs acknowledged, ${interrupted} deliveries cut off, ${kills} kills`,
    )
    expect(interrupted).toBeGreaterThan(kills / 2)
    expect(acknowledged.size).toBeGreaterThan(kills)
    expect(firstBrokenLink(chain)).toBeNull()
    expect(new Set(chain.map((link) => link.run)).size).toBe(chain.length)
    expect(new Map(chain.map((link) => [link.run, link.fingerprint]))).toEqual(acknowledged)
    for (const { run: id } of chain) {
      // Whole or not at all: the text, and the rows that the pages read.
      const run = sent.get(id)
      expect(JSON.parse((await store.runText(id)) ?? 'null')).toEqual(run)
      const dossier = await store.dossier(run?.session.id ?? '', run?.candidate.code ?? '', id)
      expect(dossier?.findings).toEqual(run?.findings)
      expect([...(dossier?.observations.keys() ?? [])].sort()).toEqual(
        Object.keys(run?.observations ?? {}).sort(),
      )
      expect(dossier?.link.fingerprint).toBe(run && fingerprint(run))
    }
    const shown = await store.session([...sent.values()][0]?.session.id ?? '')
    expect(shown?.people.reduce((sum, one) => sum + one.runs, 0)).toBe(chain.length)
    await store.close()
  },
  // Alone on two cores it takes under 30 s; a machine that does other things as well may take its time.
  300_000,
)
