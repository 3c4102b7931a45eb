import type { Client, ClientChannel } from 'ssh2'
import { argumentsFor, readHost, windowsPowerShell } from '../powershell/host.ts'
import { runPiped, type PipedProcess } from '../powershell/piped.ts'
import type { PowerShell, ProcessEnd, RequestLimits, TakeOutput } from '../powershell/powershell.ts'
import { openPowerShellTransport } from '../powershell/transport.ts'
import { TransportFailure, type OpenTransport } from '../transport.ts'
import { abandon, connect, execute } from './connection.ts'

/** Asks a Windows machine through OpenSSH for Windows: the same requests, one channel each over one connection. */
export const openPowerShellOverSsh: OpenTransport = (context) =>
  openPowerShellTransport(context, {
    where: `ssh ${context.target.address}:${context.target.ssh?.port ?? 22}`,
    pinned: 'first-use',
    open: async (signal) => {
      const { client, identity } = await connect(context, signal)
      return { powershell: new PowerShellOverSsh(client, context.connectTimeoutMs), identity }
    },
  })

/** One connection, a channel for each request; closes it at the end. */
export class PowerShellOverSsh implements PowerShell {
  readonly #client: Client
  readonly #channelTimeoutMs: number
  readonly #closed: Promise<void>
  #lost = false

  constructor(client: Client, channelTimeoutMs: number) {
    this.#client = client
    this.#channelTimeoutMs = channelTimeoutMs
    this.#closed = new Promise((resolve) => client.once('close', resolve))
    const end = () => {
      this.#lost = true
    }
    client.once('end', end).once('close', end)
    // A connection that dies is known by its 'close'; whatever error it dies of says no more.
    client.on('error', () => client.destroy())
  }

  get lost(): boolean {
    return this.#lost
  }

  async run(stdin: Buffer, limits: RequestLimits, take: TakeOutput): Promise<ProcessEnd> {
    const { bootstrap } = await readHost()
    // Letters, digits and `\:.-+/=` only: cmd.exe and PowerShell, whichever is the login's shell, read it alike.
    const command = [windowsPowerShell, ...argumentsFor(bootstrap)].join(' ')
    const channel = await execute(
      this.#client,
      command,
      () => this.#lost,
      limits.signal,
      this.#channelTimeoutMs,
      () => undefined,
    )
    return runPiped(this.#piped(channel), stdin, limits, take)
  }

  async close(): Promise<void> {
    this.#client.end()
    this.#client.destroy()
  }

  #piped(channel: ClientChannel): PipedProcess {
    let code: number | null = null
    channel.once('exit', (status: number | null) => {
      code = status
    })
    channel.on('error', () => undefined)
    const ended = new Promise<number | null>((resolve, reject) => {
      const lost = () => reject(new TransportFailure('unreachable', 'the connection was lost'))
      void this.#closed.then(lost)
      // A channel also closes when its connection does, and first: only the next turn tells which it was.
      channel.once('close', () => setImmediate(() => (this.#lost ? lost() : resolve(code))))
    })
    return {
      stdin: channel,
      stdout: channel,
      stderr: channel.stderr,
      ended,
      abandon: () => abandon(channel),
    }
  }
}
