import { readFile } from 'node:fs/promises'
import { resolve } from 'node:path'
import type { Duplex } from 'node:stream'
import type { Probe } from '../../checks/probe.ts'
import type { ResolvedCandidate } from '../../checks/session.ts'
import type {
  CheckIdentity,
  OpenCredentials,
  Outcome,
  Transport,
  TransportContext,
} from '../transports/transport.ts'
import { isConnectionCause } from './blame.ts'
import { loadTransport, type Way } from './ways.ts'

export interface ChannelSources {
  readonly candidate: ResolvedCandidate
  readonly credentials: OpenCredentials
  readonly checkIdentity: CheckIdentity
  readonly folder: string
  readonly connectTimeoutMs: number
  /** Longest that one machine may take by one way in one round, in ms. */
  readonly machineTimeoutMs: number
  readonly signal: AbortSignal
}

const keepsConnection: ReadonlySet<Way> = new Set([
  'ssh',
  'winrm',
  'powershell-ssh',
  'powershell-local',
  'smb',
  'ldap',
  'snmp',
])

/**
 * The connections to one candidate's machines: one per machine and way, opened by the first question, kept for the
 * later rounds, closed once. A machine that could not be reached is not tried again: its other questions end at once.
 */
export class Channels {
  readonly #open = new Map<string, Promise<Transport>>()
  readonly #dead = new Map<string, Extract<Outcome, { failure: unknown }>['failure']>()

  readonly #sources: ChannelSources

  constructor(sources: ChannelSources) {
    this.#sources = sources
  }

  /** Asks the probes of one machine by one way, all together. One outcome each; never rejects. */
  async *ask(role: string, way: Way, probes: readonly Probe[]): AsyncGenerator<Outcome> {
    const channel = `${role} ${way}`
    const dead = this.#dead.get(channel)
    if (dead) {
      yield* probes.map((probe) => failed(probe, dead))
      return
    }
    const missing = new Set(probes)
    const { signal, machineTimeoutMs } = this.#sources
    const deadline = AbortSignal.any([signal, AbortSignal.timeout(machineTimeoutMs)])
    let answered = 0
    try {
      const transport = await this.#transport(channel, role, way)
      for await (const outcome of transport.ask(probes, deadline)) {
        if (!missing.delete(outcome.probe)) continue
        if ('answer' in outcome) answered++
        else if (
          keepsConnection.has(way) &&
          answered === 0 &&
          missing.size === 0 &&
          // Where somebody answered, it is what was asked for that can't be had.
          outcome.identity === null &&
          isConnectionCause(outcome.failure.cause)
        )
          this.#dead.set(channel, outcome.failure)
        yield outcome
      }
    } catch (error) {
      const detail = error instanceof Error ? error.message : 'error'
      for (const probe of missing) yield failed(probe, { cause: 'grader', detail })
      return
    }
    const cause = signal.aborted ? 'cancelled' : deadline.aborted ? 'timeout' : 'grader'
    const detail = {
      cancelled: 'the run was interrupted',
      timeout: 'the machine used up its time',
      grader: 'the transport gave no outcome',
    }
    for (const probe of missing) yield failed(probe, { cause, detail: detail[cause] })
  }

  /** Closes every connection; what fails to close is left to the end of the process. */
  async close(): Promise<void> {
    await Promise.allSettled([...this.#open.values()].map(async (transport) => (await transport).close()))
  }

  #transport(channel: string, role: string, way: Way): Promise<Transport> {
    const known = this.#open.get(channel)
    if (known) return known
    const opened = loadTransport(way).then((open) => open(this.context(role)))
    this.#open.set(channel, opened)
    return opened
  }

  /** What a transport to this role gets; a way through another machine opens that machine's connection. */
  context(role: string): TransportContext & { addressOf: (role: string) => string } {
    const { candidate, credentials, checkIdentity, folder, connectTimeoutMs, signal } = this.#sources
    const target = candidate.targets[role]!.target
    const through = target.ssh?.jump
    return {
      role,
      target,
      credentials,
      checkIdentity,
      connectTimeoutMs,
      signal,
      readFile: (path) => readFile(resolve(folder, path), 'utf8'),
      addressOf: (other) => candidate.targets[other]?.target.address ?? '',
      ...(through === undefined
        ? {}
        : {
            jump: (address: string, port: number, stop: AbortSignal) =>
              this.#forward(through, address, port, stop),
          }),
    }
  }

  async #forward(through: string, address: string, port: number, signal: AbortSignal): Promise<Duplex> {
    const transport = await this.#transport(`${through} ssh`, through, 'ssh')
    const { forward } = transport as Transport & {
      forward(address: string, port: number, signal: AbortSignal): Promise<Duplex>
    }
    return forward.call(transport, address, port, signal)
  }
}

function failed(probe: Probe, failure: Extract<Outcome, { failure: unknown }>['failure']): Outcome {
  return { probe, identity: null, startedAt: Date.now(), ms: 0, failure }
}
