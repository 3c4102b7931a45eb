import type { Probe } from './probe.ts'
import { powershellWay, shellWay, type ResolvedTarget } from './session.ts'

/** The way a question goes: which role's connection is used, and by which transport. */
export type Way =
  | 'ssh'
  | 'local'
  | 'winrm'
  | 'powershell-ssh'
  | 'powershell-local'
  | 'smb'
  | 'ldap'
  | 'snmp'
  | 'icmp'
  | 'tcp'
  | 'http'
  | 'dns'
export interface Route {
  readonly role: string
  readonly way: Way
}

/** How a probe reaches its machine in this session; null where the session gives no way for it. */
export function routeOf(
  probe: Pick<Probe, 'kind' | 'from' | 'to'>,
  targets: Readonly<Record<string, ResolvedTarget>>,
): Route | null {
  const by = (role: string, way: Way | null | undefined): Route | null => (way ? { role, way } : null)
  const target = targets[probe.to]?.target
  const powershell = () => by(probe.to, target && powershellWay(target))
  if (probe.from !== 'agent') {
    const vantage = targets[probe.from]?.target
    return probe.kind === 'icmp' || probe.kind === 'tcp' ? by(probe.from, vantage && shellWay(vantage)) : null
  }
  switch (probe.kind) {
    case 'command':
    case 'file':
      return by(probe.to, target && shellWay(target))
    case 'powershell':
      return powershell()
    case 'group-policy':
      return target?.smb ? { role: probe.to, way: 'smb' } : powershell()
    case 'ldap':
      if (target?.ldap?.through === 'powershell') return powershell()
      return by(probe.to, target?.ldap && 'ldap')
    case 'snmp':
      return by(probe.to, target?.snmp && 'snmp')
    default:
      return { role: probe.to, way: probe.kind }
  }
}
