import { z } from 'zod'
import { described } from '../../described.ts'
import { NotObserved } from '../../observation.ts'
import { pattern } from '../../pattern.ts'
import { printable, printableList } from '../../printable.ts'
import type { Text } from '../../text.ts'
import type { SecuritySetting } from '../../windows/group-policy/security-template.ts'
import { sameName, sameValue, shownValue, type Found, type AskedSetting } from './wanted.ts'

const name = (expression: RegExp, example: string) =>
  z
    .string()
    .max(256)
    .regex(pattern(expression, { fr: `un nom comme ${example}`, en: `a name such as ${example}` }))
const identifier = z.string().regex(
  pattern(/^S-1-\d+(-\d+){1,14}$/, {
    fr: 'un identificateur de sécurité comme S-1-5-32-544',
    en: 'a security identifier such as S-1-5-32-544',
  }),
)
const starts = { automatic: 2, manual: 3, disabled: 4 } as const

export const securitySchema = z.union([
  z.strictObject({
    setting: described(name(/^[A-Za-z][A-Za-z.]{1,63}$/, 'MinimumPasswordLength'), {
      fr: 'Nom dans le modèle de sécurité : MinimumPasswordLength, LockoutBadCount, Security.MaximumLogSize…',
      en: 'Name in the security template: MinimumPasswordLength, LockoutBadCount, Security.MaximumLogSize…',
    }),
    value: described(z.union([z.int(), z.string().max(256)]), {
      fr: 'Sa valeur, comme le modèle l’écrit',
      en: 'Its value, as the template writes it',
    }),
  }),
  z.strictObject({
    audit: described(name(/^Audit[A-Za-z]{1,60}$/, 'AuditLogonEvents'), {
      fr: 'Ce qui est audité : AuditLogonEvents, AuditAccountManage…',
      en: 'What is audited: AuditLogonEvents, AuditAccountManage…',
    }),
    success: described(z.boolean(), { fr: 'Si les succès le sont', en: 'Whether successes are' }),
    failure: described(z.boolean(), { fr: 'Si les échecs le sont', en: 'Whether failures are' }),
  }),
  z.strictObject({
    right: described(name(/^Se[A-Za-z]{1,60}$/, 'SeInteractiveLogonRight'), {
      fr: 'Droit d’utilisateur : SeInteractiveLogonRight, SeDenyRemoteInteractiveLogonRight…',
      en: 'User right: SeInteractiveLogonRight, SeDenyRemoteInteractiveLogonRight…',
    }),
    accounts: described(z.array(identifier).max(32), {
      fr: 'SID de ceux qui doivent l’avoir',
      en: 'Security identifiers of who must have it',
    }),
    exactly: described(z.boolean().default(false), { fr: 'Et personne d’autre', en: 'And nobody else' }),
  }),
  z.strictObject({
    option: described(name(/^MACHINE\\.+\\[^\\]+$/i, 'MACHINE\\Software\\…\\LegalNoticeText'), {
      fr: 'Option de sécurité, par son chemin de registre : MACHINE\\Software\\…\\LegalNoticeText',
      en: 'Security option, by its registry path: MACHINE\\Software\\…\\LegalNoticeText',
    }),
    data: described(z.union([z.int(), z.string().max(1024), z.array(z.string().max(1024)).min(1).max(32)]), {
      fr: 'Sa valeur',
      en: 'Its value',
    }),
  }),
  z.strictObject({
    service: described(name(/^[A-Za-z0-9_.$ -]{1,128}$/, 'Spooler'), {
      fr: 'Service système, par son nom court',
      en: 'System service, by its own name',
    }),
    start: described(z.enum(['automatic', 'manual', 'disabled']), {
      fr: 'Son démarrage',
      en: 'How it starts',
    }),
  }),
])
type Wanted = z.output<typeof securitySchema>

/** Whether a setting of a template is about what was asked, and then whether it is as asked; else null. */
function compared(one: SecuritySetting, wanted: Wanted): boolean | null {
  switch (one.section) {
    case 'system-access':
    case 'kerberos-policy':
    case 'event-log':
      if (!('setting' in wanted) || !sameName(one.name, wanted.setting)) return null
      return sameValue(one.value, wanted.value)
    case 'event-audit':
      if (!('audit' in wanted) || !sameName(one.name, wanted.audit)) return null
      return one.success === wanted.success && one.failure === wanted.failure
    case 'privilege-rights':
      if (!('right' in wanted) || !sameName(one.right, wanted.right)) return null
      return holds(one.accounts, wanted)
    case 'registry-values':
      if (!('option' in wanted) || !sameName(`${one.key}\\${one.value}`, wanted.option)) return null
      return sameValue(one.data.value, wanted.data)
    case 'service':
      if (!('service' in wanted) || !sameName(one.name, wanted.service)) return null
      return one.start === starts[wanted.start]
    default:
      return null
  }
}

