import { spawn } from 'node:child_process'
import { existsSync } from 'node:fs'
import type { Probe } from '../../../checks/probe.ts'
import { askInShells } from '../../../agent/transports/shell/ask.ts'
import { IdleShells } from '../../../agent/transports/shell/idle-shells.ts'
import {
  rootShell,
  type ShellProcess,
  type StartShell,
} from '../../../agent/transports/shell/shell-process.ts'
import type { Outcome } from '../../../agent/transports/transport.ts'

/** The shells of this machine that can be `/bin/sh` somewhere, as argv: bare, and guarded as `loginShell` starts them. */
export const shells = [
  { name: 'dash', argv: ['/usr/bin/dash'] },
  { name: 'bash as sh', argv: ['/usr/bin/bash', '--posix'] },
  { name: 'busybox ash', argv: ['/bin/busybox', 'sh'] },
]
  .filter(({ argv }) => existsSync(argv[0]!))
  .flatMap(({ name, argv }) => [
    { name, argv },
    {
      name: `${name}, guarded`,
      argv: ['/usr/bin/timeout', '-s', 'KILL', '300', ...argv, '-s', 'guarded'],
    },
  ])

/** A shell of this machine by its argv, as some user. */
export function shellProcess(
  argv: readonly string[],
  ids: { uid?: number; gid?: number } = {},
): ShellProcess {
  const child = spawn(argv[0]!, argv.slice(1), { cwd: '/', env: { PATH: '/usr/bin:/bin' }, ...ids })
  return {
    startedAt: performance.now(),
    stdin: child.stdin,
    stdout: child.stdout,
    stderr: child.stderr,
    ended: new Promise((resolve) => {
      child.once('close', () => resolve(null))
      child.once('error', () => resolve({ cause: 'missing-tool', detail: 'no shell' }))
    }),
    abandon() {
      child.stdin.destroy()
      child.stdout.destroy()
      child.stderr.destroy()
      child.kill('SIGKILL')
    },
  }
}

/** Starts the login's shell by its argv, and root's as the transports do. */
export const starting =
  (argv: readonly string[], ids: { uid?: number; gid?: number } = {}): StartShell =>
  async (account) =>
    shellProcess(account === 'root' ? ['/bin/sh', '-c', rootShell] : argv, ids)

/** All outcomes, in the order of the probes; fails where one is missing or double. */
export async function outcomesOf(
  probes: readonly Probe[],
  asked: AsyncIterable<Outcome>,
): Promise<
  (Outcome & { answer?: unknown; failure?: { cause: string; detail: string }; truncated?: boolean })[]
> {
  const got = new Map<Probe, Outcome>()
  for await (const outcome of asked) {
    if (got.has(outcome.probe)) throw new Error('two outcomes for one probe')
    got.set(outcome.probe, outcome)
  }
  return probes.map((probe) => {
    const outcome = got.get(probe)
    if (!outcome) throw new Error(`no outcome for ${JSON.stringify(probe)}`)
    return outcome
  })
}

interface AskOptions {
  readonly signal?: AbortSignal
  readonly startTimeoutMs?: number
  readonly idle?: IdleShells
}

/** Asks through a shell of this machine; outcomes as they come. Without `idle`, no shell outlives the answers. */
export async function* streamed(
  probes: readonly Probe[],
  start: StartShell,
  options: AskOptions = {},
): AsyncGenerator<Outcome> {
  const idle = options.idle ?? new IdleShells()
  try {
    yield* askInShells(probes, {
      start,
      idle,
      role: 'web',
      addressOf: () => '127.0.0.1',
      loginIsRoot: false,
      startTimeoutMs: options.startTimeoutMs ?? 5000,
      identity: () => null,
      signal: options.signal ?? new AbortController().signal,
    })
  } finally {
    if (!options.idle) idle.close()
  }
}

/** Asks through a shell of this machine; outcomes in the order of the probes. */
export const ask = (probes: readonly Probe[], start: StartShell, options: AskOptions = {}) =>
  outcomesOf(probes, streamed(probes, start, options))
