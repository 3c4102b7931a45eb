import { z } from 'zod'
import type { Text } from '../../checks/text.ts'

/** What became of one run that was brought to a server. */
export type Delivery =
  | { readonly outcome: 'received' | 'already'; readonly receipt: unknown }
  | { readonly outcome: 'refused'; readonly status: number; readonly why: Text | null }
  | { readonly outcome: 'unreachable'; readonly detail: string }

const answerSchema = z.object({ status: z.string().optional(), receipt: z.unknown().optional() })
const problemSchema = z.object({ message: z.object({ fr: z.string().max(500), en: z.string().max(500) }) })

/** What the server says is wrong, where it says so as Probant does. */
export function problemOf(answer: unknown): Text | null {
  const problem = problemSchema.safeParse(answer)
  return problem.success ? problem.data.message : null
}

/** What an answer to `POST /api/v1/runs` says; a page that some proxy serves with 200 is no receipt. */
export function deliveryOf(status: number, answer: unknown): Delivery {
  if (status !== 201 && status !== 200) return { outcome: 'refused', status, why: problemOf(answer) }
  const parsed = answerSchema.safeParse(answer)
  if (!parsed.success || parsed.data.receipt === undefined)
    return { outcome: 'refused', status, why: notProbant }
  return { outcome: status === 201 ? 'received' : 'already', receipt: parsed.data.receipt }
}

const notProbant: Text = {
  fr: "ce n'est pas un serveur Probant qui répond à cette adresse : vérifiez-la",
  en: 'it is not a Probant server that answers at this address: check it',
}
