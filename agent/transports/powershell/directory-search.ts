import { z } from 'zod'
import type { ProbeOf } from '../../../checks/probe.ts'
import type { Answer } from '../../../checks/observation.ts'
import type { Cause } from '../../../checks/verdict.ts'
import { below, domainOf } from '../ldap/distinguished-name.ts'
import { entryOf } from '../ldap/entry.ts'
import { filterOf } from '../ldap/filter.ts'
import { NO_SUCH_OBJECT, resultFailure, SUCCESS } from '../ldap/result-code.ts'
import { TransportFailure } from '../transport.ts'

/** What `scripts/directory-search.ps1` is asked. */
export interface DirectoryInput {
  /** The rootDSE's name of the context that `relative` is below; null for the rootDSE itself. */
  readonly naming: (typeof contexts)[keyof typeof contexts]
  /** A DN, its values escaped; empty for the context itself. */
  readonly relative: string
  /** RFC 4515: every byte of every value is escaped. */
  readonly filter: string
  /** RFC 4511, 4.5.1.2. */
  readonly scope: number
  readonly attributes: readonly string[]
  readonly sizeLimit: number
  readonly maxBytes: number
  readonly seconds: number
}

const contexts = {
  root: null,
  default: 'defaultNamingContext',
  configuration: 'configurationNamingContext',
  schema: 'schemaNamingContext',
} as const

const scopes = { base: 0, one: 1, sub: 2 } as const

export function directoryInput(probe: ProbeOf<'ldap'>): DirectoryInput {
  const { context, rdns, filter, scope, attributes, sizeLimit, maxBytes, timeoutMs } = probe
  return {
    naming: contexts[context],
    relative: below('', rdns),
    filter: filterOf(filter).toString(),
    scope: scopes[scope],
    attributes,
    sizeLimit,
    maxBytes,
    seconds: Math.ceil(timeoutMs / 1000),
  }
}

const MOST_ATTRIBUTES = 4096
const MOST_VALUES = 100_000

/** What the script gives. Windows PowerShell writes no text for a null, and null for what it was not told. */
export const foundEntries = z.object({
  contexts: z.object({
    defaultNamingContext: z.string().max(1024).nullable(),
    configurationNamingContext: z.string().max(1024).nullable(),
    schemaNamingContext: z.string().max(1024).nullable(),
  }),
  /** The directory's own code, or that of the machine's LDAP client where it didn't answer. */
  result: z.object({
    stage: z.enum(['bind', 'root', 'search']),
    code: z.int(),
    message: z.string().max(65_536),
  }),
  entries: z
    .array(
      z.object({
        dn: z.base64(),
        attributes: z
          .array(z.object({ type: z.string().max(512), values: z.array(z.base64()).max(MOST_VALUES) }))
          .max(MOST_ATTRIBUTES),
      }),
    )
    .max(5000),
  /** There was more than was asked for. */
  cut: z.boolean(),
})
export type FoundEntries = z.output<typeof foundEntries>

/** Codes of Windows' own LDAP client (winldap.h), where no directory said anything. */
const clientCodes: Readonly<Record<number, readonly [Cause, string]>> = {
  81: ['refused', 'no directory answers on the machine itself (LDAP_SERVER_DOWN)'],
  85: ['timeout', 'the directory on the machine itself does not answer in time (LDAP_TIMEOUT)'],
}

/**
 * Reads what the script gives: into an answer of the same shape, and with the same failures, as one that came over LDAP.
 * Throws a TransportFailure: `identity` where the directory is of another domain than `domain`.
 */
export const directoryAnswer =
  (asked: Pick<ProbeOf<'ldap'>, 'context' | 'binary' | 'sizeLimit'>, domain: string) =>
  (value: unknown): { readonly answer: Answer; readonly truncated: boolean } => {
    const parsed = foundEntries.safeParse(value)
    if (!parsed.success)
      throw new TransportFailure('unparsable', 'what the script gave is no answer of a directory')
    const { contexts: naming, result, entries: raw, cut } = parsed.data
    requireDomain(parsed.data, domain)
    const context = contexts[asked.context]
    if (context !== null && naming[context] === null)
      throw new TransportFailure('unparsable', `the directory names no ${context}`)
    if (result.code === NO_SUCH_OBJECT)
      return { answer: { kind: 'ldap', found: false, entries: [] }, truncated: false }
    if (result.code !== SUCCESS) throw failureOf(result)
    const entries = raw.slice(0, asked.sizeLimit).map((entry) => entryOf(rawEntry(entry), asked.binary))
    return {
      answer: { kind: 'ldap', found: true, entries: entries.map(({ entry }) => entry) },
      truncated: cut || raw.length > asked.sizeLimit || entries.some(({ whole }) => !whole),
    }
  }

function requireDomain({ contexts: naming, result }: FoundEntries, domain: string): void {
  if (result.stage !== 'search') throw failureOf(result)
  const found = domainOf(naming.defaultNamingContext ?? '')
  if (found !== domain.toLowerCase())
    throw new TransportFailure(
      'identity',
      `the directory of ${found ?? 'no domain'} answers, not that of ${domain}`,
    )
}

const rawEntry = ({ dn, attributes }: FoundEntries['entries'][number]) => ({
  dn: bytes(dn).toString('utf8'),
  attributes: attributes.map(({ type, values }) => ({ type, values: values.map(bytes) })),
})

const bytes = (base64: string): Buffer => Buffer.from(base64, 'base64')

function failureOf({ stage, code, message }: FoundEntries['result']): TransportFailure {
  const [cause, detail] = clientCodes[code] ?? []
  if (cause && detail) return new TransportFailure(cause, detail)
  return resultFailure({ code, message, cookie: null }, stage === 'bind' ? 'bind' : 'search')
}
