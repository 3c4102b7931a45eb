import type { Act } from './journal.ts'

/** What a purge left, counted again after it: the proof that is shown and kept. */
export interface PurgeProof {
  readonly session: string
  readonly at: string
  readonly by: string
  /** The tombstones: links of the chain whose runs are gone. */
  readonly tombstones: readonly { readonly sequence: number; readonly fingerprint: string }[]
  /** Entries of the journal whose contents are gone. */
  readonly emptiedEntries: number
  /** Rows that are left of the session in each table that held something of its candidates; all zero. */
  readonly left: Readonly<Record<string, number>>
}

/** Everything that is kept of one candidate, as the person concerned may ask for it (RGPD, article 15). */
export interface CandidateData {
  readonly candidate: Readonly<Record<string, unknown>>
  readonly runs: readonly Readonly<Record<string, unknown>>[]
  readonly work: readonly Readonly<Record<string, unknown>>[]
  readonly preflight: readonly Readonly<Record<string, unknown>>[]
  readonly incidents: readonly Readonly<Record<string, unknown>>[]
  readonly traces: readonly Readonly<Record<string, unknown>>[]
  readonly notes: readonly Readonly<Record<string, unknown>>[]
  readonly readMarks: readonly Readonly<Record<string, unknown>>[]
  readonly journal: readonly { readonly sequence: number; readonly at: string; readonly act: Act }[]
}

/** How long things are kept, and how they go. */
export interface Retention {
  /**
   * Removes whatever a session holds of its candidates, in one transaction: runs, evidence, notes, traces, files, and the
   * contents of its journal entries. The links of both chains stay.
   * @returns null where the session is not one that may be purged (closed, or prepared and without any run).
   */
  purge(session: string, by: string): Promise<PurgeProof | null>
  /** Counts again what is left of a purged session; null where it isn't purged. */
  proof(session: string): Promise<PurgeProof | null>
  /** Null where there is no such candidate. */
  candidateData(session: string, candidate: string): Promise<CandidateData | null>
}
