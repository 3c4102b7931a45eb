import type { Target } from '../../checks/session.ts'
import { forgetIdentity, listIdentities } from '../identities/known-identities.ts'
import { ldapPort } from '../transports/ldap/directory.ts'
import { winRmPort } from '../transports/winrm/winrm.ts'

/** What was forgotten: which machine by which way, and who it had been. */
export interface Forgotten {
  readonly where: string
  readonly identity: string
}

/**
 * Forgets what was trusted on first use of one machine, by every way that the session gives to it, in this session only;
 * the next look trusts anew. What the session itself pins stays as it is.
 * @param folder the agent's own folder.
 * @param reason kept with it.
 */
export function repin(folder: string, session: string, target: Target, reason: string): Forgotten[] {
  const isMachine = placesOf(target)
  const known = listIdentities(folder).filter((one) => one.session === session && isMachine(one.where))
  for (const { where } of known) forgetIdentity(folder, where, reason, session)
  return known.map(({ where, identity }) => ({ where, identity }))
}

/** The names under which the transports file a machine's identity ("ssh 10.0.1.20:22"). */
function placesOf({ address, ssh, winrm, ldap, local }: Target): (where: string) => boolean {
  const places = new Set([
    ...(ssh ? [`ssh ${address}:${ssh.port}`] : []),
    ...(winrm ? [`winrm ${address}:${winRmPort(winrm)}`] : []),
    ...(ldap && !ldap.through ? [`ldap ${address}:${ldapPort(ldap)}`] : []),
    ...(local === 'powershell' ? [`powershell ${address}`] : []),
  ])
  // The port of a site is each question's own.
  return (where) => places.has(where) || where.startsWith(`https ${address}:`)
}
