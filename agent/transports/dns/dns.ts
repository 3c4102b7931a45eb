import { asKnown, askOnce, ofKind } from '../asking.ts'
import type { OpenTransport } from '../transport.ts'
import { resolveAt } from './exchange.ts'

/** RFC 1035, 4.2.1. */
const PORT = 53

/**
 * Questions to the DNS server that the target is. Every response code is an answer; a server that says nothing is
 * `timeout`, and a machine without a DNS server (ICMP port unreachable) `refused`.
 */
export const openDns: OpenTransport = ({ target: { address } }) => ({
  async *ask(probes, signal) {
    const { mine, others } = ofKind('dns', probes)
    yield* others
    yield* asKnown(mine, 16, (probe) =>
      askOnce(probe, signal, (probe, stop) => resolveAt({ address, port: PORT }, probe, stop)),
    )
  },
  close: () => Promise.resolve(),
})
