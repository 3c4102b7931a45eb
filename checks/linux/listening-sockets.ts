import { command } from '../probe.ts'
import { oncePerText } from '../once-per-text.ts'

export interface ListeningSocket {
  readonly protocol: 'tcp' | 'udp'
  /** As `ss` shows it: `0.0.0.0`, `127.0.0.1`, `::`, `*` (both families) … without brackets or interface. */
  readonly address: string
  readonly port: number
}

/** Every listening TCP and UDP socket, in one question. */
export const listeningSockets = (on: string) => command(on, ['ss', '-Hltun'], { maxBytes: 262_144 })

/** Reads `ss -Hltun`: `tcp LISTEN 0 511 0.0.0.0:80 0.0.0.0:*`. */
export const parseSockets = oncePerText(readSockets)

function readSockets(text: string): ListeningSocket[] {
  return text.split('\n').flatMap((line) => {
    const [protocol, , , , local = ''] = line.trim().split(/\s+/)
    const parts = /^(.+):(\d{1,5})$/.exec(local)
    if ((protocol !== 'tcp' && protocol !== 'udp') || !parts) return []
    const address = (parts[1] ?? '').replace(/%.*$/, '').replace(/^\[|\]$/g, '')
    return [{ protocol, address, port: Number(parts[2]) }]
  })
}

/** Whether only the machine itself can reach a socket bound to this address (127.0.0.0/8, ::1, RFC 4291). */
export const isLoopback = (address: string): boolean => /^(::ffff:)?127\.|^::1$/.test(address)

/** Whether a socket bound to this address takes what is sent to `target`. */
export const answersOn = (address: string, target: string): boolean =>
  ['0.0.0.0', '*', '::'].includes(address) || address === target || address === `::ffff:${target}`
