import { sha256 } from '@noble/hashes/sha2.js'
import { bytesToHex, utf8ToBytes } from '@noble/hashes/utils.js'
import canonicalize from 'canonicalize'
import { z } from 'zod'

/**
 * A probe (mesure): one question as plain data, asked *from* the agent or a role *to* a role. It names what it
 * needs, never a secret, and is never text put together: argv arrays, filter trees, OIDs.
 */
const common = {
  /** Who asks: the agent, or a role of the session that lends its shell as vantage point. */
  from: z.string().min(1).max(64),
  /** Which role is asked. */
  to: z.string().min(1).max(64),
  /** `none` changes nothing; `transient` leaves a trace that goes away and needs the demand's consent. */
  effect: z.enum(['none', 'transient']),
  timeoutMs: z.int().min(50).max(120_000),
  /** More than this of an answer is cut, and the cut is said. */
  maxBytes: z.int().min(64).max(4_194_304),
}

const argument = z
  .string()
  .max(4096)
  .refine((s) => !s.includes('\0'), 'NUL')

/** Runs one program, without a shell, with `LC_ALL=C`. `as: 'root'` goes through `sudo -n`. */
export const commandProbe = z.strictObject({
  kind: z.literal('command'),
  argv: z.array(argument).min(1).max(64),
  as: z.enum(['login', 'root']),
  ...common,
})

/** What a path is (never following a last symbolic link), and its content where asked. */
export const fileProbe = z.strictObject({
  kind: z.literal('file'),
  path: z
    .string()
    .min(1)
    .max(1024)
    .startsWith('/')
    .refine((s) => !/[\0\n]/.test(s), 'NUL'),
  content: z.boolean(),
  as: z.enum(['login', 'root']),
  ...common,
})

const attribute = z.string().regex(/^[A-Za-z][A-Za-z0-9-]{0,63}$|^\d+(\.\d+)+$/)
export type LdapFilter =
  | { and: LdapFilter[] }
  | { or: LdapFilter[] }
  | { not: LdapFilter }
  | { equals: [string, string] }
  | { present: string }
const ldapFilter: z.ZodType<LdapFilter> = z.lazy(() =>
  z.union([
    z.strictObject({ and: z.array(ldapFilter).min(1).max(32) }),
    z.strictObject({ or: z.array(ldapFilter).min(1).max(32) }),
    z.strictObject({ not: ldapFilter }),
    z.strictObject({ equals: z.tuple([attribute, z.string().max(1024)]) }),
    z.strictObject({ present: attribute }),
  ]),
)

/** A search, below a naming context named by its role in the rootDSE; the RDNs go from the innermost outwards. */
export const ldapProbe = z.strictObject({
  kind: z.literal('ldap'),
  context: z.enum(['root', 'default', 'configuration', 'schema']),
  rdns: z.array(z.tuple([attribute, z.string().min(1).max(256)])).max(32),
  scope: z.enum(['base', 'one', 'sub']),
  filter: ldapFilter,
  attributes: z.array(attribute).min(1).max(64),
  /** Attributes that come back as base64 of their bytes (objectSid, nTSecurityDescriptor …). */
  binary: z.array(attribute).max(16),
  sizeLimit: z.int().min(1).max(5000),
  ...common,
})

const oid = z.string().regex(/^1(\.\d{1,10}){1,63}$/)

/** SNMP GET of some objects, or a bounded walk of one subtree. `community` is for well-known ones only (`public`). */
export const snmpProbe = z.strictObject({
  kind: z.literal('snmp'),
  op: z.enum(['get', 'walk']),
  oids: z.array(oid).min(1).max(32),
  maxRows: z.int().min(1).max(10_000),
  community: z.enum(['public', 'private']).nullable(),
  ...common,
})

/** Echo requests (RFC 792, RFC 4443); silence is an answer here, what it means is the check's to say. */
export const icmpProbe = z.strictObject({ kind: z.literal('icmp'), count: z.int().min(1).max(5), ...common })

/** One connection attempt: open, refused (RST), unreachable (ICMP), or silent. */
export const tcpProbe = z.strictObject({
  kind: z.literal('tcp'),
  port: z.int().min(1).max(65_535),
  ...common,
})

/** One request, no redirect followed (a redirect may lead to a neighbour's machine). */
export const httpProbe = z.strictObject({
  kind: z.literal('http'),
  scheme: z.enum(['http', 'https']),
  port: z.int().min(1).max(65_535),
  method: z.enum(['GET', 'HEAD']),
  /** The `Host` header where it isn't the address. */
  host: z
    .string()
    .regex(/^[A-Za-z0-9.-]{1,253}$/)
    .nullable(),
  path: z
    .string()
    .min(1)
    .max(2048)
    .startsWith('/')
    .regex(/^[\x21-\x7e]+$/),
  /** Whether the target's `http` credential is sent (basic). */
  authenticated: z.boolean(),
  ...common,
})

/** One question to the DNS server that the role is (RFC 1035), not to the agent's resolver. */
export const dnsProbe = z.strictObject({
  kind: z.literal('dns'),
  name: z.string().min(1).max(253),
  type: z.enum(['A', 'AAAA', 'CNAME', 'MX', 'NS', 'PTR', 'SOA', 'SRV', 'TXT']),
  ...common,
})

/** A JSON value as a script takes and gives it; how deep it nests is bounded where it is read. */
export const jsonValue = z.json()

/**
 * Runs one PowerShell script of the project's own (reviewed, reading only), named by its file. `input` is its only
 * argument: never text that a command line or a script is put together from.
 */
