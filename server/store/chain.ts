import { createHash } from 'node:crypto'
import canonicalize from 'canonicalize'
import type { ChainLink } from './store.ts'

/** What the first link points at. */
export const genesis = '0'.repeat(64)

/** The next link after `previous` (a link, or the start of the chain): its hash is the SHA-256 of the canonical JSON of the rest. */
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
  return { ...link, hash: hashOf(link) }
}

/** The sequence number of the first link that does not follow from the one before, or null where the chain holds. */
export function firstBrokenLink(links: readonly ChainLink[]): number | null {
  let previous: Pick<ChainLink, 'sequence' | 'hash'> = { sequence: 0, hash: genesis }
  for (const link of links) {
    const { hash, ...rest } = link
    if (link.sequence !== previous.sequence + 1 || link.previous !== previous.hash || hash !== hashOf(rest))
      return link.sequence
    previous = link
  }
  return null
}

const hashOf = (link: Omit<ChainLink, 'hash'>): string =>
  createHash('sha256')
    .update(canonicalize(link) ?? '')
    .digest('hex')
