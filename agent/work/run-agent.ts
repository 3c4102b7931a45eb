import { mkdir } from 'node:fs/promises'
import { join } from 'node:path'
import { setTimeout as pause } from 'node:timers/promises'
import type { Referential } from '../../checks/referential/referential.ts'
import type { Text } from '../../checks/text.ts'
import { agentKey } from '../evidence/agent-key.ts'
import type { SecretSource } from '../run/credentials.ts'
import { Limit } from '../run/limit.ts'
import { defaultJobs } from '../run/room.ts'
import type { AgentEvent } from './agent-event.ts'
import { Backoff } from './backoff.ts'
import { Connection } from './connection.ts'
import { introduce, refusal, type EnrolCode } from './enrolment.ts'
import { heartbeat } from './heartbeat.ts'
import { HeldWorks } from './held-works.ts'
import { lease } from './lease.ts'
import { Pulse } from './pulse.ts'
import { ServerClient, type Answered } from './server-client.ts'
import { removeAbandoned } from './session-folder.ts'
import { SessionRooms } from './session-rooms.ts'
import { spoolDelivery } from './spool-delivery.ts'
import { Spool } from './spool.ts'
import { Worker } from './worker.ts'

export interface AgentOptions {
  /** Its path ends in `/`. */
  readonly server: URL
  /** What this server is known by from start to start, where its address changes; its address where absent. */
  readonly knownAs?: URL
  /** Name to be enrolled under, where the server doesn't know this agent yet. */
  readonly name: string
  /** The agent's own folder: key, known identities, spool. */
  readonly folder: string
  /** The one-time code, or what gives it, used only where the server doesn't know this agent. */
  readonly enrolCode?: EnrolCode
  /** The first abort ends it cleanly: works are interrupted, what they gave is delivered or stays in the spool. */
  readonly signal: AbortSignal
  readonly secrets: SecretSource
  readonly version: string
  readonly referentials: () => Promise<ReadonlyMap<string, Referential>>
  readonly onEvent?: (event: AgentEvent) => void
  /** Machines asked at once, over all works. */
  readonly jobs?: number
  readonly timing?: Partial<Timing>
}

/** All in ms. */
export interface Timing {
  /** Longest time between two heartbeats. */
  readonly heartbeat: number
  /** Shortest. */
  readonly throttle: number
  /** How long a lease waits for work. */
  readonly poll: number
  /** First and longest wait for a server that is away. */
  readonly firstRetry: number
  readonly lastRetry: number
  /** How long the end waits for what is still to be delivered. */
  readonly farewell: number
}
const usual: Timing = {
  heartbeat: 5000,
  throttle: 500,
  poll: 25_000,
  firstRetry: 500,
  lastRetry: 15_000,
  farewell: 5000,
}

/** More works at once than any room has candidates. */
const MAX_HELD = 64

/**
 * Works for a server until the signal aborts: leases works, does them, and delivers what they gave, each once. A server
 * that is away is waited for; work under way goes on meanwhile, and its results are on the disk before they are sent.
 * @throws AgentFailure where the server does not want this agent, with what to do.
 */
