import { junit as report } from '../../checks/reports/junit.ts'
import type { Run } from '../../checks/run.ts'
import type { Lang } from '../../checks/text.ts'
import { visible } from '../terminal/visible.ts'
import { blameWords, causeWords } from './words.ts'

/** Runs as a JUnit report: a suite a candidate, a case a finding. */
export const junit = (runs: readonly Run[], lang: Lang): string =>
  report(
    runs.map(({ candidate, startedAt, endedAt, agent, findings }) => ({
      name: candidate.code,
      timestamp: startedAt,
      hostname: agent.host,
      seconds: (Date.parse(endedAt) - Date.parse(startedAt)) / 1000,
      findings,
    })),
    { lang, cause: causeWords, blame: blameWords, visible: (text) => visible(text, { lines: true }) },
  )
