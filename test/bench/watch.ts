import { spawnSync } from 'node:child_process'
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { dirname, join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { agentKey } from '../../agent/evidence/agent-key.ts'
import { loadSession } from '../../agent/run/load.ts'
import { openLooks } from '../../agent/run/looks.ts'
import { catalogue } from '../../checks/catalogue.ts'
import { readReferentials } from '../../referentials.ts'
import { fortyQuestions } from './forty-questions.ts'

// npm run bench:watch: what it costs to look again at 40 demands on 3 machines of the lab where nothing has changed: processor
// time of this process, user and system, for each look; connections stay open. Prints the figures, and ends with 1 where
// the median is over the budget.

const budgetMs = 150
const warmUps = 2
const rounds = Number(process.env['BENCH_ROUNDS'] ?? 15)
const root = join(dirname(fileURLToPath(import.meta.url)), '../..')

if (process.env['LAB_SSH_KEY'] === undefined) {
  const inside = [process.execPath, ...process.execArgv, fileURLToPath(import.meta.url)]
  const argv = ['run', '--machines', 'healthy16', '--', ...inside]
  process.exit(spawnSync(join(root, 'fixtures/lab/lab'), argv, { cwd: root, stdio: 'inherit' }).status ?? 1)
}

const roles = ['web', 'files', 'poste'] as const
const session = {
  exam: 'exam.yaml',
  date: '2026-12-01',
  credentials: { admin: { user: 'probant', key: 'env:LAB_SSH_KEY' } },
  targets: Object.fromEntries(
    roles.map((role, i) => [role, { address: `10.0.${101 + i}.20`, ssh: { credential: 'admin' } }]),
  ),
  candidates: [{ code: 'M101', n: 1 }],
}
const exam = {
  title: 'Banc de mesure',
  purpose: 'training',
  referential: 'tp-01351-01',
  certificate: 'TITRE',
  roles: Object.fromEntries(roles.map((role) => [role, 'linux'])),
  demands: fortyQuestions.map(({ check: [id, params] }, i) => ({
    id: `q${i + 1}`,
    text: `Question ${i + 1}`,
    criteria: ['C9.1'],
    checks: [{ [id]: { on: roles[i % roles.length], ...params } }],
  })),
}

const median = (values: readonly number[]): number =>
  [...values].sort((a, b) => a - b)[Math.floor(values.length / 2)]!
const spread = (values: readonly number[]): string =>
  `${median(values).toFixed(0)} ms (${Math.min(...values).toFixed(0)} to ${Math.max(...values).toFixed(0)})`

/** Processor time and clock time of one piece of work, in ms. */
async function measured<T>(work: () => Promise<T>): Promise<{ result: T; cpu: number; ms: number }> {
  const before = process.cpuUsage()
  const began = performance.now()
  const result = await work()
  const { user, system } = process.cpuUsage(before)
  return { result, cpu: (user + system) / 1000, ms: performance.now() - began }
}

const folder = mkdtempSync(join(tmpdir(), 'probant-watch-'))
try {
  // YAML takes JSON.
  writeFileSync(join(folder, 'exam.yaml'), JSON.stringify(exam))
  writeFileSync(join(folder, 'session.yaml'), JSON.stringify(session))
  const sources = { catalogue, referentials: await readReferentials() }
  const { loaded, diagnostics } = await loadSession(join(folder, 'session.yaml'), sources)
  if (!loaded) throw new Error(JSON.stringify(diagnostics))
  const looks = openLooks({
    loaded,
    candidate: 'M101',
    secrets: async () => process.env['LAB_SSH_KEY']!,
    checkIdentity: () => true,
    preflight: null,
    key: await agentKey(folder),
    version: 'bench',
  })
  const first = await measured(() => looks.look())
  for (let i = 1; i < warmUps; i++) await looks.look()
  const cpu: number[] = []
  const clock: number[] = []
  const verdicts = new Set<string>()
  for (let i = 0; i < rounds; i++) {
    const { result, ...cost } = await measured(() => looks.look())
    cpu.push(cost.cpu)
    clock.push(cost.ms)
    verdicts.add(JSON.stringify(result.demands.map(({ verdict }) => verdict)))
    if (!result.complete || result.demands.length !== 40) throw new Error('an incomplete look')
  }
  await looks.close()
  const counted: Record<string, number> = {}
  for (const { verdict, cause } of first.result.findings) {
    const word = cause ? `${verdict}/${cause}` : verdict
    counted[word] = (counted[word] ?? 0) + 1
  }
  console.log(
    `40 demands on 3 machines, ${rounds} looks after ${warmUps}, load ${readFileSync('/proc/loadavg', 'utf8').slice(0, 14)}`,
  )
  console.log(`findings: ${JSON.stringify(counted)}${verdicts.size === 1 ? '' : ', not always the same'}`)
  console.log(`first look: processor ${first.cpu.toFixed(0)} ms, clock ${first.ms.toFixed(0)} ms`)
  console.log(`idle look:  processor ${spread(cpu)}, clock ${spread(clock)}`)
  if (median(cpu) >= budgetMs) {
    console.log(`more than the budget of ${budgetMs} ms`)
    process.exitCode = 1
  }
} finally {
  rmSync(folder, { recursive: true, force: true })
}
