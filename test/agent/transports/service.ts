import { spawn, type ChildProcess } from 'node:child_process'
import { createSocket } from 'node:dgram'
import { once } from 'node:events'
import { createServer } from 'node:net'
import type {
  CheckIdentity,
  OpenCredential,
  Outcome,
  Transport,
  TransportContext,
} from '../../../agent/transports/transport.ts'
import type { Probe } from '../../../checks/probe.ts'
import type { Target } from '../../../checks/session.ts'

/** A real service started by a test, ended with it. */
export interface Service {
  readonly child: ChildProcess
  stop(): Promise<void>
}

/** Starts a program and waits until `ready` says that it really answers. */
export async function start(
  program: string,
  argv: readonly string[],
  ready: () => Promise<boolean>,
): Promise<Service> {
  const child = spawn(program, argv, { stdio: ['ignore', 'ignore', 'pipe'] })
  let said = ''
  child.stderr.on('data', (text: Buffer) => (said += text.toString()))
  const ended = once(child, 'exit')
  for (const deadline = Date.now() + 15_000; !(await ready());) {
    if (child.exitCode !== null)
      throw new Error(`${program} ended with ${child.exitCode}: ${said.slice(-500)}`)
    if (Date.now() > deadline) throw new Error(`${program} does not answer: ${said.slice(-500)}`)
    await new Promise((resolve) => setTimeout(resolve, 20))
  }
  return {
    child,
    stop: async () => {
      if (child.exitCode === null && child.signalCode === null) {
        child.kill('SIGKILL')
        await ended
      }
    },
  }
}

/** A TCP port of loopback that is free now. */
export async function freePort(): Promise<number> {
  const server = createServer().listen(0, '127.0.0.1')
  await once(server, 'listening')
  const { port } = server.address() as { port: number }
  server.close()
  await once(server, 'close')
  return port
}

/** A UDP port of loopback that is free now. */
export async function freeUdpPort(): Promise<number> {
  const socket = createSocket('udp4').bind(0, '127.0.0.1')
  await once(socket, 'listening')
  const { port } = socket.address()
  socket.close()
  await once(socket, 'close')
  return port
}

/** What a transport gets from outside, with one credential for every name. */
export function context(
  target: Target,
  options: {
    credential?: OpenCredential
    checkIdentity?: CheckIdentity
    files?: Record<string, string>
    connectTimeoutMs?: number
  } = {},
): TransportContext {
  return {
    role: 'm',
    target,
    credentials: () => Promise.resolve(options.credential ?? {}),
    checkIdentity: options.checkIdentity ?? (() => true),
    readFile: (path) => {
      const text = options.files?.[path]
      return text === undefined ? Promise.reject(new Error('ENOENT')) : Promise.resolve(text)
    },
    connectTimeoutMs: options.connectTimeoutMs ?? 5000,
    signal: new AbortController().signal,
  }
}

/** Asks all, and gives the outcomes in the order of the probes: exactly one each. */
export async function askAll(
  transport: Transport,
  probes: readonly Probe[],
  signal = AbortSignal.timeout(20_000),
): Promise<Outcome[]> {
  const outcomes = new Map<Probe, Outcome>()
  for await (const outcome of transport.ask(probes, signal)) {
    if (outcomes.has(outcome.probe)) throw new Error('two outcomes for one probe')
    outcomes.set(outcome.probe, outcome)
  }
  return probes.map((probe) => {
    const outcome = outcomes.get(probe)
    if (!outcome) throw new Error('no outcome for a probe')
    return outcome
  })
}

/** The outcome of one probe. */
export async function askOne(transport: Transport, probe: Probe, signal?: AbortSignal): Promise<Outcome> {
  const [outcome] = await askAll(transport, [probe], signal)
  return outcome!
}

export const answerOf = (outcome: Outcome) => ('answer' in outcome ? outcome.answer : outcome.failure)
export const causeOf = (outcome: Outcome) =>
  'failure' in outcome ? outcome.failure.cause : `answered: ${JSON.stringify(outcome.answer).slice(0, 300)}`
