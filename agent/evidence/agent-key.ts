import {
  createPrivateKey,
  createPublicKey,
  generateKeyPairSync,
  randomUUID,
  sign,
  type KeyObject,
} from 'node:crypto'
import { readFile, rm } from 'node:fs/promises'
import { join } from 'node:path'
import { keyFingerprint, signedBytes, type Run, type RunBody } from '../../checks/run.ts'
import { linkNew, writeWhole } from './atomic-file.ts'
import { stateFolder } from './state-folder.ts'

/** The agent's Ed25519 key: made at the first start, kept with mode 0600, never leaves this machine. */
export interface AgentKey {
  /** Raw public key, base64. */
  readonly publicKey: string
  /** SHA-256 (hex) of the public key. */
  readonly fingerprint: string
  sign(run: RunBody): Run
  /** Ed25519 (RFC 8032) over these bytes: how a request to a server is signed. */
  signBytes(bytes: Uint8Array): Uint8Array
}

/** Reads the agent's key, or makes it. Two agents that start at once end up with one and the same. */
export async function agentKey(folder = stateFolder()): Promise<AgentKey> {
  const path = join(folder, 'agent-key.pem')
  const known = await readFile(path, 'utf8').catch((error: NodeJS.ErrnoException) => {
    if (error.code === 'ENOENT') return null
    throw error
  })
  if (known !== null) return fromPrivate(createPrivateKey(known))
  const made = generateKeyPairSync('ed25519').privateKey
  const aside = `${path}.${randomUUID()}`
  await writeWhole(aside, made.export({ type: 'pkcs8', format: 'pem' }) as string)
  try {
    await linkNew(aside, path) // fails where another agent was quicker: then theirs is the key
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code !== 'EEXIST') throw error
  } finally {
    await rm(aside, { force: true })
  }
  return fromPrivate(createPrivateKey(await readFile(path, 'utf8')))
}

function fromPrivate(key: KeyObject): AgentKey {
  const jwk = createPublicKey(key).export({ format: 'jwk' })
  const publicKey = Buffer.from(jwk.x ?? '', 'base64url').toString('base64')
  return {
    publicKey,
    fingerprint: keyFingerprint(publicKey),
    signBytes: (bytes) => sign(null, bytes, key),
    sign: (run) => ({
      ...run,
      signature: {
        algorithm: 'Ed25519',
        publicKey,
        value: sign(null, signedBytes(run), key).toString('base64'),
      },
    }),
  }
}
