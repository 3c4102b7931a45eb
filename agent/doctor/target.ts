import type { Text } from '../../checks/text.ts'
import { targetSchema, type Credential, type Target } from '../../checks/session.ts'
import type { DoctorWay } from './step.ts'

/** A secret that must be had before a machine is asked. */
export type SecretKind = 'password' | 'community' | 'auth' | 'privacy'

/** A machine named by its address and a way, outside any session. */
export interface AddressedTarget {
  readonly way: DoctorWay
  readonly target: Target
  readonly user: string | null
  readonly secrets: readonly SecretKind[]
  readonly protocols: { readonly auth: Auth; readonly privacy: Privacy }
}
type Auth = NonNullable<Credential['auth']>['protocol']
type Privacy = NonNullable<Credential['privacy']>['protocol']

/** Why an address is none. */
export class WrongTarget extends Error {
  readonly text: Text

  constructor(text: Text) {
    super(text.en)
    this.text = text
  }
}

/** Schemes of addresses, and what may follow the question mark. */
const schemes = {
  winrm: ['identity'],
  'winrm+https': ['identity', 'ca'],
  ssh: ['identity'],
  'ssh+powershell': ['identity'],
  ldaps: ['domain', 'identity', 'ca'],
  'ldap+starttls': ['domain', 'identity', 'ca'],
  smb: ['domain'],
  snmp: ['version', 'auth', 'privacy'],
  icmp: [],
} as const satisfies Record<string, readonly string[]>
type Scheme = keyof typeof schemes

/** Whether something typed is an address with a way, rather than the role of a session. */
export const isAddress = (typed: string): boolean => typed.includes('://')

const form = /^([a-z+]+):\/\/(?:(.*)@)?(\[[0-9A-Fa-f:.]+\]|[^@:/?\s[\]]+)(?::(\d{1,5}))?\/?(?:\?(.*))?$/s

/** Reads `winrm://surveillant@10.0.1.10` and the like. Throws a WrongTarget; a password in it is one. */
export function readTarget(typed: string): AddressedTarget {
  const [, scheme = '', user, host = '', port, query = ''] = form.exec(typed) ?? []
  if (!Object.hasOwn(schemes, scheme))
    throw new WrongTarget({
      fr: `l’adresse s’écrit moyen://compte@machine, où moyen est ${Object.keys(schemes).join(', ')}`,
      en: `the address is written way://account@machine, where way is ${Object.keys(schemes).join(', ')}`,
    })
  const way = scheme as Scheme
  const given = parametersOf(query, way)
  const account = user === undefined ? null : decoded(user)
  if (account?.includes(':'))
    throw new WrongTarget({
      fr: 'un mot de passe ne s’écrit pas dans une commande : il est demandé sans écho, ou pris par --password-env NOM. Changez celui-ci, l’historique du terminal l’a gardé',
      en: 'a password is not written in a command: it is asked for without echo, or taken by --password-env NAME. Change this one, the terminal’s history has kept it',
    })
  const address = host.replace(/^\[|\]$/g, '')
  const parsed = targetSchema.safeParse({
    address,
    ...wayOf(way, port === undefined ? {} : { port: Number(port) }, given),
  })
  if (!parsed.success) {
    const issue = parsed.error.issues[0]
    const said = issue?.code === 'custom' ? (issue.params as Partial<Text> | undefined) : undefined
    if (said?.fr !== undefined && said.en !== undefined) throw new WrongTarget({ fr: said.fr, en: said.en })
    const at = issue?.path.join('.') ?? ''
    throw new WrongTarget({
      fr: `cette adresse ne convient pas (${at}) : corrigez-la`,
      en: `this address does not fit (${at}): correct it`,
    })
  }
  const secrets = secretsOf(way, given)
  const needsAccount = secrets.length > 0 && secrets[0] !== 'community'
  if (needsAccount && !account)
    throw new WrongTarget({
      fr: `il manque le compte : ${way}://compte@${host}`,
      en: `the account is missing: ${way}://account@${host}`,
    })
  return {
    way: doctorWay[way],
    target: parsed.data,
    user: account,
    secrets,
    protocols: {
      auth: (given['auth'] ?? 'sha256') as Auth,
      privacy: (given['privacy'] ?? 'aes') as Privacy,
    },
  }
}

/** What may be written otherwise in an address. */
export interface Rewriting {
  readonly scheme?: Scheme
  readonly user?: string
  readonly port?: number | null
  readonly identity?: string
}

