import type { Text } from '../../../checks/text.ts'
import { mayDo } from '../../access/session-acts.ts'
import type { Role } from '../../access/role.ts'
import type { SessionState } from '../../session-life/state.ts'
import type { LivingSession } from '../../store/session-life.ts'
import { dossierAddress, sessionAddress } from '../addresses.ts'
import { stepWords } from './wording.ts'

export interface NextStep {
  readonly text: Text
  /** Where to do it; null where there is nothing to do, or it is done where one is. */
  readonly href: string | null
}

type Place = 'watch' | 'jury' | 'retention' | null
const steps: Record<Exclude<Role, 'candidate'>, Record<SessionState, readonly [Text, Place]>> = {
  responsable: {
    prepared: [stepWords.startPreflight, 'watch'],
    preflight: [stepWords.startPhase, 'watch'],
    running: [stepWords.follow, 'watch'],
    collected: [stepWords.openToJury, null],
    open: [stepWords.closeOnceDone, null],
    closed: [stepWords.keep, 'retention'],
    purged: [stepWords.proof, 'retention'],
  },
  surveillant: {
    prepared: [stepWords.startPreflight, 'watch'],
    preflight: [stepWords.startPhase, 'watch'],
    running: [stepWords.follow, 'watch'],
    collected: [stepWords.collectRest, 'watch'],
    open: [stepWords.noteLate, 'watch'],
    closed: [stepWords.nothing, null],
    purged: [stepWords.nothing, null],
  },
  jury: {
    prepared: [stepWords.waitForOpening, null],
    preflight: [stepWords.waitForOpening, null],
    running: [stepWords.waitForOpening, null],
    collected: [stepWords.waitForOpening, null],
    open: [stepWords.read, 'jury'],
    closed: [stepWords.readAgain, 'jury'],
    purged: [stepWords.nothing, null],
  },
}

/**
 * What somebody of that role has to do next with a session, and where.
 * @param today `2026-12-01`, where the room is.
 * @param candidate the code that a candidate's account has in it.
 */
export function nextStep(
  session: Pick<LivingSession, 'id' | 'state' | 'purgeAfter'>,
  role: Role,
  today: string,
  candidate: string | null,
): NextStep {
  if (role === 'candidate')
    return candidate !== null && mayDo('read-own-training', role, session.state)
      ? { text: stepWords.readOwn, href: dossierAddress(session.id, candidate) }
      : { text: session.state === 'purged' ? stepWords.nothing : stepWords.waitForStart, href: null }
  const [text, place] =
    role === 'responsable' && isDue(session, today)
      ? ([stepWords.purge, 'retention'] as const)
      : steps[role][session.state]
  return { text, href: place && `${sessionAddress(session.id)}/${place}` }
}

const isDue = ({ state, purgeAfter }: Pick<LivingSession, 'state' | 'purgeAfter'>, today: string): boolean =>
  state === 'closed' && purgeAfter !== null && purgeAfter <= today
