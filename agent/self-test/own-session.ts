import { realpath } from 'node:fs/promises'
import { resolve } from 'node:path'
import { catalogue } from '../../checks/catalogue.ts'
import type { ResolvedCandidate } from '../../checks/session.ts'
import { CommandFailure } from '../commands/command-failure.ts'
import { diagnosticLines } from '../commands/diagnostics.ts'
import { exitCode } from '../commands/exit-code.ts'
import type { CommandContext } from '../commands/verb.ts'
import { stateFolder } from '../evidence/state-folder.ts'
import { knownIdentities } from '../identities/known-identities.ts'
import { loadSession, type LoadedCandidate, type LoadedSession } from '../run/load.ts'
import { vaultSecretOf } from '../run/vault-secret.ts'
import { readPassphrase } from '../secrets/passphrase.ts'
import { secretSource } from '../secrets/resolve.ts'
import { programName } from '../terminal/program-name.ts'
import { visible } from '../terminal/visible.ts'
import { quoteArgument } from '../transports/shell/quote.ts'
import type { CheckIdentity } from '../transports/transport.ts'
import type { Place } from './place.ts'
import { refusedExamination } from './training-exam.ts'

/** The candidate's own session, ready to be asked. */
export interface OwnSession {
  readonly loaded: LoadedSession
  readonly candidate: LoadedCandidate
  readonly secrets: (reference: string) => Promise<string>
  readonly checkIdentity: CheckIdentity
}

/**
 * Reads the candidate's machines and opens the vault where they need it.
 * @param passphrase of the vault, where it was typed already.
 * @throws CommandFailure (2) where the file has mistakes, is for another exam or for several candidates; VaultFailure.
 */
export async function openOwnSession(
  typed: string,
  place: Place,
  passphrase: string | null,
  context: CommandContext,
): Promise<OwnSession> {
  const { terminal } = context
  const again = `${programName()} self-test ${quoteArgument(typed)} --forget`
  const wrong = (fr: string, en: string) => new CommandFailure({ fr, en }, exitCode.badInput)
  const { loaded, diagnostics } = await loadSession(place.machines, {
    catalogue,
    referentials: await context.referentials(),
  })
  if (loaded && loaded.exam.purpose === 'examination') throw refusedExamination()
  const file = visible(place.machines)
  if (!loaded) {
    for (const line of diagnosticLines(
      diagnostics.filter((d) => d.severity === 'error'),
      terminal,
    ))
      terminal.err(line)
    throw wrong(
      `vos machines (${file}) ne vont pas avec ce sujet : corrigez ce fichier, ou répondez à nouveau : ${again}`,
      `your machines (${file}) do not fit this exam: correct this file, or answer again: ${again}`,
    )
  }
  if ((await real(resolve(loaded.folder, loaded.session.file.exam))) !== (await real(place.exam)))
    throw wrong(
      `${file} est pour un autre sujet (${visible(loaded.session.file.exam)}) : choisissez-en un autre avec --machines, ou répondez à nouveau : ${again}`,
      `${file} is for another exam (${visible(loaded.session.file.exam)}): choose another with --machines, or answer again: ${again}`,
    )
  const [candidate, ...others] = loaded.candidates
  if (!candidate || others.length > 0)
    throw wrong(
      `${file} a ${loaded.candidates.length} candidats : on s'entraîne seul, n'en gardez qu'un`,
      `${file} has ${loaded.candidates.length} candidates: one trains alone, keep one of them`,
    )
  const secrets = secretSource({
    passphrase: () => (passphrase === null ? readPassphrase(terminal.lang) : Promise.resolve(passphrase)),
  })
  const inVault = vaultSecretOf([candidate])
  // Opens the vault before anything is drawn. That a secret is missing from it is said of the machine that wants it.
  if (inVault)
    await secrets(inVault).catch((error: unknown) => {
      if (error instanceof Error && 'text' in error) throw error
    })
  return {
    loaded,
    candidate,
    secrets,
    checkIdentity: knownIdentities(stateFolder(), loaded.hashes.session),
  }
}

/** The candidate of the session that is known already; null where there is none yet, or it has mistakes. Opens no vault. */
export async function knownCandidate(
  place: Place,
  context: CommandContext,
): Promise<ResolvedCandidate | null> {
  const { loaded } = await loadSession(place.machines, {
    catalogue,
    referentials: await context.referentials(),
  })
  return loaded?.candidates[0]?.resolved ?? null
}

const real = (path: string): Promise<string> => realpath(path).catch(() => path)
