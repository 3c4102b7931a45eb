import { z } from 'zod'
import { pattern } from './pattern.ts'

/** What exams and sessions name their demands, machines, variables and credentials by. */
export const nameSchema = z
  .string()
  .min(1)
  .max(64)
  .regex(
    pattern(/^[a-z][a-z0-9-]*$/, {
      fr: 'un nom fait de minuscules, de chiffres et de tirets, et commence par une lettre',
      en: 'a name is made of lower-case letters, digits and hyphens, and starts with a letter',
    }),
  )
