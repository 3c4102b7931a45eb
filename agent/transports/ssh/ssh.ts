import type { Duplex } from 'node:stream'
import type { Client, ClientChannel } from 'ssh2'
import { askInShells } from '../shell/ask.ts'
import { IdleShells } from '../shell/idle-shells.ts'
import type { Refusal } from '../shell/questions.ts'
import { refusalOf } from '../shell/batch.ts'
import { loginShell, rootShell, type ShellProcess } from '../shell/shell-process.ts'
import { TransportFailure, type Transport, type TransportContext } from '../transport.ts'
import { abandon, connect, execute, forward } from './connection.ts'

/** An SSH connection answers questions, and can carry a connection to another machine. */
export interface SshTransport extends Transport {
  /** Whether there is a connection at this moment, as far as anybody knows. */
  readonly connected: boolean
  /** Opens a TCP stream to another machine, from this one. Rejects with a TransportFailure. */
  forward(address: string, port: number, signal: AbortSignal): Promise<Duplex>
}

interface Connection {
  readonly client: Client
  readonly identity: string
  /** Whether the connection is over. */
  readonly lost: () => boolean
  /** Settles when it is. */
  readonly closed: Promise<void>
}

/**
 * Asks one machine over SSH: `command`, `file`, and `icmp` and `tcp` from this machine. One connection, made by the first
 * question and kept. A machine that couldn't be reached isn't tried again; a connection that was lost later is opened
 * once more by the next `ask`.
 */
export function openSsh(context: TransportContext & { addressOf: (role: string) => string }): SshTransport {
  let connection: Promise<Connection> | null = null
  let open = false
  let identity: string | null = null
  let loginIsRoot = false
  const idle = new IdleShells()
  const closing = new AbortController()
  const whole = AbortSignal.any([context.signal, closing.signal])

  const connected = (): Promise<Connection> => {
    connection ??= connect(context, whole).then(({ client, ...shown }) => {
      identity = shown.identity
      open = true
      const closed = new Promise<void>((resolve) => client.once('close', resolve))
      let over = false
      const end = () => {
        over = true
      }
      client.once('end', end).once('error', end).once('close', end)
      // A connection that dies is known by its 'close'; whatever error it dies of says no more.
      client.on('error', () => client.destroy())
      void closed.then(() => {
        open = false
        connection = null
      })
      return { client, identity: shown.identity, lost: () => over, closed }
    })
    return connection
  }

  return {
    get connected() {
      return open
    },
    async *ask(probes, signal) {
      const stop = AbortSignal.any([signal, whole])
      let opened: Connection
      const begun = Date.now()
      try {
        loginIsRoot = (await context.credentials(context.target.ssh?.credential ?? '')).user === 'root'
        opened = await unless(stop, connected())
      } catch (error) {
        const failure = refusalOf(error)
        for (const probe of probes)
          yield { probe, identity: null, startedAt: begun, ms: Date.now() - begun, failure: { ...failure } }
        return
      }
      yield* askInShells(probes, {
        start: async (account, stopped) =>
          shellOver(
            opened,
            await execute(
              opened.client,
              account === 'root' ? rootShell : loginShell,
              opened.lost,
              stopped,
              context.connectTimeoutMs,
              () => idle.close(),
            ),
          ),
        idle,
        role: context.role,
        addressOf: context.addressOf,
        loginIsRoot,
        startTimeoutMs: context.connectTimeoutMs,
        identity: () => identity,
        signal: stop,
      })
    },
    async forward(address, port, signal) {
      const stop = AbortSignal.any([signal, whole])
      const { client } = await unless(stop, connected())
      return forward(client, address, port, stop, context.connectTimeoutMs)
    },
    async close() {
      closing.abort()
      const opened = await connection?.catch(() => null)
      opened?.client.end()
      opened?.client.destroy()
    },
  }
}

/** The promise, or the end of the signal where that comes first. */
function unless<T>(signal: AbortSignal, promise: Promise<T>): Promise<T> {
  return new Promise((resolve, reject) => {
    const stop = () => {
      const late = signal.reason instanceof DOMException && signal.reason.name === 'TimeoutError'
      reject(new TransportFailure(late ? 'timeout' : 'cancelled', 'interrupted while connecting'))
    }
    signal.addEventListener('abort', stop, { once: true })
    if (signal.aborted) stop()
    promise.then(resolve, reject).finally(() => signal.removeEventListener('abort', stop))
  })
}

function shellOver(connection: Connection, channel: ClientChannel): ShellProcess {
  const lost: Refusal = { cause: 'unreachable', detail: 'the connection was lost' }
  const ended = new Promise<Refusal | null>((resolve) => {
    void connection.closed.then(() => resolve(lost))
    // A channel also closes when its connection does, and first: only the next turn tells which it was.
    channel.once('close', () => setImmediate(() => resolve(null)))
  })
  channel.on('error', () => {})
  return {
    startedAt: performance.now(),
    stdin: channel,
    stdout: channel,
    stderr: channel.stderr,
    ended,
    abandon: () => abandon(channel),
  }
}
