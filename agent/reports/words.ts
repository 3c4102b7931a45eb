import type { Text } from '../../checks/text.ts'
import type { Blame, Cause } from '../../checks/verdict.ts'

/** Why something is not verified, in words. */
export const causeWords: Readonly<Record<Cause, Text>> = {
  unreachable: { fr: 'machine injoignable', en: 'machine unreachable' },
  refused: { fr: 'connexion refusée', en: 'connection refused' },
  timeout: { fr: 'délai dépassé', en: 'timed out' },
  auth: { fr: 'identifiants refusés', en: 'credentials refused' },
  denied: { fr: 'accès refusé', en: 'access denied' },
  identity: { fr: 'ce n’est pas la machine attendue', en: 'not the expected machine' },
  'missing-tool': { fr: 'outil absent de la machine', en: 'tool missing on the machine' },
  unparsable: { fr: 'réponse inexploitable', en: 'unusable answer' },
  truncated: { fr: 'réponse trop longue, coupée', en: 'answer too long, cut' },
  control: {
    fr: 'témoin en échec : une absence ne prouve rien',
    en: 'the control failed: an absence proves nothing',
  },
  'not-asked': { fr: 'la question n’a pas été posée', en: 'the question was not asked' },
  cancelled: { fr: 'passage interrompu', en: 'run interrupted' },
  grader: { fr: 'défaut de l’outil', en: 'fault of the tool' },
}

/** Whom a « non vérifié » points at. */
export const blameWords: Readonly<Record<Blame, Text>> = {
  candidate: { fr: 'du côté du candidat', en: "on the candidate's side" },
  room: { fr: 'du côté de la salle', en: 'on the side of the room' },
  grader: { fr: 'du côté de la correction', en: 'on the side of the grading' },
  undecidable: { fr: 'rien ne dit de quel côté', en: 'nothing says on which side' },
}
