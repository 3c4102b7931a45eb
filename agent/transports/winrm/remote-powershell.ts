import { argumentsFor, readHost, windowsPowerShell } from '../powershell/host.ts'
import type { PowerShell, ProcessEnd, RequestLimits, TakeOutput } from '../powershell/powershell.ts'
import type { WinRmConnection } from './connection.ts'
import { RemoteShell, ShellGone } from './remote-shell.ts'

/** Windows PowerShell over WinRM: one connection and one shell, opened by the first request and kept. */
export class RemotePowerShell implements PowerShell {
  readonly #connection: WinRmConnection
  readonly #shell: RemoteShell
  readonly #connectAgain: () => Promise<WinRmConnection>
  #opened: Promise<void> | null = null
  /** The quota of operations is the machine's: requests go one after the other. */
  #last: Promise<unknown> = Promise.resolve()

  /**
   * `to`: the address that the envelopes bear, `http://host:5985/wsman`. The connection is authenticated; `connectAgain`
   * gives another one, to delete the shell where the first was lost in the middle of a request.
   */
  constructor(connection: WinRmConnection, to: string, connectAgain: () => Promise<WinRmConnection>) {
    this.#connection = connection
    this.#connectAgain = connectAgain
    this.#shell = new RemoteShell(connection, to)
  }

  get lost(): boolean {
    return this.#connection.lost
  }

  run(stdin: Buffer, limits: RequestLimits, take: TakeOutput): Promise<ProcessEnd> {
    const turn = this.#last.then(async () => {
      const known = this.#opened !== null
      await this.open(limits.deadlineMs, limits.signal)
      try {
        return await this.#runInShell(stdin, limits, take)
      } catch (error) {
        if (!known || !(error instanceof ShellGone)) throw error
        // Nobody had asked anything for minutes: the machine has deleted the shell, and nothing of this was run.
        this.#shell.forget()
        this.#opened = null
        await this.open(limits.deadlineMs, limits.signal)
        return await this.#runInShell(stdin, limits, take)
      }
    })
    this.#last = turn.catch(() => undefined)
    return turn
  }

  async #runInShell(stdin: Buffer, limits: RequestLimits, take: TakeOutput): Promise<ProcessEnd> {
    const { bootstrap } = await readHost()
    return this.#shell.run(windowsPowerShell, argumentsFor(bootstrap), stdin, limits, take)
  }

  /** Opens the shell where it isn't open. Rejects with a TransportFailure. */
  async open(deadlineMs: number, signal: AbortSignal): Promise<void> {
    this.#opened ??= this.#shell.open(deadlineMs, signal)
    await this.#opened
  }

  /** Deletes the shell and ends the connection. Never rejects. */
  async close(): Promise<void> {
    await this.#opened?.then(() => this.#shell.close()).catch(() => this.#closeAnew())
    this.#connection.close()
  }

  async #closeAnew(): Promise<void> {
    try {
      const connection = await this.#connectAgain()
      await this.#shell.close(connection).finally(() => connection.close())
    } catch {
      // A machine that is not there any more ends the shell by its idle timeout.
    }
  }
}
