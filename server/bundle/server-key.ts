import { createPrivateKey, createPublicKey, generateKeyPairSync, sign } from 'node:crypto'
import { join } from 'node:path'
import type { z } from 'zod'
import type { bundleSignatureSchema } from '../../checks/evidence/bundle.ts'
import { secretFile } from '../secrets/secret-file.ts'

/** The server's Ed25519 key: seals bundles, is made at the first need, never leaves the data folder. */
export interface ServerKey {
  readonly publicKey: string
  sign(bytes: Uint8Array): z.infer<typeof bundleSignatureSchema>
}

/** Reads the key of a data folder, or makes it. */
export function serverKey(folder: string): ServerKey {
  const pem = secretFile(
    join(folder, 'server-key.pem'),
    () => generateKeyPairSync('ed25519').privateKey.export({ type: 'pkcs8', format: 'pem' }) as string,
  )
  const key = createPrivateKey(pem)
  const { x = '' } = createPublicKey(key).export({ format: 'jwk' })
  const publicKey = Buffer.from(x, 'base64url').toString('base64')
  return {
    publicKey,
    sign: (bytes) => ({
      algorithm: 'Ed25519',
      publicKey,
      value: sign(null, bytes, key).toString('base64'),
    }),
  }
}
