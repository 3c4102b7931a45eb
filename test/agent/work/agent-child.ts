import { spawn } from 'node:child_process'
import { once } from 'node:events'
import { tmpdir } from 'node:os'
import { join } from 'node:path'

const spaced = (text: string) => text.replaceAll('\u202f', ' ')

/** `probant agent` as a process of its own, with what it says on stderr. */
export function startAgent(home: string, args: readonly string[], env: Record<string, string> = {}) {
  const inherited = Object.fromEntries(
    Object.entries(process.env).filter(
      ([name]) => !/^(PROBANT_|LC_|LANG|NO_COLOR|NODE_OPTIONS|VITEST)/.test(name),
    ),
  )
  const child = spawn(process.execPath, [join(import.meta.dirname, 'agent-program.ts'), 'agent', ...args], {
    env: {
      ...inherited,
      // Types are stripped once for all the processes of these tests.
      NODE_COMPILE_CACHE: join(tmpdir(), 'probant-test-compiled'),
      PROBANT_HOME: home,
      PROBANT_TEST_PASSWORD: 'not-used',
      ...env,
    },
    stdio: ['pipe', 'pipe', 'pipe'],
  })
  const text = { out: '', err: '' }
  child.stdout.on('data', (data: Buffer) => (text.out += spaced(String(data))))
  child.stderr.on('data', (data: Buffer) => (text.err += spaced(String(data))))
  const ended = once(child, 'close').then(([status]) => status as number | null)
  return { child, text, ended }
}