/** The address as it was typed, but for what is given: everything else of it stays. A port of null is left out. */
export function rewritten(typed: string, { scheme, user, port, identity }: Rewriting): string {
  const [, way = '', account, host = '', number, query = ''] = form.exec(typed) ?? []
  const name = user === undefined ? account : user.replaceAll('%', '%25')
  const at = port === undefined ? number : (port ?? undefined)
  const parameters = query.split('&').filter((part) => part !== '')
  const kept = identity === undefined ? parameters : parameters.filter((one) => !one.startsWith('identity='))
  const all = identity === undefined ? kept : [...kept, `identity=${identity}`]
  return [
    `${scheme ?? way}://`,
    name === undefined ? '' : `${name}@`,
    host,
    at === undefined ? '' : `:${at}`,
    all.length === 0 ? '' : `?${all.join('&')}`,
  ].join('')
}

const doctorWay: Readonly<Record<Scheme, DoctorWay>> = {
  winrm: 'winrm',
  'winrm+https': 'winrm',
  ssh: 'ssh',
  'ssh+powershell': 'powershell-ssh',
  ldaps: 'ldap',
  'ldap+starttls': 'ldap',
  smb: 'smb',
  snmp: 'snmp',
  icmp: 'icmp',
}

function parametersOf(query: string, scheme: Scheme): Record<string, string> {
  const allowed: readonly string[] = schemes[scheme]
  const given = Object.fromEntries(
    query
      .split('&')
      .filter((part) => part !== '')
      .map((part) => {
        const at = part.indexOf('=')
        return at < 0 ? [part, ''] : [part.slice(0, at), decoded(part.slice(at + 1))]
      }),
  ) as Record<string, string>
  const unknown = Object.keys(given).find((name) => !allowed.includes(name))
  if (unknown !== undefined)
    throw new WrongTarget({
      fr: `« ${unknown} » ne va pas avec ${scheme} ; possibles : ${allowed.join(', ') || 'rien'}`,
      en: `“${unknown}” does not go with ${scheme}; possible: ${allowed.join(', ') || 'nothing'}`,
    })
  const { version = '3', auth = 'sha256', privacy = 'aes' } = given
  if (
    !['2c', '3'].includes(version) ||
    !['sha', 'sha224', 'sha256', 'sha384', 'sha512'].includes(auth) ||
    !['aes', 'aes256b', 'aes256r'].includes(privacy)
  )
    throw new WrongTarget({
      fr: 'écrivez version 2c ou 3 ; auth sha, sha224, sha256, sha384 ou sha512 ; privacy aes, aes256b ou aes256r',
      en: 'write version 2c or 3; auth sha, sha224, sha256, sha384 or sha512; privacy aes, aes256b or aes256r',
    })
  if (allowed.includes('domain') && !given['domain'])
    throw new WrongTarget({
      fr: `il manque le domaine attendu : ${scheme}://…?domain=agence.lan`,
      en: `the expected domain is missing: ${scheme}://…?domain=agence.lan`,
    })
  return given
}

/** The name under which a context finds what was typed. */
export const typedCredential = 'typed'

function wayOf(
  scheme: Scheme,
  port: { port?: number },
  { identity, ca, domain = '', version }: Record<string, string>,
): Record<string, unknown> {
  const trust = { ...(identity === undefined ? {} : { identity }), ...(ca === undefined ? {} : { ca }) }
  const common = { credential: typedCredential, ...port, ...trust }
  switch (scheme) {
    case 'winrm':
      return { winrm: { ...common, scheme: 'http' } }
    case 'winrm+https':
      return { winrm: { ...common, scheme: 'https' } }
    case 'ssh':
      return { ssh: { ...common, shell: 'posix' } }
    case 'ssh+powershell':
      return { ssh: { ...common, shell: 'powershell' } }
    case 'ldaps':
      return { ldap: { ...common, tls: 'ldaps', domain } }
    case 'ldap+starttls':
      return { ldap: { ...common, tls: 'starttls', domain } }
    case 'smb':
      return { smb: { credential: typedCredential, ...port }, ldap: { through: 'powershell', domain } }
    case 'snmp':
      return { snmp: { credential: typedCredential, ...port, version: version === '2c' ? '2c' : 3 } }
    case 'icmp':
      return {}
  }
}

function secretsOf(scheme: Scheme, { version }: Record<string, string>): SecretKind[] {
  if (scheme === 'icmp') return []
  if (scheme === 'snmp') return version === '2c' ? ['community'] : ['auth', 'privacy']
  return ['password']
}

function decoded(text: string): string {
  try {
    return decodeURIComponent(text)
  } catch {
    return text
  }
}
