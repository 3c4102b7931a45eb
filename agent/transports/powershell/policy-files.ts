import { z } from 'zod'
import type { Answer } from '../../../checks/observation.ts'
import type { ProbeOf } from '../../../checks/probe.ts'
import { settingsFiles } from '../../../checks/windows/group-policy/paths.ts'
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

/** What the script gives. */
export const foundPolicy = z.object({
  /** Whether the machine has a SYSVOL, as only a domain controller does. */
  sysvol: z.boolean(),
  /** Whether it is that of the domain asked for. */
  domain: z.boolean(),
  /** Whether the Default Domain Policy, which every domain has, was there. */
  control: z.boolean(),
  found: z.boolean(),
  /** Files that may not be read. */
  denied: z.array(z.string().max(512)).max(settingsFiles.length),
  files: z.array(z.object({ path: z.enum(settingsFiles), content: z.base64() })).max(settingsFiles.length),
  /** A file was too long, or behind a reparse point. */
  cut: z.boolean(),
})
export type FoundPolicy = z.output<typeof foundPolicy>

/** The answer that the script's value stands for. Throws a TransportFailure where it proves nothing. */
export function policyAnswer(value: unknown): { readonly answer: Answer; readonly truncated: boolean } {
  const parsed = foundPolicy.safeParse(value)
  if (!parsed.success) throw new TransportFailure('unparsable', 'what the script gave is no group policy')
  return believed(parsed.data)
}

/** The same by whichever way the files came: what was seen is an answer only where its control held. */
export function believed({ sysvol, domain, control, found, denied, files, cut }: FoundPolicy): {
  readonly answer: Answer
  readonly truncated: boolean
} {
  if (!sysvol)
    throw new TransportFailure('missing-tool', 'the machine has no SYSVOL: it is no domain controller')
  if (!domain) throw new TransportFailure('identity', 'the SYSVOL that answers is not that of the domain')
  if (denied.length > 0) throw new TransportFailure('denied', `the account may not read ${denied[0]}`)
  if (!found && !control)
    throw new TransportFailure(
      'control',
      'not even the Default Domain Policy is among the policies of SYSVOL',
    )
  return { answer: { kind: 'group-policy', found, files: found ? files : [] }, truncated: cut }
}
