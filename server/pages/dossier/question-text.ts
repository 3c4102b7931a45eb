import { typed } from '../../../checks/printable.ts'
import type { LdapFilter, Probe } from '../../../checks/probe.ts'

/** A question on one line, as an administrator would write it; for reading, never run. */
export function questionText(probe: Probe): string {
  switch (probe.kind) {
    case 'command':
      return `${probe.as === 'root' ? 'sudo ' : ''}${typed(probe.argv)}`
    case 'file':
      return `${probe.as === 'root' ? 'sudo ' : ''}stat ${typed([probe.path])}${probe.content ? ' ; cat' : ''}`
    case 'ldap':
      return [
        'ldap',
        probe.context,
        probe.rdns.map(([type, value]) => `${type}=${value}`).join(','),
        probe.scope,
        filterText(probe.filter),
        ...probe.attributes,
      ]
        .filter((word) => word !== '')
        .join(' ')
    case 'snmp':
      return `snmp ${probe.op} ${probe.oids.join(' ')}${probe.community === null ? '' : ` (${probe.community})`}`
    case 'icmp':
      return `ping -c ${probe.count}`
    case 'tcp':
      return `tcp ${probe.port}`
    case 'http':
      return `${probe.method} ${probe.scheme}://${probe.host ?? probe.to}:${probe.port}${probe.path}`
    case 'dns':
      return `dns ${probe.name} ${probe.type}`
    case 'powershell':
      return `powershell ${probe.script}.ps1 ${JSON.stringify(probe.input)}`
    case 'group-policy':
      return String.raw`SYSVOL\Policies\{${probe.guid.toUpperCase()}}`
  }
}

/** The string form of RFC 4515, for reading: what the directory was asked is in the run as data. */
function filterText(filter: LdapFilter): string {
  if ('and' in filter) return `(&${filter.and.map(filterText).join('')})`
  if ('or' in filter) return `(|${filter.or.map(filterText).join('')})`
  if ('not' in filter) return `(!${filterText(filter.not)})`
  if ('present' in filter) return `(${filter.present}=*)`
  const [attribute, value] = filter.equals
  return `(${attribute}=${value.replace(/[\\*()\0]/g, (c) => `\\${c.charCodeAt(0).toString(16).padStart(2, '0')}`)})`
}
