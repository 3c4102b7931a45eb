import canonicalize from 'canonicalize'
import { fingerprint, signatureHolds, type Run } from '../../checks/run.ts'
import { probeKey } from '../../checks/probe.ts'

declare const verified: unique symbol

/** A run whose signature holds and whose parts agree. Only `verifyRun` makes one; the store takes nothing else. */
export interface VerifiedRun {
  readonly [verified]: true
  readonly run: Run
  /** RFC 8785 canonical JSON, signature included. */
  readonly text: string
  readonly fingerprint: string
}

/** Why a run is not taken: a stable code and what exactly is wrong (English, for whoever mends the agent; names keys, never contents). */
export interface Refusal {
  readonly code: 'signature' | 'inconsistent'
  readonly detail: string
}

/**
 * Whether a run that has the right shape can be kept: its signature holds, every probe and observation is under its own
 * key, and every finding belongs to a demand that the run embeds (else the page would lose it without a word).
 */
export async function verifyRun(run: Run): Promise<VerifiedRun | Refusal> {
  if (!(await signatureHolds(run)))
    return { code: 'signature', detail: 'the signature is not that of these contents' }
  const detail = disagreement(run)
  if (detail) return { code: 'inconsistent', detail }
  const text = canonicalize(run)
  if (text === undefined) return { code: 'inconsistent', detail: 'no canonical form' }
  return { run, text, fingerprint: fingerprint(run) } as VerifiedRun
}

export const isRefusal = (result: VerifiedRun | Refusal): result is Refusal => 'code' in result

function disagreement(run: Run): string | null {
  for (const [key, probe] of Object.entries(run.probes))
    if (probeKey(probe) !== key) return `probe ${key} is not the one its key says`
  for (const [key, observation] of Object.entries(run.observations)) {
    if (observation.probe !== key) return `observation ${key} answers another probe`
    if (!Object.hasOwn(run.probes, key)) return `observation ${key} answers a probe that is not in the run`
  }
  if (run.facts.candidate !== run.candidate.code) return 'the facts are those of another candidate'
  const demands = new Set<string>()
  for (const { id } of run.exam.demands) {
    if (demands.has(id)) return 'two demands have the same id'
    demands.add(id)
  }
  const judged = new Set<string>()
  for (const { demand } of run.demands) {
    if (!demands.has(demand)) return 'a result belongs to no demand of the run'
    if (judged.has(demand)) return 'a demand has two results'
    judged.add(demand)
  }
  if (run.findings.some((f) => !demands.has(f.demand))) return 'a finding belongs to no demand of the run'
  return null
}