/** Throws NotObserved where it depends on whose name stands there instead of an identifier. */
function holds(accounts: readonly string[], wanted: Extract<Wanted, { right: string }>): boolean {
  const identified = accounts.filter((account) => account.startsWith('S-1-'))
  const all = wanted.accounts.every((sid) => identified.includes(sid))
  const others = identified.some((sid) => !wanted.accounts.includes(sid))
  if (others && wanted.exactly) return false
  if (identified.length === accounts.length) return all
  if (all && !wanted.exactly) return true
  throw new NotObserved('unparsable', `${wanted.right} is given to a name that stands for no identifier`)
}

const subject = (wanted: Wanted): string => {
  if ('setting' in wanted) return wanted.setting
  if ('audit' in wanted) return wanted.audit
  if ('right' in wanted) return wanted.right
  return 'option' in wanted ? wanted.option : wanted.service
}

const audited = ({ success, failure }: { success: boolean; failure: boolean }): Text => {
  if (success && failure) return { fr: 'succès et échecs', en: 'successes and failures' }
  if (success) return { fr: 'succès', en: 'successes' }
  return failure ? { fr: 'échecs', en: 'failures' } : { fr: 'aucun audit', en: 'no auditing' }
}

const started = (start: number): Text => {
  if (start === starts.automatic) return { fr: 'démarrage automatique', en: 'automatic start' }
  if (start === starts.manual) return { fr: 'démarrage manuel', en: 'manual start' }
  return start === starts.disabled
    ? { fr: 'désactivé', en: 'disabled' }
    : { fr: `démarrage ${start}`, en: `start ${start}` }
}

function askedText(wanted: Wanted): Text {
  if ('setting' in wanted) return { fr: `= ${shownValue(wanted.value)}`, en: `= ${shownValue(wanted.value)}` }
  if ('option' in wanted) return { fr: `= ${shownValue(wanted.data)}`, en: `= ${shownValue(wanted.data)}` }
  if ('audit' in wanted) return prefixed(audited(wanted))
  if ('service' in wanted) return prefixed(started(starts[wanted.start]))
  const list = printableList(wanted.accounts)
  if (wanted.accounts.length === 0)
    return wanted.exactly ? { fr: ': à personne', en: ': nobody' } : { fr: ': défini', en: ': defined' }
  return wanted.exactly
    ? { fr: `: ${list} et personne d’autre`, en: `: ${list} and nobody else` }
    : { fr: `: ${list}`, en: `: ${list}` }
}

const prefixed = ({ fr, en }: Text): Text => ({ fr: `: ${fr}`, en: `: ${en}` })

function seenText(one: SecuritySetting): Text {
  switch (one.section) {
    case 'event-audit':
      return prefixed(audited(one))
    case 'service':
      return prefixed(started(one.start))
    case 'privilege-rights':
      return one.accounts.length === 0
        ? { fr: ': à personne', en: ': nobody' }
        : { fr: `: ${printableList(one.accounts)}`, en: `: ${printableList(one.accounts)}` }
    case 'registry-values':
      return { fr: `= ${shownValue(one.data.value)}`, en: `= ${shownValue(one.data.value)}` }
    case 'system-access':
    case 'kerberos-policy':
    case 'event-log':
      return { fr: `= ${shownValue(one.value)}`, en: `= ${shownValue(one.value)}` }
    default:
      return { fr: '', en: '' }
  }
}

const sentence = (about: string, { fr, en }: Text): Text => ({
  fr: `${printable(about)} ${fr}`,
  en: `${printable(about)}${en.startsWith(':') ? '' : ' '}${en}`,
})

/** A security setting. */
export function security(wanted: Wanted): AskedSetting {
  const { fr, en } = sentence(subject(wanted), askedText(wanted))
  return {
    text: { fr: `paramètre de sécurité ${fr}`, en: `security setting ${en}` },
    files: /^machine\/microsoft\/windows nt\/secedit\/gpttmpl\.inf$/,
    found: (settings) => {
      const found = settings.flatMap((one): Found[] => {
        if (one.source !== 'security' || one.scope !== 'computer') return []
        const matches = compared(one.setting, wanted)
        if (matches === null) return []
        return [{ matches, side: 'computer', text: sentence(subject(wanted), seenText(one.setting)) }]
      })
      if (new Set(found.map(({ matches }) => matches)).size > 1)
        throw new NotObserved('unparsable', `${subject(wanted)} is set twice, and differently`)
      return found
    },
  }
}
