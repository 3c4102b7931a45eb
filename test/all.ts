/**
 * `npm test`: everything this machine can run, in order, and by name what it can't and why.
 * Ends with one plain line that counts: "N passed, N failed, N skipped".
 */
import { spawn, spawnSync } from 'node:child_process'
import { mkdtempSync, readFileSync, readdirSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { ensure } from './setup/debian.ts'

const results = mkdtempSync(join(tmpdir(), 'probant-test-'))
const bin = (name: string) => join('node_modules', '.bin', name)
const node = process.execPath
let failed = 0
let passed = 0
let skipped = 0

/** Runs one step with its output shown; gives its exit code. */
function run(command: string, args: readonly string[], env: Record<string, string> = {}): Promise<number> {
  return new Promise((resolve) => {
    const child = spawn(command, args, {
      stdio: ['ignore', 'inherit', 'inherit'],
      env: { ...process.env, ...env },
    })
    child.on('error', () => resolve(127))
    child.on('exit', (code) => resolve(code ?? 1))
  })
}

async function step(name: string, command: string, args: readonly string[]): Promise<void> {
  const start = Date.now()
  console.log(`\n── ${name}`)
  const code = await run(command, args)
  console.log(
    `── ${name}: ${code === 0 ? 'ok' : `exit ${code}`} (${((Date.now() - start) / 1000).toFixed(1)} s)`,
  )
  if (code === 0) passed++
  else failed++
}

/** What vitest says of one test; why it may be skipped is in its name. */
interface Said {
  readonly status: string
  readonly fullName: string
}

/** Runs one vitest project, through `before` (the lab) where given, and counts its tests. */
async function project(name: string, before: readonly string[] = []): Promise<void> {
  const start = Date.now()
  console.log(`\n── tests: ${name}`)
  const file = join(results, `${name}.json`)
  const vitest = [
    node,
    bin('vitest'),
    'run',
    '--project',
    name,
    '--reporter=default',
    '--reporter=json',
    `--outputFile.json=${file}`,
    // Most of these tests wait for a process: vitest would leave one of two cores idle.
    ...(name === 'unit' ? ['--maxWorkers=2'] : []),
  ]
  const [command, ...args] = [...before, ...vitest]
  // What was built is what people start, and it starts in half the time.
  const code = await run(command!, args, { TEST_ENTRY: join('dist', 'probant.js') })
  try {
    const { numPassedTests, numFailedTests, numPendingTests, numTotalTestSuites, success, testResults } =
      JSON.parse(readFileSync(file, 'utf8'))
    for (const { assertionResults } of testResults as { assertionResults: Said[] }[])
      for (const { status, fullName } of assertionResults)
        if (status !== 'passed' && status !== 'failed') console.log(`   skipped: ${fullName}`)
    passed += numPassedTests
    failed += numFailedTests
    skipped += numPendingTests
    // A file that can't even be loaded has no test to count as failed.
    if ((!success || code !== 0 || numTotalTestSuites === 0) && numFailedTests === 0) failed++
  } catch {
    console.log(`── tests: ${name} left no result`)
    failed++
  }
  console.log(`── tests: ${name}: exit ${code} (${((Date.now() - start) / 1000).toFixed(1)} s)`)
}

function skip(name: string, folder: string, why: string): void {
  const files = readdirSync(folder).filter((f) => f.includes('.test.'))
  console.log(`\n── tests: ${name}: skipped, ${why}`)
  for (const file of files) {
    console.log(`   skipped: ${join(folder, file)}`)
    skipped++
  }
}

const only = process.argv.slice(2)
const wanted = (name: string) => only.length === 0 || only.includes(name)

if (wanted('static')) {
  await step('types', node, [bin('tsc'), '-p', '.'])
  await step('lint', node, [bin('oxlint'), '--quiet'])
  await step('format', node, [bin('oxfmt'), '--check'])
}
await step('build', node, ['build.ts'])
if (wanted('unit')) await project('unit')
if (wanted('package')) await project('package')
if (wanted('lab')) {
  const built = spawnSync('fixtures/lab/lab', ['build'], { stdio: ['ignore', 'inherit', 'inherit'] })
  if (built.status === 0) {
    await project('lab', ['fixtures/lab/lab', 'run', '--'])
    await project('rehearsal', ['fixtures/lab/lab', 'run', '--machines', 'rehearsal', '--'])
    await step('the lab leaves nothing behind after SIGKILL', 'fixtures/lab/selftest.sh', [])
  } else if (built.status === 69) skip('lab', 'test/lab', 'the lab needs root on Debian with systemd-nspawn')
  else {
    console.log(`── the lab could not be built (exit ${built.status})`)
    failed++
  }
}
if (wanted('browser')) {
  if (await ensure(['chromium'])) await project('browser')
  else skip('browser', 'test/browser', 'Debian’s chromium is not here and cannot be installed')
}
rmSync(results, { recursive: true, force: true })
console.log(`\n${passed} passed, ${failed} failed, ${skipped} skipped`)
process.exitCode = failed === 0 ? 0 : 1
