import { z } from 'zod'
import { powerShellArgument, quoted } from '../active-directory/quoted-name.ts'
import { defineCheck, role } from '../define.ts'
import { described } from '../described.ts'
import { passIf, unknown } from '../finding.ts'
import { returned } from '../observation.ts'
import { pattern } from '../pattern.ts'
import { powershell } from '../probe.ts'
import { joined, same, type Text } from '../text.ts'
import { featuresShape, stateOf, stateWords } from './features.ts'

/** On every server, and not to be removed. */
const CONTROL = 'Storage-Services'

const asksFor = (p: { name: string; installed: boolean }): Text =>
  joined([same(p.name), stateWords[p.installed ? 'installed' : 'absent']])

export const feature = defineCheck({
  id: 'windows.feature',
  criteria: ['C8.3'],
  says: {
    fr: 'Le rôle ou la fonctionnalité {name} est dans l’état demandé',
    en: 'Role or feature {name} is in the state asked for',
  },
  observes: {
    fr: 'les rôles et fonctionnalités installés, selon le Gestionnaire de serveur',
    en: 'the roles and features that are installed, by Server Manager',
  },
  control: {
    fr: 'les services de stockage (Storage-Services), présents sur tout serveur, sont donnés comme installés ; un nom que ce Windows ne connaît pas n’est jamais jugé',
    en: 'Storage-Services, which every server has, is given as installed; a name that this Windows does not know is never judged',
  },
  asks: ['powershell'],
  proven: 'recorded',
  params: z.strictObject({
    on: role('windows'),
    name: described(
      z.string().regex(
        pattern(/^[A-Za-z0-9][A-Za-z0-9._-]{0,127}$/, {
          fr: 'le nom court du rôle, comme « AD-Domain-Services »',
          en: 'the short name of the role, like “AD-Domain-Services”',
        }),
      ),
      {
        fr: 'Nom court, que donne Get-WindowsFeature, le même en toute langue : AD-Domain-Services, DHCP, RSAT-DNS-Server',
        en: 'Short name, as Get-WindowsFeature gives it, in no language: AD-Domain-Services, DHCP, RSAT-DNS-Server',
      },
    ),
    installed: described(z.boolean().default(true), {
      fr: 'S’il doit être installé, ou absent',
      en: 'Whether it must be installed, or absent',
    }),
  }),
  // Server Manager takes seconds to look, whether for one name or for all: one question for the whole exam.
  probes: ({ on }, _facts, siblings) => {
    const names = siblings.filter((other) => other.on === on).map(({ name }) => name.toLowerCase())
    const sorted = [...new Set([CONTROL.toLowerCase(), ...names])].sort()
    return { features: powershell(on, 'features', { names: sorted }, { timeoutMs: 60_000 }) }
  },
  judge: ({ features }, p) => {
    const expected = asksFor(p)
    const seen = returned(features, featuresShape)
    if (stateOf(seen, CONTROL) !== 'installed')
      return unknown('control', `${CONTROL} was not given as installed`, expected)
    const state = stateOf(seen, p.name)
    if (state === null) {
      const { fr, en } = quoted(p.name)
      const observed = {
        fr: `ce Windows n’a pas de fonctionnalité ${fr}`,
        en: `this Windows has no feature ${en}`,
      }
      return unknown('control', 'no feature of that name, installed or not', expected, { observed })
    }
    const fit = p.installed ? state === 'installed' : state === 'absent' || state === 'removed'
    return passIf(fit, expected, joined([same(p.name), stateWords[state]]))
  },
  expects: asksFor,
  byHand: ({ name }) => same(`Get-WindowsFeature -Name ${powerShellArgument(name)}`),
})
