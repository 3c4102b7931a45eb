import { randomUUID } from 'node:crypto'
import { hostname } from 'node:os'
import { judge } from '../../checks/judgement.ts'
import { observationSchema, type Observation } from '../../checks/observation.ts'
import { nextRound, planCandidate } from '../../checks/plan.ts'
import { probeKey, type Probe } from '../../checks/probe.ts'
import type { Run, RunBody } from '../../checks/run.ts'
import type { AgentKey } from '../evidence/agent-key.ts'
import { scrub } from '../secrets/scrub.ts'
import type { CheckIdentity, Outcome } from '../transports/transport.ts'
import { blameFor, isConnectionCause } from './blame.ts'
import { Channels } from './channels.ts'
import { openCredentials, type SecretSource } from './credentials.ts'
import { Limit } from './limit.ts'
import type { LoadedCandidate, LoadedSession } from './load.ts'
import { before, type PreflightRecord } from './preflight-record.ts'
import { readsOnly } from './read-only.ts'
import { defaultJobs, Room } from './room.ts'
import { routeOf, type Route } from './ways.ts'

export type RunEvent =
  | { readonly type: 'started'; readonly candidate: string }
  /** `asked` counts every question so far; it may grow from round to round. */
  | { readonly type: 'asking'; readonly candidate: string; readonly asked: number }
  | {
      readonly type: 'answered'
      readonly candidate: string
      readonly role: string
      readonly observation: Observation
    }
  | { readonly type: 'ended'; readonly candidate: string; readonly complete: boolean }

/** What a server asked of one candidate's run. */
export interface RunOrder {
  /** The run's id; chosen at random where absent. */
  readonly id?: string
  readonly stage?: RunBody['stage']
  readonly follows?: string
  /** Ids of the demands to ask; all where absent. */
  readonly demands?: readonly string[]
}

export interface RunOptions {
  readonly loaded: LoadedSession
  /** Codes of the candidates to run; all where absent. */
  readonly only?: readonly string[]
  /** By the candidate's code. */
  readonly orders?: ReadonlyMap<string, RunOrder>
  readonly signal: AbortSignal
  readonly secrets: SecretSource
  readonly checkIdentity: CheckIdentity
  readonly preflight: PreflightRecord | null
  readonly key: AgentKey
  readonly version: string
  /** What the agent's clock is ahead of the server's, in ms; null where nobody compared them. */
  readonly clockOffsetMs?: number | null
  readonly onEvent?: (event: RunEvent) => void
  /** Machines asked at once, over all candidates. */
  readonly jobs?: number
  /** What these runs share with others of the same session; their own where absent. `jobs` is then that of the room. */
  readonly room?: Room
  /**
   * Answers of shared machines that were asked for since then (ms since the epoch) are taken from one another, by default
   * from the start of these runs. Runs that begin together say the same moment.
   */
  readonly since?: number
  readonly connectTimeoutMs?: number
  readonly machineTimeoutMs?: number
  readonly runTimeoutMs?: number
}

/** What the candidates of one invocation have in common. */
interface Invocation {
  readonly options: RunOptions
  readonly signal: AbortSignal
  readonly since: number
  readonly room: Room
}

/**
 * Grades the candidates of a session, all at once within the limits, and gives each run as soon as it is judged.
 * Never rejects for a machine's sake. When the signal aborts, runs end at once with `complete: false` and keep what
 * was observed; what was not is `unknown/cancelled`.
 */
export async function* runSession(options: RunOptions): AsyncGenerator<Run> {
  const { loaded, only, orders } = options
  const control = loaded.session.file.control?.address
  const invocation: Invocation = {
    options,
    signal: AbortSignal.any([options.signal, AbortSignal.timeout(options.runTimeoutMs ?? 900_000)]),
    since: options.since ?? Date.now(),
    room: options.room ?? new Room(control, new Limit(options.jobs ?? defaultJobs)),
  }
  const candidates = loaded.candidates.filter((c) => !only || only.includes(c.resolved.candidate.code))
  const running = new Map(
    candidates.map((candidate, i) => {
      const order = orders?.get(candidate.resolved.candidate.code) ?? {}
      const run = runCandidate(restricted(candidate, loaded, order), order, invocation)
      return [i, run.then((run) => ({ i, run }))] as const
    }),
  )
  while (running.size > 0) {
    const { i, run } = await Promise.race(running.values())
    running.delete(i)
    yield run
  }
}

/** The same candidate, planned for the demands that are asked for. */
function restricted(
  candidate: LoadedCandidate,
  { exam }: LoadedSession,
  { demands }: RunOrder,
): LoadedCandidate {
  if (!demands) return candidate
  const wanted = exam.demands.filter(({ id }) => demands.includes(id))
  const { resolved } = candidate
  return { resolved, plan: planCandidate({ ...exam, demands: wanted }, resolved).plan }
}

