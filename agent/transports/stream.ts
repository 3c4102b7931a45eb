import { connect, type Socket } from 'node:net'
import { failureOf } from './errno.ts'

/**
 * Opens a TCP connection without Nagle's delay. Rejects with a TransportFailure (`refused`, `unreachable` …), or with
 * the signal's reason. Doesn't end by itself where nothing answers.
 */
export async function openStream(address: string, port: number, signal: AbortSignal): Promise<Socket> {
  const { promise, resolve, reject } = Promise.withResolvers<void>()
  const socket = connect({ host: address, port, noDelay: true, autoSelectFamily: false })
  const stop = () => reject(signal.reason)
  const fail = (error: Error) => reject(failureOf(error))
  signal.addEventListener('abort', stop, { once: true })
  socket.once('connect', resolve)
  socket.once('error', fail)
  try {
    if (signal.aborted) throw signal.reason
    await promise
    socket.removeListener('error', fail)
    return socket
  } catch (error) {
    socket.on('error', () => undefined)
    socket.destroy()
    throw error
  } finally {
    signal.removeEventListener('abort', stop)
  }
}
