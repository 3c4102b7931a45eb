import { z } from 'zod'
import type { Text } from '../../checks/text.ts'

/** What an account is for. One account has one role, so that nobody watches over a session whose verdicts he reads. */
export const roleSchema = z.enum(['responsable', 'surveillant', 'jury', 'candidate'])
export type Role = z.infer<typeof roleSchema>

export const roleWords: Record<Role, Text> = {
  responsable: { fr: 'responsable de session', en: 'head of session' },
  surveillant: { fr: 'surveillant', en: 'surveillant' },
  jury: { fr: 'jury', en: 'jury' },
  candidate: { fr: 'candidat', en: 'candidate' },
}

/** Whoever is signed in, as every page and route may know him. */
export interface Viewer {
  readonly account: string
  readonly name: string
  readonly displayName: string
  readonly role: Role
}
