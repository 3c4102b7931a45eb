import { randomInt } from 'node:crypto'
import { createSocket } from 'node:dgram'
import { lookup } from 'node:dns/promises'
import { connect, isIPv6 } from 'node:net'
import { encode, RECURSION_DESIRED, type Packet } from 'dns-packet'
import type { ProbeOf } from '../../../checks/probe.ts'
import type { Reply } from '../asking.ts'
import { failureOf } from '../errno.ts'
import { TransportFailure } from '../transport.ts'
import { isTruncated, readReply, type Question } from './reply.ts'

export interface Server {
  readonly address: string
  readonly port: number
}

/** A datagram may be lost: the question is sent again after these times, in ms (RFC 1035, 4.2.1). */
const AGAIN = [500, 1500]

/**
 * Asks one question of one server: by UDP, again by TCP where the answer was truncated (RFC 7766). What doesn't
 * answer this very question, or comes from elsewhere, is ignored. Doesn't end by itself where nothing answers.
 */
export async function resolveAt(
  server: Server,
  { name, type, maxBytes }: Pick<ProbeOf<'dns'>, 'name' | 'type' | 'maxBytes'>,
  signal: AbortSignal,
): Promise<Reply> {
  const { address } = await lookup(server.address).catch((error: unknown) => Promise.reject(failureOf(error)))
  const at = { address, port: server.port }
  const question: Question = { id: randomInt(0x1_0000), name: name.replace(/\.$/, ''), type }
  const query = encodeQuery(question)
  const datagram = await byUdp(
    at,
    query,
    (message) => readReply(message, question, maxBytes) !== null,
    signal,
  )
  const whole = isTruncated(datagram)
    ? await byTcp(at, query, (message) => readReply(message, question, maxBytes) !== null, signal)
    : datagram
  const reply = readReply(whole, question, maxBytes)
  if (!reply) throw new TransportFailure('unparsable', 'the answer is not one to this question')
  return reply
}

/** Labels have 1 to 63 bytes (RFC 1035, 2.3.4); the library would write longer ones as something else. */
function encodeQuery({ id, name, type }: Question): Buffer {
  const sizes = name.split('.').map((label) => Buffer.byteLength(label))
  if (name !== '' && sizes.some((size) => size < 1 || size > 63))
    throw new TransportFailure('grader', 'the name asked for has an empty or too long label')
  const packet: Packet = {
    type: 'query',
    id,
    flags: RECURSION_DESIRED,
    questions: [{ name, type, class: 'IN' }],
  }
  return encode(packet)
}

type Fits = (message: Buffer) => boolean

/** The socket is connected: the kernel drops what comes from elsewhere, and tells when the port is closed. */
async function byUdp(
  { address, port }: Server,
  query: Buffer,
  fits: Fits,
  signal: AbortSignal,
): Promise<Buffer> {
  const { promise, resolve, reject } = Promise.withResolvers<Buffer>()
  const socket = createSocket(isIPv6(address) ? 'udp6' : 'udp4')
  const send = () => socket.send(query, (error) => error && reject(failureOf(error)))
  const timers: NodeJS.Timeout[] = []
  socket.on('error', (error) => reject(failureOf(error)))
  socket.on('message', (message) => fits(message) && resolve(message))
  socket.connect(port, address, () => {
    send()
    timers.push(...AGAIN.map((ms) => setTimeout(send, ms)))
  })
  const stop = () => reject(signal.reason)
  signal.addEventListener('abort', stop, { once: true })
  try {
    return await promise
  } finally {
    timers.forEach(clearTimeout)
    signal.removeEventListener('abort', stop)
    socket.close()
  }
}

/** Each message goes behind its length in two bytes (RFC 1035, 4.2.2), so it can't be longer than 65,535. */
async function byTcp(
  { address, port }: Server,
  query: Buffer,
  fits: Fits,
  signal: AbortSignal,
): Promise<Buffer> {
  const { promise, resolve, reject } = Promise.withResolvers<Buffer>()
  const socket = connect({ host: address, port })
  let got = Buffer.alloc(0)
  socket.on('connect', () => {
    const length = Buffer.alloc(2)
    length.writeUInt16BE(query.length)
    socket.write(Buffer.concat([length, query]))
  })
  socket.on('data', (chunk) => {
    got = Buffer.concat([got, chunk])
    if (got.length < 2) return
    const end = 2 + got.readUInt16BE()
    if (got.length < end) return
    const message = got.subarray(2, end)
    if (fits(message)) resolve(message)
    else reject(new TransportFailure('unparsable', 'the answer by TCP is not one to this question'))
  })
  socket.on('error', (error) => reject(failureOf(error)))
  socket.on('close', () =>
    reject(new TransportFailure('refused', 'the connection was closed before the answer')),
  )
  const stop = () => reject(signal.reason)
  signal.addEventListener('abort', stop, { once: true })
  try {
    return await promise
  } finally {
    signal.removeEventListener('abort', stop)
    socket.destroy()
  }
}
