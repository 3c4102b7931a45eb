import type { Run } from '../../checks/run.ts'
import type { Lang } from '../../checks/text.ts'

/** One run as `probant check --json` prints it: documented in docs/interfaces.md; nothing here is renamed or removed. */
export function runJson(run: Run, lang: Lang) {
  return {
    candidate: run.candidate.code,
    run: run.id,
    complete: run.complete,
    startedAt: run.startedAt,
    endedAt: run.endedAt,
    demands: run.demands.map(({ demand, verdict, alternative }) => ({ demand, verdict, alternative })),
    findings: run.findings.map((f) => ({
      demand: f.demand,
      check: f.check,
      criteria: f.criteria,
      from: f.from,
      target: f.target,
      transport: f.transport,
      verdict: f.verdict,
      cause: f.cause,
      blame: f.blame,
      expected: f.expected[lang],
      observed: f.observed[lang],
      ms: f.ms,
    })),
  }
}
