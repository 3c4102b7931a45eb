import { junit as report } from '../../checks/reports/junit.ts'
import { visible } from '../../checks/visible.ts'
import { blameShort, causeWords } from '../pages/wording.ts'
import { exportedCandidate, type ExportInput } from './exported-session.ts'

/** A session as a JUnit report: a suite a candidate, a case a finding. */
export const junit = ({ dossiers, lang }: ExportInput): string =>
  report(
    dossiers.map((dossier) => {
      const { startedAt, endedAt, agent } = dossier.run
      return {
        name: dossier.candidate,
        timestamp: startedAt,
        hostname: agent.host,
        seconds: (Date.parse(endedAt) - Date.parse(startedAt)) / 1000,
        findings: exportedCandidate(dossier).findings,
      }
    }),
    { lang, cause: causeWords, blame: blameShort, visible: (text) => visible(text.toWellFormed()) },
  )
