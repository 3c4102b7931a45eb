import { sha256 } from '@noble/hashes/sha2.js'
import { bytesToHex, utf8ToBytes } from '@noble/hashes/utils.js'
import canonicalize from 'canonicalize'
import { z } from 'zod'
import { roleKindSchema } from './define.ts'
import { findingSchema, textSchema } from './finding.ts'
import { observationSchema } from './observation.ts'
import { probeSchema } from './probe.ts'
import { verdictSchema } from './verdict.ts'

/**
 * A run (passage): one execution for one candidate at one moment; immutable, signed, and able to stand alone.
 * It embeds the resolved exam, the session's facts without secrets, every probe and observation and finding.
 */
const hash = z.string().regex(/^[0-9a-f]{64}$/)

export const demandResultSchema = z.strictObject({
  demand: z.string(),
  verdict: verdictSchema,
  /** Which accepted alternative matched, from 0; null where none did or there is only one. */
  alternative: z.int().nonnegative().nullable(),
})

/** A demand as asked of this candidate, placeholders resolved. */
export const runDemandSchema = z.strictObject({
  id: z.string(),
  text: z.string(),
  criteria: z.array(z.string()),
  question: z.string().nullable(),
  transient: z.boolean(),
  /** Accepted alternatives: lists of checks with their parameters. */
  alternatives: z.array(
    z.array(
      z.strictObject({ check: z.string(), params: z.record(z.string(), z.unknown()), not: z.boolean() }),
    ),
  ),
})
export type RunDemand = z.infer<typeof runDemandSchema>

export const runFactsSchema = z.strictObject({
  candidate: z.string(),
  targets: z.record(
    z.string(),
    z.strictObject({
      kind: roleKindSchema,
      address: z.string(),
      transports: z.array(z.string()),
      domain: z.string().optional(),
      shared: z.boolean(),
    }),
  ),
})

export const runBodySchema = z.strictObject({
  format: z.literal('probant-run/1'),
  /** Chosen at random by the agent; the same run delivered twice is known by it. */
  id: z.uuid(),
  candidate: z.strictObject({
    code: z.string(),
    n: z.int(),
    seat: z.string().nullable(),
    extraMinutes: z.int(),
  }),
  session: z.strictObject({ id: hash, title: z.string(), date: z.iso.date() }),
  exam: z.strictObject({
    title: z.string(),
    purpose: z.enum(['training', 'examination']),
    referential: z.string(),
    certificate: z.string(),
    demands: z.array(runDemandSchema).max(500),
  }),
  /** SHA-256 of the files as read, and the versions of what judged. */
  inputs: z.strictObject({ exam: hash, session: hash, referential: hash, version: z.string() }),
  facts: runFactsSchema,
  /**
   * At which moment of phase 1 a server had it asked: `start` what was handed out, `end` what was left, `again` the
   * demands that stayed unobserved before. Absent where nobody said.
   */
  stage: z.enum(['start', 'end', 'again']).optional(),
  /** For `again`: the run whose unobserved demands are asked once more; `exam.demands` then holds those only. */
  follows: z.uuid().optional(),
  startedAt: z.iso.datetime(),
  endedAt: z.iso.datetime(),
  /** False when it was interrupted; what was observed before is kept. */
  complete: z.boolean(),
  agent: z.strictObject({ host: z.string(), clock: z.strictObject({ offsetMs: z.number().nullable() }) }),
  probes: z.record(hash, probeSchema),
  observations: z.record(hash, observationSchema),
  findings: z.array(findingSchema).max(5000),
  demands: z.array(demandResultSchema).max(500),
  notes: z.array(textSchema).max(100),
})
export type RunBody = z.infer<typeof runBodySchema>

export const signedRunSchema = runBodySchema.extend({
  signature: z.strictObject({
    algorithm: z.literal('Ed25519'),
    /** Raw public key, base64. */
    publicKey: z.base64(),
    value: z.base64(),
  }),
})
export type Run = z.infer<typeof signedRunSchema>

/** The bytes that are signed: RFC 8785 canonical JSON of the run without its signature, UTF-8. */
export function signedBytes(run: RunBody | Run): Uint8Array {
  const body: Record<string, unknown> = { ...run }
  delete body['signature']
  return utf8ToBytes(canonicalize(body) ?? '')
}

/** SHA-256 (hex) of the signed bytes: the run's fingerprint on paper and in the server's chain. */
export const fingerprint = (run: RunBody | Run): string => bytesToHex(sha256(signedBytes(run)))

/** `SHA256:…` of a raw Ed25519 public key given in base64: whose run it is. */
export function keyFingerprint(publicKey: string): string {
  return bytesToHex(sha256(bytes(publicKey)))
}

const bytes = (base64: string): Uint8Array<ArrayBuffer> =>
  Uint8Array.from(atob(base64), (c) => c.charCodeAt(0))

/** Whether the signature is that of its public key over exactly these contents (Ed25519, RFC 8032). Never throws. */
export async function signatureHolds(run: Run): Promise<boolean> {
  try {
    const key = await crypto.subtle.importKey(
      'raw',
      bytes(run.signature.publicKey),
      { name: 'Ed25519' },
      false,
      ['verify'],
    )
    const message = new Uint8Array(signedBytes(run))
    return await crypto.subtle.verify({ name: 'Ed25519' }, key, bytes(run.signature.value), message)
  } catch {
    return false
  }
}
