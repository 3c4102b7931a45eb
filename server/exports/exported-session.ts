import type { Finding } from '../../checks/finding.ts'
import type { Lang } from '../../checks/text.ts'
import { withFollowUps, type FollowedDemand } from '../dossier/follow-ups.ts'
import type { Dossier, RunSummary, SessionSummary } from '../store/store.ts'

/** What the files of a session are made of. */
export interface ExportInput {
  readonly session: Pick<
    SessionSummary,
    'id' | 'title' | 'date' | 'exam' | 'purpose' | 'referential' | 'certificate'
  >
  /** Of each candidate, as the jury reads it. */
  readonly dossiers: readonly Dossier[]
  readonly lang: Lang
  readonly generatedAt: Date
}

/** One candidate's findings as the jury reads them: what was asked again takes the place of what was not observed. */
export interface ExportedCandidate {
  readonly code: string
  readonly seat: string | null
  readonly dossier: Dossier
  readonly demands: readonly FollowedDemand[]
  readonly findings: readonly Finding[]
  /** Those that something in it comes from: the shown run first, then those that asked again. */
  readonly runs: readonly RunSummary[]
}

/** Pure. */
export function exportedCandidate(dossier: Dossier): ExportedCandidate {
  const demands = withFollowUps(dossier, dossier.followUps)
  const used = [dossier.run.id, ...dossier.followUps.map(({ run }) => run.id)]
  return {
    code: dossier.candidate,
    seat: dossier.run.candidate.seat,
    dossier,
    demands,
    findings: demands.flatMap(({ findings }) => findings.map(({ finding }) => finding)),
    runs: used.flatMap((id) => dossier.runs.find((run) => run.id === id) ?? []),
  }
}
