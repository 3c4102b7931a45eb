import type { ResolvedCandidate } from '../../checks/session.ts'

/**
 * A secret of the vault that a machine of these candidates is reached with; undefined where none is: a session may declare
 * credentials that no machine uses, as the one of `probant init` does once its machine is « local », and nobody is to be
 * asked for a passphrase for those.
 */
export function vaultSecretOf(
  candidates: readonly { readonly resolved: Pick<ResolvedCandidate, 'targets' | 'credentials'> }[],
): string | undefined {
  for (const { resolved } of candidates) {
    // Whatever the key that names it: to ask once too often is better than in the middle of a drawing.
    const machines = JSON.stringify(Object.values(resolved.targets))
    for (const [name, credential] of Object.entries(resolved.credentials)) {
      const [, reference] = /"(vault:[a-z0-9][a-z0-9._-]*)"/.exec(JSON.stringify(credential)) ?? []
      if (reference !== undefined && machines.includes(JSON.stringify(name))) return reference
    }
  }
  return undefined
}
