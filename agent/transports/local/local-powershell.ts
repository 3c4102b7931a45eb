import { spawn } from 'node:child_process'
import { hostname, networkInterfaces } from 'node:os'
import { win32 } from 'node:path'
import { argumentsFor, readHost, windowsPowerShell } from '../powershell/host.ts'
import { runPiped, type PipedProcess } from '../powershell/piped.ts'
import type { PowerShell, ProcessEnd, RequestLimits, TakeOutput } from '../powershell/powershell.ts'
import { openPowerShellTransport } from '../powershell/transport.ts'
import { TransportFailure, type OpenTransport } from '../transport.ts'

/**
 * The PowerShell beside the agent: `powershell.exe` on Windows, `pwsh` elsewhere. An address that is not this machine's own is
 * asked through it by `Invoke-Command`, as whoever runs the agent (Kerberos, no credential of the session's). Unproved: no Windows
 * machine ever ran it, and what the tests start is a stand-in for `pwsh` on Linux.
 */
export const openLocalPowerShell: OpenTransport = (context) => {
  const { address } = context.target
  const powershell = new LocalPowerShell(isOwnAddress(address) ? null : address)
  return openPowerShellTransport(context, {
    where: `powershell ${address}`,
    pinned: 'first-use',
    open: async () => ({ powershell, identity: null }),
  })
}

/** What Windows itself and PowerShell need to start; the agent's own environment may hold secrets, and stays here. */
const needed = [
  'SystemRoot',
  'SystemDrive',
  'windir',
  'ComSpec',
  'PATH',
  'PATHEXT',
  'TEMP',
  'TMP',
  'USERNAME',
  'USERDOMAIN',
  'USERPROFILE',
  'COMPUTERNAME',
  'LOGONSERVER',
  'APPDATA',
  'LOCALAPPDATA',
  'ProgramData',
  'ProgramFiles',
  'PROCESSOR_ARCHITECTURE',
  'HOME',
]

/** One process for each request, as whoever runs the agent. */
export class LocalPowerShell implements PowerShell {
  readonly #computer: string | null

  /** `computer`: asked by `Invoke-Command`; null for this machine. */
  constructor(computer: string | null) {
    this.#computer = computer
  }

  async run(stdin: Buffer, limits: RequestLimits, take: TakeOutput): Promise<ProcessEnd> {
    const { bootstrap, bridge } = await readHost()
    return runPiped(start(this.#computer === null ? bootstrap : bridge, this.#computer), stdin, limits, take)
  }

  async close(): Promise<void> {}
}

/**
 * What is started on a platform, and with which environment. Windows' own PowerShell, where that Windows is. It gets no
 * PSModulePath there and finds its modules itself: where the agent was started from PowerShell 7, that names the modules
 * of the other.
 */
export function localPowerShell(
  platform: NodeJS.Platform,
  env: Readonly<Record<string, string | undefined>>,
): { readonly program: string; readonly env: Readonly<Record<string, string>> } {
  const windows = platform === 'win32'
  const root = env['SystemRoot']
  const kept = windows ? needed : [...needed, 'PSModulePath']
  return {
    program: !windows
      ? 'pwsh'
      : root
        ? win32.join(root, 'System32', 'WindowsPowerShell', 'v1.0', 'powershell.exe')
        : windowsPowerShell,
    env: Object.fromEntries(kept.flatMap((name) => (env[name] === undefined ? [] : [[name, env[name]]]))),
  }
}

function start(text: string, computer: string | null): PipedProcess {
  const { program, env } = localPowerShell(process.platform, process.env)
  const child = spawn(program, argumentsFor(text), {
    stdio: 'pipe',
    windowsHide: true,
    env: { ...env, ...(computer === null ? {} : { PROBANT_COMPUTER: computer }) },
  })
  const ended = new Promise<number | null>((resolve, reject) => {
    child.once('error', () =>
      reject(new TransportFailure('missing-tool', `no ${program} on the agent's machine`)),
    )
    child.once('close', resolve)
  })
  return {
    stdin: child.stdin,
    stdout: child.stdout,
    stderr: child.stderr,
    ended,
    abandon() {
      child.stdout.destroy()
      child.stderr.destroy()
      child.kill('SIGKILL')
    },
  }
}

/** Whether an address or name is that of the machine that the agent runs on. */
export function isOwnAddress(address: string): boolean {
  const own = Object.values(networkInterfaces()).flatMap((cards = []) => cards.map((card) => card.address))
  const name = hostname().toLowerCase()
  return [...own, 'localhost', name, name.split('.')[0]].includes(address.toLowerCase())
}
