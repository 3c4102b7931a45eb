import { z } from 'zod'
import { valueSchema } from './drawn-values.ts'
import { pattern } from './pattern.ts'
import type { Variables } from './placeholder.ts'

/**
 * A session: one sitting. An exam, candidates, their machines, and *references* to credentials: the values are in the
 * environment (`env:NAME`) or in the encrypted vault (`vault:name`), never here.
 */
const name = z
  .string()
  .min(1)
  .max(64)
  .regex(
    pattern(/^[a-z][a-z0-9-]*$/, {
      fr: 'un nom fait de minuscules, de chiffres et de tirets, et commence par une lettre',
      en: 'a name is made of lower-case letters, digits and hyphens, and starts with a letter',
    }),
  )
const secretReference = z.string().regex(
  pattern(/^(env:[A-Z_][A-Z0-9_]*|vault:[a-z0-9][a-z0-9._-]*)$/, {
    fr: 'un secret ne s’écrit pas ici : env:NOM (environnement) ou vault:nom (coffre)',
    en: 'a secret is not written here: env:NAME (environment) or vault:name (vault)',
  }),
)
const fingerprint = z.string().regex(
  pattern(/^SHA256:[A-Za-z0-9+/]{43}$/, {
    fr: 'une empreinte SHA256:… telle que « ssh-keygen -l » l’affiche',
    en: 'a fingerprint SHA256:… as “ssh-keygen -l” prints it',
  }),
)
/** Port, written as a number, or as a placeholder that gives one. */
const port = z.int().min(1).max(65_535)
/** A host name or address. Nothing that a shell, a URL or an option parser could read as more. */
const address = z
  .string()
  .min(1)
  .max(253)
  .regex(
    pattern(/^[A-Za-z0-9:][A-Za-z0-9.:-]*$/, {
      fr: 'une adresse IP ou un nom de machine, sans port ni espace',
      en: 'an IP address or a host name, without port or space',
    }),
  )

export const credentialSchema = z.strictObject({
  user: z.string().min(1).max(256).optional(),
  password: secretReference.optional(),
  key: secretReference.optional(),
  passphrase: secretReference.optional(),
  /** SNMPv2c community. */
  community: secretReference.optional(),
  /** SNMPv3 USM. */
  auth: z
    .strictObject({
      protocol: z.enum(['sha', 'sha224', 'sha256', 'sha384', 'sha512']),
      secret: secretReference,
    })
    .optional(),
  privacy: z
    .strictObject({ protocol: z.enum(['aes', 'aes256b', 'aes256r']), secret: secretReference })
    .optional(),
})
export type Credential = z.infer<typeof credentialSchema>

/** `first-use`: what answers first is recorded and from then on required. `SHA256:…` (base64, as ssh-keygen prints it): pinned. */
const identity = z.union([z.literal('first-use'), fingerprint])

export const sshSchema = z.strictObject({
  credential: name,
  port: port.default(22),
  /** Name of another target (or of an entry of `shared`) to go through. */
  jump: name.optional(),
  identity: identity.default('first-use'),
  /** What answers behind it: a POSIX shell, or the PowerShell of a Windows machine (OpenSSH for Windows). */
  shell: z.enum(['posix', 'powershell']).default('posix'),
})
const domain = z.string().regex(
  pattern(/^[A-Za-z0-9.-]{1,253}$/, {
    fr: 'un nom DNS, comme « agence1.lan »',
    en: 'a DNS name, like “agence1.lan”',
  }),
)
export const ldapSchema = z
  .strictObject({
    credential: name.optional(),
    /** Asked inside the machine, through its PowerShell, where the domain controller has no certificate. */
    through: z.literal('powershell').optional(),
    tls: z.enum(['ldaps', 'starttls']).default('ldaps'),
    port: port.optional(),
    /** The domain that must answer; another one is `unknown/identity`. */
    domain,
    /** A CA file (path relative to the session), or the certificate itself pinned, or trusted on first use. */
    ca: z.string().optional(),
    identity: identity.optional(),
  })
  .refine(({ credential, through }) => credential !== undefined || through !== undefined, {
    params: {
      fr: 'donnez « credential » (annuaire joint par TLS), ou « through: powershell » (par le PowerShell de la machine)',
      en: 'give “credential” (directory reached over TLS), or “through: powershell” (by the PowerShell of the machine)',
    },
    path: ['credential'],
  })
  .refine(({ credential, through }) => credential === undefined || through === undefined, {
    params: {
      fr: 'donnez « credential » (annuaire joint par TLS) ou « through: powershell », pas les deux',
      en: 'give “credential” (directory reached over TLS) or “through: powershell”, not both',
    },
    path: ['credential'],
  })
