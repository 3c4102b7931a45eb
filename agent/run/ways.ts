import type { Way } from '../../checks/ways.ts'

export { routeOf, type Route, type Way } from '../../checks/ways.ts'

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
