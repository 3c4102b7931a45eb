import { z } from 'zod'
import { defineCheck, role } from '../define.ts'
import { described } from '../described.ts'
import { powershell } from '../probe.ts'
import { joined, same, type Text } from '../text.ts'
import { askedRule, ruleSchema, ruleWords } from './firewall/asked-firewall-rule.ts'
import {
  judgeRule,
  judgeState,
  profileNames,
  profilesName,
  profilesOf,
  seenFirewall,
} from './firewall/firewalls.ts'

const params = z.strictObject({
  on: role('windows'),
  profiles: described(z.array(z.enum(profileNames)).min(1).max(3).optional(), {
    fr: 'Profils où il doit en être ainsi ; ceux des réseaux de la machine s’ils ne sont pas donnés',
    en: 'Profiles that it must be so in; those of the networks that the machine is on where absent',
  }),
  enabled: described(z.boolean().default(true), {
    fr: 'Si le pare-feu y est activé',
    en: 'Whether the firewall is on there',
  }),
  rule: described(ruleSchema.optional(), {
    fr: 'Ce qu’une règle active doit faire, quel que soit son nom',
    en: 'What an active rule must do, whatever its name',
  }),
})
type Params = z.output<typeof params>
const asksFor = ({ enabled, profiles, rule }: Params): Text =>
  joined([
    enabled ? { fr: 'pare-feu activé', en: 'firewall on' } : { fr: 'pare-feu désactivé', en: 'firewall off' },
    ...(rule ? [ruleWords(rule)] : []),
    profilesName(profiles),
  ])

export const firewallRule = defineCheck({
  id: 'windows.firewall-rule',
  criteria: ['C6.3', 'C8.3'],
  says: {
    fr: 'Le pare-feu de Windows est réglé comme demandé',
    en: 'The Windows firewall is set as asked for',
  },
  observes: {
    fr: 'l’état du pare-feu par profil, et l’effet de ses règles actives, celles des stratégies de groupe comprises, d’après le registre',
    en: 'the state of the firewall in each profile, and what its active rules do, those of group policy included, by the registry',
  },
  control: {
    fr: 'les règles « CoreNet », que tout Windows possède, sont dans le registre ; le service MpsSvc, qui les applique, fonctionne',
    en: 'the rules “CoreNet”, which every Windows has, are in the registry; service MpsSvc, which applies them, runs',
  },
  asks: ['powershell'],
  proven: 'recorded',
  params,
  probes: ({ on }, _facts, siblings) => {
    const together = siblings.filter((other) => other.on === on)
    const directions = new Set(together.map(({ rule }) => (rule?.direction === 'out' ? 'Out' : 'In')))
    const input = { directions: [...directions].sort() }
    return { firewall: powershell(on, 'firewall', input, { maxBytes: 1_048_576 }) }
  },
  judge: (seen, asked) => {
    const firewall = seenFirewall(seen.firewall)
    const profiles = profilesOf(asked.profiles, firewall)
    return [
      judgeState(asked.enabled, profiles, firewall),
      ...(asked.rule ? [judgeRule(askedRule(asked.rule), profiles, firewall)] : []),
    ]
  },
  expects: asksFor,
  byHand: ({ rule }) => {
    const profiles = 'Get-NetFirewallProfile -PolicyStore ActiveStore'
    if (!rule) return same(profiles)
    const [direction, action] = [
      rule.direction === 'in' ? 'Inbound' : 'Outbound',
      rule.action === 'allow' ? 'Allow' : 'Block',
    ]
    return same(
      `${profiles}; Get-NetFirewallRule -PolicyStore ActiveStore -Enabled True -Direction ${direction} -Action ${action} | ForEach-Object { $_ | Format-List DisplayName, Profile; $_ | Get-NetFirewallPortFilter; $_ | Get-NetFirewallAddressFilter }`,
    )
  },
})
