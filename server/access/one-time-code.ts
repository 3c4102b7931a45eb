import { createHash, randomBytes } from 'node:crypto'

/** A secret of 256 random bits for an address or a cookie, and what is kept of it. */
export function newSecret(): { secret: string; hash: string } {
  const secret = randomBytes(32).toString('base64url')
  return { secret, hash: secretHash(secret) }
}

/** What is kept of a secret: SHA-256, hex (256 random bits need no slow hash). */
export const secretHash = (secret: string): string => createHash('sha256').update(secret).digest('hex')
