import { createSocket } from 'node:dgram'
import { once } from 'node:events'
import { lookup } from 'node:dns/promises'
import { isIP, isIPv6, type Socket } from 'node:net'
import { connect as connectTls } from 'node:tls'
import { networkInterfaces } from 'node:os'
import { same, type Text } from '../../checks/text.ts'
import { failureOf } from '../transports/errno.ts'
import { openStream } from '../transports/stream.ts'
import { StepFailure } from './problem.ts'
import type { Named, Stage } from './walk.ts'

const nameMs = 5000
/** Silence is believed after this. */
export const portMs = 4000

/** The addresses that the machine's name stands for, as far as they were asked. */
export interface Place {
  readonly address: string
  addresses: readonly string[]
}

/** The step that every way begins with: an address is taken as it is, a name is resolved, all its addresses said. */
export function nameStage(place: Place): Stage {
  return {
    step: 'name',
    timeoutMs: nameMs,
    async run() {
      const { address } = place
      if (isIP(address)) {
        place.addresses = [address]
        return {
          note: isIPv6(address) ? { fr: `${address} (IPv6)`, en: `${address} (IPv6)` } : same(address),
        }
      }
      const found = await lookup(address, { all: true }).catch((error: unknown) => {
        throw failureOf(error)
      })
      place.addresses = [...new Set(found.map((one) => one.address))]
      if (place.addresses.length === 1) return { note: same(place.addresses[0]!) }
      return {
        note: {
          fr: `${place.addresses.join(', ')} : la première est celle qui sert`,
          en: `${place.addresses.join(', ')}: the first is the one that is used`,
        },
      }
    },
  }
}

/**
 * Whether the port is open where transports go: at the first address. Where it isn't but another address of the same name
 * answers, that is said.
 */
export async function tryPort(place: Place, port: number, signal: AbortSignal) {
  try {
    return await openStream(place.address, port, signal)
  } catch (error) {
    const others = place.addresses.slice(1, 5)
    const answering: string[] = []
    await Promise.all(
      others.map(async (address) => {
        const socket = await openStream(address, port, AbortSignal.timeout(1500)).catch(() => null)
        if (!socket) return
        socket.on('error', () => undefined)
        socket.destroy()
        answering.push(address)
      }),
    )
    if (answering.length === 0) throw error
    const note: Text = {
      fr: `le port ${port} répond à ${answering.join(', ')}`,
      en: `port ${port} answers at ${answering.join(', ')}`,
    }
    throw new StepFailure('port-elsewhere', failureOf(error).message, { note })
  }
}

/** The step that finds the port open: `keep` gets the connection; where nobody keeps it, it is ended. */
export const portStage = (place: Place, port: number, keep?: (socket: Socket) => void): Stage => ({
  step: 'port',
  timeoutMs: portMs,
  async run(signal) {
    const socket = await tryPort(place, port, signal)
    socket.on('error', () => undefined)
    if (keep) keep(socket)
    else socket.destroy()
    return { note: same(port) }
  },
})

const tlsMs = 2000

/** Whether a port does TLS: a handshake over a connection of its own, which says nothing and believes nobody. Never rejects. */
export async function speaksTls(address: string, port: number, signal: AbortSignal): Promise<boolean> {
  const stop = AbortSignal.any([signal, AbortSignal.timeout(tlsMs)])
  const plain = await openStream(address, port, stop).catch(() => null)
  if (!plain) return false
  const { promise, resolve } = Promise.withResolvers<boolean>()
  const socket = connectTls({
    socket: plain,
    rejectUnauthorized: false,
    ...(isIP(address) ? {} : { servername: address }),
  })
  const end = () => resolve(false)
  socket.once('secureConnect', () => resolve(true))
  for (const one of [plain, socket]) one.on('error', end).on('close', end)
  stop.addEventListener('abort', end, { once: true })
  if (stop.aborted) end()
  try {
    return await promise
  } finally {
    stop.removeEventListener('abort', end)
    socket.destroy()
    plain.destroy()
  }
}

/** From where this machine would be asked: our address towards it, and the network of that; nulls where it can't be told. */
export async function seenFrom(
  address: string,
): Promise<{ readonly address: string | null; readonly network: string | null }> {
  const nowhere = { address: null, network: null }
  try {
    const { address: there, family } = await lookup(address)
    const socket = createSocket(family === 6 ? 'udp6' : 'udp4')
    try {
      // Connecting a UDP socket sends nothing: the kernel says which of our addresses it would use.
      socket.connect(9, there)
      await Promise.race([
        once(socket, 'connect'),
        once(socket, 'error').then(([error]) => Promise.reject(error as Error)),
      ])
      const own = socket.address().address
      return { address: own, network: networkOf(own) }
    } finally {
      socket.close()
    }
  } catch {
    return nowhere
  }
}

/** `10.0.0.0/24` for the interface that has this address; null where there is none, or it is a network of one. */
function networkOf(own: string): string | null {
  const card = Object.values(networkInterfaces())
    .flat()
    .find((one) => one?.address === own)
  const bits = Number(card?.cidr?.split('/')[1])
  if (card?.family !== 'IPv4' || !(bits > 0 && bits < 32)) return null
  const number = own.split('.').reduce((all, part) => all * 256 + Number(part), 0)
  const first = number - (number % 2 ** (32 - bits))
  const parts = [24, 16, 8, 0].map((shift) => Math.floor(first / 2 ** shift) % 256)
  return `${parts.join('.')}/${bits}`
}

/** What of a place may not be read by others. */
export const namesOf = ({ address, addresses }: Place): Named[] =>
  [address, ...addresses].map((name) => ({ kind: isIP(name) ? 'address' : 'machine', name }))
