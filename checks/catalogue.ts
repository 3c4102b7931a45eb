import { computer as activeDirectoryComputer } from './active-directory/computer.ts'
import { groupPolicyLink as activeDirectoryGpoLink } from './active-directory/gpo-link.ts'
import { groupPolicySetting as activeDirectoryGpoSetting } from './active-directory/gpo-setting.ts'
import { groupPolicyObject as activeDirectoryGpo } from './active-directory/gpo.ts'
import { group as activeDirectoryGroup } from './active-directory/group.ts'
import { organisationalUnit as activeDirectoryOu } from './active-directory/ou.ts'
import { passwordPolicy as activeDirectoryPasswordPolicy } from './active-directory/password-policy.ts'
import { user as activeDirectoryUser } from './active-directory/user.ts'
import { file as linuxFile } from './linux/file.ts'
import { mount as linuxMount } from './linux/mount.ts'
import { debianPackage as linuxPackage } from './linux/package.ts'
import { port as linuxPort } from './linux/port.ts'
import { scheduledTask as linuxScheduledTask } from './linux/scheduled-task.ts'
import { service as linuxService } from './linux/service.ts'
import { user as linuxUser } from './linux/user.ts'
import { reachable as networkReachable } from './network/reachable.ts'
import { vlanReachable as networkVlanReachable } from './network/vlan-reachable.ts'
import { vlan as networkVlan } from './network/vlan.ts'
import { record as dnsRecord } from './dns/record.ts'
import { site as httpSite } from './http/site.ts'
import { nagiosHost as supervisionNagiosHost } from './supervision/nagios-host.ts'
import { snmpAgent as supervisionSnmpAgent } from './supervision/snmp-agent.ts'
import { virtualMachine as hyperVMachine } from './hyper-v/machine.ts'
import { dhcpScope as windowsDhcpScope } from './windows/dhcp-scope.ts'
import { service as windowsService } from './windows/service.ts'
import { disk as windowsDisk } from './windows/disk.ts'
import { scheduledTask as windowsScheduledTask } from './windows/scheduled-task.ts'
import { firewallRule as windowsFirewallRule } from './windows/firewall-rule.ts'
import { share as windowsShare } from './windows/share.ts'
import { dnsRecord as windowsDnsRecord } from './windows/dns-record.ts'
import { feature as windowsFeature } from './windows/feature.ts'
import { domainMember as windowsDomainMember } from './windows/domain-member.ts'
import { groupPolicyResult as windowsGpoResult } from './windows/gpo-result.ts'
import { localGroup as windowsLocalGroup } from './windows/local-group.ts'
import { event as windowsEvent } from './windows/event.ts'
import type { Check } from './define.ts'
import { parametersSchema } from './schema.ts'
import type { Lang } from './text.ts'

const checks: readonly Check[] = [
  activeDirectoryComputer,
  activeDirectoryGpoLink,
  activeDirectoryGpoSetting,
  activeDirectoryGpo,
  activeDirectoryGroup,
  activeDirectoryOu,
  activeDirectoryPasswordPolicy,
  activeDirectoryUser,
  linuxFile,
  linuxMount,
  linuxPackage,
  linuxPort,
  linuxScheduledTask,
  linuxService,
  linuxUser,
  networkReachable,
  networkVlanReachable,
  networkVlan,
  dnsRecord,
  httpSite,
  supervisionNagiosHost,
  supervisionSnmpAgent,
  hyperVMachine,
  windowsGpoResult,
  windowsDnsRecord,
  windowsDisk,
  windowsScheduledTask,
  windowsFirewallRule,
  windowsShare,
  windowsDhcpScope,
  windowsService,
  windowsFeature,
  windowsDomainMember,
  windowsLocalGroup,
  windowsEvent,
]

/** Every check of this version, by its id. The one list: a check that is not here does not exist. */
export const catalogue: ReadonlyMap<string, Check> = new Map(
  [...checks].sort((a, b) => a.id.localeCompare(b.id)).map((check) => [check.id, check]),
)

/** One check as other programs read it; nothing here is renamed or removed. `params` is a JSON Schema (2020-12). */
export interface PrintedCheck {
  readonly id: string
  readonly criteria: readonly string[]
  readonly observes: string
  readonly transports: readonly string[]
  readonly params: Readonly<Record<string, unknown>>
  readonly proven: 'live' | 'recorded'
}

/** What `probant catalogue --json` prints, in the order of the ids. */
export const catalogueJson = (lang: Lang): PrintedCheck[] =>
  [...catalogue.values()].map((check) => ({
    id: check.id,
    criteria: [...check.criteria],
    observes: check.observes[lang],
    transports: [...check.asks],
    params: parametersSchema(check, lang),
    proven: check.proven,
  }))
