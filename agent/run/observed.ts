import { observationSchema, type Observation } from '../../checks/observation.ts'
import { probeKey, type Probe } from '../../checks/probe.ts'
import { scrub } from '../secrets/scrub.ts'
import type { Outcome } from '../transports/transport.ts'
import { blameFor, isConnectionCause } from './blame.ts'
import type { LoadedCandidate } from './load.ts'
import { before, type PreflightRecord } from './preflight-record.ts'
import type { Room } from './room.ts'
import type { Route } from './ways.ts'

/** The outcome of a question that is not asked at all. */
export const notAsked = (probe: Probe, detail: string): Outcome => ({
  probe,
  identity: null,
  startedAt: Date.now(),
  ms: 0,
  failure: { cause: 'not-asked', detail },
})

/** What an outcome is kept as: without any echo of a secret, of the shape it should have, and a failure with whom it points at. */
export async function observationOf(
  outcome: Outcome,
  route: Route | null,
  { resolved }: LoadedCandidate,
  room: Room,
  preflight: PreflightRecord | null,
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
  const worked = onTheWay ? before(preflight, resolved.candidate.code, route) : undefined
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
