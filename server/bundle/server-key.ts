import { createPrivateKey, createPublicKey, generateKeyPairSync, sign } from 'node:crypto'
import { closeSync, fsyncSync, linkSync, openSync, readFileSync, rmSync, writeSync } from 'node:fs'
import { join } from 'node:path'
import { bundleSignatureSchema } from '../../checks/evidence/bundle.ts'
import type { z } from 'zod'

/** The server's Ed25519 key: seals bundles, is made at the first need, kept with mode 0600, never leaves the data folder. */
export interface ServerKey {
  readonly publicKey: string
  sign(bytes: Uint8Array): z.infer<typeof bundleSignatureSchema>
}

/** Reads the key of a data folder, or makes it. Two processes at once end up with one and the same. */
export function serverKey(folder: string): ServerKey {
  const path = join(folder, 'server-key.pem')
  const key = createPrivateKey(readFile(path) ?? makeKey(path))
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

function readFile(path: string): string | null {
  try {
    return readFileSync(path, 'utf8')
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === 'ENOENT') return null
    throw error
  }
}

function makeKey(path: string): string {
  const pem = generateKeyPairSync('ed25519').privateKey.export({ type: 'pkcs8', format: 'pem' }) as string
  const aside = `${path}.${process.pid}`
  const file = openSync(aside, 'w', 0o600)
  try {
    writeSync(file, pem)
    fsyncSync(file)
  } finally {
    closeSync(file)
  }
  try {
    linkSync(aside, path) // fails where another process was quicker: then theirs is the key
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code !== 'EEXIST') throw error
  } finally {
    rmSync(aside, { force: true })
  }
  return readFileSync(path, 'utf8')
}