const domainSid = z.string().regex(
  pattern(/^S-1-5-21(-\d{1,10}){3}$/, {
    fr: 'le SID du domaine ou de la machine (S-1-5-21-…)',
    en: 'the SID of the domain or machine (S-1-5-21-…)',
  }),
)
/** Windows remote management: sealed NTLM on HTTP, as Windows is installed, or TLS bound to its channel. */
export const winrmSchema = z
  .strictObject({
    /** `DOMAIN\\user`, `user@domain`, or a local account's name. */
    credential: name,
    scheme: z.enum(['http', 'https']).default('http'),
    /** 5985, or 5986 with https. */
    port: port.optional(),
    /** For https: a CA file (path relative to the session). */
    ca: z.string().optional(),
    /**
     * Who must answer. https: the certificate, pinned or trusted on first use. http: the machine or domain that the account
     * belongs to, by its SID (`S-1-5-21-…`), pinned or trusted on first use.
     */
    identity: z.union([identity, domainSid]).optional(),
  })
  .superRefine(({ scheme, ca, identity: expected = 'first-use' }, context) => {
    const wrong = (path: string, fr: string, en: string) =>
      context.addIssue({ code: 'custom', path: [path], params: { fr, en } })
    if (scheme === 'http' && ca !== undefined)
      wrong(
        'ca',
        'une autorité n’a de sens qu’avec « scheme: https »',
        'an authority only makes sense with “scheme: https”',
      )
    if (scheme === 'http' && expected.startsWith('SHA256:'))
      wrong(
        'identity',
        'sans TLS, l’identité est le SID du domaine ou de la machine : S-1-5-21-…',
        'without TLS the identity is the SID of the domain or machine: S-1-5-21-…',
      )
    if (scheme === 'https' && expected.startsWith('S-1-'))
      wrong(
        'identity',
        'avec TLS, l’identité est l’empreinte du certificat : SHA256:…',
        'with TLS the identity is the fingerprint of the certificate: SHA256:…',
      )
  })
/** The SYSVOL of a domain controller over SMB, for what a group policy holds. */
export const smbSchema = z.strictObject({ credential: name, port: port.default(445) })
export const snmpSchema = z.strictObject({
  credential: name,
  version: z.union([z.literal('2c'), z.literal(3)]).default(3),
  port: port.default(161),
})
/** Basic authentication for probes that ask for it, and the CA or pinned certificate for https. */
export const httpSchema = z.strictObject({
  credential: name.optional(),
  ca: z.string().optional(),
  identity: identity.optional(),
})

const waysOfAsking = {
  ssh: sshSchema.optional(),
  /** The machine that the agent runs on: its POSIX shell (`true`), or its PowerShell. */
  local: z.union([z.literal(true), z.literal('powershell')]).optional(),
  winrm: winrmSchema.optional(),
  smb: smbSchema.optional(),
  ldap: ldapSchema.optional(),
  snmp: snmpSchema.optional(),
  http: httpSchema.optional(),
}
export const targetSchema = z.strictObject({ address, ...waysOfAsking })
export type Target = z.infer<typeof targetSchema>

/** A machine that several candidates share: at most `candidates` of them are graded at once. */
export const sharedTargetSchema = z.strictObject({
  address,
  ...waysOfAsking,
  candidates: z.int().min(1).max(64).default(4),
})

export const candidateSchema = z.strictObject({
  code: z
    .string()
    .min(1)
    .max(32)
    .regex(
      pattern(/^[A-Za-z0-9][A-Za-z0-9_-]*$/, {
        fr: 'un code fait de lettres sans accent, de chiffres, - et _',
        en: 'a code made of letters without accent, digits, - and _',
      }),
    ),
  n: z.int().min(0).max(100_000),
  seat: z.string().max(32).optional(),
  'extra-minutes': z.int().min(0).max(600).optional(),
  variables: z.record(name, valueSchema).optional(),
  /** What differs for this candidate from `targets`, merged over it key by key. */
  targets: z.record(name, z.record(z.string(), z.unknown())).optional(),
})
export type Candidate = z.infer<typeof candidateSchema>

/** The file as written: targets may still hold placeholders, so they are checked after these are resolved. */
export const sessionFileSchema = z.strictObject({
  exam: z.string().min(1).max(1024),
  date: z.iso.date(),
  title: z.string().max(200).optional(),
  /** What the exam's drawn values are drawn from; the date where absent. Another seed, other values. */
  seed: z.string().min(1).max(200).optional(),
  credentials: z.record(name, z.record(z.string(), z.unknown())).default({}),
  shared: z.record(name, z.record(z.string(), z.unknown())).default({}),
  targets: z.record(name, z.record(z.string(), z.unknown())).default({}),
  /** Answers a ping as long as the room's network works. */
  control: z.strictObject({ address }).optional(),
  candidates: z.array(candidateSchema).min(1).max(64),
})
export type SessionFile = z.infer<typeof sessionFileSchema>

/** What the values of a session's candidates are drawn from. */
export const seedOf = ({ seed, date }: SessionFile): string => seed ?? date

/** One candidate's machines with every placeholder resolved: what the agent connects to. */
export interface ResolvedTarget {
  readonly role: string
  readonly target: Target
  /** Name in `shared`, and how many candidates may be graded on it at once; null for a machine of the candidate's own. */
  readonly shared: { readonly name: string; readonly candidates: number } | null
}
export interface ResolvedCandidate {
  readonly candidate: Candidate
  /** All that placeholders stand for, for this candidate. */
  readonly variables: Variables
  readonly targets: Readonly<Record<string, ResolvedTarget>>
  readonly credentials: Readonly<Record<string, Credential>>
}

/** How the PowerShell of a machine is reached; null where the session gives no way. */
export function powershellWay(target: Target): 'winrm' | 'powershell-ssh' | 'powershell-local' | null {
  if (target.local === 'powershell') return 'powershell-local'
  if (target.winrm) return 'winrm'
  return target.ssh?.shell === 'powershell' ? 'powershell-ssh' : null
}

/** How the POSIX shell of a machine is reached; null where the session gives no way. */
export function shellWay(target: Target): 'ssh' | 'local' | null {
  if (target.local === true) return 'local'
  return target.ssh?.shell === 'posix' ? 'ssh' : null
}
