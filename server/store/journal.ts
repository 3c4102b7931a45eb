import { createHash, randomBytes } from 'node:crypto'
import canonicalize from 'canonicalize'
import { genesis } from './chain.ts'

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
  'run-refused',
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
  'backup-made',
] as const
export type ActName = (typeof actNames)[number]

/** One entry of the journal. `hash` covers sequence, moment, digest and the hash before: it holds when contents are gone. */
export interface JournalEntry {
  readonly sequence: number
  readonly at: string
  readonly digest: string
  readonly previous: string
  readonly hash: string
  readonly session: string | null
  readonly candidate: string | null
  /** Null, with `contents`, once purged. */
  readonly salt: string | null
  readonly contents: Act | null
}

/** The next entry after `previous`; salted, so that contents once removed can't be guessed from their digest. */
export function nextEntry(
  previous: Pick<JournalEntry, 'sequence' | 'hash'>,
  act: Act,
  at: string,
): JournalEntry & { contents: Act; salt: string } {
  const salt = randomBytes(16).toString('hex')
  const contents: Act = JSON.parse(JSON.stringify(act)) as Act
  const sealed = {
    sequence: previous.sequence + 1,
    at,
    digest: digestOf(salt, contents),
    previous: previous.hash,
  }
  return {
    ...sealed,
    hash: sha256(canonicalize(sealed) ?? ''),
    session: act.session ?? null,
    candidate: act.candidate ?? null,
    salt,
    contents,
  }
}

/** The sequence number of the first entry that does not follow, or whose contents are not those sealed; null where it holds. */
export function firstBrokenEntry(entries: readonly JournalEntry[]): number | null {
  let previous: Pick<JournalEntry, 'sequence' | 'hash'> = { sequence: 0, hash: genesis }
  for (const entry of entries) {
    const { sequence, at, digest, previous: before, hash, salt, contents } = entry
    const sealed = { sequence, at, digest, previous: before }
    if (
      sequence !== previous.sequence + 1 ||
      before !== previous.hash ||
      hash !== sha256(canonicalize(sealed) ?? '') ||
      (contents !== null && digest !== digestOf(salt ?? '', contents))
    )
      return sequence
    previous = entry
  }
  return null
}

const digestOf = (salt: string, contents: Act): string => sha256(`${salt}\n${canonicalize(contents) ?? ''}`)
const sha256 = (text: string): string => createHash('sha256').update(text).digest('hex')

/** What pages and routes ask of the journal. */
export interface Journal {
  /** Durable once it resolves. */
  append(act: Act): Promise<void>
  /** The latest first. */
  read(where: {
    session?: string | undefined
    before?: number | undefined
    limit: number
  }): Promise<JournalEntry[]>
  /** All entries, the first first, in portions: for verification and bundles. */
  all(): AsyncIterable<JournalEntry>
}
