import { z } from 'zod'
import { defineCheck, role } from '../define.ts'
import { described } from '../described.ts'
import { fail, pass } from '../finding.ts'
import { NotObserved, type Observed } from '../observation.ts'
import { groupPolicy, type ProbeOf } from '../probe.ts'
import { joined, type Text } from '../text.ts'
import { onDomainController } from './by-hand.ts'
import type { Entry } from './directory-entry.ts'
import { groupPoliciesNamed, guidOf, isWritten, requirePolicies, sideEnabled } from './group-policies.ts'
import { policyContents, requireContents } from './policy-contents.ts'
import { preference, preferenceSchema } from './policy-setting/preference.ts'
import { registry, registrySchema } from './policy-setting/registry.ts'
import { script, scriptSchema } from './policy-setting/script.ts'
import { security, securitySchema } from './policy-setting/security.ts'
import { sideText, type AskedSetting, type Found } from './policy-setting/wanted.ts'
import { listed, powerShellArgument, quoted } from './quoted-name.ts'
import { groupPolicies, type Searches } from './searches.ts'

const kinds = ['registry', 'security', 'script', 'preference'] as const

const params = z
  .strictObject({
    on: role('windows'),
    gpo: described(z.string().min(1).max(256), {
      fr: 'Nom affiché de la GPO',
      en: 'Display name of the Group Policy Object',
    }),
    registry: described(registrySchema.optional(), {
      fr: 'Une valeur de registre, que fixent les modèles d’administration',
      en: 'A registry value that administrative templates set',
    }),
    security: described(securitySchema.optional(), {
      fr: 'Un paramètre de sécurité',
      en: 'A security setting',
    }),
    script: described(scriptSchema.optional(), { fr: 'Un script', en: 'A script' }),
    preference: described(preferenceSchema.optional(), { fr: 'Une préférence', en: 'A preference' }),
  })
  .refine((p) => kinds.filter((kind) => p[kind] !== undefined).length === 1, {
    params: {
      fr: 'donnez un seul réglage : registry, security, script ou preference',
      en: 'give exactly one setting: registry, security, script or preference',
    },
  })
type Params = z.output<typeof params>

/** The one setting that is asked for. */
function asked(p: Params): AskedSetting {
  if (p.registry) return registry(p.registry)
  if (p.security) return security(p.security)
  if (p.script) return script(p.script)
  if (p.preference) return preference(p.preference)
  throw new NotObserved('not-asked', 'no setting is asked for', 'grader')
}

const expected = (p: Params): Text => {
  const { fr, en } = asked(p).text
  return {
    fr: `dans la GPO ${quoted(p.gpo).fr}, ${fr} ; cette configuration activée`,
    en: `in GPO ${quoted(p.gpo).en}, ${en}; that configuration enabled`,
  }
}

const MOST_OF_ONE_NAME = 8
const isGuid = (text: string): boolean => /^[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}$/.test(text)

/** What one policy of that name says of it. Throws NotObserved where it can't be told. */
function seenIn(gpo: Entry, files: Observed<'group-policy'> | undefined, p: Params): Found | { text: Text } {
  const { found: find, files: where } = asked(p)
  const contents = policyContents(files)
  const found = find(contents.settings)
  const set = found.find(({ matches, side }) => matches && sideEnabled(gpo, side))
  if (set) return set
  requireContents(gpo, files, contents, where)
  if (found.length > 0) return { text: listed(found.slice(0, 6).map((one) => foundText(one, gpo))) }
  const written = isWritten(gpo, 'user') || isWritten(gpo, 'computer')
  return {
    text: written
      ? { fr: 'ce réglage n’est pas défini dans la GPO', en: 'this is not set in the GPO' }
      : { fr: 'GPO jamais modifiée, aucun réglage', en: 'GPO never edited, nothing is set' },
  }
}

function foundText({ side, text }: Found, gpo: Entry): Text {
  if (sideEnabled(gpo, side)) return text
  return joined([text, { fr: `${sideText[side].fr} désactivée`, en: `${sideText[side].en} disabled` }])
}

export const groupPolicySetting = defineCheck({
  id: 'active-directory.gpo-setting',
  criteria: ['C8.2'],
  says: {
    fr: 'La stratégie « {gpo} » contient le réglage demandé',
    en: 'GPO “{gpo}” holds the setting asked for',
  },
  observes: {
    fr: "Ce que la GPO contient, dans ses fichiers de SYSVOL, et si la configuration concernée est activée : qu'elle s'applique se voit sur le poste ; le fichier d'un script n'est pas lu",
    en: 'What the GPO holds, in its files in SYSVOL, and whether that configuration is enabled: whether it applies is seen on the workstation; the file of a script is not read',
  },
  control: {
    fr: "La stratégie par défaut du domaine est montrée au même compte, tous les fichiers de la GPO ont été lus et sont de la version que l'annuaire annonce",
    en: "The domain's default policy is shown to the same account, all files of the GPO were read and are of the version that the directory says",
  },
  asks: ['ldap', 'group-policy'],
  proven: 'live',
  params,
  probes: ({ on }): Searches => ({ policies: groupPolicies(on) }),
  then: ({ policies }, { on, gpo }): Record<string, ProbeOf<'group-policy'>> =>
    Object.fromEntries(
      groupPoliciesNamed(policies, gpo)
        .map(guidOf)
        .filter(isGuid)
        .slice(0, MOST_OF_ONE_NAME)
        .map((guid) => [`files ${guid}`, groupPolicy(on, guid)]),
    ),
  judge: (seen, p) => {
    const named = groupPoliciesNamed(seen['policies'], p.gpo)
    if (named.length === 0) {
      requirePolicies(seen['policies'])
      return fail(expected(p), { fr: 'aucune GPO de ce nom', en: 'no GPO of that name' })
    }
    const others: Text[] = []
    let unobserved: unknown
    for (const gpo of named) {
      try {
        const one = seenIn(gpo, seen[`files ${guidOf(gpo)}`], p)
        if ('matches' in one) return pass(expected(p), one.text)
        others.push(one.text)
      } catch (error) {
        if (!(error instanceof NotObserved)) throw error
        unobserved ??= error
      }
    }
    // Another of that name may have been the one, or may not have been shown.
    if (unobserved) throw unobserved
    requirePolicies(seen['policies'])
    return fail(expected(p), listed(others))
  },
  expects: expected,
  byHand: ({ gpo, registry: value }) =>
    onDomainController(
      value
        ? `Get-GPRegistryValue -Name ${powerShellArgument(gpo)} -Key ${powerShellArgument(`${value.scope === 'user' ? 'HKCU' : 'HKLM'}\\${value.key}`)} -ValueName ${powerShellArgument(value.value)}`
        : `Get-GPOReport -Name ${powerShellArgument(gpo)} -ReportType Xml`,
      'samba-tool gpo show {GUID}',
    ),
})
