import type { Observation } from '../../checks/observation.ts'
import { nextRound } from '../../checks/plan.ts'
import { probeKey, type Probe } from '../../checks/probe.ts'
import type { Run } from '../../checks/run.ts'
import type { Outcome } from '../transports/transport.ts'
import { Channels } from './channels.ts'
import { openCredentials } from './credentials.ts'
import type { LoadedCandidate } from './load.ts'
import { notAsked, observationOf } from './observed.ts'
import { readsOnly } from './read-only.ts'
import type { Room } from './room.ts'
import type { RunConditions, RunOrder } from './run-conditions.ts'
import { signedRun } from './signed-run.ts'
import { routeOf, type Route } from './ways.ts'

/** One candidate's machines: the connections to them, and every secret that was opened on the way. */
export interface Machines {
  readonly channels: Channels
  readonly secretsSeen: ReadonlySet<string>
}

/** The connections to a candidate's machines, none of them open yet; they end with `signal` at the latest. */
export function machinesOf(
  { resolved }: Pick<LoadedCandidate, 'resolved'>,
  conditions: RunConditions,
  signal: AbortSignal,
): Machines {
  const secretsSeen = new Set<string>()
  const channels = new Channels({
    candidate: resolved,
    credentials: openCredentials(resolved.credentials, conditions.secrets, secretsSeen),
    checkIdentity: conditions.checkIdentity,
    folder: conditions.loaded.folder,
    connectTimeoutMs: conditions.connectTimeoutMs ?? 10_000,
    machineTimeoutMs: conditions.machineTimeoutMs ?? 120_000,
    signal,
  })
  return { channels, secretsSeen }
}

/** What one run is asked in: its room, its moment, and what ends it. */
export interface Moment {
  readonly room: Room
  /** Answers of shared machines that were asked for since then (ms since the epoch) may be taken from other runs. */
  readonly since: number
  readonly signal: AbortSignal
}

/** Asks everything that the plan asks, round after round, and gives the signed run. Leaves the connections open. */
export async function runCandidate(
  candidate: LoadedCandidate,
  order: RunOrder,
  conditions: RunConditions,
  { channels, secretsSeen }: Machines,
  moment: Moment,
): Promise<Run> {
  const { room, signal } = moment
  const { plan } = candidate
  const { code } = candidate.resolved.candidate
  const tell = conditions.onEvent ?? (() => undefined)
  const startedAt = new Date()
  tell({ type: 'started', candidate: code })
  const probes: Record<string, Probe> = {}
  const observations = new Map<string, Observation>()

  const observe = async (outcome: Outcome, route: Route | null): Promise<Observation> => {
    const observation = await observationOf(
      outcome,
      route,
      candidate,
      room,
      conditions.preflight,
      secretsSeen,
    )
    observations.set(observation.probe, observation)
    tell({ type: 'answered', candidate: code, role: route?.role ?? outcome.probe.to, observation })
    return observation
  }

  for (;;) {
    const round = nextRound(plan, observations)
    if (round.size === 0) break
    for (const [key, probe] of round) probes[key] = probe
    tell({ type: 'asking', candidate: code, asked: Object.keys(probes).length })
    await Promise.all(
      byRoute([...round.values()], candidate).map(({ route, probes: together, refused }) =>
        refused !== null || route === null
          ? Promise.all(
              together.map((probe) =>
                observe(notAsked(probe, refused ?? 'the session gives no way to ask this'), route),
              ),
            )
          : askTogether(route, together, candidate, moment, channels, observe),
      ),
    )
  }
  const complete = !signal.aborted
  const run = signedRun(candidate, order, conditions, { startedAt, complete, probes, observations })
  tell({ type: 'ended', candidate: code, complete })
  return run
}

interface Together {
  readonly route: Route | null
  readonly probes: Probe[]
  /** Why these are not asked at all. */
  readonly refused: string | null
}

/** All the questions that travel together: one machine, one way. */
function byRoute(probes: readonly Probe[], { resolved }: LoadedCandidate): Together[] {
  const groups = new Map<string, Together>()
  for (const probe of probes) {
    const route = routeOf(probe, resolved.targets)
    const refused = readsOnly(probe) ? null : 'this question is not on the read-only list'
    const name = `${route?.role} ${route?.way} ${refused}`
    const group = groups.get(name) ?? { route, probes: [], refused }
    group.probes.push(probe)
    groups.set(name, group)
  }
  return [...groups.values()]
}

async function askTogether(
  route: Route,
  probes: readonly Probe[],
  { resolved }: LoadedCandidate,
  { room, signal, since }: Moment,
  channels: Channels,
  observe: (outcome: Outcome, route: Route) => Promise<Observation>,
): Promise<void> {
  const shared = resolved.targets[route.role]?.shared
  const inTurn = (work: () => Promise<void>) => room.machines.with(work, signal)
  const ask = async (
    wanted: readonly Probe[],
    tell: (probe: Probe, observation: Observation) => void = () => undefined,
  ) => {
    for await (const outcome of channels.ask(route.role, route.way, wanted, signal))
      tell(outcome.probe, await observe(outcome, route))
  }
  if (!shared) return inTurn(() => ask(probes))

  const limit = room.sharedMachine(shared)
  const question = (probe: Probe) =>
    `${shared.name} ${resolved.targets[route.role]?.target.address} ${probeKey(probe)}`
  const others = new Map<Probe, Promise<Observation | null>>()
  const promised = new Map<Probe, PromiseWithResolvers<Observation | null>>()
  for (const probe of probes) {
    const known = room.answerSince(question(probe), since)
    if (known) others.set(probe, known)
    else {
      const answer = Promise.withResolvers<Observation | null>()
      promised.set(probe, answer)
      room.promise(question(probe), answer.promise)
    }
  }
  const askHere = (
    wanted: readonly Probe[],
    tell?: (probe: Probe, observation: Observation) => void,
  ): Promise<void> => limit.with(() => inTurn(() => ask(wanted, tell)), signal)
  try {
    if (promised.size > 0)
      await askHere([...promised.keys()], (probe, observation) =>
        // That this run was stopped is no answer of the machine's.
        promised.get(probe)?.resolve(observation.failure?.cause === 'cancelled' ? null : observation),
      )
  } finally {
    for (const { resolve } of promised.values()) resolve(null)
  }
  const own: Probe[] = []
  for (const [probe, answer] of others) {
    const observation = await unlessStopped(answer, signal)
    if (observation) await observe(outcomeOf(probe, observation), route)
    else own.push(probe)
  }
  if (own.length > 0) await askHere(own)
}

/** Null where the signal aborts first. */
async function unlessStopped<T>(promise: Promise<T>, signal: AbortSignal): Promise<T | null> {
  if (signal.aborted) return null
  const { promise: stopped, resolve } = Promise.withResolvers<null>()
  const stop = () => resolve(null)
  signal.addEventListener('abort', stop, { once: true })
  try {
    return await Promise.race([promise, stopped])
  } finally {
    signal.removeEventListener('abort', stop)
  }
}

/** What another candidate's run was told, as if it had been asked here. */
function outcomeOf(probe: Probe, observation: Observation): Outcome {
  const { identity, at, ms, answer, truncated, failure } = observation
  const result = answer
    ? { answer, truncated }
    : { failure: { cause: failure!.cause, detail: failure!.detail } }
  return { probe, identity, startedAt: Date.parse(at), ms, ...result }
}
