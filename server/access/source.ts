import { isIPv6 } from 'node:net'

/**
 * Where attempts come from, as they are counted: an IPv4 address, or the first 64 bits of an IPv6 address, since whoever has
 * one has the 2⁶⁴ others of its network.
 * @param ip as the socket tells it (IPv4 may be written as `::ffff:192.0.2.1`).
 */
export function sourceOf(ip: string): string {
  const mapped = /^::ffff:(\d+\.\d+\.\d+\.\d+)$/i.exec(ip)?.[1]
  if (mapped !== undefined) return mapped
  if (!isIPv6(ip)) return ip
  const [head = [], tail = []] = (ip.split('%')[0] ?? '')
    .toLowerCase()
    .split('::')
    .map((part) => part.split(':').filter((group) => group !== ''))
  const left = ip.includes('::') ? Array<string>(Math.max(0, 8 - head.length - tail.length)).fill('0') : []
  return [...head, ...left, ...tail].slice(0, 4).join(':')
}
