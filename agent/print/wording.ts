import type { RoleKind } from '../../checks/define.ts'
import type { Subject } from '../../checks/subject.ts'
import { same, type Lang, type Text } from '../../checks/text.ts'
import { day, length } from '../../checks/typography.ts'
import { french } from '../terminal/typography.ts'

/** What the papers of candidates say by themselves; everything else is the exam's or the référentiel's. */
export const words = {
  examination: { fr: "Sujet d'examen", en: 'Examination paper' },
  training: { fr: "Sujet d'entraînement", en: 'Training paper' },
  candidate: { fr: 'Candidat', en: 'Candidate' },
  seat: { fr: 'place', en: 'seat' },
  session: { fr: 'Session', en: 'Session' },
  certificate: { fr: 'Certification', en: 'Certificate' },
  length: { fr: 'Durée', en: 'Duration' },
  conditions: { fr: 'Conditions', en: 'Conditions' },
  sample: { fr: 'Spécimen', en: 'Sample' },
  situation: { fr: 'Situation', en: 'Situation' },
  machines: { fr: 'Machines', en: 'Machines' },
  machine: { fr: 'Machine', en: 'Machine' },
  kind: { fr: 'Nature', en: 'Kind' },
  address: { fr: 'Adresse', en: 'Address' },
  shared: { fr: 'partagée entre candidats', en: 'shared by candidates' },
  demands: { fr: 'Demandes', en: 'Demands' },
  hint: { fr: 'Indice', en: 'Hint' },
  noPhase: { fr: 'non précisée par le référentiel', en: 'not said by the référentiel' },
  paper: { fr: 'Sujet', en: 'Paper' },
  variant: { fr: 'variante', en: 'variant' },
} satisfies Record<string, Text>

export const kindWords: Record<RoleKind, Text> = {
  linux: { fr: 'Linux', en: 'Linux' },
  windows: { fr: 'Windows', en: 'Windows' },
  switch: { fr: 'commutateur', en: 'switch' },
  router: { fr: 'routeur', en: 'router' },
  firewall: { fr: 'pare-feu', en: 'firewall' },
  supervision: { fr: 'supervision', en: 'monitoring' },
  telephony: { fr: 'téléphonie', en: 'telephony' },
  hypervisor: { fr: 'hyperviseur', en: 'hypervisor' },
  host: { fr: 'hôte', en: 'host' },
}

/** Our own sentences in the paper's language, with its typography. */
export const sayIn = (lang: Lang) => (text: Text) => (lang === 'fr' ? french(text.fr) : text.en)

/** The certificate in its official wording. */
export function certificateText({ certificate: { kind, id, label }, referential }: Subject): string {
  const name = kind === 'titre' ? 'Titre professionnel' : id.replace(/(\d)/, '\u00A0$1')
  return `${name} ${label} (${referential.code}, millésime ${referential.millesime})`
}

export const numbered = (number: number, of: number): Text => ({
  fr: `page\u00A0${number} sur\u00A0${of}`,
  en: `page\u00A0${number} of\u00A0${of}`,
})

/** How long the candidate has, the extra minutes of this candidate included, and of what. */
export function lengthText({ phase, extraMinutes }: Subject, lang: Lang): { total: Text; of: Text | null } {
  if (!phase) return { total: words.noPhase, of: null }
  const part: Text = phase.first
    ? {
        fr: 'première phase de la mise en situation professionnelle',
        en: 'first phase of the mise en situation professionnelle',
      }
    : { fr: 'mise en situation professionnelle', en: 'mise en situation professionnelle' }
  const total = same(length(phase.minutes + extraMinutes, lang))
  if (extraMinutes === 0) return { total, of: part }
  const [own, extra] = [length(phase.minutes, lang), length(extraMinutes, lang)]
  return {
    total,
    of: {
      fr: `${part.fr} : ${own}, et ${extra} de temps majoré`,
      en: `${part.en}: ${own}, and ${extra} of extra time`,
    },
  }
}

/** « Session de Lyon, 1er décembre 2026 » */
export const sittingText = ({ title, date }: NonNullable<Subject['sitting']>, lang: Lang): string =>
  title === null ? day(date, lang) : `${title}, ${day(date, lang)}`

/** Says that a paper is nobody's, and what its values were made of. */
export const sampleText = ({ n, seed }: NonNullable<Subject['sample']>): Text => ({
  fr: `ce sujet n'est celui d'aucun candidat ; ses valeurs sont celles du numéro ${n} pour la graine « ${seed} ».`,
  en: `this paper is no candidate's; its values are those of number ${n} for the seed “${seed}”.`,
})
