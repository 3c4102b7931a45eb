import type { SealedEntry } from '../../checks/evidence/journal-chain.ts'

/** What somebody did. `actor` is an account's name, an agent's as « agent: NAME », or « server ». */
export interface Act {
  readonly actor: string
  /** In the words of `acts`. */
  readonly act: ActName
  readonly session?: string | null
  readonly candidate?: string | null
  /** Flat, small, without secrets. */
  readonly details?: Readonly<Record<string, string | number | boolean | null>>
}

/** Every kind of act that is kept. */
export const actNames = [
  'account-made',
  'account-changed',
  'invitation-made',
  'password-set',
  'signed-in',
  'sign-in-refused',
  'signed-out',
  'token-made',
  'token-revoked',
  'agent-invited',
  'agent-enrolled',
  'agent-revoked',
  'session-made',
  'session-state',
  'session-changed',
  'member-added',
  'member-removed',
  'identity-checked',
  'clock-started',
  'clock-changed',
  'work-asked',
  'work-cancelled',
  'work-failed',
  'work-requeued',
  'repin-asked',
  'repinned',
  'run-received',
  'incident-noted',
  'trace-kept',
  'dossier-read',
  'observation-read',
  'file-exported',
  'note-added',
  'note-withdrawn',
  'finding-contested',
  'candidate-data-read',
  'retention-set',
  'session-purged',
] as const
export type ActName = (typeof actNames)[number]

/** One entry of the journal as kept: what is sealed, and by what it is found. */
export interface JournalEntry extends Omit<SealedEntry, 'contents'> {
  readonly session: string | null
  readonly candidate: string | null
  /** Null, with the salt, once purged. */
  readonly contents: Act | null
}

/** What pages and routes ask of the journal. */
export interface Journal {
  /** Durable once it resolves. */
  append(act: Act): Promise<void>
  /**
   * The latest first: of one session, or of the server itself and of the sessions given.
   * @param where.before only entries before this sequence number.
   */
  read(where: {
    session?: string | undefined
    among?: readonly string[] | undefined
    before?: number | undefined
    limit: number
  }): Promise<JournalEntry[]>
  /** All entries, the first first, in portions: for verification and bundles. */
  all(): AsyncIterable<JournalEntry>
}