export async function runAgent(options: AgentOptions): Promise<void> {
  const { server, folder, signal, version, secrets, referentials } = options
  const tell = options.onEvent ?? (() => undefined)
  const timing = { ...usual, ...options.timing }
  const backoff = () => new Backoff(timing.firstRetry, timing.lastRetry)
  await mkdir(folder, { recursive: true, mode: 0o700 })
  const key = await agentKey(folder)
  const client = new ServerClient(server, key)
  const spool = await Spool.open(folder, options.knownAs ?? server)
  await removeAbandoned(join(folder, 'work'))
  const connection = new Connection(tell)

  const name = await introduce({
    client,
    server,
    key,
    folder,
    signal,
    tell,
    version,
    name: options.name,
    enrolCode: options.enrolCode,
    backoff: backoff(),
    heard: (answered) => connection.heard(answered),
  })
  if (name === null) return
  tell({ type: 'connected', name })

  /** No more work is asked for. */
  const leaving = new AbortController()
  /** Nothing is sent any more. */
  const gone = new AbortController()
  let failure: Error | undefined
  let offsetMs: number | null = null
  const works = new HeldWorks()
  const pulse = new Pulse()
  const machines = new Limit(options.jobs ?? defaultJobs)
  const rooms = new SessionRooms({ folder, referentials, secrets, machines })
  const worker = new Worker({
    works,
    spool,
    tell,
    rooms,
    by: { folder, key, version, secrets, clockOffsetMs: () => offsetMs },
    changed: () => pulse.touch(),
    gone: gone.signal,
  })
  const deliver = spoolDelivery({
    spool,
    client,
    tell,
    // A result that is refused says nothing of the agent: that is for the lease and the heartbeat.
    heard: (answered: Answered) => connection.heard(answered),
    settled: worker.settled.bind(worker),
  })

  /** Whether it is an answer of the kind that was asked for. */
  const isFine = (answered: Answered): boolean => {
    const fine = answered.status === 200 || answered.status === 204
    const unwanted = answered.status === 401 || answered.status === 403
    connection.heard(answered, fine || unwanted)
    if (unwanted) {
      failure ??= refusal(answered, server)
      leaving.abort()
    }
    return fine
  }

  async function leases(): Promise<void> {
    const wait = backoff()
    while (!leaving.signal.aborted) {
      if (works.size >= MAX_HELD) {
        await Promise.race([works.nextRelease, pause(1000)])
        continue
      }
      // Those that were asked for together are begun together, so that they share what a shared machine answers.
      const together = []
      for (let waitMs = timing.poll; works.size + together.length < MAX_HELD; waitMs = 0) {
        const { answered, work, strange } = await lease(client, waitMs, leaving.signal)
        if (answered.status === null && leaving.signal.aborted) break
        if (!isFine(answered)) {
          await wait.wait(leaving.signal)
          break
        }
        wait.reset()
        if (strange) await worker.cannotDo(strange, notUnderstood)
        if (!work) {
          // An answer that is not understood at all is not asked for again at once.
          if (answered.status === 200 && !strange) await wait.wait(leaving.signal)
          break
        }
        together.push(work)
      }
      if (together.length > 0) await worker.begin(together)
    }
  }

  async function heartbeats(): Promise<void> {
    while (!gone.signal.aborted) {
      const { answered, heard } = await heartbeat(client, works.doing(), version, gone.signal)
      if (gone.signal.aborted) return
      isFine(answered)
      if (heard) {
        offsetMs = heard.offsetMs
        for (const id of heard.cancel) worker.cancel(id)
        for (const id of heard.gone) worker.drop(id)
      }
      await pulse.next(timing.throttle, Math.min(timing.heartbeat, works.everyMs), gone.signal)
    }
  }

  async function deliveries(): Promise<void> {
    const wait = backoff()
    const end = aborted(gone.signal)
    while (!gone.signal.aborted) {
      // A disk that can't be read now is tried again like a server that is away.
      if (await deliver(gone.signal).catch(() => false)) {
        wait.reset()
        await Promise.race([spool.added(), end])
      } else await wait.wait(gone.signal)
    }
  }

  const leave = () => {
    tell({ type: 'stopping', running: works.running.length })
    leaving.abort()
    worker.leave()
  }
  signal.addEventListener('abort', leave, { once: true })
  if (signal.aborted) leave()
  const background: Promise<void>[] = []
  try {
    // What an earlier start left is brought before anything is asked for: it may be what the server would ask for again.
    await deliver(leaving.signal).catch(() => false)
    background.push(heartbeats(), deliveries())
    await leases()
    // Where the server wants this agent no longer, what runs ends by itself; a person who stops it does not wait.
    await worker.idle()
    await emptied(spool, timing.farewell)
  } finally {
    signal.removeEventListener('abort', leave)
    gone.abort()
    await Promise.all(background)
    await rooms.close().catch(() => undefined) // the next start removes what is left
  }
  tell({ type: 'stopped', waiting: (await spool.waiting()).length })
  if (failure) throw failure
}

/** Resolves when nothing waits any more, or after `ms`. */
async function emptied(spool: Spool, ms: number): Promise<void> {
  for (const until = Date.now() + ms; Date.now() < until; await pause(20))
    if ((await spool.waiting()).length === 0) return
}

const aborted = (signal: AbortSignal): Promise<void> =>
  new Promise((resolve) => {
    if (signal.aborted) resolve()
    else signal.addEventListener('abort', () => resolve(), { once: true })
  })

const notUnderstood: Text = {
  fr: 'cet agent ne comprend pas ce travail : mettez-le à la même version que le serveur',
  en: 'this agent does not understand this work: bring it to the version of the server',
}
