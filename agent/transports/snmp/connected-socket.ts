import { createSocket, type Socket } from 'node:dgram'
import { EventEmitter } from 'node:events'

type Sent = (error: Error | null, bytes?: number) => void

/** So many datagrams may come without having been asked for; a device that sends more is not listened to. */
const UNASKED = 64
const PER_REQUEST = 8

/**
 * The UDP socket of an SNMP session, connected to its device: the kernel then drops what comes from elsewhere, and
 * tells when nobody listens (ICMP port unreachable becomes ECONNREFUSED). Has the methods that net-snmp calls.
 */
export class ConnectedSocket extends EventEmitter {
  readonly #socket: Socket
  readonly #connected: Promise<void>
  #sent = 0
  #received = 0
  #closed = false

  constructor(type: 'udp4' | 'udp6', address: string, port: number) {
    super()
    this.#socket = createSocket(type)
    const { promise, resolve, reject } = Promise.withResolvers<void>()
    this.#connected = promise
    promise.catch(() => undefined) // told to whoever sends
    this.#socket.on('error', (error) => {
      reject(error)
      this.emit('error', error)
    })
    this.#socket.on('message', (message) => {
      if (++this.#received <= UNASKED + PER_REQUEST * this.#sent) this.emit('message', message)
    })
    this.#socket.connect(port, address, (() => resolve()) as () => void)
  }

  send(buffer: Buffer, offset: number, length: number, _port: number, _address: string, sent: Sent): void {
    this.#sent++
    this.#connected.then(
      () => (this.#closed ? sent(new Error('closed')) : this.#socket.send(buffer, offset, length, sent)),
      (error: Error) => sent(error),
    )
  }

  ref(): void {
    if (!this.#closed) this.#socket.ref()
  }

  unref(): void {
    if (!this.#closed) this.#socket.unref()
  }

  close(): void {
    if (this.#closed) return
    this.#closed = true
    this.#socket.close()
    this.emit('close')
  }
}
