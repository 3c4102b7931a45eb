import { z } from 'zod'
import { jsonValue, type Probe, type ProbeKind } from './probe.ts'
import { blameSchema, causeSchema, type Cause } from './verdict.ts'

/** What came back, by kind of probe. Everything in it was said by a graded machine and is hostile until shown harmless. */
const answers = {
  /** `status` is null when a signal ended the program; the outputs are UTF-8, invalid bytes replaced by U+FFFD. */
  command: z.strictObject({
    kind: z.literal('command'),
    status: z.int().nullable(),
    stdout: z.string(),
    stderr: z.string(),
  }),
  /** `mode` is octal without the type ("2770"); `content` is null unless asked and readable. `exists: false` only where the parent could be looked into. */
  file: z.strictObject({
    kind: z.literal('file'),
    exists: z.boolean(),
    type: z.enum(['file', 'directory', 'link', 'other']).nullable(),
    mode: z
      .string()
      .regex(/^[0-7]{1,4}$/)
      .nullable(),
    uid: z.int().nullable(),
    gid: z.int().nullable(),
    owner: z.string().nullable(),
    group: z.string().nullable(),
    size: z.int().nullable(),
    /** Seconds since the epoch. */
    mtime: z.int().nullable(),
    content: z.string().nullable(),
  }),
  /** `found: false` when the base itself does not exist (noSuchObject). Attribute names are lower case. */
  ldap: z.strictObject({
    kind: z.literal('ldap'),
    found: z.boolean(),
    entries: z.array(
      z.strictObject({ dn: z.string(), attributes: z.record(z.string(), z.array(z.string())) }),
    ),
  }),
  /** In the order received. Octet strings are UTF-8 where valid and printable, else `hex:` and their bytes. */
  snmp: z.strictObject({
    kind: z.literal('snmp'),
    varbinds: z.array(
      z.strictObject({ oid: z.string(), type: z.string(), value: z.string(), hex: z.string().optional() }),
    ),
  }),
  icmp: z.strictObject({
    kind: z.literal('icmp'),
    sent: z.int(),
    received: z.int(),
    rttMs: z.number().nullable(),
  }),
  tcp: z.strictObject({
    kind: z.literal('tcp'),
    state: z.enum(['open', 'refused', 'unreachable', 'silent']),
  }),
  /** Header names are lower case. `certificateSha256` is the peer's, hex, where there was TLS. */
  http: z.strictObject({
    kind: z.literal('http'),
    status: z.int(),
    headers: z.record(z.string(), z.string()),
    body: z.string(),
    certificateSha256: z.string().nullable(),
  }),
  dns: z.strictObject({
    kind: z.literal('dns'),
    rcode: z.string(),
    authoritative: z.boolean(),
    answers: z.array(z.strictObject({ name: z.string(), type: z.string(), ttl: z.int(), data: z.string() })),
  }),
  /** What the script gave, or the exception that ended it; `value` is null then. */
  powershell: z.strictObject({
    kind: z.literal('powershell'),
    value: jsonValue,
    error: z
      .strictObject({
        /** .NET type. */
        type: z.string(),
        /** HRESULT. */
        code: z.int(),
        /** FullyQualifiedErrorId: in no language. */
        id: z.string(),
        /** In the machine's language: shown, never matched. */
        message: z.string(),
      })
      .nullable(),
  }),
  /** `found: false` when the domain controller has no folder of that GUID. Paths are below it, contents base64. */
  'group-policy': z.strictObject({
    kind: z.literal('group-policy'),
    found: z.boolean(),
    files: z.array(z.strictObject({ path: z.string(), content: z.base64() })),
  }),
}
export const answerSchema = z.discriminatedUnion('kind', [
  answers.command,
  answers.file,
  answers.ldap,
  answers.snmp,
  answers.icmp,
  answers.tcp,
  answers.http,
  answers.dns,
  answers.powershell,
  answers['group-policy'],
])
export type Answer = z.infer<typeof answerSchema>
export type AnswerOf<K extends ProbeKind> = Extract<Answer, { kind: K }>

/** Why nothing came back: a closed cause, and a technical detail (English, no secret, bounded) for whoever has to mend it. */
export const failureSchema = z.strictObject({
  cause: causeSchema,
  detail: z.string().max(500),
  blame: blameSchema,
})
export type Failure = z.infer<typeof failureSchema>

