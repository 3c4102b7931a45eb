import type { Lang } from '../../checks/text.ts'
import type { Phrase } from '../../checks/explanation.ts'
import type { Place } from './place.ts'
import type { Look } from './training.ts'

const sentence = (phrases: readonly Phrase[], lang: Lang): string =>
  phrases.map(({ text }) => text[lang]).join('')

/** One look as `probant self-test --json` prints it, one line each. */
export function lookJson({ at, complete, kept, demands, comparison }: Look, place: Place, lang: Lang) {
  return {
    at,
    complete,
    kept,
    machines: place.machines,
    page: place.page,
    changes: comparison,
    demands: demands.map((demand) => ({
      number: demand.number,
      demand: demand.id,
      text: demand.text,
      verdict: demand.verdict,
      change: demand.change,
      alternative: demand.matched,
      criteria: demand.criteria,
      hints: { count: demand.hints.length, shown: demand.hints.slice(0, demand.hintsShown) },
      findings: demand.findings.map(({ finding, explanation }) => ({
        check: finding.check,
        target: finding.target,
        from: finding.from,
        verdict: finding.verdict,
        cause: finding.cause,
        expected: finding.expected[lang],
        observed: finding.observed[lang],
        why: sentence(explanation.why, lang),
        lesson: explanation.lesson?.[lang] ?? null,
        next: explanation.next?.[lang] ?? null,
        contradiction: explanation.contradiction?.[lang] ?? null,
        byHand: finding.byHand[lang],
      })),
    })),
  }
}
