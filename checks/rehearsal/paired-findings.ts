import type { Catalogue } from './located-findings.ts'
import { locatedFindings, type LocatedFinding } from './located-findings.ts'
import type { RunBody } from '../run.ts'

/** What each run says of one and the same thing; null where it says nothing of it. */
export interface PairedFinding {
  readonly handedOut: LocatedFinding | null
  readonly model: LocatedFinding | null
  readonly again: LocatedFinding | null
}

/** Three runs of one exam. `model` and `again` are of the same machines; those handed out may be another candidate's. */
export interface RehearsedRuns {
  readonly handedOut: RunBody
  readonly model: RunBody
  readonly again: RunBody
}

/**
 * The findings of three runs side by side, in the order of the exam. They are matched by the place of their check in the
 * exam and their cell there, never by what they say: a value may be another one for another candidate.
 */
export function pairedFindings(runs: RehearsedRuns, catalogue: Catalogue): PairedFinding[] {
  const located = [runs.handedOut, runs.model, runs.again].map((run) => locatedFindings(run, catalogue))
  // Places are compared where all three runs have them.
  const placed = located.flat().every(({ call }) => call !== null)
  const [handedOut, model, again] = located.map((findings) => named(findings, placed)) as [
    Named,
    Named,
    Named,
  ]
  const names = [...new Set([...model.keys(), ...again.keys(), ...handedOut.keys()])]
  const demands = new Map(runs.model.exam.demands.map(({ id }, i) => [id, i]))
  const pairs = names.map((name) => ({
    handedOut: handedOut.get(name) ?? null,
    model: model.get(name) ?? null,
    again: again.get(name) ?? null,
  }))
  const order = (pair: PairedFinding) =>
    demands.get((pair.model ?? pair.again ?? pair.handedOut)?.finding.demand ?? '') ?? demands.size
  return pairs.sort((a, b) => order(a) - order(b))
}

type Named = ReadonlyMap<string, LocatedFinding>

/** The nth of those that are the same by all that the exam says of them. */
function named(located: readonly LocatedFinding[], placed: boolean): Named {
  const counts = new Map<string, number>()
  return new Map(
    located.map((one): [string, LocatedFinding] => {
      const { demand, alternative, check, from, target, cell } = one.finding
      // What a finding rests on may change from run to run, and with it from where and of what it is said to be.
      const which = placed ? [one.call] : [check, from, target]
      const name = JSON.stringify([demand, alternative, cell?.en ?? null, ...which])
      const nth = (counts.get(name) ?? 0) + 1
      counts.set(name, nth)
      return [`${name} ${nth}`, one]
    }),
  )
}
