import { z } from 'zod'

/** Characters of one note. */
export const noteLength = 4000

/** The text of a note: something, and not without end. A form sends CR LF where the writer counts one sign. */
export const noteTextSchema = z
  .string()
  .transform((text) => text.replace(/\r\n?/g, '\n').trim())
  .pipe(z.string().min(1).max(noteLength))

export type NoteKind = 'private' | 'shared' | 'contest'

/** What a juror wrote. Never changed, never deleted but by the purge: another note may withdraw it. */
export interface Note {
  readonly id: string
  readonly candidate: string
  /** `private`: its author's alone. `shared`: an appreciation in words. `contest`: a finding contested with its reason. */
  readonly kind: NoteKind
  readonly criterion: string | null
  /** The contested finding: its run and its place in it. */
  readonly run: string | null
  readonly ordinal: number | null
  /** Id of the account, and the name to show. */
  readonly author: string
  readonly authorName: string
  readonly at: string
  readonly text: string
  readonly withdrawnAt: string | null
}

/** Who read a demand, and when he said so. */
export interface ReadMark {
  readonly demand: string
  readonly account: string
  /** The name to show. */
  readonly name: string
  readonly at: string
}

/** Notes and read marks. Only ever added to, so that two jurors at once never overwrite each other. The journal keeps that, never what, was written. */
export interface Notes {
  add(
    session: string,
    note: Pick<Note, 'candidate' | 'kind' | 'criterion' | 'run' | 'ordinal' | 'text'>,
    by: { account: string; name: string },
  ): Promise<Note>
  /** By its author only; false where there is no such note of his on that candidate. Once withdrawn it stays so. */
  withdraw(
    session: string,
    candidate: string,
    id: string,
    by: { account: string; name: string },
  ): Promise<boolean>
  /** What this reader may see: shared and contests of everybody, private ones his own. The oldest first. */
  of(session: string, candidate: string, reader: string): Promise<Note[]>
  /** Marks (or unmarks) a demand as read by an account. */
  mark(session: string, candidate: string, account: string, demand: string, read: boolean): Promise<void>
  /** Who has read which demand of a candidate, the earliest first. */
  marks(session: string, candidate: string): Promise<ReadMark[]>
  /** Which demands of which candidate of a session an account has read. */
  readBy(session: string, account: string): Promise<{ candidate: string; demand: string }[]>
}
