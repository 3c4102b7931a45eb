import { clockEnd } from '../../session-life/clock.ts'
import type { Incident, LivingCandidate, LivingSession, TraceSummary } from '../../store/session-life.ts'
import type { RunReceipt, Store } from '../../store/store.ts'
import type { EnrolledAgent, WayAtPreflight, Work } from '../../store/work-queue.ts'

/** One candidate as a surveillant sees him. Nothing of a finding is in here, nor can be: the parts have none. */
export interface WatchedCandidate {
  readonly candidate: LivingCandidate
  readonly clockEnd: Date | null
  readonly ways: readonly WayAtPreflight[]
  /** The works under way; where there are none, the latest. */
  readonly shown: readonly Work[]
  readonly receipts: readonly RunReceipt[]
  readonly documents: number
}

export interface WatchedSession {
  readonly session: LivingSession
  readonly candidates: readonly WatchedCandidate[]
  readonly incidents: readonly Incident[]
  readonly agents: readonly EnrolledAgent[]
  readonly now: Date
}

/** Everything that the surveillant's page shows of a session; null where there is none. */
export async function watchedSession(store: Store, id: string, now: Date): Promise<WatchedSession | null> {
  const session = await store.life.session(id)
  if (!session) return null
  const [candidates, works, ways, receipts, traces, incidents, agents] = await Promise.all([
    store.life.candidates(id),
    store.work.ofSession(id),
    store.work.ways(id),
    store.receipts(id),
    store.life.traces(id),
    store.life.incidents(id),
    store.work.agents(),
  ])
  const known = candidates.length > 0 ? candidates : fromReceipts(receipts)
  return {
    session,
    candidates: known.map((candidate) =>
      watched(candidate, session.minutes, { works, ways, receipts, traces }),
    ),
    incidents,
    agents: agents.filter(({ publicKey, about }) => publicKey !== null && about !== null),
    now,
  }
}

function watched(
  candidate: LivingCandidate,
  minutes: number | null,
  all: {
    works: readonly Work[]
    ways: readonly WayAtPreflight[]
    receipts: readonly RunReceipt[]
    traces: readonly TraceSummary[]
  },
): WatchedCandidate {
  const his = <T extends { candidate: string }>(items: readonly T[]) =>
    items.filter((item) => item.candidate === candidate.code)
  const works = his(all.works)
  const underWay = works.filter(({ state }) => state === 'queued' || state === 'leased')
  return {
    candidate,
    clockEnd: clockEnd(candidate, minutes),
    ways: his(all.ways),
    shown: underWay.length > 0 ? underWay : works.slice(-1),
    receipts: his(all.receipts),
    documents: his(all.traces).length,
  }
}

/** A session that only runs made known has no list of candidates: those that were received are all there is. */
const fromReceipts = (receipts: readonly RunReceipt[]): LivingCandidate[] =>
  [...new Set(receipts.map(({ candidate }) => candidate))].map((code) => ({
    code,
    seat: null,
    name: null,
    extraMinutes: 0,
    identityAt: null,
    identityBy: null,
    absentAt: null,
    clockStartedAt: null,
    addedSeconds: 0,
  }))
