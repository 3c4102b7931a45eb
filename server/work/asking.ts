import type { Store } from '../store/store.ts'
import type { Work, WorkKind } from '../store/work-queue.ts'

/** Asks for the same work for several candidates; those who are absent, or have such work under way, are left out. */
export async function launch(
  store: Store,
  session: string,
  codes: readonly string[],
  kind: Extract<WorkKind, 'preflight' | 'start' | 'end'>,
  by: string,
): Promise<Work[]> {
  const absent = new Set(
    (await store.life.candidates(session)).filter((c) => c.absentAt !== null).map((c) => c.code),
  )
  return store.work.ask(
    codes
      .filter((candidate) => !absent.has(candidate))
      .map((candidate) => ({
        session,
        candidate,
        kind,
        demands: null,
        follows: null,
        target: null,
        reason: null,
      })),
    by,
  )
}

/**
 * Asks again, in a new run, the demands of a candidate that stayed unobserved; the earlier run is kept. Whoever asks is
 * told that it was asked for or that there is nothing to ask again, never what or how much.
 */
export async function askUnobservedAgain(
  store: Store,
  session: string,
  candidate: string,
  by: string,
): Promise<'asked' | 'nothing' | 'under-way'> {
  const unobserved = await store.unobservedDemands(session, candidate)
  if (!unobserved || unobserved.demands.length === 0) return 'nothing'
  const asked = await store.work.ask(
    [
      {
        session,
        candidate,
        kind: 'again',
        demands: unobserved.demands,
        follows: unobserved.run,
        target: null,
        reason: null,
      },
    ],
    by,
  )
  return asked.length > 0 ? 'asked' : 'under-way'
}
