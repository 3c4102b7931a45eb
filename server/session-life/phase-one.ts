import { certificateOf, type Referential } from '../../checks/referential/referential.ts'

/**
 * Minutes of phase 1 of the mise en situation, as the référentiel has them for a certificate: the phase that is supervised
 * while the jury is absent. Null where the référentiel is not known, or has no such phase.
 */
export function officialMinutes(referential: Referential | null, certificate: string): number | null {
  const phases = (referential && certificateOf(referential, certificate)?.modalities.MSP?.phases) ?? []
  return phases.find(({ jury, supervised }) => jury === 'absent' && supervised)?.minutes ?? null
}
