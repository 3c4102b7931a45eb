import type { LivingCandidate } from '../store/session-life.ts'

/**
 * When a candidate's phase 1 ends: its start, the session's minutes, the extra time that the candidate is entitled to, and
 * what surveillants gave back after incidents. Null where it hasn't started or the session has no length.
 */
export function clockEnd(
  candidate: Pick<LivingCandidate, 'clockStartedAt' | 'extraMinutes' | 'addedSeconds'>,
  minutes: number | null,
): Date | null {
  if (candidate.clockStartedAt === null || minutes === null) return null
  const allowed = (minutes + candidate.extraMinutes) * 60 + candidate.addedSeconds
  return new Date(Date.parse(candidate.clockStartedAt) + allowed * 1000)
}
