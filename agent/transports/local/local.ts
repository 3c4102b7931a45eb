import { spawn } from 'node:child_process'
import type { Refusal } from '../shell/questions.ts'
import { askInShells } from '../shell/ask.ts'
import { IdleShells } from '../shell/idle-shells.ts'
import { loginShell, rootShell, type Account, type ShellProcess } from '../shell/shell-process.ts'
import type { Transport, TransportContext } from '../transport.ts'

/**
 * Asks the machine that the agent runs on, by the same program as over ssh. The agent's environment, where secrets may
 * be, is not handed down. There is no identity to check: it is this machine.
 */
export function openLocal(context: TransportContext & { addressOf: (role: string) => string }): Transport {
  const running = new Set<ShellProcess>()
  const idle = new IdleShells()
  return {
    ask: (probes, signal) =>
      askInShells(probes, {
        start: async (account) => {
          const shell = startShell(account)
          running.add(shell)
          void shell.ended.then(() => running.delete(shell))
          return shell
        },
        idle,
        role: context.role,
        addressOf: context.addressOf,
        loginIsRoot: process.getuid?.() === 0,
        startTimeoutMs: context.connectTimeoutMs,
        identity: () => null,
        signal: AbortSignal.any([signal, context.signal]),
      }),
    close: async () => {
      for (const shell of running) shell.abandon()
    },
  }
}

function startShell(account: Account): ShellProcess {
  const { HOME, USER, LOGNAME, PATH = '/usr/bin:/bin' } = process.env
  const env = { PATH, ...(HOME && { HOME }), ...(USER && { USER }), ...(LOGNAME && { LOGNAME }) }
  // Both are constants, not strings put together: the questions come by the standard input.
  const child = spawn('/bin/sh', ['-c', account === 'login' ? loginShell : rootShell], {
    env,
    cwd: '/',
    stdio: 'pipe',
    // A session of its own: what ends the shell's process group never reaches the agent's.
    detached: true,
  })
  const ended = new Promise<Refusal | null>((resolve) => {
    child.once('error', () => resolve({ cause: 'missing-tool', detail: 'no /bin/sh on this machine' }))
    child.once('close', () => resolve(null))
  })
  return {
    startedAt: performance.now(),
    stdin: child.stdin,
    stdout: child.stdout,
    stderr: child.stderr,
    ended,
    abandon() {
      child.stdin.destroy()
      child.stdout.destroy()
      child.stderr.destroy()
      child.kill('SIGTERM')
    },
  }
}
