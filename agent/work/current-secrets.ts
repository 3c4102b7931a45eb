import { stat } from 'node:fs/promises'
import type { SecretSource } from '../run/credentials.ts'
import { secretSource } from '../secrets/resolve.ts'
import { vaultPath } from '../secrets/vault.ts'

/**
 * Secrets of the environment and of the vault for an agent that runs all day: the vault is opened again once its file has
 * changed, so that a secret that was forgotten can be stored without starting the agent again.
 * @param passphrase asked at each opening; rejects where the vault is to stay closed.
 */
export function currentSecrets(passphrase: () => Promise<string>, path = vaultPath()): SecretSource {
  let source = secretSource({ path, passphrase })
  let version: string | undefined
  return async (reference) => {
    if (reference.startsWith('vault:')) {
      const now = await versionOf(path)
      if (now !== version) source = secretSource({ path, passphrase })
      version = now
    }
    return source(reference)
  }
}

/** Every writing of the vault makes a new file. */
const versionOf = (path: string): Promise<string> =>
  stat(path, { bigint: true }).then(
    ({ ino, mtimeNs }) => `${ino} ${mtimeNs}`,
    () => 'none',
  )
