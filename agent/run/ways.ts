import type { Probe } from '../../checks/probe.ts'
import { powershellWay, shellWay, type ResolvedTarget } from '../../checks/session.ts'

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
export function routeOf(probe: Probe, targets: Readonly<Record<string, ResolvedTarget>>): Route | null {
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

/** Opens the transport of one way, loaded only when it is needed. */
export async function loadTransport(way: Way) {
  switch (way) {
    case 'ssh':
      return (await import('../transports/ssh/ssh.ts')).openSsh
    case 'local':
      return (await import('../transports/local/local.ts')).openLocal
    case 'winrm':
      return (await import('../transports/winrm/winrm.ts')).openWinRmTransport
    case 'powershell-ssh':
      return (await import('../transports/ssh/powershell-over-ssh.ts')).openPowerShellOverSsh
    case 'powershell-local':
      return (await import('../transports/local/local-powershell.ts')).openLocalPowerShell
    case 'smb':
      return (await import('../transports/smb/smb.ts')).openSmb
    case 'ldap':
      return (await import('../transports/ldap/ldap.ts')).openLdap
    case 'snmp':
      return (await import('../transports/snmp/snmp.ts')).openSnmp
    case 'icmp':
      return (await import('../transports/icmp/icmp.ts')).openIcmp
    case 'tcp':
      return (await import('../transports/tcp/tcp.ts')).openTcp
    case 'http':
      return (await import('../transports/http/http.ts')).openHttp
    case 'dns':
      return (await import('../transports/dns/dns.ts')).openDns
  }
}
