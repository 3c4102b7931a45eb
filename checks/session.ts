import { z } from 'zod'
import { described } from './described.ts'
import { valueSchema } from './drawn-values.ts'
import { nameSchema as name } from './name.ts'
import { pattern } from './pattern.ts'
import type { Variables } from './placeholder.ts'

/**
 * A session: one sitting. An exam, candidates, their machines, and *references* to credentials: the values are in the
 * environment (`env:NAME`) or in the encrypted vault (`vault:name`), never here.
 */
const secretReference = z.string().regex(
  pattern(/^(env:[A-Z_][A-Z0-9_]*|vault:[a-z0-9][a-z0-9._-]*)$/, {
    fr: 'un secret ne s’écrit pas ici : env:NOM (environnement) ou vault:nom (coffre)',
    en: 'a secret is not written here: env:NAME (environment) or vault:name (vault)',
  }),
)
const secretWords = {
  fr: 'Référence du secret : env:NOM ou vault:nom',
  en: 'Reference of the secret: env:NAME or vault:name',
}
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
  user: described(z.string().min(1).max(256).optional(), {
    fr: 'Nom du compte ; peut contenir {{n}}',
    en: 'Name of the account; may hold {{n}}',
  }),
  password: described(secretReference.optional(), {
    fr: 'Référence du mot de passe : env:NOM ou vault:nom',
    en: 'Reference of the password: env:NAME or vault:name',
  }),
  key: described(secretReference.optional(), {
    fr: 'Référence de la clé privée ssh : env:NOM ou vault:nom',
    en: 'Reference of the private ssh key: env:NAME or vault:name',
  }),
  passphrase: described(secretReference.optional(), {
    fr: 'Référence de la phrase qui ouvre cette clé',
    en: 'Reference of the passphrase of that key',
  }),
  community: described(secretReference.optional(), {
    fr: 'SNMP 2c : référence de la communauté',
    en: 'SNMP 2c: reference of the community',
  }),
  auth: described(
    z
      .strictObject({
        protocol: described(z.enum(['sha', 'sha224', 'sha256', 'sha384', 'sha512']), {
          fr: 'Algorithme d’authentification de SNMP 3',
          en: 'Authentication algorithm of SNMP 3',
        }),
        secret: described(secretReference, secretWords),
      })
      .optional(),
    { fr: 'SNMP 3 : authentification (USM)', en: 'SNMP 3: authentication (USM)' },
  ),
  privacy: described(
    z
      .strictObject({
        protocol: described(z.enum(['aes', 'aes256b', 'aes256r']), {
          fr: 'Algorithme de chiffrement de SNMP 3',
          en: 'Encryption algorithm of SNMP 3',
        }),
        secret: described(secretReference, secretWords),
      })
      .optional(),
    { fr: 'SNMP 3 : chiffrement (USM)', en: 'SNMP 3: encryption (USM)' },
  ),
})
export type Credential = z.infer<typeof credentialSchema>

/** `first-use`: what answers first is recorded and from then on required. `SHA256:…` (base64, as ssh-keygen prints it): pinned. */
const identity = z.union([z.literal('first-use'), fingerprint])

/** Which credential a way of asking uses. */
const credential = described(name, {
  fr: 'Nom de l’entrée de « credentials » à employer',
  en: 'Name of the entry of “credentials” to use',
})
/** The same where it may be left out. */
const optionalCredential = described(name.optional(), {
  fr: 'Nom de l’entrée de « credentials » à employer',
  en: 'Name of the entry of “credentials” to use',
})
const portWords = {
  fr: 'Port TCP ou UDP, si ce n’est pas l’habituel',
  en: 'TCP or UDP port, if not the usual one',
}
const caWords = {
  fr: 'Fichier de l’autorité de certification ; le chemin part du dossier de la session',
  en: 'File of the certification authority; the path starts from the folder of the session',
}
const identityWords = {
  fr: 'Qui doit répondre : first-use (retenu la première fois) ou une empreinte SHA256:…',
  en: 'Who must answer: first-use (kept from the first time) or a fingerprint SHA256:…',
}

