import { spawn } from 'node:child_process'
import { once } from 'node:events'
import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll } from 'vitest'

export const root = join(import.meta.dirname, '../../..')

/** A folder for one test file, removed at its end. */
export function folderForTests(): string {
  const folder = mkdtempSync(join(tmpdir(), 'probant-cli-'))
  afterAll(() => rmSync(folder, { recursive: true, force: true }))
  return folder
}

export interface Result {
  readonly status: number | null
  readonly out: string
  readonly err: string
}

/** What is started: what was built where that is said (`npm test` does, after it has built it), else the source. */
export const entry = join(root, process.env['TEST_ENTRY'] ?? 'probant.ts')

/** Starts the command as a person would, in French, with a home of its own. */
export function start(
  home: string,
  args: readonly string[],
  env: Record<string, string | undefined> = {},
  program = entry,
) {
  const inherited = Object.fromEntries(
    Object.entries(process.env).filter(
      ([name]) => !/^(PROBANT_|LC_|LANG|NO_COLOR|NODE_OPTIONS|VITEST)/.test(name),
    ),
  )
  const child = spawn(process.execPath, [program, ...args], {
    // Types are stripped once for all the processes of these tests.
    env: {
      ...inherited,
      NODE_COMPILE_CACHE: join(tmpdir(), 'probant-test-compiled'),
      PROBANT_HOME: home,
      ...env,
    },
    stdio: ['pipe', 'pipe', 'pipe'],
  })
  const text = { out: '', err: '' }
  child.stdout.on('data', (data: Buffer) => (text.out += String(data)))
  child.stderr.on('data', (data: Buffer) => (text.err += String(data)))
  const ended = once(child, 'close').then(([status]): Result => ({
    status: status as number | null,
    ...text,
  }))
  return { child, text, ended }
}

/** The same, to its end, with what it reads on standard input. */
export function run(
  home: string,
  args: readonly string[],
  options: { input?: string; env?: Record<string, string | undefined> } = {},
): Promise<Result> {
  const { child, ended } = start(home, args, options.env)
  child.stdin.end(options.input ?? '')
  return ended
}

/** The same from its source, whatever was built: for what is told of the modules that it loads. */
export function fromSource(
  home: string,
  args: readonly string[],
  env: Record<string, string>,
): Promise<Result> {
  const { child, ended } = start(home, args, env, join(root, 'probant.ts'))
  child.stdin.end()
  return ended
}
