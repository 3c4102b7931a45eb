import { setTimeout as pause } from 'node:timers/promises'
import type { FastifyBaseLogger } from 'fastify'
import { clockEnd } from '../session-life/clock.ts'
import type { Changes } from '../live/changes.ts'
import type { Store } from '../store/store.ts'
import { launch } from './asking.ts'

interface Watched {
  readonly store: Store
  readonly changes: Changes
  readonly now: () => Date
}

/** Puts works whose agent gave no sign of life back into the queue. Run it every second or so; it may run twice at once. */
export async function requeueLostWork({ store, changes }: Watched): Promise<void> {
  for (const { session, candidate } of await store.work.requeueLost()) changes.announce(session, candidate)
}

/**
 * Launches the end run of each candidate whose clock has ended, in sessions that are set so, unless one was ever asked
 * for: what a surveillant launched or cancelled by hand is his decision. Says nothing of what is found.
 */
export async function launchAtClockEnd({ store, changes, now }: Watched): Promise<void> {
  for (const session of await store.life.running()) {
    if (session.launch !== 'clock' || !session.hasFiles) continue
    const asked = new Set(
      (await store.work.ofSession(session.id)).filter((w) => w.kind === 'end').map((w) => w.candidate),
    )
    const due = (await store.life.candidates(session.id)).filter((candidate) => {
      const end = clockEnd(candidate, session.minutes)
      return !asked.has(candidate.code) && end !== null && end.getTime() <= now().getTime()
    })
    const launched = await launch(
      store,
      session.id,
      due.map(({ code }) => code),
      'end',
      'server',
    )
    for (const { candidate } of launched) changes.announce(session.id, candidate)
  }
}

/** Runs both every second until stopped; a failure is logged and tried again. `stop` resolves once nothing runs any more. */
export function startWatches(watched: Watched, log: Pick<FastifyBaseLogger, 'error'>): () => Promise<void> {
  const stop = new AbortController()
  const loop = (async () => {
    while (!stop.signal.aborted) {
      try {
        await requeueLostWork(watched)
        await launchAtClockEnd(watched)
      } catch (error) {
        log.error({ err: error }, 'watching clocks and leases failed')
      }
      await pause(1000, undefined, { signal: stop.signal }).catch(() => undefined)
    }
  })()
  return async () => {
    stop.abort()
    await loop
  }
}
