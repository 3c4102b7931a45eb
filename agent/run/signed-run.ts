import { randomUUID } from 'node:crypto'
import { hostname } from 'node:os'
import { judge } from '../../checks/judgement.ts'
import type { Observation } from '../../checks/observation.ts'
import type { Probe } from '../../checks/probe.ts'
import type { Run, RunBody } from '../../checks/run.ts'
import type { LoadedCandidate } from './load.ts'
import type { RunConditions, RunOrder } from './run-conditions.ts'

/** What one run has seen of its machines. */
export interface Seen {
  readonly startedAt: Date
  readonly complete: boolean
  readonly probes: Record<string, Probe>
  readonly observations: ReadonlyMap<string, Observation>
}

/** Judges what was seen, and signs it whole. */
export function signedRun(
  { resolved, plan }: LoadedCandidate,
  order: RunOrder,
  conditions: RunConditions,
  seen: Seen,
): Run {
  const { exam, session, hashes } = conditions.loaded
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
    inputs: { ...hashes, version: conditions.version },
    // JSON knows no `undefined` and no readonly: what is signed is what is written.
    facts: JSON.parse(JSON.stringify(plan.facts)) as RunBody['facts'],
    ...(order.stage === undefined ? {} : { stage: order.stage }),
    ...(order.follows === undefined ? {} : { follows: order.follows }),
    startedAt: seen.startedAt.toISOString(),
    endedAt: new Date().toISOString(),
    complete: seen.complete,
    agent: { host: hostname(), clock: { offsetMs: conditions.clockOffsetMs ?? null } },
    probes: seen.probes,
    observations: Object.fromEntries(seen.observations),
    findings,
    demands,
    notes: [],
  }
  return conditions.key.sign(body)
}
