import type { LivingSession, Member } from '../store/session-life.ts'
import { maySetUp } from './state.ts'

/** What a session still lacks, or has otherwise than usual. */
export type Lack =
  | 'files'
  | 'agent'
  | 'surveillant'
  | 'jury'
  | 'candidate-account'
  | 'length'
  | 'clock-without-length'
  | 'other-length'

interface Known {
  readonly session: LivingSession
  readonly members: readonly Pick<Member, 'role'>[]
  readonly anyAgent: boolean
  /** Minutes of phase 1 as the référentiel has them. */
  readonly officialMinutes: number | null
}

/** What a responsable should see to before it is needed: the room's part until phase 1 is over, the jury's until it is closed. */
export function lacksOf({ session, members, anyAgent, officialMinutes }: Known): Lack[] {
  const { state, minutes, launch, purpose } = session
  const has = (role: Member['role']) => members.some((member) => member.role === role)
  const found: Lack[] = []
  if (maySetUp(state)) {
    if (!session.hasFiles) found.push('files')
    if (!anyAgent) found.push('agent')
    if (purpose === 'examination' && !has('surveillant')) found.push('surveillant')
    if (minutes === null) found.push(launch === 'clock' ? 'clock-without-length' : 'length')
    else if (officialMinutes !== null && minutes !== officialMinutes) found.push('other-length')
  }
  if (state !== 'closed' && state !== 'purged') {
    if (purpose === 'examination' && !has('jury')) found.push('jury')
    if (purpose === 'training' && !has('candidate')) found.push('candidate-account')
  }
  return found
}
