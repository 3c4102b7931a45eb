import { z } from 'zod'
import type { Text } from '../../checks/text.ts'

/** The life of a session, in its order. */
export const sessionStates = [
  'prepared',
  'preflight',
  'running',
  'collected',
  'open',
  'closed',
  'purged',
] as const
export const sessionStateSchema = z.enum(sessionStates)
export type SessionState = z.infer<typeof sessionStateSchema>

export const stateWords: Record<SessionState, Text> = {
  prepared: { fr: 'prête', en: 'prepared' },
  preflight: { fr: 'contrôle préalable', en: 'preflight' },
  running: { fr: 'phase 1 en cours', en: 'phase 1 running' },
  collected: { fr: 'collectée', en: 'collected' },
  open: { fr: 'ouverte au jury', en: 'open to the jury' },
  closed: { fr: 'close', en: 'closed' },
  purged: { fr: 'purgée', en: 'purged' },
}

/**
 * Where a session may go from each state. Backwards only where a mistake of the day is mended: a phase 1 collected too
 * early goes on, a jury's session opened too early is taken back, one closed too early is opened again.
 */
const next: Record<SessionState, readonly SessionState[]> = {
  prepared: ['preflight', 'running'],
  preflight: ['running', 'prepared'],
  running: ['collected'],
  collected: ['open', 'running'],
  open: ['closed', 'collected'],
  closed: ['purged', 'open'],
  purged: [],
}

export const mayBecome = (from: SessionState, to: SessionState): boolean => next[from].includes(to)
export const nextStates = (from: SessionState): readonly SessionState[] => next[from]

/** A move that mends a mistake: its reason goes to the journal. */
export const isBackwards = (from: SessionState, to: SessionState): boolean =>
  sessionStates.indexOf(to) < sessionStates.indexOf(from)

/** A move that is not simply undone: what the jury has read stays read, and what goes back wants a reason. */
export const needsConfirmation = (from: SessionState, to: SessionState): boolean =>
  to === 'open' || to === 'closed' || isBackwards(from, to)

/** Whether a session's settings still bear on anything: until phase 1 is over. */
export const maySetUp = (state: SessionState): boolean =>
  state === 'prepared' || state === 'preflight' || state === 'running'
