import type { TransportContext } from '../../transports/transport.ts'
import type { Asked } from '../asked.ts'
import { situationOf } from '../situation.ts'
import type { DoctorWay, StepFinding } from '../step.ts'
import { remediesFor } from './remedies.ts'
import type { Remedy } from './remedy.ts'

/** What to do about the steps that fail, each thing once. */
export async function remediesOf(
  findings: readonly StepFinding[],
  way: DoctorWay,
  context: TransportContext,
  asked: Asked,
): Promise<Remedy[]> {
  const failing = findings.flatMap(({ problem }) => (problem === null ? [] : [problem]))
  if (failing.length === 0) return []
  const situation = await situationOf(way, context, findings, asked)
  const all = failing.flatMap((problem) => remediesFor(problem, situation))
  return [...new Map(all.map((one) => [JSON.stringify(one), one])).values()]
}
