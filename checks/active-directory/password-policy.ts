import { z } from 'zod'
import { defineCheck, role } from '../define.ts'
import { passIf } from '../finding.ts'
import { joined, type Text } from '../text.ts'
import { onDomainController } from './by-hand.ts'
import { domainEntry } from './directory-entry.ts'
import {
  ENDLESS,
  readSetting,
  satisfies,
  settings,
  settingText,
  strictness,
  type Setting,
  type Value,
} from './password-settings.ts'
import { domain } from './searches.ts'

const params = z
  .strictObject({
    on: role('windows'),
    /** Characters, at least. */
    minimumLength: z.int().min(0).max(128).optional(),
    complexity: z.boolean().optional(),
    /** Passwords remembered, at least. */
    history: z.int().min(0).max(1024).optional(),
    /** Days after which a password has to change, at most; 0: never. */
    maximumAgeDays: z.int().min(0).max(999).optional(),
    /** Days before which it may not change, at least. */
    minimumAgeDays: z.int().min(0).max(998).optional(),
    /** Wrong attempts after which an account is locked, at most; 0: never. */
    lockoutThreshold: z.int().min(0).max(999).optional(),
    /** Minutes that it stays locked, at least; 0: until an administrator unlocks it. */
    lockoutMinutes: z.int().min(0).max(99_999).optional(),
    reversibleEncryption: z.boolean().optional(),
    /** Whether a stricter policy than the one asked for is refused. */
    exactly: z.boolean().default(false),
  })
  .refine(
    ({ on: _on, exactly: _exactly, ...settings }) => Object.values(settings).some((v) => v !== undefined),
    {
      params: {
        fr: 'au moins un réglage est attendu (minimumLength, complexity, lockoutThreshold…)',
        en: 'at least one setting is expected (minimumLength, complexity, lockoutThreshold…)',
      },
    },
  )
type Params = z.output<typeof params>

/** What an exam asks for, in the order of the console; 0 where it stands for « without end » becomes null. */
const asked = (p: Params): [Setting, Value][] =>
  settings.flatMap((setting): [Setting, Value][] => {
    const value = p[setting]
    if (value === undefined) return []
    return [[setting, value === 0 && ENDLESS.includes(setting) ? null : value]]
  })

const expected = (p: Params): Text =>
  joined(
    asked(p).map(([setting, value]) => settingText(setting, value, p.exactly ? 'same' : strictness[setting])),
  )

export const passwordPolicy = defineCheck({
  id: 'active-directory.password-policy',
  criteria: ['C8.2'],
  says: {
    fr: 'La stratégie de mot de passe du domaine est conforme',
    en: 'The password policy of the domain is as asked',
  },
  observes: {
    fr: "La stratégie par défaut, telle que l'objet du domaine la porte ; une stratégie affinée (PSO) peut y déroger pour certains comptes",
    en: 'The default policy as the domain object holds it; a fine-grained one (PSO) may override it for some accounts',
  },
  control: {
    fr: "L'objet du domaine porte toujours ces attributs : s'il ne les montre pas, rien n'est dit",
    en: 'The domain object always has these attributes: where it does not show them, nothing is said',
  },
  asks: ['ldap'],
  proven: 'live',
  params,
  probes: ({ on }) => ({ domain: domain(on) }),
  judge: (seen, p) => {
    const entry = domainEntry(seen.domain)
    const compared = asked(p).map(([setting, value]) => ({
      setting,
      value,
      observed: readSetting[setting](entry),
    }))
    return passIf(
      compared.every(({ setting, value, observed }) => satisfies(setting, value, observed, p.exactly)),
      expected(p),
      joined(compared.map(({ setting, observed }) => settingText(setting, observed, 'same'))),
    )
  },
  expects: expected,
  byHand: () =>
    onDomainController('Get-ADDefaultDomainPasswordPolicy', 'samba-tool domain passwordsettings show'),
})
