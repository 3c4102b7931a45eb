import type { Text } from '../../../checks/text.ts'

/** When to try again. */
export function waitFor(seconds: number): Text {
  const s = seconds > 1 ? 's' : ''
  return {
    fr: `Trop d’essais. Réessayez dans ${seconds} seconde${s}.`,
    en: `Too many attempts. Try again in ${seconds} second${s}.`,
  }
}
