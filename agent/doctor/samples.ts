import type { Sample } from './script.ts'

/**
 * Scripts whose answers are worth having from a Windows that nobody here has seen: each reads only, and is asked for what every
 * Windows Server has, or for nothing in particular. A role that isn't there is an answer as well.
 */
export const bundleSamples: readonly Sample[] = [
  { script: 'services', input: { names: ['RpcSs', 'WinRM'], accounts: [] } },
  { script: 'features', input: { names: ['AD-Domain-Services', 'DHCP', 'DNS', 'Hyper-V'] } },
  { script: 'disk', input: {} },
  { script: 'share', input: { names: ['C$'] } },
  { script: 'domain-member', input: { secureChannel: false } },
  { script: 'local-groups', input: { groups: ['S-1-5-32-544'], accounts: [] } },
  { script: 'scheduled-tasks', input: { names: [], accounts: [] } },
  { script: 'firewall', input: { directions: ['In'] } },
  {
    script: 'events',
    input: { channel: 'System', provider: 'EventLog', id: 6005, levels: [], computer: null, hours: null },
  },
  { script: 'dhcp-scopes', input: { networks: [], directory: false } },
  { script: 'dns-zones', input: { zones: [] } },
  { script: 'hyper-v-machines', input: { names: [] } },
]
