import type { Text } from '../../checks/text.ts'

/** What the comments of a new exam explain, one line each, where the thing is met first. */
export const examRemarks = {
  purpose: {
    training: {
      fr: 'training : entraînement (indices et constats montrés) ; examination : examen, qui ne montre rien aux candidats',
      en: 'training: hints and findings are shown; examination: nothing is shown to candidates',
    },
    examination: {
      fr: 'examination : examen, qui ne montre rien aux candidats ; training : entraînement (indices et constats montrés)',
      en: 'examination: nothing is shown to candidates; training: hints and findings are shown',
    },
  },
  certificate: {
    fr: 'le certificat passé ; ses compétences et critères : probant referential',
    en: 'the certificate that is sat; its competencies and criteria: probant referential',
  },
  roles: {
    fr: 'Les machines de chaque candidat : un nom choisi ici, et de quel genre elle est. Leurs adresses sont dans session.yaml.',
    en: 'The machines of each candidate: a name chosen here, and of which kind it is. Their addresses are in session.yaml.',
  },
  introduction: {
    fr: 'La situation, imprimée au-dessus des demandes.',
    en: 'The situation, printed above the demands.',
  },
  variables: {
    fr: 'Valeurs tirées pour chaque candidat (among : une de la liste ; from, to : un nombre) : deux voisins n’ont pas la même. {{n}} est le numéro du candidat.',
    en: 'Values drawn for each candidate (among: one of the list; from, to: a number): neighbours never share one. {{n}} is the number of the candidate.',
  },
  demands: {
    fr: 'Les demandes : ce que le candidat doit faire (text, imprimé pour lui) et ce qui est relevé sur ses machines (checks).',
    en: 'The demands: what the candidate has to do (text, printed for them) and what is observed on their machines (checks).',
  },
  criteria: {
    fr: 'les critères officiels que la demande touche, tels que le jury les lira',
    en: 'the official criteria that the demand touches, as the jury will read them',
  },
  checks: {
    fr: 'ce qui est relevé, tout devant être constaté ; l’éditeur complète les noms et les paramètres (Ctrl-Espace), sinon : probant catalogue',
    en: 'what is observed, all of it wanted; the editor completes names and parameters (Ctrl-Space), or: probant catalogue',
  },
  any: {
    fr: 'plusieurs façons de faire sont admises : une suffit',
    en: 'several ways are accepted: one is enough',
  },
  not: {
    fr: 'not : le contraire du contrôle ; prévoyez le paquet installé sur la machine remise, sinon la demande est donnée d’avance',
    en: 'not: the opposite of the check; hand the machine out with the package installed, or the demand is given for free',
  },
  question: {
    fr: 'pour l’entretien technique : le jury seul la voit',
    en: 'for the entretien technique: only the jury sees it',
  },
  hint: {
    fr: 'un ou deux indices, montrés l’un après l’autre à qui les demande',
    en: 'one or two hints, shown one after the other to whoever asks',
  },
  noHint: {
    fr: 'Un examen n’a pas d’indices (hint) : ils ne servent qu’à l’entraînement.',
    en: 'An examination has no hints: they are for training only.',
  },
  untouched: {
    fr: 'Critères du certificat qu’une machine peut montrer, au moins en partie, et que rien ne touche encore ici :',
    en: 'Criteria of the certificate that a machine can show, at least in part, and that nothing touches here yet:',
  },
  next: {
    fr: 'Ensuite : probant add CONTRÔLE ajoute un contrôle, probant validate relit, probant print imprime, probant rehearse répète avant le jour.',
    en: 'Next: probant add CHECK adds a check, probant validate proofreads, probant print prints, probant rehearse proves it before the day.',
  },
} as const satisfies Record<string, Text | Record<string, Text>>

/** The same for a new session. */
export const sessionRemarks = {
  date: { fr: 'le jour de la session', en: 'the day of the session' },
  seed: {
    fr: 'Une graine de plus, d’autres valeurs tirées ; sans elle, la date en tient lieu : # seed: groupe-2',
    en: 'Another seed, other drawn values; without it the date serves: # seed: group-2',
  },
  credentials: {
    fr: 'Les comptes, sans aucun secret : vault:nom est dans le coffre (probant vault set nom), env:NOM dans l’environnement.',
    en: 'The accounts, without any secret: vault:name is in the vault (probant vault set name), env:NAME in the environment.',
  },
  targets: {
    fr: 'Une ligne sert tous les candidats : {{n}} y devient le numéro de chacun.',
    en: 'One line serves all candidates: {{n}} becomes the number of each.',
  },
  local: {
    fr: 'Pour essayer sur cette machine-ci : « local: {0} » à la place de « {1} ».',
    en: 'To try on this very machine: “local: {0}” in place of “{1}”.',
  },
  control: {
    fr: 'Une adresse qui répond tant que le réseau de la salle marche : distingue une panne de salle d’une machine éteinte.',
    en: 'An address that answers as long as the room’s network works: tells a failure of the room from a machine that is off.',
  },
  candidates: {
    fr: 'Un code, jamais un nom ; extra-minutes pour un tiers-temps.',
    en: 'A code, never a name; extra-minutes for who is entitled to more time.',
  },
} as const satisfies Record<string, Text>
