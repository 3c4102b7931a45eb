/** Ordinary questions to the lab's services with the libraries themselves, none of Probant's own transports. */
import { Client as Ldap } from 'ldapts'
import { readFileSync } from 'node:fs'
import { createConnection } from 'node:net'
import {
  AuthProtocols,
  ObjectType,
  PrivProtocols,
  SecurityLevel,
  Session,
  Version2c,
  Version3,
  type User,
} from 'net-snmp'
import { Client as Ssh, type ConnectConfig } from 'ssh2'

/** A secret of the lab's environment, or '' outside it. */
export const secret = (name: string): string => process.env[name] ?? ''

/** Runs one shell line on a machine; rejects where the connection or the authentication fails. */
export function ssh(
  host: string,
  line: string,
  login: Partial<ConnectConfig> = { privateKey: secret('LAB_SSH_KEY') },
): Promise<string> {
  return new Promise((resolve, reject) => {
    const client = new Ssh()
    client.on('error', reject)
    client.on('ready', () => {
      client.exec(line, (error, channel) => {
        if (error) return reject(error)
        let answer = ''
        channel.on('data', (data: Buffer) => (answer += data.toString()))
        channel.stderr.on('data', (data: Buffer) => (answer += data.toString()))
        channel.on('close', () => {
          client.end()
          resolve(answer.trim())
        })
      })
    })
    client.connect({ host, username: 'probant', readyTimeout: 8000, ...login })
  })
}

/** The SHA-256 of a machine's SSH host key, in hexadecimal. */
export function hostKey(host: string): Promise<string> {
  return new Promise((resolve, reject) => {
    const client = new Ssh()
    client.on('error', reject)
    client.connect({
      host,
      username: 'probant',
      hostHash: 'sha256',
      hostVerifier: (hash: string) => {
        resolve(hash)
        return false
      },
    })
  })
}

/** Entries below the domain of a controller, over LDAPS with the lab's authority. */
export async function ldap(
  n: number,
  domain: string,
  filter: string,
  options: {
    base?: string
    scope?: 'base' | 'sub'
    user?: string
    attributes?: string[]
    scheme?: 'ldap' | 'ldaps'
  } = {},
): Promise<Record<string, unknown>[]> {
  const scheme = options.scheme ?? 'ldaps'
  const client = new Ldap({
    url: `${scheme}://10.0.${n}.10`,
    timeout: 10_000,
    connectTimeout: 10_000,
    ...(scheme === 'ldaps' && { tlsOptions: { ca: readFileSync(secret('LAB_CA')) } }),
  })
  try {
    await client.bind(options.user ?? `lecture@${domain}`, secret('LAB_AD_PASSWORD'))
    const base = options.base ?? `DC=${domain.replace('.', ',DC=')}`
    const { searchEntries } = await client.search(base, {
      filter,
      scope: options.scope ?? 'sub',
      attributes: options.attributes ?? [],
    })
    return searchEntries
  } finally {
    await client.unbind()
  }
}

/** One SNMP value: a community for v2c, or the lab's v3 user where none is given. */
export function snmpGet(host: string, oid: string, community?: string): Promise<Buffer | number> {
  const user: User = {
    name: 'probant',
    level: SecurityLevel['authPriv']!,
    authProtocol: AuthProtocols['sha256'],
    authKey: secret('LAB_SNMP_AUTH'),
    privProtocol: PrivProtocols['aes'],
    privKey: secret('LAB_SNMP_PRIV'),
  }
  const version = community === undefined ? Version3 : Version2c
  const session = new Session(host, community ?? user, { version, port: 161, retries: 0, timeout: 2000 })
  return new Promise((resolve, reject) => {
    session.get([oid], (error, bindings) => {
      session.close()
      if (error) return reject(error)
      const { type, value } = bindings[0]!
      if (type >= ObjectType['NoSuchObject']!) reject(new Error(ObjectType[type]))
      else resolve(value as Buffer | number)
    })
  })
}

/** What the first bytes of a TCP service are (to `question`), how a connection to it fails, or `silence` after `ms`. */
export function firstBytes(
  host: string,
  port: number,
  ms: number,
  question: Uint8Array = new Uint8Array(),
): Promise<string> {
  return new Promise((resolve) => {
    const line = createConnection({ host, port }, () => line.write(question))
    const end = (answer: string): void => {
      clearTimeout(deadline)
      line.destroy()
      resolve(answer)
    }
    const deadline = setTimeout(() => end('silence'), ms)
    line.on('data', (data) => end(data.toString('latin1')))
    line.on('error', (error: NodeJS.ErrnoException) => end(error.code ?? error.message))
  })
}
