import { spawn } from 'node:child_process'
import { randomBytes } from 'node:crypto'
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { dirname, join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { askByScript } from '../../agent/transports/powershell/ask.ts'
import { openWinRm } from '../../agent/transports/winrm/open.ts'
import { catalogue } from '../../checks/catalogue.ts'
import type { Probe } from '../../checks/probe.ts'
import type { Facts } from '../../checks/define.ts'
import { windowsServer } from '../../fixtures/windows/model/server.ts'
import { serveWindows, type ModelledServer } from '../../fixtures/windows/serve.ts'
import { fortyWindowsQuestions } from './forty-windows-questions.ts'

// npm run bench:windows: 40 Windows checks on one modelled machine, 50 ms there and back, in turns: (A) a whole `probant
// check`; (B) a shell opened for each question, as clients do that open one per command. The machine takes no time itself, so
// what is measured is the conversation. Prints the figures; docs/benchmarks.md keeps some.

const root = join(dirname(fileURLToPath(import.meta.url)), '../..')
const rounds = Number(process.env['BENCH_ROUNDS'] ?? 5)
const roundTripMs = 50
const account = { user: 'surveillant', domain: '', password: randomBytes(12).toString('base64') }

const median = (values: readonly number[]): number =>
  [...values].sort((a, b) => a - b)[Math.floor(values.length / 2)]!
const seconds = (ms: number): string => `${(ms / 1000).toFixed(2)} s`

const serve = () => serveWindows(windowsServer('fr'), { account, roundTripMs })
const told = ({ shells }: ModelledServer): string =>
  [...shells.asked].map(([name, count]) => `${name} ${count}`).join(', ')

/** A whole process, from its start to its end. */
async function check(server: ModelledServer, folder: string): Promise<number> {
  const home = mkdtempSync(join(folder, 'home-'))
  mkdirSync(join(home, 'runs'))
  // YAML takes JSON.
  const exam = {
    title: 'Banc de mesure',
    purpose: 'training',
    referential: 'tp-01351-01',
    certificate: 'TITRE',
    roles: { srv: 'windows' },
    demands: fortyWindowsQuestions.map(([id, params], i) => ({
      id: `q${i + 1}`,
      text: `Question ${i + 1}`,
      criteria: ['C8.3'],
      checks: [{ [id]: { on: 'srv', ...params } }],
    })),
  }
  const session = {
    exam: 'exam.yaml',
    date: '2026-12-01',
    credentials: { admin: { user: account.user, password: 'env:BENCH_PASSWORD' } },
    targets: { srv: { address: '127.0.0.1', winrm: { credential: 'admin', port: server.port } } },
    candidates: [{ code: 'C01', n: 1 }],
  }
  writeFileSync(join(home, 'exam.yaml'), JSON.stringify(exam))
  writeFileSync(join(home, 'session.yaml'), JSON.stringify(session))
  const began = performance.now()
  const child = spawn(
    process.execPath,
    ['bin/probant.js', 'check', '--session', join(home, 'session.yaml'), '--out', join(home, 'runs')],
    {
      cwd: root,
      env: { ...process.env, PROBANT_HOME: home, BENCH_PASSWORD: account.password },
      stdio: 'ignore',
    },
  )
  const status = await new Promise((resolve) => child.once('close', resolve))
  if (status !== 0) throw new Error(`probant check ended with ${String(status)}`)
  return performance.now() - began
}

/** The first questions of the same checks, each with a connection and a shell of its own. */
async function shellForEach(server: ModelledServer): Promise<number> {
  const facts: Facts = {
    candidate: 'C01',
    targets: { srv: { kind: 'windows', address: '127.0.0.1', transports: ['powershell'], shared: false } },
  }
  const probes: Probe[] = fortyWindowsQuestions.flatMap(([id, params]) => {
    const definition = catalogue.get(id)!
    const parsed = definition.params.parse({ on: 'srv', ...params })
    return Object.values(definition.probes(parsed, facts, [parsed]))
  })
  const began = performance.now()
  for (const probe of probes) {
    const { powershell } = await openWinRm({
      address: '127.0.0.1',
      port: server.port,
      identity: account,
      tls: null,
      checkIdentity: () => true,
      connectTimeoutMs: 10_000,
      signal: AbortSignal.timeout(60_000),
    })
    const asked = askByScript(powershell, [probe], {
      domain: null,
      identity: null,
      checkIdentity: () => true,
      where: 'winrm',
      pinned: 'first-use',
      signal: AbortSignal.timeout(60_000),
    })
    for await (const outcome of asked) if (!('answer' in outcome)) throw new Error(outcome.failure.detail)
    await powershell.close()
  }
  return performance.now() - began
}

const folder = mkdtempSync(join(tmpdir(), 'probant-bench-'))
const [a, b]: [number[], number[]] = [[], []]
const said: { a?: string; b?: string } = {}
try {
  for (let round = 0; round < rounds; round++) {
    const [one, other] = [await serve(), await serve()]
    a.push(await check(one, folder))
    b.push(await shellForEach(other))
    said.a = told(one)
    said.b = told(other)
    await Promise.all([one.close(), other.close()])
  }
  console.log(
    `${fortyWindowsQuestions.length} Windows checks on one machine, ${roundTripMs} ms there and back, ${rounds} rounds in turns`,
  )
  console.log(`A probant check             ${seconds(median(a))}   ${said.a}`)
  console.log(`B a shell for each question ${seconds(median(b))}   ${said.b}`)
  console.log(`A / B                       ${(median(a) / median(b)).toFixed(2)}`)
} finally {
  rmSync(folder, { recursive: true })
}
