import { answered, type Observed } from '../observation.ts'
import type { Text } from '../text.ts'

/** Whether at least one echo came back; a question that could not be asked is `unknown` with its cause. */
export const echoed = (observation: Observed<'icmp'> | undefined): boolean =>
  answered(observation).received > 0

/** « 2 réponses sur 2 (0,4 ms) » */
export function echoes(observation: Observed<'icmp'> | undefined): Text {
  const { sent, received, rttMs } = answered(observation)
  if (received === 0)
    return { fr: `aucune réponse à ${sent} demandes d’écho`, en: `no answer to ${sent} echo requests` }
  const ms = rttMs === null ? null : Math.max(0.1, Math.round(rttMs * 10) / 10)
  const time = {
    fr: ms === null ? '' : ` (${String(ms).replace('.', ',')} ms)`,
    en: ms === null ? '' : ` (${ms} ms)`,
  }
  return {
    fr: `${received} réponse${received > 1 ? 's' : ''} sur ${sent}${time.fr}`,
    en: `${received} of ${sent} answered${time.en}`,
  }
}
