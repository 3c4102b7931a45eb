import type { Probe } from '../../checks/probe.ts'
import type { ResolvedTarget } from '../../checks/session.ts'

/** The way a question goes: which role's connection is used, and by which transport. */
export type Way = 'ssh' | 'local' | 'ldap' | 'snmp' | 'icmp' | 'tcp' | 'http' | 'dns'
export interface Route {
  readonly role: string
  readonly way: Way
}

/** How a probe reaches its machine in this session; null where the session gives no way for it. */
export function routeOf(probe: Probe, targets: Readonly<Record<string, ResolvedTarget>>): Route | null {
  const shell = (role: string): Route | null => {
    const target = targets[role]?.target
    return target?.local ? { role, way: 'local' } : target?.ssh ? { role, way: 'ssh' } : null
  }
  if (probe.from !== 'agent') return probe.kind === 'icmp' || probe.kind === 'tcp' ? shell(probe.from) : null
  switch (probe.kind) {
    case 'command':
    case 'file':
      return shell(probe.to)
    case 'ldap':
      return targets[probe.to]?.target.ldap ? { role: probe.to, way: 'ldap' } : null
    case 'snmp':
      return targets[probe.to]?.target.snmp ? { role: probe.to, way: 'snmp' } : null
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
