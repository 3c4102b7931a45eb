import type { Blame, Cause } from '../../checks/verdict.ts'

/** What the preflight saw of one way to one machine; undefined where there was none. */
export type Before = 'worked' | 'failed' | undefined

/** Causes by which a machine can't be asked at all: what worked before and who answers now tells whose they are. */
const connection: ReadonlySet<Cause> = new Set(['unreachable', 'refused', 'timeout', 'auth', 'identity'])
export const isConnectionCause = (cause: Cause): boolean => connection.has(cause)

/**
 * Whom an unknown points at. Worked at preflight and refuses now while the room's control answers: the candidate.
 * Never worked: the grader. The control fails too: the room. Not decidable: said so.
 * `control` is null where the session names none, or it could not be asked.
 */
export function blameFor(cause: Cause, before: Before, control: boolean | null): Blame {
  if (cause === 'grader' || cause === 'not-asked' || cause === 'cancelled') return 'grader'
  if (!connection.has(cause)) return 'undecidable'
  if (control === false) return 'room'
  if (before === 'failed') return 'grader'
  if (before === 'worked' && control === true) return 'candidate'
  return 'undecidable'
}
