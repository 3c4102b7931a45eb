import { readPassphrase, readSecret } from '../secrets/passphrase.ts'
import { listNames, removeSecret, setSecret, vaultExists, vaultPath } from '../secrets/vault.ts'
import { visible } from '../terminal/visible.ts'
import { CommandFailure } from './command-failure.ts'
import { exitCode, type ExitCode } from './exit-code.ts'
import type { CommandContext, Options } from './verb.ts'

type Command = (args: readonly string[], options: Options, context: CommandContext) => Promise<ExitCode>

/** `probant vault set NAME`: the secret comes from the terminal without echo, or from standard input. */
export const vaultSet: Command = async ([name = ''], _options, { terminal }) => {
  const path = vaultPath()
  const passphrase = await readPassphrase(terminal.lang, { confirm: !(await vaultExists(path)) })
  await setSecret(path, passphrase, name, await readSecret(terminal.lang, visible(name)))
  terminal.err(
    terminal.say({
      fr: `Secret enregistré. Dans la session, écrivez : vault:${name}`,
      en: `Secret stored. In the session, write: vault:${name}`,
    }),
  )
  return exitCode.ok
}

/** `probant vault list`: names, one a line. */
export const vaultList: Command = async (_args, options, { terminal }) => {
  const path = vaultPath()
  const names = (await vaultExists(path)) ? await listNames(path, await readPassphrase(terminal.lang)) : []
  if (options['json']) terminal.out(JSON.stringify(names))
  else for (const name of names) terminal.out(name)
  if (names.length === 0)
    terminal.err(
      terminal.say({
        fr: 'Le coffre est vide : « probant vault set NOM » y enregistre un secret.',
        en: 'The vault is empty: “probant vault set NAME” stores a secret in it.',
      }),
    )
  return exitCode.ok
}

/** `probant vault remove NAME`; exit 2 where there is none of that name. */
export const vaultRemove: Command = async ([name = ''], _options, { terminal }) => {
  if (!(await removeSecret(vaultPath(), await readPassphrase(terminal.lang), name)))
    throw new CommandFailure(
      {
        fr: `le coffre n'a pas de secret « ${visible(name)} » : « probant vault list » donne les noms`,
        en: `the vault has no secret “${visible(name)}”: “probant vault list” gives the names`,
      },
      exitCode.badInput,
    )
  terminal.err(terminal.say({ fr: `Secret ${name} supprimé.`, en: `Secret ${name} removed.` }))
  return exitCode.ok
}
