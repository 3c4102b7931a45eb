import { sha256 } from '@noble/hashes/sha2.js'
import { bytesToHex, utf8ToBytes } from '@noble/hashes/utils.js'
import canonicalize from 'canonicalize'
import { z } from 'zod'
import { canonicalHash, genesis } from './chain.ts'

/**
 * The journal's chain. Each entry seals a salted digest of what was done, not the words themselves: contents can be
 * withheld (another session's) or purged, and the chain still holds. The salt keeps removed contents from being guessed.
 */
const hash = z.string().regex(/^[0-9a-f]{64}$/)
export const journalEntrySchema = z.strictObject({
  sequence: z.int().positive(),
  at: z.iso.datetime(),
  digest: hash,
  previous: hash,
  hash,
  /** Null where the contents were purged or are withheld. */
  salt: z.string().max(64).nullable(),
  contents: z.record(z.string(), z.unknown()).nullable(),
})
export type SealedEntry = Readonly<z.infer<typeof journalEntrySchema>>

/** The next entry after `previous`, with what is sealed of its contents. */
export function sealEntry(
  previous: Pick<SealedEntry, 'sequence' | 'hash'>,
  contents: Readonly<Record<string, unknown>>,
  at: string,
  salt: string,
): SealedEntry {
  const sealed = {
    sequence: previous.sequence + 1,
    at,
    digest: digestOf(salt, contents),
    previous: previous.hash,
  }
  return { ...sealed, hash: canonicalHash(sealed), salt, contents }
}

/** Says whether entries follow one another and their contents are those sealed, one entry after the other. */
export class JournalVerifier {
  #previous: Pick<SealedEntry, 'sequence' | 'hash'> = { sequence: 0, hash: genesis }

  /** Whether this entry is the next one; call it with every entry, the first first. */
  follows(entry: SealedEntry): boolean {
    const { sequence, at, digest, previous, hash: claimed, salt, contents } = entry
    const before = this.#previous
    this.#previous = entry
    return (
      sequence === before.sequence + 1 &&
      previous === before.hash &&
      claimed === canonicalHash({ sequence, at, digest, previous }) &&
      (contents === null || digest === digestOf(salt ?? '', contents))
    )
  }
}

/** The sequence number of the first entry that does not follow; null where the journal holds. */
export function firstBrokenEntry(entries: readonly SealedEntry[]): number | null {
  const verifier = new JournalVerifier()
  return entries.find((entry) => !verifier.follows(entry))?.sequence ?? null
}

const digestOf = (salt: string, contents: unknown): string =>
  bytesToHex(sha256(utf8ToBytes(`${salt}\n${canonicalize(contents) ?? ''}`)))