export const sshSchema = z.strictObject({
  credential,
  port: described(port.default(22), portWords),
  /** Name of another target (or of an entry of `shared`) to go through. */
  jump: described(name.optional(), {
    fr: 'Machine par laquelle passer (un nom de « targets » ou de « shared »)',
    en: 'Machine to go through (a name of “targets” or “shared”)',
  }),
  identity: described(identity.default('first-use'), identityWords),
  /** What answers behind it: a POSIX shell, or the PowerShell of a Windows machine (OpenSSH for Windows). */
  shell: described(z.enum(['posix', 'powershell']).default('posix'), {
    fr: 'posix, ou powershell pour OpenSSH sous Windows',
    en: 'posix, or powershell for OpenSSH on Windows',
  }),
})
const domain = z.string().regex(
  pattern(/^[A-Za-z0-9.-]{1,253}$/, {
    fr: 'un nom DNS, comme « agence1.lan »',
    en: 'a DNS name, like “agence1.lan”',
  }),
)
export const ldapSchema = z
  .strictObject({
    credential: optionalCredential,
    /** Asked inside the machine, through its PowerShell, where the domain controller has no certificate. */
    through: described(z.literal('powershell').optional(), {
      fr: 'Interroge l’annuaire par le PowerShell de la machine, sans certificat',
      en: 'Asks the directory by the PowerShell of the machine, without a certificate',
    }),
    tls: described(z.enum(['ldaps', 'starttls']).default('ldaps'), {
      fr: 'ldaps (port 636) ou starttls (port 389)',
      en: 'ldaps (port 636) or starttls (port 389)',
    }),
    port: described(port.optional(), portWords),
    /** The domain that must answer; another one is `unknown/identity`. */
    domain: described(domain, {
      fr: 'Domaine qui doit répondre, comme agence1.lan',
      en: 'The domain that must answer, like agence1.lan',
    }),
    /** A CA file (path relative to the session), or the certificate itself pinned, or trusted on first use. */
    ca: described(z.string().optional(), caWords),
    identity: described(identity.optional(), identityWords),
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
    credential,
    scheme: described(z.enum(['http', 'https']).default('http'), {
      fr: 'http (5985, scellé par NTLM) ou https (5986)',
      en: 'http (5985, sealed by NTLM) or https (5986)',
    }),
    /** 5985, or 5986 with https. */
    port: described(port.optional(), portWords),
    /** For https: a CA file (path relative to the session). */
    ca: described(z.string().optional(), caWords),
    /**
     * Who must answer. https: the certificate, pinned or trusted on first use. http: the machine or domain that the account
     * belongs to, by its SID (`S-1-5-21-…`), pinned or trusted on first use.
     */
    identity: described(z.union([identity, domainSid]).optional(), {
      fr: 'Qui doit répondre : first-use, le SID du domaine (http) ou l’empreinte du certificat (https)',
      en: 'Who must answer: first-use, the SID of the domain (http) or the fingerprint of the certificate (https)',
    }),
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
export const smbSchema = z.strictObject({ credential, port: described(port.default(445), portWords) })
export const snmpSchema = z.strictObject({
  credential,
  version: described(z.union([z.literal('2c'), z.literal(3)]).default(3), {
    fr: 'Version de SNMP : 3, ou 2c',
    en: 'Version of SNMP: 3, or 2c',
  }),
  port: described(port.default(161), portWords),
})
/** Basic authentication for probes that ask for it, and the CA or pinned certificate for https. */
export const httpSchema = z.strictObject({
  credential: optionalCredential,
  ca: described(z.string().optional(), caWords),
  identity: described(identity.optional(), identityWords),
})

const machineAddress = described(address, {
  fr: 'Adresse IP ou nom de la machine ; peut contenir {{n}}',
  en: 'IP address or name of the machine; may hold {{n}}',
})
const waysOfAsking = {
  ssh: described(sshSchema.optional(), { fr: 'Interroge la machine par ssh', en: 'Asks the machine by ssh' }),
  local: described(z.union([z.literal(true), z.literal('powershell')]).optional(), {
    fr: 'La machine où l’agent tourne : true (son shell) ou powershell',
    en: 'The machine that the agent runs on: true (its shell) or powershell',
  }),
  winrm: described(winrmSchema.optional(), {
    fr: 'Interroge Windows par WinRM',
    en: 'Asks Windows by WinRM',
  }),
  smb: described(smbSchema.optional(), {
    fr: 'Lit le SYSVOL d’un contrôleur de domaine',
    en: 'Reads the SYSVOL of a domain controller',
  }),
  ldap: described(ldapSchema.optional(), { fr: 'Interroge l’annuaire', en: 'Asks the directory' }),
  snmp: described(snmpSchema.optional(), {
    fr: 'Interroge la machine par SNMP',
    en: 'Asks the machine by SNMP',
  }),
  http: described(httpSchema.optional(), {
    fr: 'Compte et autorité des questions HTTP',
    en: 'Account and authority of questions by HTTP',
  }),
}
export const targetSchema = z.strictObject({ address: machineAddress, ...waysOfAsking })
export type Target = z.infer<typeof targetSchema>

/** A machine that several candidates share: at most `candidates` of them are graded at once. */
export const sharedTargetSchema = z.strictObject({
  address: machineAddress,
  ...waysOfAsking,
  candidates: described(z.int().min(1).max(64).default(4), {
    fr: 'Nombre de candidats qu’elle sert à la fois',
    en: 'How many candidates it serves at once',
  }),
})

export const candidateSchema = z.strictObject({
  code: described(
    z
      .string()
      .min(1)
      .max(32)
      .regex(
        pattern(/^[A-Za-z0-9][A-Za-z0-9_-]*$/, {
          fr: 'un code fait de lettres sans accent, de chiffres, - et _',
          en: 'a code made of letters without accent, digits, - and _',
        }),
      ),
    { fr: 'Code du candidat ; aucun nom n’est nécessaire', en: 'Code of the candidate; no name is needed' },
  ),
  n: described(z.int().min(0).max(100_000), {
    fr: 'Numéro du candidat, qui remplace {{n}} ; un seul chacun',
    en: 'Number of the candidate, in place of {{n}}; one each',
  }),
  seat: described(z.string().max(32).optional(), { fr: 'Place dans la salle', en: 'Seat in the room' }),
  'extra-minutes': described(z.int().min(0).max(600).optional(), {
    fr: 'Temps supplémentaire, en minutes',
    en: 'Extra time, in minutes',
  }),
  variables: described(z.record(name, valueSchema).optional(), {
    fr: 'Valeurs propres à ce candidat, à la place de celles du sujet',
    en: 'Values of this candidate, in place of those of the exam',
  }),
  /** What differs for this candidate from `targets`, merged over it key by key. */
  targets: described(z.record(name, z.record(z.string(), z.unknown())).optional(), {
    fr: 'Ce qui diffère pour ses machines, clé par clé',
    en: 'What differs for their machines, key by key',
  }),
})
export type Candidate = z.infer<typeof candidateSchema>

/** The file as written: targets may still hold placeholders, so they are checked after these are resolved. */
export const sessionFileSchema = z.strictObject({
  exam: described(z.string().min(1).max(1024), {
    fr: 'Fichier du sujet ; le chemin part du dossier de la session',
    en: 'File of the exam; the path starts from the folder of the session',
  }),
  date: described(z.iso.date(), {
    fr: 'Date de l’épreuve, comme 2026-12-01',
    en: 'Date of the sitting, like 2026-12-01',
  }),
  title: described(z.string().max(200).optional(), { fr: 'Titre de la session', en: 'Title of the session' }),
  /** What the exam's drawn values are drawn from; the date where absent. Another seed, other values. */
  seed: described(z.string().min(1).max(200).optional(), {
    fr: 'Graine des valeurs tirées du sujet ; à défaut, la date',
    en: 'Seed of the values drawn by the exam; the date where absent',
  }),
  credentials: described(z.record(name, z.record(z.string(), z.unknown())).default({}), {
    fr: 'Comptes employés par les machines, par références aux secrets',
    en: 'Accounts that the machines are asked with, by references to secrets',
  }),
  shared: described(z.record(name, z.record(z.string(), z.unknown())).default({}), {
    fr: 'Machines que plusieurs candidats partagent, par rôle',
    en: 'Machines that several candidates share, by role',
  }),
  targets: described(z.record(name, z.record(z.string(), z.unknown())).default({}), {
    fr: 'Machines de chaque candidat, par rôle ; une ligne sert à tous',
    en: 'Machines of each candidate, by role; one line serves all',
  }),
  /** Answers a ping as long as the room's network works. */
  control: described(z.strictObject({ address: machineAddress }).optional(), {
    fr: 'Machine qui répond tant que le réseau de la salle fonctionne',
    en: 'A machine that answers as long as the network of the room works',
  }),
  candidates: described(z.array(candidateSchema).min(1).max(64), {
    fr: 'Les candidats de la session',
    en: 'The candidates of the session',
  }),
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
