import type { Lang } from '../text.ts'
import type { Certificate, Referential } from './referential.ts'

/** A modality as other programs read it; `competencies` is empty for the entretien final. */
export interface PrintedModality {
  minutes: number
  competencies: string[]
}

/** The mise en situation, cut in phases. `text` is official wording. */
export interface PrintedSimulation {
  minutes: number
  phases: { minutes: number; jury: 'present' | 'absent'; supervised: boolean; text: string }[]
  competencies: string[]
}

/**
 * What `probant referential --json` prints. Other programs read it: nothing here is renamed or
 * removed. Durations are minutes. A modality that the certificate doesn't have is null.
 */
export interface PrintedReferential {
  id: string
  competencies: {
    id: string
    certificate: string
    label: string
    criteria: { id: string; label: string; observable: 'full' | 'part' | 'none'; why: string }[]
  }[]
  certificates: {
    id: string
    minutes: number
    juryMinutes: number
    modalities: {
      MSP: PrintedSimulation | null
      ET: PrintedModality | null
      QP: PrintedModality | null
      QPP: PrintedModality | null
      EF: PrintedModality | null
    }
  }[]
  transversal: { id: string; label: string; competencies: string[] }[]
  sharedResources: {
    id: string
    group: string
    number: number
    description: string
    maxCandidates: number
    remarks: string | null
  }[]
}

/**
 * The public form of a référentiel, ready for JSON.
 * @param language of `why`; labels, texts and descriptions are official wording, hence French.
 */
export function referentialJson(ref: Referential, language: Lang = 'fr'): PrintedReferential {
  return {
    id: ref.id,
    competencies: ref.competencies.map(({ id, certificate, label, criteria }) => ({
      id,
      certificate,
      label,
      criteria: criteria.map((c) => ({
        id: c.id,
        label: c.label,
        observable: c.observable,
        why: c.why[language],
      })),
    })),
    certificates: ref.certificates.map(({ id, minutes, juryMinutes, modalities }) => ({
      id,
      minutes,
      juryMinutes,
      modalities: printModalities(modalities),
    })),
    transversal: ref.transversal.map(({ id, label, competencies }) => ({
      id,
      label,
      competencies: [...competencies],
    })),
    sharedResources: ref.sharedResources.map((resource) => ({ ...resource })),
  }
}

function printModalities({ MSP, ET, QP, QPP, EF }: Certificate['modalities']) {
  return {
    MSP: MSP && {
      minutes: MSP.minutes,
      phases: MSP.phases.map((phase) => ({ ...phase })),
      competencies: [...MSP.competencies],
    },
    ET: printModality(ET),
    QP: printModality(QP),
    QPP: printModality(QPP),
    EF: EF && { minutes: EF.minutes, competencies: [] },
  }
}

function printModality(modality: { minutes: number; competencies: string[] } | null): PrintedModality | null {
  return modality && { minutes: modality.minutes, competencies: [...modality.competencies] }
}
