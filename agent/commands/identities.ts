import { stateFolder } from '../evidence/state-folder.ts'
import { forgetIdentity, listIdentities } from '../identities/known-identities.ts'
import { visible } from '../terminal/visible.ts'
import { CommandFailure } from './command-failure.ts'
import { exitCode, type ExitCode } from './exit-code.ts'
import type { CommandContext, Options } from './verb.ts'

type Command = (args: readonly string[], options: Options, context: CommandContext) => Promise<ExitCode>

/** `probant identities list`: machine and way, identity, session (start of its SHA-256), since when. */
export const identitiesList: Command = async (_args, options, { terminal }) => {
  const known = listIdentities(stateFolder())
  if (options['json']) terminal.out(JSON.stringify(known))
  else
    for (const { where, identity, session, at } of known)
      terminal.out(`${visible(where)}  ${visible(identity)}  ${session.slice(0, 12)}  ${at}`)
  if (known.length === 0)
    terminal.err(
      terminal.say({ fr: 'Aucune identité connue pour l’instant.', en: 'No identity known so far.' }),
    )
  return exitCode.ok
}

/** `probant identities forget WHERE --reason TEXT`: in every session; the reason is kept. Exit 2 where it is not known. */
export const identitiesForget: Command = async ([where = ''], options, { terminal }) => {
  const reason = String(options['reason']).trim()
  if (reason === '')
    throw new CommandFailure(
      { fr: 'dites pourquoi avec --reason', en: 'say why with --reason' },
      exitCode.badInput,
    )
  const count = forgetIdentity(stateFolder(), where, reason)
  if (count === 0)
    throw new CommandFailure(
      {
        fr: `aucune identité connue pour « ${visible(where)} » : « probant identities list » donne les noms exacts`,
        en: `no identity known for “${visible(where)}”: “probant identities list” gives the exact names`,
      },
      exitCode.badInput,
    )
  terminal.err(
    terminal.say({
      fr: `Identité de ${visible(where)} oubliée ; la prochaine rencontre en enregistrera une nouvelle.`,
      en: `Identity of ${visible(where)} forgotten; the next meeting will record a new one.`,
    }),
  )
  return exitCode.ok
}
