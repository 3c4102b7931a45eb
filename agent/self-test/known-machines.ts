import { open } from 'node:fs/promises'
import type { ResolvedCandidate } from '../../checks/session.ts'
import { CommandFailure } from '../commands/command-failure.ts'
import { exitCode } from '../commands/exit-code.ts'
import { visible } from '../terminal/visible.ts'
import type { Given } from './given.ts'

/** What the first lines of a file that self-test wrote say, in both languages. */
const ours = /^#.*probant self-test/m

/**
 * Whether what the command line says of machines is what their file says already: the same command typed again asks
 * nothing again. A key is not compared: what is in the vault stays there.
 */
export function sayTheSame(
  given: ReadonlyMap<string, Given>,
  { targets, credentials }: ResolvedCandidate,
): boolean {
  return [...given].every(([role, said]) => {
    const target = Object.hasOwn(targets, role) ? targets[role]?.target : undefined
    if (!target) return false
    const { address, local, ssh, winrm, ldap, smb, snmp, http } = target
    const names = [ssh, winrm, ldap, smb, snmp, http].flatMap((way) => way?.credential ?? [])
    const used = names.flatMap((name) => (Object.hasOwn(credentials, name) ? [credentials[name]!] : []))
    const here = local !== undefined || (address === '127.0.0.1' && names.length === 0)
    return (
      (!said.here || here) &&
      (said.address === undefined || (said.address === address && local === undefined)) &&
      (said.port === undefined || said.port === ssh?.port || said.port === winrm?.port) &&
      (said.user === undefined || used.some(({ user }) => user === said.user)) &&
      (said.passwordEnv === undefined ||
        used.some(({ password, community, auth }) =>
          [password, community, auth?.secret].includes(`env:${said.passwordEnv}`),
        )) &&
      (said.keyFile === undefined || used.some(({ key }) => key !== undefined)) &&
      (said.domain === undefined || said.domain === ldap?.domain)
    )
  })
}

/** Refuses to write over a session that self-test did not write: a trainer's, or one made by hand. @throws CommandFailure (2). */
export async function refuseToReplace(path: string): Promise<void> {
  const file = await open(path, 'r').catch(() => null)
  if (!file) return
  try {
    const { buffer, bytesRead } = await file.read(Buffer.alloc(512), 0, 512, 0)
    if (ours.test(buffer.toString('utf8', 0, bytesRead))) return
  } finally {
    await file.close()
  }
  const shown = visible(path)
  throw new CommandFailure(
    {
      fr: `« ${shown} » n'a pas été écrit par self-test : il n'est pas remplacé. Modifiez-le vous-même, ou choisissez un autre fichier avec --machines`,
      en: `“${shown}” was not written by self-test: it is not replaced. Edit it yourself, or choose another file with --machines`,
    },
    exitCode.badInput,
  )
}
