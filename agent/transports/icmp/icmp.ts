import { asKnown, askOnce, ofKind } from '../asking.ts'
import type { OpenTransport } from '../transport.ts'
import { ping } from './ping.ts'

/** `ping` keeps the time itself; a busy agent may start and reap it late, and that is not the machine's silence. */
const GRACE_MS = 5000

/**
 * Echo requests to the target, by the system's `ping`: raw sockets need privileges that the agent doesn't have, and
 * `ping` has. No reply is an answer (`received: 0`); a machine without route to the target is `unreachable`.
 */
export const openIcmp: OpenTransport = ({ target: { address } }) => ({
  async *ask(probes, signal) {
    const { mine, others } = ofKind('icmp', probes)
    yield* others
    yield* asKnown(mine, 4, (probe) =>
      askOnce(probe, signal, (probe, stop) => ping(address, probe, stop), undefined, GRACE_MS),
    )
  },
  close: () => Promise.resolve(),
})
