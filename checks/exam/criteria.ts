import type { Path } from '../document.ts'
import type { ExamCall } from '../exam.ts'
import {
  certificateOf,
  competency,
  criterion,
  modalitiesOf,
  type Referential,
} from '../referential/referential.ts'
import type { Reading } from './reading.ts'

/** What the criteria of an exam are judged by; null where the exam names none that is known. */
export interface Yardstick {
  readonly referential: Referential | null
  readonly certificate: string | null
}

/** Says an unknown référentiel or certificate; of what depends on them nothing is said then. */
export function readYardstick(
  { document, diagnostics }: Reading,
  referentials: ReadonlyMap<string, Referential>,
  { referential: name, certificate }: Readonly<Record<string, unknown>>,
): Yardstick {
  if (typeof name !== 'string' || name === '') return { referential: null, certificate: null }
  const referential = referentials.get(name) ?? null
  if (!referential) {
    const known = [...referentials.keys()].join(', ')
    diagnostics.push(
      document.diagnose(['referential'], {
        fr: `référentiel inconnu « ${name} » ; choisissez parmi : ${known}`,
        en: `unknown referential “${name}”; choose among: ${known}`,
      }),
    )
    return { referential: null, certificate: null }
  }
  if (typeof certificate !== 'string' || certificate === '') return { referential, certificate: null }
  if (certificateOf(referential, certificate)) return { referential, certificate }
  const known = referential.certificates.map(({ id }) => id).join(', ')
  diagnostics.push(
    document.diagnose(['certificate'], {
      fr: `certificat inconnu « ${certificate} » ; attendu : ${known}`,
      en: `unknown certificate “${certificate}”; expected: ${known}`,
    }),
  )
  return { referential, certificate: null }
}

/** The criteria that a demand names, each that isn't one said at its place; without any, those of its checks. */
export function readCriteria(
  { document, diagnostics }: Reading,
  { referential, certificate }: Yardstick,
  demand: { readonly id: string; readonly criteria: unknown; readonly path: Path },
  calls: readonly ExamCall[],
  whole: boolean,
): string[] {
  const { id, criteria, path } = demand
  if (criteria === undefined) {
    const defaults = [...new Set(calls.flatMap(({ check }) => check.criteria))]
    if (!referential || certificate === null) return defaults
    const kept = defaults.filter(
      (one) =>
        criterion(referential, one) && modalitiesOf(referential, certificate, ofCompetency(one)).length > 0,
    )
    if (kept.length === 0 && calls.length > 0 && whole && !document.unreadable([...path, 'criteria']))
      diagnostics.push(
        document.diagnose(path, {
          fr: `la demande « ${id} » ne se rattache à aucun critère de ${certificate} : ajoutez « criteria »`,
          en: `demand “${id}” belongs to no criterion of ${certificate}: add “criteria”`,
        }),
      )
    return kept
  }
  if (!Array.isArray(criteria)) return []
  for (const [i, one] of criteria.entries())
    if (typeof one === 'string' && referential)
      readCriterion({ document, diagnostics }, referential, certificate, one, [...path, 'criteria', i])
  return criteria.filter((one) => typeof one === 'string')
}

function readCriterion(
  { document, diagnostics }: Pick<Reading, 'document' | 'diagnostics'>,
  referential: Referential,
  certificate: string | null,
  id: string,
  where: Path,
): void {
  if (!criterion(referential, id) && !bareCompetency(referential, id)) {
    diagnostics.push(
      document.diagnose(where, {
        fr: `critère inconnu « ${id} » dans ${referential.id} (forme attendue : C8.1)`,
        en: `unknown criterion “${id}” in ${referential.id} (expected form: C8.1)`,
      }),
    )
    return
  }
  if (certificate === null) return
  const modalities = modalitiesOf(referential, certificate, ofCompetency(id))
  if (modalities.length === 0)
    diagnostics.push(
      document.diagnose(where, {
        fr: `le critère ${id} n'est évalué par aucune modalité de ${certificate} : retirez-le`,
        en: `criterion ${id} is evaluated by no modality of ${certificate}: remove it`,
      }),
    )
  else if (!modalities.includes('MSP'))
    diagnostics.push(
      document.diagnose(
        where,
        {
          fr: `le critère ${id} n'est pas évalué par la mise en situation de ${certificate} (${modalities.join(', ')}) : ce qui est relevé servira à l'entretien`,
          en: `criterion ${id} is not evaluated by the MSP of ${certificate} (${modalities.join(', ')}): what is observed serves the entretien`,
        },
        { severity: 'note' },
      ),
    )
}

const ofCompetency = (id: string): string => id.split('.')[0] ?? id

/** A competency that the source gives no criterion (S3) is named by its own id. */
const bareCompetency = (referential: Referential, id: string): boolean =>
  competency(referential, id)?.criteria.length === 0
