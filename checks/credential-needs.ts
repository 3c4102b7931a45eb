import type { Credential, Target } from './session.ts'
import type { Text } from './text.ts'

/** The ways that prove who asks. */
export const waysWithCredential = ['ssh', 'winrm', 'smb', 'ldap', 'snmp', 'http'] as const
type Way = (typeof waysWithCredential)[number]

/** What a credential lacks of what a way to a machine proves itself by; null where it has all. */
export function lackOf(way: Way, credential: Credential, target: Target): Text | null {
  const has = (key: keyof Credential) => credential[key] !== undefined
  if (way === 'snmp' && target.snmp?.version === '2c')
    return has('community') ? null : { fr: 'SNMP 2c demande « community »', en: 'SNMP 2c takes “community”' }
  if (way === 'snmp') {
    if (!has('user')) return { fr: 'SNMP 3 demande « user »', en: 'SNMP 3 takes “user”' }
    if (!has('privacy') || has('auth')) return null
    return { fr: '« privacy » demande aussi « auth »', en: '“privacy” takes “auth” as well' }
  }
  if (way === 'ssh')
    return has('user') && (has('password') || has('key'))
      ? null
      : {
          fr: 'ssh demande « user », et « password » ou « key »',
          en: 'ssh takes “user”, and “password” or “key”',
        }
  if (has('user') && has('password')) return null
  const key: Text = has('key')
    ? { fr: ', une clé ne sert qu’à ssh', en: ', a key serves ssh only' }
    : { fr: '', en: '' }
  return {
    fr: `${way} demande « user » et « password »${key.fr}`,
    en: `${way} takes “user” and “password”${key.en}`,
  }
}
