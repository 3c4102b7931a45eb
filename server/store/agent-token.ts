import { createHash, randomBytes } from 'node:crypto'
import type { Store } from './store.ts'

/**
 * Makes the token by which an agent delivers, shown once: the store keeps its SHA-256 only (256 random bits need no
 * slow hash). Rejects with AgentNameTaken where the name exists.
 */
export async function createAgentToken(store: Store, name: string): Promise<string> {
  const token = `probant_${randomBytes(32).toString('base64url')}`
  await store.addAgent(name, hashToken(token))
  return token
}

/** The form in which a token is kept and looked up: SHA-256, hex. */
export const hashToken = (token: string): string => createHash('sha256').update(token).digest('hex')
