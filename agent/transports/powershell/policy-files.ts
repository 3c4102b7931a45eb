import { z } from 'zod'
import type { Answer } from '../../../checks/observation.ts'
import type { ProbeOf } from '../../../checks/probe.ts'
import { settingsFiles } from '../../../checks/windows/group-policy/paths.ts'
import { policyAnswerOf } from '../policy-answer.ts'
import { TransportFailure } from '../transport.ts'

/** What `scripts/group-policy-files.ps1` is asked. */
export interface PolicyInput {
  readonly guid: string
  /** DNS name: the domain's folder below SYSVOL bears it. */
  readonly domain: string
  /** Below the policy's folder, with slashes. */
  readonly files: readonly string[]
  readonly maxBytes: number
}

export const policyInput = ({ guid, maxBytes }: ProbeOf<'group-policy'>, domain: string): PolicyInput => ({
  guid,
  domain,
  files: settingsFiles,
  maxBytes,
})

/** What the script gives: what `SeenPolicy` says, file by file. */
export const foundPolicy = z.object({
  sysvol: z.boolean(),
  domain: z.boolean(),
  control: z.boolean(),
  found: z.boolean(),
  denied: z.array(z.string().max(512)).max(settingsFiles.length),
  files: z
    .array(z.object({ path: z.string().refine((path) => settingsFiles.includes(path)), content: z.base64() }))
    .max(settingsFiles.length),
  /** A file was too long, or behind a reparse point. */
  cut: z.boolean(),
})
export type FoundPolicy = z.output<typeof foundPolicy>

/** The answer that the script's value stands for. Throws a TransportFailure where it proves nothing. */
export function policyAnswer(value: unknown): { readonly answer: Answer; readonly truncated: boolean } {
  const parsed = foundPolicy.safeParse(value)
  if (!parsed.success) throw new TransportFailure('unparsable', 'what the script gave is no group policy')
  return policyAnswerOf(parsed.data)
}
