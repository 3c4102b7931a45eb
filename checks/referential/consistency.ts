import type { Text } from '../text.ts'
import type { Certificate, Competency, Referential } from './referential.ts'

/** A contradiction inside a référentiel whose shape is right, and where it is. */
export interface Inconsistency {
  path: PropertyKey[]
  says: Text
}

/**
 * Everything in a référentiel that contradicts itself: ids used twice or that don't exist, criteria
 * out of sequence, durations that don't add up, a certificate that doesn't evaluate exactly its own
 * competencies.
 *
 * Durations: the modalities give the candidate's total; the phases with the jury, the entretien
 * technique, the questionnement and the entretien final give the jury's (the questionnaire is
 * written, without it). True of every certificate of TP-01351.
 */
export function inconsistencies(ref: Referential): Inconsistency[] {
  return [
    ...repeated(ref.certificates, 'certificates'),
    ...repeated(ref.competencies, 'competencies'),
    ...repeated(ref.transversal, 'transversal'),
    ...repeated(ref.sharedResources, 'sharedResources'),
    ...ref.competencies.flatMap((c, i) => ofCompetency(ref, c, ['competencies', i])),
    ...ref.certificates.flatMap((c, i) => ofCertificate(ref, c, ['certificates', i])),
    ...ref.transversal.flatMap((t, i) => ofList(ref, t.competencies, ['transversal', i, 'competencies'])),
  ]
}

function repeated(items: readonly { id: string }[], key: string): Inconsistency[] {
  const ids = items.map((item) => item.id)
  return ids.flatMap((id, i) => (ids.indexOf(id) < i ? [twice(id, [key, i, 'id'])] : []))
}

function ofCompetency(ref: Referential, c: Competency, path: PropertyKey[]): Inconsistency[] {
  const found: Inconsistency[] = []
  const owner = ref.certificates.find((certificate) => certificate.id === c.certificate)
  if (!owner || owner.kind === 'titre') {
    found.push({
      path: [...path, 'certificate'],
      says: {
        fr: `« ${c.certificate} » n'est ni un CCP ni un CCS de ce référentiel`,
        en: `"${c.certificate}" is neither a CCP nor a CCS of this référentiel`,
      },
    })
  }
  c.criteria.forEach((criterion, i) => {
    const expected = `${c.id}.${i + 1}`
    if (criterion.id !== expected) {
      found.push({
        path: [...path, 'criteria', i, 'id'],
        says: {
          fr: `critère « ${criterion.id} » hors de la suite, « ${expected} » est attendu`,
          en: `criterion "${criterion.id}" out of sequence, "${expected}" is expected`,
        },
      })
    }
  })
  if (c.criteria.length === 0 && !c.note) {
    found.push({
      path,
      says: {
        fr: `${c.id} n'a pas de critère : une note doit dire pourquoi`,
        en: `${c.id} has no criterion: a note must say why`,
      },
    })
  }
  return found
}

function ofCertificate(ref: Referential, c: Certificate, path: PropertyKey[]): Inconsistency[] {
  const { MSP, ET, QP, QPP, EF } = c.modalities
  const phases = MSP?.phases ?? []
  const found = [
    ...(['MSP', 'ET', 'QP', 'QPP'] as const).flatMap((m) =>
      ofList(ref, c.modalities[m]?.competencies ?? [], [...path, 'modalities', m, 'competencies']),
    ),
    ...(MSP
      ? ofSum(MSP.minutes, sum(phases), [...path, 'modalities', 'MSP', 'minutes'], {
          fr: 'les phases font',
          en: 'the phases make',
        })
      : []),
    ...ofSum(c.minutes, sum([MSP, ET, QP, QPP, EF]), [...path, 'minutes'], {
      fr: 'les modalités font',
      en: 'the modalities make',
    }),
    ...ofSum(
      c.juryMinutes,
      sum([...phases.filter((p) => p.jury === 'present'), ET, QPP, EF]),
      [...path, 'juryMinutes'],
      { fr: 'les moments avec le jury font', en: 'the moments with the jury make' },
    ),
  ]

  const evaluated = new Set([MSP, ET, QP, QPP].flatMap((modality) => modality?.competencies ?? []))
  for (const { id, certificate } of ref.competencies) {
    const kind = ref.certificates.find((other) => other.id === certificate)?.kind
    const expected = c.kind === 'titre' ? kind === 'ccp' : certificate === c.id
    if (expected === evaluated.has(id)) continue
    found.push({
      path: [...path, 'modalities'],
      says: expected
        ? { fr: `aucune modalité n'évalue ${id}`, en: `no modality evaluates ${id}` }
        : {
            fr: `${id} est évaluée mais n'appartient pas à ${c.id}`,
            en: `${id} is evaluated but doesn't belong to ${c.id}`,
          },
    })
  }
  return found
}

function ofList(ref: Referential, ids: readonly string[], path: PropertyKey[]): Inconsistency[] {
  return ids.flatMap((id, i) => {
    if (ids.indexOf(id) < i) return [twice(id, [...path, i])]
    if (ref.competencies.some((c) => c.id === id)) return []
    return [
      {
        path: [...path, i],
        says: { fr: `compétence « ${id} » inconnue`, en: `unknown competency "${id}"` },
      },
    ]
  })
}

function ofSum(stated: number, added: number, path: PropertyKey[], who: Text): Inconsistency[] {
  if (stated === added) return []
  return [
    {
      path,
      says: {
        fr: `${stated} min sont annoncées, ${who.fr} ${added} min`,
        en: `${stated} min are stated, ${who.en} ${added} min`,
      },
    },
  ]
}

const sum = (parts: readonly ({ minutes: number } | null)[]) =>
  parts.reduce((total, part) => total + (part?.minutes ?? 0), 0)

const twice = (id: string, path: PropertyKey[]): Inconsistency => ({
  path,
  says: { fr: `« ${id} » figure deux fois`, en: `"${id}" appears twice` },
})
