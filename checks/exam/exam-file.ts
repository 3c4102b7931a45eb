import { z } from 'zod'
import { roleKindSchema } from '../define.ts'
import { described } from '../described.ts'
import { variableSchema } from '../drawn-values.ts'
import { nameSchema as name } from '../name.ts'

/** An exam as it is written. The checks of a demand are read one by one, by `readCall`: each has parameters of its own. */
const call = z.unknown()
const hintText = z.string().min(1).max(2000)

export const demandFileSchema = z.strictObject({
  id: described(name, {
    fr: 'Nom de la demande, le même d’un passage à l’autre',
    en: 'Name of the demand, the same from one run to the next',
  }),
  text: described(z.string().min(1).max(4000).optional(), {
    fr: 'Ce que le candidat lit : tout ce que les contrôles attendent doit y être dit',
    en: 'What the candidate reads: all that the checks expect must be said in it',
  }),
  criteria: described(z.array(z.string()).min(1).max(16).optional(), {
    fr: 'Critères du référentiel (C8.1) ; à défaut, ceux des contrôles',
    en: 'Criteria of the référentiel (C8.1); those of the checks where absent',
  }),
  checks: described(z.array(call).min(1).max(64).optional(), {
    fr: 'Ce qui doit être constaté, un contrôle par tiret ; tous comptent',
    en: 'What must be observed, one check a hyphen; all of them count',
  }),
  any: described(
    z
      .array(z.union([z.array(call).min(1).max(64), call]))
      .min(1)
      .max(16)
      .optional(),
    {
      fr: 'Solutions admises : une seule suffit ; chacune est un contrôle ou une liste de contrôles',
      en: 'Accepted alternatives: one of them is enough; each is a check or a list of checks',
    },
  ),
  question: described(z.string().max(2000).optional(), {
    fr: 'Question proposée au jury pour l’entretien technique',
    en: 'A question offered to the jury for the entretien technique',
  }),
  hint: described(z.union([hintText, z.array(hintText).min(1).max(2)]).optional(), {
    fr: 'En entraînement : un indice, ou deux, montrés l’un après l’autre si on les demande',
    en: 'For training: one hint, or two, shown one after the other when asked for',
  }),
  transient: described(z.boolean().default(false), {
    fr: 'Accepte les questions qui laissent une trace passagère (demande DHCP, message d’essai)',
    en: 'Consents to questions that leave a passing trace (a DHCP request, a test message)',
  }),
})

export const examFileSchema = z.strictObject({
  title: described(z.string().min(1).max(200), {
    fr: 'Titre du sujet, tel qu’il est imprimé',
    en: 'Title of the exam, as it is printed',
  }),
  purpose: described(z.enum(['training', 'examination']), {
    fr: 'training : entraînement, avec indices ; examination : épreuve, qui ne montre rien au candidat',
    en: 'training: with hints; examination: shows the candidate nothing',
  }),
  referential: described(z.string().min(1).max(64), {
    fr: 'Référentiel, comme tp-01351-01 (liste : probant referential)',
    en: 'Référentiel, like tp-01351-01 (list: probant referential)',
  }),
  certificate: described(z.string().min(1).max(16), {
    fr: 'Ce que le candidat passe : TITRE, CCP1, CCS1…',
    en: 'What the candidate sits: TITRE, CCP1, CCS1…',
  }),
  roles: described(z.record(name, roleKindSchema), {
    fr: 'Les machines du sujet, par leur rôle : « web: linux » ; la session donne leurs adresses',
    en: 'The machines of the exam, by role: “web: linux”; the session gives their addresses',
  }),
  introduction: described(z.string().min(1).max(8000).optional(), {
    fr: 'La situation, imprimée au-dessus des demandes ; peut contenir {{…}}',
    en: 'The situation, printed above the demands; may hold {{…}}',
  }),
  variables: described(z.record(name, variableSchema).default({}), {
    fr: 'Valeurs employées par {{nom}} : la même pour tous, ou tirée pour chacun ({ among: [a, b] }, { from: 100, to: 199 })',
    en: 'Values used as {{name}}: one for all, or drawn for each ({ among: [a, b] }, { from: 100, to: 199 })',
  }),
  demands: described(z.array(demandFileSchema).min(1).max(500), {
    fr: 'Les demandes, dans l’ordre du sujet',
    en: 'The demands, in the order of the exam',
  }),
})
export type ExamFile = z.infer<typeof examFileSchema>