async function runCandidate(
  candidate: LoadedCandidate,
  order: RunOrder,
  invocation: Invocation,
): Promise<Run> {
  const { options, signal } = invocation
  const { resolved, plan } = candidate
  const { code } = resolved.candidate
  const tell = options.onEvent ?? (() => undefined)
  const startedAt = new Date()
  tell({ type: 'started', candidate: code })
  const secretsSeen = new Set<string>()
  const channels = new Channels({
    candidate: resolved,
    credentials: openCredentials(resolved.credentials, options.secrets, secretsSeen),
    checkIdentity: options.checkIdentity,
    folder: options.loaded.folder,
    connectTimeoutMs: options.connectTimeoutMs ?? 10_000,
    machineTimeoutMs: options.machineTimeoutMs ?? 120_000,
    signal,
  })
  const probes: Record<string, Probe> = {}
  const observations = new Map<string, Observation>()

  const observe = async (outcome: Outcome, route: Route | null): Promise<Observation> => {
    const observation = await observationOf(outcome, route, candidate, invocation, secretsSeen)
    observations.set(observation.probe, observation)
    tell({ type: 'answered', candidate: code, role: route?.role ?? outcome.probe.to, observation })
    return observation
  }

  try {
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
            : askTogether(route, together, candidate, invocation, channels, observe),
        ),
      )
    }
  } finally {
    await channels.close()
  }
  const complete = !signal.aborted
  const run = signedRun(candidate, order, invocation, { startedAt, complete, probes, observations })
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
  { room, signal, since }: Invocation,
  channels: Channels,
  observe: (outcome: Outcome, route: Route) => Promise<Observation>,
): Promise<void> {
  const shared = resolved.targets[route.role]?.shared
  const inTurn = (work: () => Promise<void>) => room.machines.with(work, signal)
  const ask = async (
    wanted: readonly Probe[],
    tell: (probe: Probe, observation: Observation) => void = () => undefined,
  ) => {
    for await (const outcome of channels.ask(route.role, route.way, wanted))
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

const notAsked = (probe: Probe, detail: string): Outcome => ({
  probe,
  identity: null,
  startedAt: Date.now(),
  ms: 0,
  failure: { cause: 'not-asked', detail },
})

async function observationOf(
  outcome: Outcome,
  route: Route | null,
  { resolved }: LoadedCandidate,
  { room, options }: Invocation,
  secretsSeen: ReadonlySet<string>,
): Promise<Observation> {
  const common = {
    probe: probeKey(outcome.probe),
    transport: route?.way ?? '',
    address: resolved.targets[route?.role ?? outcome.probe.to]?.target.address ?? '',
    identity: outcome.identity,
    at: new Date(outcome.startedAt).toISOString(),
    ms: Math.round(outcome.ms * 10) / 10,
  }
  if ('answer' in outcome) {
    const observation: Observation = {
      ...common,
      truncated: outcome.truncated,
      answer: scrubbed(outcome.answer, [...secretsSeen]) as Observation['answer'],
      failure: null,
    }
    if (observationSchema.safeParse(observation).success) return observation
    const failure = {
      cause: 'unparsable' as const,
      detail: 'the answer is not of the shape it should have',
      blame: 'undecidable' as const,
    }
    return { ...common, truncated: false, answer: null, failure }
  }
  const { cause, detail } = outcome.failure
  // Where the machine itself answered, what is behind it failed: whether the way worked before says nothing of that.
  const onTheWay = outcome.identity === null
  const control = onTheWay && isConnectionCause(cause) ? await room.control() : null
  const worked = onTheWay ? before(options.preflight, resolved.candidate.code, route) : undefined
  const failure = {
    cause,
    // A character may have been cut in two, and such a text has no canonical form to sign.
    detail: scrub(detail, [...secretsSeen])
      .slice(0, 500)
      .toWellFormed(),
    blame: blameFor(cause, worked, control),
  }
  return { ...common, truncated: false, answer: null, failure }
}

/** A copy without any echo of a secret. Answers are flat and bounded: the depth is that of their schema. */
function scrubbed(value: unknown, secrets: readonly string[]): unknown {
  if (secrets.length === 0) return value
  if (typeof value === 'string') return scrub(value, secrets)
  if (Array.isArray(value)) return value.map((item) => scrubbed(item, secrets))
  if (typeof value === 'object' && value !== null)
    return Object.fromEntries(
      Object.entries(value).map(([key, item]) => [scrub(key, secrets), scrubbed(item, secrets)]),
    )
  return value
}

function signedRun(
  { resolved, plan }: LoadedCandidate,
  order: RunOrder,
  { options }: Invocation,
  seen: {
    startedAt: Date
    complete: boolean
    probes: Record<string, Probe>
    observations: ReadonlyMap<string, Observation>
  },
): Run {
  const { exam, session, hashes } = options.loaded
  const { candidate } = resolved
  const { findings, demands } = judge(plan, seen.observations)
  const body: RunBody = {
    format: 'probant-run/1',
    id: order.id ?? randomUUID(),
    candidate: {
      code: candidate.code,
      n: candidate.n,
      seat: candidate.seat ?? null,
      extraMinutes: candidate['extra-minutes'] ?? 0,
    },
    session: { id: hashes.session, title: session.file.title ?? exam.title, date: session.file.date },
    exam: {
      title: exam.title,
      purpose: exam.purpose,
      referential: exam.referential.id,
      certificate: exam.certificate,
      demands: [...plan.demands],
    },
    inputs: { ...hashes, version: options.version },
    // JSON knows no `undefined` and no readonly: what is signed is what is written.
    facts: JSON.parse(JSON.stringify(plan.facts)) as RunBody['facts'],
    ...(order.stage === undefined ? {} : { stage: order.stage }),
    ...(order.follows === undefined ? {} : { follows: order.follows }),
    startedAt: seen.startedAt.toISOString(),
    endedAt: new Date().toISOString(),
    complete: seen.complete,
    agent: { host: hostname(), clock: { offsetMs: options.clockOffsetMs ?? null } },
    probes: seen.probes,
    observations: Object.fromEntries(seen.observations),
    findings,
    demands,
    notes: [],
  }
  return options.key.sign(body)
}
