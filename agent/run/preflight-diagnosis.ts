import { originsIn, type Asked } from '../doctor/asked.ts'
import { diagnosisOf } from '../doctor/diagnose.ts'
import { remediesOf } from '../doctor/remedies/of-findings.ts'
import type { Remedy } from '../doctor/remedies/remedy.ts'
import { doctorWays, type DoctorWay, type StepFinding } from '../doctor/step.ts'
import { findingsOf, walk } from '../doctor/walk.ts'
import { scrub } from '../secrets/scrub.ts'
import { TransportFailure } from '../transports/transport.ts'
import type { PreflightOptions, PreflightResult } from './preflight.ts'
import { channelsTo } from './preflight.ts'
import { wayName } from './preflight-record.ts'

/** Where a way that failed at the preflight fails, found by trying it once more step by step. */
export interface Diagnosed {
  readonly result: PreflightResult
  /** The first step that fails; null where the second try worked. */
  readonly failing: StepFinding | null
  readonly remedies: readonly Remedy[]
}

/** More ways than these fail for one reason, and the room's clock runs: the first are enough to find it. */
const MOST = 8
const wholeMs = 30_000

/**
 * Diagnoses the ways that failed, at most eight of them, all at once. What was refused at the preflight for its credentials is
 * not tried with them again: too many refusals lock an account. Never rejects.
 */
export async function diagnoseFailures(
  results: readonly PreflightResult[],
  options: PreflightOptions,
  lines: DoctorLines,
): Promise<Diagnosed[]> {
  const signal = AbortSignal.any([options.signal, AbortSignal.timeout(wholeMs)])
  const failing = results.filter(
    ({ worked, cause, route }) => !worked && cause !== 'cancelled' && isDoctorWay(route.way),
  )
  // What is asked through the same connection fails in the same place: it is walked once.
  const ways = [...Map.groupBy(failing.slice(0, MOST), nameOf).values()]
  const walked = await Promise.all(
    ways.map(async (results) => {
      const first = results.find(({ cause }) => cause === 'auth') ?? results[0]!
      const found = await diagnose(first, { ...options, signal }, lines)
      return results.map((result) => ({ ...found, result }))
    }),
  )
  return walked.flat()
}

const nameOf = ({ candidate, route }: PreflightResult): string => wayName(candidate, route)

/** The command that diagnoses one machine of the session for one candidate. */
export type DoctorLines = (role: string, candidate: string) => string

async function diagnose(
  result: PreflightResult,
  options: PreflightOptions,
  lines: DoctorLines,
): Promise<Diagnosed> {
  const candidate = options.loaded.candidates.find((c) => c.resolved.candidate.code === result.candidate)!
  const seen = new Set<string>()
  const channels = channelsTo(candidate, options, options.signal, seen)
  const way = result.route.way as DoctorWay
  try {
    const context = channels.context(result.route.role)
    const asked: Asked = {
      again: lines(result.route.role, result.candidate),
      doctorOf: (role) => lines(role, result.candidate),
      typed: null,
      folder: options.loaded.folder,
      secretsOf: originsIn(candidate.resolved.credentials, options.secrets),
    }
    const refused = result.cause === 'auth' ? new TransportFailure('auth', result.detail) : null
    const found = await findingsOf(walk(await diagnosisOf(way, context), options.signal, refused))
    const findings = found.map((one) => ({ ...one, detail: scrub(one.detail, [...seen]) }))
    const failing = findings.find(({ state }) => state === 'fails') ?? null
    const remedies = failing === null ? [] : await remediesOf(findings, way, context, asked)
    return { result, failing, remedies }
  } catch {
    // A way that can't even be begun has its reason in the result already.
    return { result, failing: null, remedies: [] }
  } finally {
    await channels.close()
  }
}

const isDoctorWay = (way: string): way is DoctorWay => (doctorWays as readonly string[]).includes(way)
