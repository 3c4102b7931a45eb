import { stateFolder } from '../evidence/state-folder.ts'
import { knownIdentities } from '../identities/known-identities.ts'
import { loadSession, type LoadedSession } from '../run/load.ts'
import { vaultSecretOf } from '../run/vault-secret.ts'
import { readPassphrase } from '../secrets/passphrase.ts'
import { secretSource } from '../secrets/resolve.ts'
import type { CheckIdentity } from '../transports/transport.ts'
import { chosenCandidates } from './chosen-candidates.ts'
import { CommandFailure } from './command-failure.ts'
import { diagnosticLines } from './diagnostics.ts'
import { exitCode } from './exit-code.ts'
import { sourcesOf } from './sources.ts'
import type { CommandContext, Options } from './verb.ts'

/** A session ready to be asked: read, the candidates chosen, the vault open. */
export interface OpenSession {
  readonly loaded: LoadedSession
  /** Codes of the candidates chosen, in the order of the session. */
  readonly codes: readonly string[]
  readonly secrets: (reference: string) => Promise<string>
  readonly checkIdentity: CheckIdentity
}

/**
 * Reads the session that `--session` names and the candidates that `--candidate` chooses.
 * Whatever must be typed (the vault's passphrase) is asked for here, before anything is drawn.
 * @throws CommandFailure (2) where the session has mistakes, which are said, or has no such candidate.
 */
export async function openSession(options: Options, context: CommandContext): Promise<OpenSession> {
  const { terminal } = context
  const path = String(options['session'])
  const { loaded, diagnostics } = await loadSession(path, await sourcesOf(context))
  const shown = loaded ? diagnostics.filter((d) => d.severity === 'error') : diagnostics
  for (const line of diagnosticLines(shown, terminal)) terminal.err(line)
  if (!loaded)
    throw new CommandFailure(
      {
        fr: 'rien n’a été demandé aux machines : corrigez d’abord ces erreurs',
        en: 'nothing was asked of the machines: correct these mistakes first',
      },
      exitCode.badInput,
    )
  const all = loaded.candidates.map((c) => c.resolved.candidate.code)
  const codes = chosenCandidates(all, options)
  const secrets = secretSource({ passphrase: () => readPassphrase(terminal.lang) })
  const inVault = vaultSecretOf(loaded.candidates)
  // Opens the vault. That one secret is missing from it is each machine's own failure, said by the run.
  if (inVault)
    await secrets(inVault).catch((error: unknown) => {
      if (error instanceof Error && 'text' in error) throw error
    })
  return {
    loaded,
    codes,
    secrets,
    checkIdentity: knownIdentities(stateFolder(), loaded.hashes.session),
  }
}
