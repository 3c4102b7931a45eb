import { z } from 'zod'
import type { Text } from '../../checks/text.ts'
import type { Cause } from '../../checks/verdict.ts'
import { preflightRecordSchema } from '../run/preflight-record.ts'

/** What a server says to an agent under `/api/v1/agent/`. Unknown keys are left aside: a newer server may say more. */

/** A candidate's code, as sessions have it: part of a file's name here. */
const code = z.string().regex(/^[A-Za-z0-9][A-Za-z0-9_-]{0,31}$/)

export const workKinds = ['preflight', 'start', 'end', 'again', 'repin'] as const
export type WorkKind = (typeof workKinds)[number]

export const sessionFilesSchema = z
  .array(z.object({ name: z.string().min(1).max(1024), text: z.string().max(4_194_304) }))
  .min(2)
  .max(64)
export type SessionFiles = z.infer<typeof sessionFilesSchema>

/** One thing to do for one candidate. A run that is made for it has its id. */
export const workSchema = z.object({
  id: z.uuid(),
  kind: z.enum(workKinds),
  session: z.object({ id: z.string().regex(/^[0-9a-f]{64}$/), files: sessionFilesSchema }),
  candidate: code,
  /** Ids of the demands to ask; null for all. */
  demands: z.array(z.string().max(256)).min(1).max(500).nullable(),
  follows: z.uuid().nullable(),
  /** For `repin`: the machine, and why. */
  role: z.string().max(64).nullable(),
  reason: z.string().max(2000).nullable(),
  preflight: preflightRecordSchema.nullable(),
  leaseSeconds: z.number().min(0.1).max(3600),
})
export type Work = z.infer<typeof workSchema>

/** As much of a work as an agent needs to say that it does not understand the rest. */
export const namedWorkSchema = z.object({ id: z.uuid(), kind: z.enum(workKinds), candidate: code })

/** What is known of a work wherever it is spoken of. */
export type Task = Pick<Work, 'id' | 'kind' | 'candidate'>

export const leaseSchema = z.object({ work: z.unknown() })
export const heartbeatSchema = z.object({
  now: z.iso.datetime({ offset: true }),
  cancel: z.array(z.string()).max(10_000),
  gone: z.array(z.string()).max(10_000),
})
export const enrolledSchema = z.object({ agent: z.string().min(1).max(200) })

/** How far a work is. No verdict is in here. */
export interface Progress {
  readonly asked: number
  readonly answered: number
  /** Machines that could not be asked, and why. */
  readonly silent: readonly { readonly role: string; readonly cause: Cause }[]
}

/** One way of one machine, as a preflight found it. */
export interface TriedWay {
  readonly role: string
  readonly way: string
  readonly address: string
  readonly worked: boolean
  readonly cause: Cause | null
  readonly detail: string
  readonly identity: string | null
}

/** What a work gave: exactly the body that goes to the server. */
export type Result =
  | { readonly kind: 'run'; readonly body: string }
  | {
      readonly kind: 'preflight'
      readonly body: { at: string; ways: readonly TriedWay[]; control: boolean | null }
    }
  | {
      readonly kind: 'repinned'
      readonly body: { forgotten: readonly { where: string; identity: string }[] }
    }
  | { readonly kind: 'failed'; readonly body: { readonly message: Text } }
export type ResultKind = Result['kind']
