import type { Text } from '../../checks/text.ts'

/** Kerberos takes no more (MaxClockSkew of a default domain), and domain controllers go by it. */
const mostMs = 300_000
/** Less than this is the network's and the other clock's own. */
const worthSayingMs = 30_000

/** How far a machine's clock is ahead of ours, in ms; negative where it is behind. */
export const driftOf = (time: Date): number => time.getTime() - Date.now()

export const tooFar = (drift: number | null | undefined): boolean =>
  typeof drift === 'number' && Math.abs(drift) > mostMs

/** The difference in words; null where it is not worth a word. */
export function driftWords(drift: number | null | undefined): Text | null {
  if (typeof drift !== 'number' || !Number.isFinite(drift) || Math.abs(drift) < worthSayingMs) return null
  const seconds = Math.round(Math.abs(drift) / 1000)
  const far =
    seconds < 120
      ? `${seconds} s`
      : seconds < 7200
        ? `${Math.round(seconds / 60)} min`
        : `${Math.round(seconds / 3600)} h`
  return drift > 0
    ? { fr: `son horloge avance de ${far}`, en: `its clock is ${far} ahead` }
    : { fr: `son horloge retarde de ${far}`, en: `its clock is ${far} behind` }
}
