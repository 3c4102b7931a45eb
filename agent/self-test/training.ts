import type { Run } from '../../checks/run.ts'
import type { Verdict } from '../../checks/verdict.ts'
import { compared, isOpen, type Comparison, type Verdicts } from './comparison.ts'
import { explained, seenIn, type ExplainedDemand, type Paper, type Seen } from './explained.ts'
import type { Memory } from './memory.ts'

/** What a look brought. */
export interface Look {
  readonly at: string
  readonly complete: boolean
  /** Every demand of the paper, as last seen. */
  readonly demands: readonly ExplainedDemand[]
  /** Beside the last try; null at the first one. */
  readonly comparison: Comparison | null
  /** Demands of which this look says something else than what was last seen. */
  readonly different: ReadonlySet<string>
  /** Whether it was kept as a try. */
  readonly kept: boolean
}

/** One candidate at work on one exam: what was last seen of each demand, beside the last try. */
export class Training {
  readonly #paper: Paper
  readonly #memory: Memory
  readonly #seen = new Map<string, Seen>()

  constructor(paper: Paper, memory: Memory) {
    this.#paper = paper
    this.#memory = memory
  }

  /** Demands that don't match yet. */
  get open(): string[] {
    return this.#paper.demands
      .map(({ id }) => id)
      .filter((id) => isOpen(this.#seen.get(id)?.verdict ?? 'unknown'))
  }

  get verdicts(): Verdicts {
    return Object.fromEntries(
      this.#paper.demands.flatMap(({ id }): [string, Verdict][] => {
        const seen = this.#seen.get(id)
        return seen ? [[id, seen.verdict]] : []
      }),
    )
  }

  /** Whether anything stayed unknown at the last look at it. */
  get unsure(): boolean {
    return [...this.#seen.values()].some(({ findings }) =>
      findings.some(({ finding }) => finding.verdict === 'unknown'),
    )
  }

  /**
   * Takes a run in, and keeps it as a try: a whole one that says something new, or the first of this process (`always`). What a
   * look that was stopped did not see is left as it was before.
   */
  async take(run: Run, always: boolean): Promise<Look> {
    const before = this.#memory.last?.verdicts ?? null
    const different = new Set<string>()
    for (const [demand, seen] of seenIn(run)) {
      const earlier = this.#seen.get(demand)
      if (earlier && isCancelled(seen)) continue
      if (!earlier || shown(earlier) !== shown(seen)) different.add(demand)
      this.#seen.set(demand, seen)
    }
    const verdicts = this.verdicts
    const comparison = before && compared(before, verdicts)
    const demands = this.demands(before)
    const kept =
      run.complete && (always || Object.entries(verdicts).some(([id, one]) => before?.[id] !== one))
    if (kept) await this.#memory.keep(run, verdicts)
    return { at: run.startedAt, complete: run.complete, demands, comparison, different, kept }
  }

  /** Every demand as last seen, beside these verdicts. */
  demands(before: Verdicts | null): ExplainedDemand[] {
    return explained(this.#paper, this.#seen, before, this.#memory.hintsShown)
  }
}

const isCancelled = ({ findings }: Seen): boolean =>
  findings.some(({ finding }) => finding.cause === 'cancelled')

/** What a person would notice of it. How long a thing took is another one at every look. */
const shown = ({ verdict, alternative, findings }: Seen): string =>
  JSON.stringify([
    verdict,
    alternative,
    findings.map(({ finding }) => [
      finding.verdict,
      finding.cause,
      finding.observed.fr.replace(/\d+(?:[.,]\d+)?\sms\b/g, ''),
    ]),
  ])
