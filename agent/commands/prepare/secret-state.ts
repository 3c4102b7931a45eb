import type { Lang } from '../../../checks/text.ts'
import { readPassphrase } from '../../secrets/passphrase.ts'
import { openVault, VaultFailure, vaultExists, vaultPath } from '../../secrets/vault.ts'

/** What can be known here of a secret: only that it is there, or isn't, or that the vault stayed closed. */
export type SecretState = 'present' | 'missing' | 'vault-closed'

/** The secrets that are here, without asking for any that isn't. */
export interface KnownSecrets {
  readonly stateOf: (reference: string) => SecretState
  /** The value, for what is computed from it; undefined where it isn't known. */
  readonly valueOf: (reference: string) => string | undefined
  /** Why the vault stayed closed; null where it was opened, or isn't wanted. */
  readonly closed: VaultFailure | null
}

/** Reads the environment, and the vault where a reference leads to it: a passphrase that can't be had leaves it closed. */
export async function knownSecrets(references: readonly string[], lang: Lang): Promise<KnownSecrets> {
  const path = vaultPath()
  let vault: ReadonlyMap<string, string> | null = new Map()
  let closed: VaultFailure | null = null
  if (references.some((reference) => reference.startsWith('vault:')) && (await vaultExists(path)))
    try {
      vault = await openVault(path, await readPassphrase(lang))
    } catch (error) {
      if (!(error instanceof VaultFailure)) throw error
      vault = null
      closed = error
    }
  const valueOf = (reference: string): string | undefined => {
    const name = reference.replace(/^(env|vault):/, '')
    return (reference.startsWith('env:') ? process.env[name] : vault?.get(name)) || undefined
  }
  return {
    closed,
    valueOf,
    stateOf: (reference) => {
      if (valueOf(reference) !== undefined) return 'present'
      return reference.startsWith('vault:') && vault === null ? 'vault-closed' : 'missing'
    },
  }
}
