import { z } from 'zod'
import type { Text } from '../../../checks/text.ts'
import { passwordProblem } from '../../access/password.ts'

/** What is typed to sign in. A tablet begins a word with a capital: they don't count. */
export const accountName = z
  .string()
  .trim()
  .toLowerCase()
  .regex(/^[a-z0-9][a-z0-9.-]{1,31}$/)
export const displayName = z.string().trim().min(1).max(64)

/** A form as posted, whatever it holds. */
export const formOf = (body: unknown): Readonly<Record<string, unknown>> =>
  typeof body === 'object' && body !== null ? (body as Record<string, unknown>) : {}

/** A field as text, cut to what a form may show again. */
export const typedIn = (body: unknown, field: string, most: number): string => {
  const value = formOf(body)[field]
  return typeof value === 'string' ? value.slice(0, most) : ''
}

/** Longer than any password may be: a long one is refused, never cut. */
export const passwordIn = (body: unknown, field: string): string => typedIn(body, field, 1000)

/** Why a password can't be chosen, as a sentence of its own. */
export function weakness(password: string, name: string): Text | null {
  const problem = passwordProblem(password, name)
  if (!problem) return null
  const sentence = (text: string) => `${text.charAt(0).toUpperCase()}${text.slice(1)}.`
  return { fr: sentence(problem.fr), en: sentence(problem.en) }
}
