import type { Socket } from 'node:net'
import type { Duplex } from 'node:stream'
import { BindRequest, ExtendedRequest } from 'ldapts'
import { NotObserved } from '../../../checks/observation.ts'
import type { ProbeOf } from '../../../checks/probe.ts'
import { bytesOf, securityIdentifier } from '../../../checks/active-directory/security-identifier.ts'
import type { Reply } from '../asking.ts'
import { readAuthority, verifiedTls, type Verified } from '../certificate.ts'
import { openStream } from '../stream.ts'
import { TransportFailure, type TransportContext } from '../transport.ts'
import { LdapConnection } from './connection.ts'
import { below, domainOf } from './distinguished-name.ts'
import { resultFailure, SUCCESS } from './result-code.ts'
import { search } from './search.ts'

/** RFC 4511, 4.14. */
const START_TLS = '1.3.6.1.4.1.1466.20037'

/** Naming contexts as the rootDSE names them ([MS-ADTS] 3.1.1.3.2). */
const contexts = {
  default: 'defaultnamingcontext',
  configuration: 'configurationnamingcontext',
  schema: 'schemanamingcontext',
} as const

/** A directory that was asked who it is, and believed, and that knows the account. */
export interface Directory {
  readonly connection: LdapConnection
  /** The domain's SID; the certificate's fingerprint where the account may not read it. */
  readonly identity: string
  /** DN of each naming context, as far as the directory has them. */
  readonly baseOf: (probe: Pick<ProbeOf<'ldap'>, 'context' | 'rdns'>) => string
}

/**
 * Connects, verifies the certificate, asks the rootDSE which domain answers, and only then sends the password.
 * Rejects with a TransportFailure: `identity` for another certificate or domain, `auth` for a refused account …
 */
export async function openDirectory(context: TransportContext, signal: AbortSignal): Promise<Directory> {
  const { ldap } = context.target
  if (ldap?.credential === undefined)
    throw new TransportFailure('grader', 'the session gives no way to ask this directory')
  const { user, password } = await context.credentials(ldap.credential)
  // RFC 4513, 5.1.2: a bind with an empty password succeeds for anybody, and proves nothing.
  if (!user || !password)
    throw new TransportFailure('grader', `credential ${ldap.credential} has no user or no password`)

  const { address } = context.target
  const { socket, fingerprint } = await secured(
    await openStream(address, ldapPort(ldap), signal),
    context,
    signal,
  )
  const connection = new LdapConnection(socket)
  try {
    const root = await readRoot(connection, signal)
    const naming = believedDomain(root, ldap.domain)
    await bind(connection, user, password, signal)
    return {
      connection,
      identity: (await readSid(connection, naming, signal)) ?? fingerprint,
      baseOf: ({ context: name, rdns }) => below(name === 'root' ? '' : namingContext(root, name), rdns),
    }
  } catch (error) {
    connection.close()
    throw error
  }
}

function namingContext(root: Record<string, string[]>, name: keyof typeof contexts): string {
  const [dn] = root[contexts[name]] ?? []
  if (dn === undefined) throw new TransportFailure('unparsable', `the directory names no ${contexts[name]}`)
  return dn
}

type Ldap = NonNullable<TransportContext['target']['ldap']>

/** The port that the session says, or the usual one. */
export const ldapPort = ({ port, tls }: Pick<Ldap, 'port' | 'tls'>): number =>
  port ?? (tls === 'ldaps' ? 636 : 389)

/** TLS over a connected stream, after StartTLS where the session says so, and its certificate believed. */
export async function secured(
  plain: Socket,
  context: Pick<TransportContext, 'target' | 'readFile' | 'checkIdentity'>,
  signal: AbortSignal,
): Promise<Verified> {
  const { address, ldap } = context.target
  plain.on('error', () => undefined) // told by the handshake
  try {
    if (!ldap) throw new TransportFailure('grader', 'the session gives no way to ask this directory')
    const port = ldapPort(ldap)
    const ca = ldap.ca === undefined ? undefined : await readAuthority(context, ldap.ca)
    const stream = ldap.tls === 'ldaps' ? plain : await startTls(plain, signal)
    return await verifiedTls(stream, {
      trust: {
        ca,
        identity: ldap.identity ?? (ca === undefined ? 'first-use' : undefined),
        // A domain controller's certificate bears its name in the domain, seldom its address.
        names: [address, ldap.domain, `.${ldap.domain}`],
      },
      checkIdentity: context.checkIdentity,
      where: `ldap ${address}:${port}`,
      serverName: address,
      signal,
    })
  } catch (error) {
    plain.destroy()
    throw error
  }
}

async function startTls(plain: Duplex, signal: AbortSignal): Promise<Duplex> {
  const connection = new LdapConnection(plain)
  const result = await connection.request(
    (messageId) => new ExtendedRequest({ messageId, oid: START_TLS }),
    signal,
  )
  if (result.code !== SUCCESS) throw resultFailure(result, 'StartTLS')
  return connection.release()
}

/** The DN of the domain that answers, which must be the one expected. Throws `identity` for another. */
export function believedDomain(root: Readonly<Record<string, string[]>>, expected: string): string {
  const naming = root[contexts.default]?.[0] ?? ''
  const domain = domainOf(naming)
  if (domain === expected.toLowerCase()) return naming
  throw new TransportFailure(
    'identity',
    `the directory of ${domain ?? 'no domain'} answers, not that of ${expected}`,
  )
}

/** A simple bind, over TLS. Rejects with a TransportFailure, `auth` where the account or its password is refused. */
export async function bind(
  connection: LdapConnection,
  user: string,
  password: string,
  signal: AbortSignal,
): Promise<void> {
  const bound = await connection.request(
    (messageId) => new BindRequest({ messageId, dn: user, password }),
    signal,
  )
  if (bound.code !== SUCCESS) throw resultFailure(bound, 'bind')
}

/** What every directory tells before anybody is known (RFC 4512, 5.1): its naming contexts, and its clock. */
export async function readRoot(
  connection: LdapConnection,
  signal: AbortSignal,
): Promise<Record<string, string[]>> {
  const attributes = [...Object.values(contexts), 'currenttime']
  return attributesOf(await search(connection, '', { ...oneEntry, attributes }, signal))
}

/** The domain's SID; null where the account may not read it. */
export async function readSid(
  connection: LdapConnection,
  naming: string,
  signal: AbortSignal,
): Promise<string | null> {
  const wanted = { ...oneEntry, attributes: ['objectSid'], binary: ['objectSid'] }
  const [sid] = attributesOf(await search(connection, naming, wanted, signal))['objectsid'] ?? []
  try {
    return sid === undefined ? null : securityIdentifier(bytesOf(sid))
  } catch (error) {
    if (error instanceof NotObserved) return null
    throw error
  }
}

const oneEntry = {
  scope: 'base',
  filter: { present: 'objectClass' },
  binary: [] as string[],
  sizeLimit: 1,
  maxBytes: 65_536,
  timeoutMs: 10_000,
} as const

const attributesOf = ({ answer }: Reply): Record<string, string[]> =>
  answer.kind === 'ldap' ? (answer.entries[0]?.attributes ?? {}) : {}
