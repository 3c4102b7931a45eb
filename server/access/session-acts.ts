import type { SessionState } from '../session-life/state.ts'
import type { Role } from './role.ts'

/**
 * What may be done with a session, by whom and in which of its states. The one table that decides: pages, routes, the
 * event stream and the matrix test all read it.
 */
export interface Allowed {
  readonly roles: readonly Role[]
  readonly states: readonly SessionState[]
}

const alive: readonly SessionState[] = ['prepared', 'preflight', 'running', 'collected', 'open', 'closed']
const all: readonly SessionState[] = [...alive, 'purged']
const examDay: readonly SessionState[] = ['prepared', 'preflight', 'running', 'collected']
const judged: readonly SessionState[] = ['open', 'closed']

export const sessionActs = {
  /** That it exists, its title, date and state. */
  'see-session': { roles: ['responsable', 'surveillant', 'jury'], states: all },
  /** Rows of candidates, clocks, progress, incidents, receipts: never a verdict. */
  'watch-session': { roles: ['responsable', 'surveillant'], states: alive },
  /** Launch, cancel, relaunch, clocks, identity checked, repin, incidents, traces. */
  'run-session': { roles: ['responsable', 'surveillant'], states: examDay },
  /** An incident may be noted late, while the session isn't closed. */
  'note-incident': { roles: ['responsable', 'surveillant'], states: [...examDay, 'open'] },
  /** Verdicts and evidence, all exports that hold them. */
  'read-findings': { roles: ['jury', 'responsable'], states: judged },
  /** Private notes, shared appreciations, contests, read marks. */
  'write-notes': { roles: ['jury'], states: ['open'] },
  /** A candidate's own dossier of a training session. */
  'read-own-training': { roles: ['candidate'], states: ['running', 'collected', 'open', 'closed'] },
  /** State, members, settings, retention, purge, journal, a candidate's data on request. */
  'administer-session': { roles: ['responsable'], states: all },
} satisfies Record<string, Allowed>
export type SessionAct = keyof typeof sessionActs

/** Whether a role may do this with a session in that state. Membership is looked at apart. */
export function mayDo(act: SessionAct, role: Role, state: SessionState): boolean {
  const { roles, states }: Allowed = sessionActs[act]
  return roles.includes(role) && states.includes(state)
}
