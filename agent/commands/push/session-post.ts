import { setTimeout as pause } from 'node:timers/promises'
import { z } from 'zod'
import type { Diagnostic } from '../../../checks/document.ts'
import type { Text } from '../../../checks/text.ts'
import type { SessionUpload } from './session-upload.ts'

/** What became of a session that was brought to a server. */
export type Posted =
  | {
      readonly outcome: 'created' | 'already'
      readonly id: string
      readonly url: string
      readonly warnings: readonly Text[]
    }
  | {
      readonly outcome: 'refused'
      readonly status: number
      readonly why: Text | null
      readonly diagnostics: readonly Diagnostic[]
    }
  | { readonly outcome: 'unreachable'; readonly detail: string }

export interface PostOptions {
  readonly server: URL
  readonly token: string
  readonly launch: 'hand' | 'clock'
  /** How often a server that doesn't answer, or says that it can't now (429, 5xx), is tried. */
  readonly attempts?: number
  /** Wait before the second attempt, in ms; doubled each time. */
  readonly backoffMs?: number
  readonly timeoutMs?: number
}

const text = z.object({ fr: z.string().max(2000), en: z.string().max(2000) })
const createdSchema = z.object({
  id: z.string().regex(/^[0-9a-f]{64}$/),
  url: z.string().max(2000),
  warnings: z
    .array(z.union([text, z.object({ message: text }).transform(({ message }) => message)]))
    .max(500)
    .default([]),
})
const problemSchema = z.object({
  message: text,
  diagnostics: z
    .array(
      z.object({
        severity: z.enum(['error', 'note']).default('error'),
        file: z.string().max(1024),
        line: z.int().min(1),
        column: z.int().min(1),
        message: text,
      }),
    )
    .max(500)
    .default([]),
})
const MAX_ANSWER = 1_048_576

/**
 * Brings a session to a server: `POST {server}/api/v1/sessions`. The same session twice is harmless, so that an attempt
 * whose answer was lost is simply repeated. Follows no redirect: the token goes nowhere else. Never rejects.
 */
export async function postSession(upload: SessionUpload, options: PostOptions): Promise<Posted> {
  const { attempts = 4, backoffMs = 500 } = options
  for (let attempt = 1; ; attempt++) {
    const posted = await tryOnce(upload, options)
    const again =
      posted.outcome === 'unreachable' ||
      (posted.outcome === 'refused' && (posted.status === 429 || posted.status >= 500))
    if (!again || attempt >= attempts) return posted
    await pause(backoffMs * 2 ** (attempt - 1) * (0.5 + Math.random() / 2))
  }
}

async function tryOnce({ files, names, id }: SessionUpload, options: PostOptions): Promise<Posted> {
  const { server, token, launch, timeoutMs = 60_000 } = options
  try {
    const response = await fetch(new URL('api/v1/sessions', server), {
      method: 'POST',
      body: JSON.stringify({
        files,
        ...(names.size > 0 ? { names: Object.fromEntries(names) } : {}),
        launch,
      }),
      headers: { authorization: `Bearer ${token}`, 'content-type': 'application/json' },
      redirect: 'manual',
      signal: AbortSignal.timeout(timeoutMs),
    })
    const answer = await boundedJson(response)
    const { status } = response
    if (status !== 201 && status !== 200) {
      const { data } = problemSchema.safeParse(answer)
      return { outcome: 'refused', status, why: data?.message ?? null, diagnostics: data?.diagnostics ?? [] }
    }
    const { data } = createdSchema.safeParse(answer)
    // A page that some proxy serves with 200 is no answer of ours; nor is a session of another name.
    if (!data) return { outcome: 'refused', status, why: notProbant, diagnostics: [] }
    if (data.id !== id) return { outcome: 'refused', status, why: notThatSession, diagnostics: [] }
    return { outcome: status === 201 ? 'created' : 'already', ...data }
  } catch (error) {
    const cause = error instanceof Error && error.cause instanceof Error ? error.cause : error
    const code = cause instanceof Error && 'code' in cause ? String(cause.code) : ''
    return { outcome: 'unreachable', detail: code || (error instanceof Error ? error.name : 'error') }
  }
}

const notProbant: Text = {
  fr: "ce n'est pas un serveur Probant qui répond à cette adresse : vérifiez-la",
  en: 'it is not a Probant server that answers at this address: check it',
}
const notThatSession: Text = {
  fr: 'le serveur dit avoir une autre session que celle qui a été envoyée : vérifiez ce qui se tient entre lui et vous',
  en: 'the server says that it has another session than the one sent: look at what stands between it and you',
}

async function boundedJson(response: Response): Promise<unknown> {
  const chunks: Uint8Array[] = []
  let bytes = 0
  for await (const chunk of response.body ?? []) {
    chunks.push(chunk)
    bytes += chunk.length
    if (bytes > MAX_ANSWER) return undefined
  }
  try {
    return JSON.parse(Buffer.concat(chunks).toString('utf8'))
  } catch {
    return undefined
  }
}
