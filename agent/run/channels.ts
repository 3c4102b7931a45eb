import { readFile } from 'node:fs/promises'
import { resolve } from 'node:path'
import type { Duplex } from 'node:stream'
import type { Probe } from '../../checks/probe.ts'
import type { ResolvedCandidate } from '../../checks/session.ts'
import type { Cause } from '../../checks/verdict.ts'
import type { SshTransport } from '../transports/ssh/ssh.ts'
import type {
  CheckIdentity,
  OpenCredentials,
  Outcome,
  Transport,
  TransportContext,
} from '../transports/transport.ts'
import { isConnectionCause } from './blame.ts'
import { deadline } from './deadline.ts'
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

type Failed = Extract<Outcome, { failure: unknown }>['failure']

/**
 * The connections to one candidate's machines: one per machine and way, opened by the first question, kept for the
 * later rounds, closed once. A machine that could not be reached is not tried again in the same look: its other questions end
 * at once. `beginLook` is for who looks again: nothing is kept then but what is connected.
 */
export class Channels {
  readonly #open = new Map<string, Promise<Transport>>()
  readonly #dead = new Map<string, Failed>()
  /** Have answered since they were opened. */
  readonly #proved = new Set<string>()
  /** Over which something failed that a new connection may mend. */
  readonly #doubtful = new Set<string>()
  /** Opened for an earlier look, and not used in this one yet. */
  #kept = new Set<string>()
  readonly #closing = new Set<Promise<unknown>>()

  readonly #sources: ChannelSources

  constructor(sources: ChannelSources) {
    this.#sources = sources
  }

  /**
   * Another look begins: who could not be reached is tried again, and what is in doubt is closed and opened anew by its first
   * question. What an account may do is decided when it logs in: a connection over which it was denied something is in doubt too.
   */
  beginLook(): void {
    for (const channel of this.#doubtful) this.#drop(channel)
    this.#doubtful.clear()
    this.#dead.clear()
    this.#kept = new Set(this.#open.keys())
  }

  /**
   * Asks the probes of one machine by one way, all together, until `signal` says that it's enough. One outcome each; never
   * rejects. A connection of an earlier look that turns out to be over is opened anew, once.
   */
  async *ask(
    role: string,
    way: Way,
    probes: readonly Probe[],
    signal: AbortSignal = this.#sources.signal,
  ): AsyncGenerator<Outcome> {
    const channel = `${role} ${way}`
    const dead = this.#dead.get(channel)
    if (dead) {
      yield* probes.map((probe) => failed(probe, dead))
      return
    }
    const until = deadline(this.#sources.machineTimeoutMs, signal)
    try {
      yield* this.#askOrAgain(channel, role, way, probes, signal, until.signal)
    } finally {
      until.over()
    }
  }

  async *#askOrAgain(
    channel: string,
    role: string,
    way: Way,
    probes: readonly Probe[],
    signal: AbortSignal,
    deadline: AbortSignal,
  ): AsyncGenerator<Outcome> {
    const kept = this.#kept.delete(channel) && keepsConnection.has(way)
    const over: Outcome[] = []
    let answered = false
    for await (const outcome of this.#outcomes(channel, role, way, probes, signal, deadline)) {
      if ('answer' in outcome) answered = true
      // Held back until somebody answers: where nobody does, none of these is the machine's last word.
      if (kept && !answered && isOver(outcome)) over.push(outcome)
      else yield outcome
    }
    if (answered || over.length < probes.length || deadline.aborted) {
      yield* over
      return
    }
    this.#drop(channel)
    this.#dead.delete(channel)
    this.#doubtful.delete(channel)
    yield* this.#outcomes(channel, role, way, probes, signal, deadline)
  }

  async *#outcomes(
    channel: string,
    role: string,
    way: Way,
    probes: readonly Probe[],
    signal: AbortSignal,
    deadline: AbortSignal,
  ): AsyncGenerator<Outcome> {
    const missing = new Set(probes)
    let answered = 0
    try {
      const transport = await this.#transport(channel, role, way)
      for await (const outcome of transport.ask(probes, deadline)) {
        if (!missing.delete(outcome.probe)) continue
        if ('answer' in outcome) {
          answered++
          this.#proved.add(channel)
        } else {
          const { cause } = outcome.failure
          const last = answered === 0 && missing.size === 0
          // That we stopped asking says nothing of a connection that worked before.
          const stopped = cause === 'cancelled' && this.#proved.has(channel)
          if ((last && !stopped) || mendable.has(cause)) this.#doubtful.add(channel)
          if (
            keepsConnection.has(way) &&
            last &&
            // Where somebody answered, it is what was asked for that can't be had.
            outcome.identity === null &&
            isConnectionCause(cause)
          )
            this.#dead.set(channel, outcome.failure)
        }
        yield outcome
      }
    } catch (error) {
      this.#doubtful.add(channel)
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
    if (missing.size > 0 && !(cause === 'cancelled' && this.#proved.has(channel))) this.#doubtful.add(channel)
    for (const probe of missing) yield failed(probe, { cause, detail: detail[cause] })
  }

  /** Closes every connection; what fails to close is left to the end of the process. */
  async close(): Promise<void> {
    for (const channel of this.#open.keys()) this.#drop(channel)
    await Promise.allSettled(this.#closing)
  }

  #drop(channel: string): void {
    const transport = this.#open.get(channel)
    if (!transport) return
    this.#open.delete(channel)
    this.#proved.delete(channel)
    // Nobody waits for a farewell before asking anew.
    const closing = transport.then((transport) => transport.close()).catch(() => undefined)
    this.#closing.add(closing)
    void closing.then(() => this.#closing.delete(closing))
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
    const channel = `${through} ssh`
    const transport = (await this.#transport(channel, through, 'ssh')) as SshTransport
    try {
      return await transport.forward(address, port, signal)
    } catch (error) {
      if (!transport.connected) this.#doubtful.add(channel)
      throw error
    }
  }
}

/** Causes that may be gone with a new connection, though the old one answers other questions. */
const mendable: ReadonlySet<Cause> = new Set(['unreachable', 'refused', 'auth', 'identity', 'denied'])

/**
 * Whether it may only be an old connection that is over. Not where somebody refused us: a transport that finds its connection
 * closed opens another by itself, and too many refusals lock an account.
 */
const isOver = (outcome: Outcome): boolean =>
  'failure' in outcome &&
  outcome.identity === null &&
  (['unreachable', 'refused', 'timeout'] as readonly Cause[]).includes(outcome.failure.cause)

function failed(probe: Probe, failure: Extract<Outcome, { failure: unknown }>['failure']): Outcome {
  return { probe, identity: null, startedAt: Date.now(), ms: 0, failure }
}
