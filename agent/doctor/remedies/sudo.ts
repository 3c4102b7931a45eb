import { accountName, remedy, type Remedy } from './remedy.ts'

/**
 * The sudoers(5) rule that root's batch needs (`rootShell` of agent/transports/shell): the very command that is asked for,
 * without arguments, for one account. It cannot be narrower: the questions travel on the standard input of that shell.
 * @param until `YYYYMMDD` after which the rule says nothing more (sudo 1.8.20), on the machine's own clock; null for ever.
 */
export function sudoRule(user: string | null, until: string | null): string {
  const name = accountName(user).replace(/[^A-Za-z0-9._-]/g, '')
  const limit = until === null ? '' : ` NOTAFTER=${until}000000`
  return `${name} ALL=(root)${limit} NOPASSWD: /bin/sh ""`
}

/** The lines that put the rule in place: sudo doesn't read a file with a dot in its name, so that a mistake breaks nothing. */
export const becomeRoot = (user: string | null, until: string | null = null): Remedy =>
  remedy(
    'linux',
    'Des contrôles de ce sujet lisent en root. Une règle pour ce seul compte et cette seule commande ; elle vaut root : la dernière ligne la retire après la session',
    'Checks of this exam read as root. A rule for this account and this command alone; it is as good as root: the last line takes it back after the session',
    `echo '${sudoRule(user, until)}' > /etc/sudoers.d/probant.new`,
    'visudo -cf /etc/sudoers.d/probant.new && chmod 0440 /etc/sudoers.d/probant.new && mv /etc/sudoers.d/probant.new /etc/sudoers.d/probant',
    'rm /etc/sudoers.d/probant',
  )
