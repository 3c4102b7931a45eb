import { powershellArguments, powershellPath } from '../powershell/bootstrap.ts'
import type { PowerShell, ScriptLimits, ScriptOutput } from '../powershell/powershell.ts'
import type { WinRmConnection } from './connection.ts'
import { RemoteShell } from './remote-shell.ts'

/** Windows PowerShell over WinRM: one connection and one shell, opened by the first script and kept. */
export class RemotePowerShell implements PowerShell {
  readonly #connection: WinRmConnection
  readonly #shell: RemoteShell
  #opened: Promise<void> | null = null
  /** The quota of operations is the machine's: scripts go one after the other. */
  #last: Promise<unknown> = Promise.resolve()

  /** `to`: the address that the envelopes bear, `http://host:5985/wsman`. The connection is authenticated. */
  constructor(connection: WinRmConnection, to: string) {
    this.#connection = connection
    this.#shell = new RemoteShell(connection, to)
  }

  run(stdin: Buffer, limits: ScriptLimits): Promise<ScriptOutput> {
    const turn = this.#last.then(async () => {
      this.#opened ??= this.#shell.open(limits.deadlineMs, limits.signal)
      await this.#opened
      return this.#shell.run(powershellPath, powershellArguments, stdin, limits)
    })
    this.#last = turn.catch(() => undefined)
    return turn
  }

  /** Deletes the shell and ends the connection. Never rejects. */
  async close(): Promise<void> {
    if (this.#opened) await this.#opened.then(() => this.#shell.close()).catch(() => undefined)
    this.#connection.close()
  }
}
