import { spawn, spawnSync } from 'node:child_process'
import { chmodSync, mkdirSync, mkdtempSync, openSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { dirname, join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { fortyQuestions } from './forty-questions.ts'

// npm run bench: 40 Linux checks on 16 machines of the lab. Whole process against whole process, in turns, on the same
// machines: (A) probant check; (B) one plain ssh a machine, all at once, each running one script of the same questions.
// Then the same with 8 machines that don't answer. Prints the figures; docs/benchmarks.md keeps some.

const root = join(dirname(fileURLToPath(import.meta.url)), '../..')
const own = fileURLToPath(import.meta.url)
const rounds = Number(process.env['BENCH_ROUNDS'] ?? 7)
const connectTimeoutMs = 10_000
const machines = Array.from({ length: 16 }, (_, i) => ({ n: 101 + i, address: `10.0.${101 + i}.20` }))

const median = (values: readonly number[]): number =>
  [...values].sort((a, b) => a - b)[Math.floor(values.length / 2)]!
const seconds = (ms: number): string => `${(ms / 1000).toFixed(2)} s`
const spread = (values: readonly number[]): string =>
  `${seconds(median(values))} (${seconds(Math.min(...values))} to ${seconds(Math.max(...values))})`

if (process.env['LAB_SSH_KEY'] === undefined) runInLabs()
else await runHere(process.argv[2] === '--dead')

/** The two labs, one after the other; ends as they do. */
function runInLabs(): void {
  run('npm', ['run', '--silent', 'build'])
  for (const dead of [[], ['--dead', '8']]) {
    const inside = [process.execPath, own, ...dead.slice(0, 1)]
    const status = run(join(root, 'fixtures/lab/lab'), [
      'run',
      '--machines',
      'healthy16',
      ...dead,
      '--',
      ...inside,
    ])
    if (status !== 0) process.exit(status)
  }
}

function run(program: string, argv: readonly string[]): number {
  return spawnSync(program, argv, { cwd: root, stdio: 'inherit' }).status ?? 1
}

async function runHere(someDead: boolean): Promise<void> {
  const dir = mkdtempSync(join(tmpdir(), 'probant-bench-'))
  try {
    prepare(dir)
    if (someDead) await withDead(dir)
    else await compare(dir)
  } finally {
    rmSync(dir, { recursive: true })
  }
}

/** The exam, two sessions (all machines; the eight that answer), the key and the script. */
function prepare(dir: string): void {
  const demands = fortyQuestions.map(({ check: [id, params] }, i) => ({
    id: `q${i + 1}`,
    text: `Question ${i + 1}`,
    criteria: ['C9.1'],
    checks: [{ [id]: { on: 'web', ...params } }],
  }))
  // YAML takes JSON.
  const exam = {
    title: 'Banc de mesure',
    purpose: 'training',
    referential: 'tp-01351-01',
    certificate: 'TITRE',
    roles: { web: 'linux' },
    demands,
  }
  const session = (some: typeof machines) => ({
    exam: 'exam.yaml',
    date: '2026-12-01',
    credentials: { admin: { user: 'probant', key: 'env:LAB_SSH_KEY' } },
    targets: { web: { address: '10.0.{{n}}.20', ssh: { credential: 'admin' } } },
    candidates: some.map(({ n }) => ({ code: `M${n}`, n })),
  })
  writeFileSync(join(dir, 'exam.yaml'), JSON.stringify(exam))
  writeFileSync(join(dir, 'all.yaml'), JSON.stringify(session(machines)))
  writeFileSync(join(dir, 'eight.yaml'), JSON.stringify(session(machines.slice(0, 8))))
  writeFileSync(join(dir, 'script'), fortyQuestions.map(({ line }) => `${line}\n`).join(''))
  const key = join(dir, 'key')
  // ssh wants the last newline, which a variable of the environment may have lost.
  writeFileSync(key, `${process.env['LAB_SSH_KEY']!.trimEnd()}\n`, { mode: 0o600 })
  chmodSync(key, 0o600)
}

interface Timed {
  readonly ms: number
  readonly output: string
}

/** One whole process; rejects where it ends otherwise than expected. */
function wholeProcess(
  program: string,
  argv: readonly string[],
  options: { input?: string; env?: NodeJS.ProcessEnv; statuses: readonly number[] },
): Promise<Timed> {
  return new Promise((resolve, reject) => {
    const began = performance.now()
    const stdin = options.input === undefined ? 'ignore' : openSync(options.input, 'r')
    const child = spawn(program, argv, {
      cwd: root,
      env: { ...process.env, ...options.env },
      stdio: [stdin, 'pipe', 'pipe'],
    })
    let output = ''
    let errors = ''
    child.stdout!.on('data', (chunk: Buffer) => (output += chunk.toString('utf8')))
    child.stderr!.on('data', (chunk: Buffer) => (errors += chunk.toString('utf8')))
    child.once('error', reject)
    child.once('close', (status) => {
      if (options.statuses.includes(status ?? -1)) resolve({ ms: performance.now() - began, output })
      else reject(new Error(`${program} ended with ${status}: ${errors.slice(-2000)}`))
    })
  })
}

/** `probant check` of a session, with a state folder of its own, so that every host key is a first use. */
async function grade(dir: string, session: string): Promise<Timed & { verdicts: Record<string, number> }> {
  const home = mkdtempSync(join(dir, 'home-'))
  mkdirSync(join(home, 'runs'))
  const argv = [
    'bin/probant.js',
    'check',
    '--session',
    join(dir, session),
    '--json',
    '--out',
    join(home, 'runs'),
  ]
  const timed = await wholeProcess(process.execPath, argv, { env: { PROBANT_HOME: home }, statuses: [0, 3] })
  const verdicts: Record<string, number> = {}
  for (const line of timed.output.split('\n').filter(Boolean)) {
    const { findings } = JSON.parse(line) as {
      findings: { verdict: string; cause: string | null; check: string }[]
    }
    for (const { verdict, cause } of findings) {
      const word = cause ? `${verdict}/${cause}` : verdict
      verdicts[word] = (verdicts[word] ?? 0) + 1
    }
    if (process.env['BENCH_SHOW'])
      console.log(
        findings
          .filter((f) => f.verdict !== 'pass')
          .map((f) => JSON.stringify(f))
          .slice(0, 20)
          .join('\n'),
      )
  }
  return { ...timed, verdicts }
}

/** One plain `ssh` a machine, all at once, each running the script. */
async function plain(dir: string): Promise<number> {
  const began = performance.now()
  const options = [
    'BatchMode=yes',
    'StrictHostKeyChecking=no',
    'UserKnownHostsFile=/dev/null',
    'LogLevel=ERROR',
    'IdentitiesOnly=yes',
  ]
  await Promise.all(
    machines.map(({ address }) =>
      wholeProcess(
        'ssh',
        [
          '-F',
          'none',
          '-i',
          join(dir, 'key'),
          ...options.flatMap((o) => ['-o', o]),
          `probant@${address}`,
          'sh',
        ],
        {
          input: join(dir, 'script'),
          statuses: [0, 1],
        },
      ),
    ),
  )
  return performance.now() - began
}

/** Processor time of everything in the lab so far, its machines and the asking processes, in ms (cgroup v2, cpu.stat). */
function processorMs(): number {
  const used = /^usage_usec (\d+)$/m.exec(readFileSync('/sys/fs/cgroup/cpu.stat', 'utf8'))
  return Number(used?.[1] ?? Number.NaN) / 1000
}

async function compare(dir: string): Promise<void> {
  const [a, b, aProcessor, bProcessor]: [number[], number[], number[], number[]] = [[], [], [], []]
  // Once for each without counting: page cache, first use of the disk.
  const { verdicts } = await grade(dir, 'all.yaml')
  await plain(dir)
  for (let round = 0; round < rounds; round++) {
    const before = processorMs()
    a.push((await grade(dir, 'all.yaml')).ms)
    const between = processorMs()
    b.push(await plain(dir))
    aProcessor.push(between - before)
    bProcessor.push(processorMs() - between)
  }
  console.log(
    `40 Linux checks on 16 machines, ${rounds} rounds in turns, load ${readFileSync('/proc/loadavg', 'utf8').slice(0, 14)}`,
  )
  console.log(`findings: ${JSON.stringify(verdicts)}`)
  console.log(`A probant check            ${spread(a)}`)
  console.log(`B 16 plain ssh, one script ${spread(b)}`)
  console.log(`A / B                      ${(median(a) / median(b)).toFixed(2)}`)
  // What neighbours on a shared machine don't change: how much work it was, on both sides together.
  console.log(`A processor time           ${spread(aProcessor)}`)
  console.log(`B processor time           ${spread(bProcessor)}`)
  console.log(`A / B processor time       ${(median(aProcessor) / median(bProcessor)).toFixed(2)}`)
}

async function withDead(dir: string): Promise<void> {
  const [eight, all]: [number[], number[]] = [[], []]
  let seen: Record<string, number> = {}
  for (let round = 0; round < Math.min(rounds, 3); round++) {
    eight.push((await grade(dir, 'eight.yaml')).ms)
    const graded = await grade(dir, 'all.yaml')
    all.push(graded.ms)
    seen = graded.verdicts
  }
  const added = median(all) - median(eight)
  console.log(`8 of 16 machines dead: ${JSON.stringify(seen)}`)
  console.log(`8 that answer, alone       ${spread(eight)}`)
  console.log(`16, 8 of them dead         ${spread(all)}`)
  console.log(`added                      ${seconds(added)} (connect timeout ${seconds(connectTimeoutMs)})`)
}
