import type { Role } from '../access/role.ts'
import type { SessionState } from '../session-life/state.ts'

/** Who launches the checks when a candidate's clock ends: somebody by hand, or the server by itself. */
export type Launch = 'hand' | 'clock'

export interface SessionFileText {
  readonly name: string
  readonly text: string
}

export interface LivingSession {
  readonly id: string
  readonly title: string
  readonly date: string
  readonly exam: string
  readonly purpose: 'training' | 'examination'
  readonly referential: string
  readonly certificate: string
  readonly state: SessionState
  readonly stateAt: string | null
  readonly launch: Launch
  /** Length of phase 1; null where the référentiel gives none. */
  readonly minutes: number | null
  readonly purgeAfter: string | null
  /** Whether its files are here, so that agents can be given work. */
  readonly hasFiles: boolean
}

/** A candidate on the day. No verdict is in here. */
export interface LivingCandidate {
  readonly code: string
  readonly seat: string | null
  readonly name: string | null
  readonly extraMinutes: number
  readonly identityAt: string | null
  readonly identityBy: string | null
  readonly absentAt: string | null
  readonly clockStartedAt: string | null
  /** Given by surveillants since, each time with an incident. */
  readonly addedSeconds: number
}

export interface Incident {
  readonly id: string
  readonly candidate: string | null
  readonly at: string
  readonly notedAt: string
  readonly author: string
  readonly text: string
  readonly addedSeconds: number
}

export interface TraceSummary {
  readonly candidate: string
  readonly name: string
  readonly sha256: string
  readonly bytes: number
  readonly at: string
  readonly author: string
}

export interface Member {
  readonly account: string
  readonly name: string
  readonly displayName: string
  readonly role: Role
  /** For a candidate in training: his code in this session. */
  readonly candidate: string | null
}

/** What access to a session depends on. */
export interface SessionAccess {
  readonly state: SessionState
  readonly purpose: 'training' | 'examination'
  /** True for a member, and for every responsable where no responsable is a member: no session is left without one. */
  readonly own: boolean
  readonly candidate: string | null
}

/**
 * A session from its upload to its purge. What changes something takes `by` (an account's name) and keeps the act in
 * the journal in the same transaction.
 */
export interface SessionLife {
  /** Null where there is no such session. */
  access(session: string, account: string, role: Role): Promise<SessionAccess | null>
  /** Sessions that are the account's own, the latest date first. */
  ownSessions(account: string, role: Role): Promise<LivingSession[]>
  session(id: string): Promise<LivingSession | null>
  /** Those whose phase 1 is running. */
  running(): Promise<LivingSession[]>
  files(id: string): Promise<SessionFileText[]>
  candidates(id: string): Promise<LivingCandidate[]>
  /**
   * False where it is there already (the same files have the same id). One that only delivered runs made known gets its
   * files and candidates, and keeps its state. The maker becomes a member.
   */
  create(made: {
    session: Omit<LivingSession, 'state' | 'stateAt' | 'hasFiles'>
    files: readonly SessionFileText[]
    candidates: readonly Pick<LivingCandidate, 'code' | 'seat' | 'name' | 'extraMinutes'>[]
    by: { account: string; name: string }
  }): Promise<boolean>
  /** From `from` only, so that two people at once never jump a state; false where it was another. */
  setState(
    id: string,
    from: SessionState,
    to: SessionState,
    by: string,
    reason?: string | null,
  ): Promise<boolean>
  change(
    id: string,
    to: { launch?: Launch; minutes?: number; purgeAfter?: string },
    by: string,
  ): Promise<void>
  members(id: string): Promise<Member[]>
  addMember(id: string, account: string, candidate: string | null, by: string): Promise<void>
  removeMember(id: string, account: string, by: string): Promise<void>
  checkIdentity(id: string, candidate: string, checked: boolean, by: string): Promise<void>
  setAbsent(id: string, candidate: string, absent: boolean, by: string): Promise<void>
  /** Starts the clocks of candidates that have none; gives their codes. */
  startClocks(id: string, codes: readonly string[], by: string): Promise<string[]>
  noteIncident(
    id: string,
    incident: Pick<Incident, 'candidate' | 'at' | 'text' | 'addedSeconds'>,
    by: string,
  ): Promise<Incident>
  incidents(id: string): Promise<Incident[]>
  keepTrace(id: string, candidate: string, name: string, contents: Buffer, by: string): Promise<TraceSummary>
  traces(id: string, candidate?: string): Promise<TraceSummary[]>
  trace(id: string, candidate: string, sha256: string): Promise<Buffer | null>
}