export const powershellProbe = z.strictObject({
  kind: z.literal('powershell'),
  script: z.string().regex(/^[a-z][a-z0-9-]{0,63}$/),
  input: z.record(z.string().max(64), jsonValue),
  ...common,
})

/** The files that hold the settings of one group policy object, by its GUID ([MS-GPOL] 2.2.4), as the domain controller `to` has them. */
export const groupPolicyProbe = z.strictObject({
  kind: z.literal('group-policy'),
  guid: z.string().regex(/^[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}$/),
  ...common,
})

export const probeSchema = z.discriminatedUnion('kind', [
  commandProbe,
  fileProbe,
  ldapProbe,
  snmpProbe,
  icmpProbe,
  tcpProbe,
  httpProbe,
  dnsProbe,
  powershellProbe,
  groupPolicyProbe,
])
export type Probe = z.infer<typeof probeSchema>
export type ProbeKind = Probe['kind']
export type ProbeOf<K extends ProbeKind> = Extract<Probe, { kind: K }>

/** The probe's name in a run: SHA-256 (hex) of its canonical JSON (RFC 8785). Identical questions have one key. */
export function probeKey(probe: Probe): string {
  return bytesToHex(sha256(utf8ToBytes(canonicalize(probe) ?? '')))
}

const defaults = { from: 'agent', effect: 'none', timeoutMs: 5000, maxBytes: 65_536 } as const
type Limits = Partial<Pick<Probe, 'from' | 'timeoutMs' | 'maxBytes'>>

/** A program to run on the role `on`, as an argv array. */
export const command = (
  on: string,
  argv: readonly string[],
  options: Limits & { as?: 'login' | 'root' } = {},
): ProbeOf<'command'> => ({ kind: 'command', as: 'login', ...defaults, ...options, argv: [...argv], to: on })

/** What a path is on the role `on`. */
export const file = (
  on: string,
  path: string,
  options: Limits & { as?: 'login' | 'root'; content?: boolean } = {},
): ProbeOf<'file'> => ({ kind: 'file', as: 'login', content: false, ...defaults, ...options, path, to: on })

/** A search in the directory that the role `on` serves. */
export const ldap = (
  on: string,
  search: Pick<ProbeOf<'ldap'>, 'filter' | 'attributes'> & Partial<ProbeOf<'ldap'>>,
): ProbeOf<'ldap'> => ({
  kind: 'ldap',
  context: 'default',
  rdns: [],
  scope: 'sub',
  binary: [],
  sizeLimit: 1000,
  ...defaults,
  maxBytes: 1_048_576,
  ...search,
  to: on,
})

/** SNMP objects of the device `on`. */
export const snmpGet = (
  on: string,
  oids: readonly string[],
  options: Limits & { community?: 'public' | 'private' } = {},
): ProbeOf<'snmp'> => ({
  kind: 'snmp',
  op: 'get',
  maxRows: oids.length,
  ...defaults,
  community: null,
  ...options,
  oids: [...oids],
  to: on,
})

/** Subtrees of the device `on`, bounded in rows. */
export const snmpWalk = (
  on: string,
  oids: readonly string[],
  options: Limits & { maxRows?: number } = {},
): ProbeOf<'snmp'> => ({
  kind: 'snmp',
  op: 'walk',
  maxRows: 4096,
  community: null,
  ...defaults,
  maxBytes: 262_144,
  ...options,
  oids: [...oids],
  to: on,
})

/** Two echo requests to the role `to`. */
export const icmp = (to: string, options: Limits & { count?: number } = {}): ProbeOf<'icmp'> => ({
  kind: 'icmp',
  count: 2,
  ...defaults,
  timeoutMs: 2000,
  ...options,
  to,
})

/** One connection attempt to a port of the role `to`. */
export const tcp = (to: string, port: number, options: Limits = {}): ProbeOf<'tcp'> => ({
  kind: 'tcp',
  ...defaults,
  timeoutMs: 3000,
  ...options,
  port,
  to,
})

/** One request to the site that the role `to` serves. */
export const http = (
  to: string,
  request: Partial<Pick<ProbeOf<'http'>, 'scheme' | 'port' | 'method' | 'host' | 'path' | 'authenticated'>> &
    Limits,
): ProbeOf<'http'> => ({
  kind: 'http',
  method: 'GET',
  host: null,
  path: '/',
  authenticated: false,
  ...defaults,
  maxBytes: 262_144,
  ...request,
  scheme: request.scheme ?? 'http',
  port: request.port ?? (request.scheme === 'https' ? 443 : 80),
  to,
})

/** One question to the DNS server that the role `to` is. */
export const dns = (
  to: string,
  name: string,
  type: ProbeOf<'dns'>['type'],
  options: Limits = {},
): ProbeOf<'dns'> => ({
  kind: 'dns',
  ...defaults,
  timeoutMs: 3000,
  ...options,
  name,
  type,
  to,
})

/** A script of `agent/transports/powershell/scripts/`, run on the Windows machine `on`. */
export const powershell = (
  on: string,
  script: string,
  input: ProbeOf<'powershell'>['input'] = {},
  options: Limits = {},
): ProbeOf<'powershell'> => ({
  kind: 'powershell',
  ...defaults,
  // Loading a module of Windows' own takes seconds on a small machine.
  timeoutMs: 15_000,
  maxBytes: 262_144,
  ...options,
  script,
  input,
  to: on,
})

/** The settings of a policy, by its GUID in lower case without braces, on the domain controller `on`. */
export const groupPolicy = (on: string, guid: string, options: Limits = {}): ProbeOf<'group-policy'> => ({
  kind: 'group-policy',
  ...defaults,
  timeoutMs: 15_000,
  maxBytes: 1_048_576,
  ...options,
  guid,
  to: on,
})
