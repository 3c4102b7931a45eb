import { sha256 } from '@noble/hashes/sha2.js'
import { bytesToHex, utf8ToBytes } from '@noble/hashes/utils.js'
import canonicalize from 'canonicalize'
import { z } from 'zod'

/**
 * The chain of what a server received: it holds hashes only, so that it still holds, as tombstones, when the runs
 * themselves were purged.
 */
const hash = z.string().regex(/^[0-9a-f]{64}$/)
export const chainLinkSchema = z.strictObject({
  sequence: z.int().positive(),
  run: z.uuid(),
  fingerprint: hash,
  /** ISO 8601, UTC, by the server's clock. */
  receivedAt: z.iso.datetime(),
  previous: hash,
  /** Covers the rest, `previous` included. */
  hash,
})
export type ChainLink = Readonly<z.infer<typeof chainLinkSchema>>

/** What the first link points at. */
export const genesis = '0'.repeat(64)

/** SHA-256 (hex) of the RFC 8785 canonical JSON of a value. */
export const canonicalHash = (value: unknown): string =>
  bytesToHex(sha256(utf8ToBytes(canonicalize(value) ?? '')))

/** The next link after `previous` (a link, or the start of the chain). */
export function nextLink(
  previous: Pick<ChainLink, 'sequence' | 'hash'>,
  received: Pick<ChainLink, 'run' | 'fingerprint' | 'receivedAt'>,
): ChainLink {
  const link = {
    sequence: previous.sequence + 1,
    run: received.run,
    fingerprint: received.fingerprint,
    receivedAt: received.receivedAt,
    previous: previous.hash,
  }
  return { ...link, hash: canonicalHash(link) }
}

/** The sequence number of the first link that does not follow from the one before, or null where the chain holds. */
export function firstBrokenLink(links: readonly ChainLink[]): number | null {
  let previous: Pick<ChainLink, 'sequence' | 'hash'> = { sequence: 0, hash: genesis }
  for (const link of links) {
    const { hash: claimed, ...rest } = link
    if (
      link.sequence !== previous.sequence + 1 ||
      link.previous !== previous.hash ||
      claimed !== canonicalHash(rest)
    )
      return link.sequence
    previous = link
  }
  return null
}
