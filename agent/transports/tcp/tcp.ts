import { connect } from 'node:net'
import type { AnswerOf } from '../../../checks/observation.ts'
import { asKnown, askOnce, ofKind, type Reply } from '../asking.ts'
import { codeOf, failureOf } from '../errno.ts'
import type { OpenTransport } from '../transport.ts'

type State = AnswerOf<'tcp'>['state']

/** How many connections one machine gets at once. */
const AT_ONCE = 16

const is = (state: State): Reply => ({ answer: { kind: 'tcp', state } })
const silent = is('silent')

/**
 * Connection attempts to ports of the target. Open, refused, unreachable and silent are all answers: what they mean
 * is the check's to say. A name that resolves to nothing, and what this machine forbids, are failures.
 */
export const openTcp: OpenTransport = ({ target: { address } }) => ({
  async *ask(probes, signal) {
    const { mine, others } = ofKind('tcp', probes)
    yield* others
    yield* asKnown(mine, AT_ONCE, (probe) =>
      askOnce(probe, signal, ({ port }, stop) => attempt(address, port, stop), silent),
    )
  },
  close: () => Promise.resolve(),
})

const states: Partial<Record<string, State>> = {
  ECONNREFUSED: 'refused',
  ECONNRESET: 'refused',
  EHOSTUNREACH: 'unreachable',
  EHOSTDOWN: 'unreachable',
  ENETUNREACH: 'unreachable',
  ETIMEDOUT: 'silent',
}

/** One attempt, closed as soon as it is decided. Doesn't end by itself where nothing answers. */
function attempt(address: string, port: number, signal: AbortSignal): Promise<Reply> {
  const { promise, resolve, reject } = Promise.withResolvers<Reply>()
  const socket = connect({ host: address, port, autoSelectFamily: false })
  socket.once('connect', () => {
    // A port that nobody listens on can be met by one's own connection attempt on loopback (simultaneous open).
    const itself = socket.localPort === socket.remotePort && socket.localAddress === socket.remoteAddress
    resolve(is(itself ? 'refused' : 'open'))
  })
  socket.on('error', (error) => {
    const state = states[codeOf(error) ?? '']
    if (state) resolve(is(state))
    else reject(failureOf(error))
  })
  signal.addEventListener('abort', () => socket.destroy(), { once: true })
  return promise.finally(() => socket.destroy())
}