/** An observation (relevé): exactly one of `answer` and `failure` is set. */
export const observationSchema = z
  .strictObject({
    probe: z.string().regex(/^[0-9a-f]{64}$/),
    transport: z.string(),
    /** Where the question really went. */
    address: z.string(),
    /** Who answered: host key, certificate or domain SID, as `SHA256:…` or `S-1-5-…`; null where the way has none. */
    identity: z.string().nullable(),
    at: z.iso.datetime(),
    ms: z.number().nonnegative(),
    truncated: z.boolean(),
    answer: answerSchema.nullable(),
    failure: failureSchema.nullable(),
  })
  .refine((o) => (o.answer === null) !== (o.failure === null), 'exactly one of answer and failure')
export type Observation = z.infer<typeof observationSchema>

/** An observation of a probe of kind K. */
export type Observed<K extends ProbeKind> = Observation & { readonly kindOfProbe?: K }
export type ObservedBy<P> = P extends Probe ? Observed<P['kind']> : never

/** Thrown by the accessors below, and turned into an `unknown` finding by the kernel; a check never needs to catch it. */
export class NotObserved extends Error {
  readonly failure: Failure
  constructor(cause: Cause, detail: string, blame: Failure['blame'] = 'undecidable') {
    super(`${cause}: ${detail}`)
    this.name = 'NotObserved'
    this.failure = { cause, detail: detail.slice(0, 500).toWellFormed(), blame }
  }
}

/**
 * The answer of an observation, or `unknown` with its cause.
 * A truncated answer is refused as well, because an absence in it proves nothing: `partial: true` takes it, for a
 * check that looks for a presence only.
 */
export function answered<K extends ProbeKind>(
  observation: Observed<K> | undefined,
  options: { partial?: boolean } = {},
): AnswerOf<K> {
  if (!observation) throw new NotObserved('not-asked', 'this question is not in the run', 'grader')
  if (observation.failure)
    throw new NotObserved(observation.failure.cause, observation.failure.detail, observation.failure.blame)
  if (observation.truncated && !options.partial)
    throw new NotObserved('truncated', 'the answer was longer than its limit', 'undecidable')
  return observation.answer as AnswerOf<K>
}

/** The standard output of a command that ended with one of the accepted statuses; anything else is `unknown`. */
export function output(
  observation: Observed<'command'> | undefined,
  accepted: readonly number[] = [0],
): string {
  const answer = answered(observation)
  if (answer.status === null || !accepted.includes(answer.status))
    throw new NotObserved('unparsable', `exit status ${answer.status}: ${answer.stderr.slice(0, 200)}`)
  return answer.stdout
}

/** Parses JSON that a machine printed; what isn't JSON, or not of the shape, is `unknown/unparsable`. */
export function json<T>(text: string, shape: z.ZodType<T>): T {
  try {
    return shape.parse(JSON.parse(text))
  } catch (error) {
    throw new NotObserved('unparsable', error instanceof Error ? error.message : 'not JSON')
  }
}

/**
 * What a PowerShell script gave, of the shape that the check expects; an exception of the script's, or another shape, is
 * `unknown` with its cause.
 */
export function returned<T>(observation: Observed<'powershell'> | undefined, shape: z.ZodType<T>): T {
  const { value, error } = answered(observation)
  if (error) throw new NotObserved(causeOfException(error), `${error.id}: ${error.message}`)
  const parsed = shape.safeParse(value)
  if (parsed.success) return parsed.data
  throw new NotObserved(
    'unparsable',
    `what the script gave is of another shape: ${parsed.error.issues[0]?.path.join('.')}`,
  )
}

export type ScriptException = NonNullable<AnswerOf<'powershell'>['error']>

/** E_ACCESSDENIED, and WBEM_E_ACCESS_DENIED ([MS-WMI] 2.2.11). */
const ACCESS_DENIED = [0x80070005, 0x80041003].map((code) => code | 0)
/** WBEM_E_INVALID_NAMESPACE, WBEM_E_INVALID_CLASS: the role is not installed. */
const NOT_THERE = [0x8004100e, 0x80041010].map((code) => code | 0)

/** The cause behind an exception, by its type and numbers: its words are in the machine's language. */
export function causeOfException({ type, code, id }: ScriptException): Cause {
  const [, hex] = /^HRESULT 0x([0-9a-f]{8})/i.exec(id) ?? []
  const codes = [code, hex === undefined ? 0 : Number.parseInt(hex, 16) | 0]
  if (type === 'System.UnauthorizedAccessException' || codes.some((one) => ACCESS_DENIED.includes(one)))
    return 'denied'
  if (
    /^(CommandNotFoundException|Modules_ModuleNotFound)/.test(id) ||
    codes.some((one) => NOT_THERE.includes(one))
  )
    return 'missing-tool'
  return 'unparsable'
}
