import type { Exam } from '../../checks/exam.ts'
import type { Finding } from '../../checks/finding.ts'
import type { Rehearsal } from '../../checks/rehearsal.ts'
import { fingerprint, type Run } from '../../checks/run.ts'
import type { Lang } from '../../checks/text.ts'
import { stages, type Stage } from './stage.ts'
import { conclusion, problemWords, warningWords, type Words } from './wording.ts'

/** A rehearsal as `probant rehearse --json` prints it; nothing here is renamed or removed. */
export function rehearsalJson(
  rehearsal: Rehearsal,
  exam: Exam,
  runs: Readonly<Record<Stage, Run>>,
  lang: Lang,
) {
  const { outcome, demands, problems, warnings, unknowns, unprovable } = rehearsal
  const worded = ({ title, seen, next }: Words) => ({
    says: title[lang],
    seen: seen.map(({ label, value }) => label[lang] + value[lang]),
    next: next[lang],
  })
  return {
    exam: { title: exam.title, sha256: runs.model.inputs.exam },
    outcome,
    says: conclusion(rehearsal)[lang],
    runs: Object.fromEntries(
      stages.map((stage) => [
        stage,
        {
          run: runs[stage].id,
          candidate: runs[stage].candidate.code,
          startedAt: runs[stage].startedAt,
          complete: runs[stage].complete,
          fingerprint: fingerprint(runs[stage]),
        },
      ]),
    ),
    demands,
    problems: problems.map((problem) => ({
      kind: problem.kind,
      ...('demand' in problem
        ? { demand: problem.demand, alternative: problem.alternative, place: problem.place }
        : { stage: problem.stage }),
      ...('finding' in problem ? { finding: printed(problem.finding, lang) } : {}),
      ...('findings' in problem ? { findings: problem.findings.map((one) => printed(one, lang)) } : {}),
      ...('contradictions' in problem ? { contradictions: problem.contradictions } : {}),
      ...(problem.kind === 'flapping'
        ? {
            model: problem.model && printed(problem.model, lang),
            again: problem.again && printed(problem.again, lang),
          }
        : {}),
      ...worded(problemWords(problem)),
    })),
    warnings: warnings.map((warning) => ({
      kind: warning.kind,
      ...('demand' in warning
        ? { demand: warning.demand, alternative: warning.alternative }
        : { criterion: warning.criterion.id }),
      place: warning.place,
      ...('check' in warning ? { check: warning.check } : {}),
      ...('ms' in warning ? { ms: warning.ms } : {}),
      ...('contradictions' in warning ? { contradictions: warning.contradictions } : {}),
      ...worded(warningWords(warning)),
    })),
    unverified: unknowns.map(({ finding, ...where }) => ({ ...where, finding: printed(finding, lang) })),
    unprovable,
  }
}

const printed = (finding: Finding, lang: Lang) => ({
  check: finding.check,
  target: finding.target,
  verdict: finding.verdict,
  cause: finding.cause,
  blame: finding.blame,
  detail: finding.detail,
  expected: finding.expected[lang],
  observed: finding.observed[lang],
  byHand: finding.byHand[lang],
})
