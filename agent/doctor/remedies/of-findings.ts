import type { TransportContext } from '../../transports/transport.ts'
import { situationOf } from '../situation.ts'
import type { DoctorWay, StepFinding } from '../step.ts'
import { remediesFor } from './remedies.ts'
import type { Remedy } from './remedy.ts'

/** What to do about the steps that fail, each thing once. `again` is the command that tries them once more. */
export async function remediesOf(
  findings: readonly StepFinding[],
  way: DoctorWay,
  context: TransportContext,
  again: string,
): Promise<Remedy[]> {
  const failing = findings.flatMap(({ problem }) => (problem === null ? [] : [problem]))
  if (failing.length === 0) return []
  const situation = await situationOf(way, context, findings, again)
  const all = failing.flatMap((problem) => remediesFor(problem, situation))
  return [...new Map(all.map((one) => [JSON.stringify(one), one])).values()]
}
