import type { EvaluatingModality } from '../../checks/referential/referential.ts'
import type { RoleKind } from '../../checks/define.ts'
import type { Text } from '../../checks/text.ts'
import { sentence } from './sentence.ts'
import type { Blame, Cause, Verdict } from '../../checks/verdict.ts'

/** The official terms of the verdicts. */
export const verdictWords: Record<Verdict, Text> = {
  pass: { fr: 'constaté', en: 'as asked' },
  fail: { fr: 'non constaté', en: 'not as asked' },
  unknown: { fr: 'non vérifié', en: 'not verified' },
  jury: { fr: 'à apprécier par le jury', en: 'for the jury to appreciate' },
  na: { fr: 'sans objet', en: 'not applicable' },
}

export const verdictMeanings: Record<Verdict, Text> = {
  pass: {
    fr: 'la machine a été observée et correspond à la demande',
    en: 'the machine was observed and is as asked',
  },
  fail: { fr: 'la machine a été observée et en diffère', en: 'the machine was observed and differs' },
  unknown: {
    fr: 'l’observation n’a pas pu être faite, la cause est dite\u202F; ce n’est pas un défaut constaté',
    en: 'the observation could not be made, the cause is given; this is no observed defect',
  },
  jury: { fr: 'une machine n’en décide pas', en: 'a machine does not decide this' },
  na: { fr: 'la demande ne s’applique pas ici', en: 'the demand does not apply here' },
}

/** Why nothing could be observed, as a clause about the machine. */
export const causeWords: Record<Cause, Text> = {
  unreachable: { fr: 'machine injoignable', en: 'machine unreachable' },
  refused: { fr: 'connexion refusée', en: 'connection refused' },
  timeout: { fr: 'pas de réponse dans le délai', en: 'no answer in time' },
  auth: { fr: 'identifiants refusés', en: 'credentials refused' },
  denied: { fr: 'droits insuffisants pour regarder', en: 'not enough rights to look' },
  identity: { fr: 'ce n’est pas la machine attendue', en: 'not the machine that was expected' },
  'missing-tool': { fr: 'outil absent de la machine', en: 'tool missing on the machine' },
  unparsable: { fr: 'réponse illisible', en: 'unreadable answer' },
  truncated: { fr: 'réponse trop longue, coupée', en: 'answer too long, cut' },
  control: {
    fr: 'témoin en échec\u202F: une absence ne prouve rien',
    en: 'control failed: an absence proves nothing',
  },
  'not-asked': { fr: 'question non posée lors du passage', en: 'question not asked during the run' },
  cancelled: { fr: 'passage interrompu avant la réponse', en: 'run interrupted before the answer' },
  grader: { fr: 'défaut de l’outil de correction', en: 'fault of the grading tool' },
}

/** Whom an unknown points at, with the reason. */
export const blameWords: Record<Blame, Text> = {
  candidate: {
    fr: 'du côté du candidat\u202F: cela répondait au contrôle préalable et ne répond plus, alors que la salle fonctionne',
    en: 'on the candidate’s side: it answered at preflight and no longer does, while the room works',
  },
  room: {
    fr: 'du côté de la salle\u202F: le témoin du réseau ne répond pas non plus, ou une machine voisine est en cause',
    en: 'on the room’s side: the network’s control does not answer either, or a neighbouring machine is at fault',
  },
  grader: {
    fr: 'du côté de la correction\u202F: cela n’a jamais fonctionné depuis le poste de correction',
    en: 'on the grader’s side: it never worked from the grading station',
  },
  undecidable: { fr: 'rien ne permet de dire de quel côté', en: 'nothing tells on whose side' },
}
export const blameShort: Record<Blame, Text> = {
  candidate: { fr: 'côté candidat', en: 'candidate’s side' },
  room: { fr: 'côté salle', en: 'room’s side' },
  grader: { fr: 'côté correction', en: 'grader’s side' },
  undecidable: { fr: 'origine indécidable', en: 'origin undecidable' },
}

export const kindWords: Record<RoleKind, Text> = {
  linux: { fr: 'serveur ou poste Linux', en: 'Linux machine' },
  windows: { fr: 'contrôleur de domaine ou machine Windows', en: 'domain controller or Windows machine' },
  switch: { fr: 'commutateur', en: 'switch' },
  router: { fr: 'routeur', en: 'router' },
  firewall: { fr: 'pare-feu', en: 'firewall' },
  supervision: { fr: 'supervision', en: 'supervision' },
  telephony: { fr: 'téléphonie', en: 'telephony' },
  hypervisor: { fr: 'hyperviseur', en: 'hypervisor' },
  host: { fr: 'hôte', en: 'host' },
}

export const modalityWords: Record<EvaluatingModality, Text> = {
  MSP: { fr: 'mise en situation professionnelle', en: 'professional simulation' },
  ET: { fr: 'entretien technique', en: 'technical interview' },
  QP: { fr: 'questionnaire professionnel', en: 'professional questionnaire' },
  QPP: { fr: 'questionnement à partir de productions', en: 'questions on the candidate’s own work' },
}

export const purposeWords = {
  training: { fr: 'entraînement', en: 'training' },
  examination: { fr: 'examen', en: 'examination' },
} satisfies Record<string, Text>

export const words = {
  skip: sentence('Aller au contenu', 'Skip to content'),
  otherLanguage: sentence('English', 'Français'),
  sessions: sentence('Sessions', 'Sessions'),
  session: sentence('Session', 'Session'),
  dossier: sentence('Dossier', 'Dossier'),
  candidate: sentence('Candidat', 'Candidate'),
  seat: sentence('Place', 'Seat'),
  date: sentence('Date', 'Date'),
  exam: sentence('Sujet', 'Exam paper'),
  certificate: sentence('Certification', 'Certificate'),
  purpose: sentence('Usage', 'Purpose'),
  candidates: sentence('Candidats', 'Candidates'),
  noSession: sentence(
    'Aucun passage n’a encore été livré. « probant deliver » livre ceux d’un agent.',
    'No run was delivered yet. “probant deliver” delivers those of an agent.',
  ),
  sessionNote: sentence(
    'Seuls figurent les candidats dont un passage a été livré. Cette page dit jusqu’où chaque passage est allé, jamais un résultat.',
    'Only candidates with a delivered run are listed. This page says how far each run got, never a result.',
  ),
  run: sentence('Passage', 'Run'),
  runs: sentence('Passages de ce candidat', 'Runs of this candidate'),
  complete: sentence('complet', 'complete'),
  interrupted: sentence(
    'interrompu : ce qui avait été relevé est conservé',
    'interrupted: what was observed before is kept',
  ),
  interruptedShort: sentence('interrompu', 'interrupted'),
  shownRun: sentence('présenté ici', 'shown here'),
  unobserved: sentence('Ce qui n’a pas pu être vérifié', 'What could not be verified'),
  nothingUnobserved: sentence('rien : tout a pu être observé', 'nothing: everything could be observed'),
  sovereign: sentence(
    'Ce dossier rassemble des constats et leurs preuves. Il ne note rien, n’additionne rien et ne conclut rien : le jury est souverain.',
    'This dossier gathers findings and their evidence. It marks nothing, adds nothing up and concludes nothing: the jury is sovereign.',
  ),
  howToRead: sentence('Comment lire', 'How to read'),
  contents: sentence('Compétences', 'Competencies'),
  machines: sentence('Machines', 'Machines'),
  role: sentence('Rôle', 'Role'),
  kind: sentence('Nature', 'Kind'),
  address: sentence('Adresse', 'Address'),
  shared: sentence('partagée', 'shared'),
  evaluatedBy: sentence('Évaluée par :', 'Evaluated by:'),
  notCovered: sentence('non couvert par le sujet', 'not covered by this exam paper'),
  forTheJury: verdictWords.jury,
  partly: sentence('Une machine n’en montre qu’une partie :', 'A machine shows only a part of it:'),
  demand: sentence('Demande', 'Demand'),
  asked: sentence('Demandé', 'Asked'),
  alsoUnder: sentence('Aussi rattachée à :', 'Also bears on:'),
  printedUnder: sentence('Demande détaillée sous', 'Demand detailed under'),
  alternative: sentence('Réponse admise', 'Accepted answer'),
  matched: sentence('retenue', 'the one that matched'),
  noFinding: sentence(
    'Aucun constat : la demande n’a pas été examinée lors de ce passage.',
    'No finding: the demand was not examined in this run.',
  ),
  expected: sentence('Attendu', 'Expected'),
  observed: sentence('Observé', 'Observed'),
  notVerified: sentence('Cause', 'Cause'),
  detail: sentence('Détail technique', 'Technical detail'),
  fromTo: sentence('Depuis → vers', 'From → to'),
  agent: sentence('poste de correction', 'grading station'),
  how: sentence('Comment et quand', 'How and when'),
  identity: sentence('Identité', 'Identity'),
  noIdentity: sentence('ce moyen n’en montre pas', 'this way shows none'),
  byHand: sentence('À la main', 'By hand'),
  contradiction: sentence('Points de vue contradictoires', 'Contradicting points of view'),
  contradictionMeans: sentence(
    'deux observations du même fait ne s’accordent pas ; les deux relevés sont ci-dessous',
    'two observations of the same fact disagree; both are below',
  ),
  evidence: sentence('Relevés', 'Evidence'),
  raw: sentence('Relevé brut', 'Raw observation'),
  rawAbove: sentence('Relevé présenté plus haut :', 'Observation shown above:'),
  rawMissing: sentence('Ce passage ne contient pas ce relevé', 'This run does not hold this observation'),
  rawCut: sentence('Extrait. Le relevé entier :', 'Excerpt. The whole observation:'),
  rawLong: sentence('Relevé long :', 'Long observation:'),
  open: sentence('l’ouvrir', 'open it'),
  truncatedByAgent: sentence(
    'La réponse dépassait la limite du contrôle : la suite n’a pas été recueillie.',
    'The answer exceeded the check’s limit: the rest was not collected.',
  ),
  question: sentence('Question pour l’entretien', 'Question for the interview'),
  elsewhere: sentence('Demandes hors de la certification', 'Demands outside the certificate'),
  elsewhereMeans: sentence(
    'Ces demandes ne se rattachent à aucun critère que cette certification évalue ; elles figurent ici pour que rien ne manque.',
    'These demands bear on no criterion that this certificate evaluates; they are here so that nothing is missing.',
  ),
  noReferential: sentence(
    'Le référentiel de ce sujet n’est pas connu de ce serveur : les intitulés officiels manquent. Mettez le serveur à jour pour les voir.',
    'This server does not know the referential of this paper: the official wording is missing. Update the server to see it.',
  ),
  provenance: sentence('Provenance', 'Provenance'),
  fingerprint: sentence('Empreinte du passage', 'Fingerprint of the run'),
  signedBy: sentence('Signé par la clé', 'Signed by key'),
  received: sentence('Reçu le', 'Received'),
  link: sentence('Chaînon', 'Chain link'),
  agentHost: sentence('Poste de correction', 'Grading station'),
  clock: sentence('Écart d’horloge', 'Clock offset'),
  clockUnknown: sentence('non mesuré', 'not measured'),
  version: sentence('Version', 'Version'),
  timeZone: sentence('Heures', 'Times'),
  file: sentence('Fichier du passage', 'File of the run'),
  fileMeans: sentence(
    'JSON signé ; « probant verify » dit s’il est entier',
    'signed JSON; “probant verify” says whether it is whole',
  ),
  notes: sentence('Remarques du passage', 'Notes of the run'),
  detailed: sentence('Présentation', 'Layout'),
  folded: sentence('replier ce qui est constaté', 'fold what was observed as asked'),
  unfolded: sentence('tout déplier', 'unfold everything'),
  withRaw: sentence('avec les relevés bruts', 'with the raw observations'),
  result: sentence('Réponse', 'Answer'),
  asker: sentence('Question', 'Question'),
  failure: sentence('Pas de réponse :', 'No answer:'),
  back: sentence('Retour au dossier', 'Back to the dossier'),
  tooLong: sentence(
    'La suite est trop longue pour une page. Le relevé entier, en JSON :',
    'The rest is too long for a page. The whole observation, as JSON:',
  ),
  failed: sentence('Le serveur a rencontré une erreur', 'The server met an error'),
  failedMeans: sentence(
    'Ce qui était enregistré l’est toujours. Revenez en arrière et réessayez ; si cela recommence, l’heure qu’il est permettra de retrouver l’erreur dans le journal technique du serveur.',
    'What was kept is still kept. Go back and try again; if it happens once more, the time it is now helps to find the error in the server’s technical log.',
  ),
  forbidden: sentence('Accès refusé', 'Access refused'),
  forbiddenRole: sentence(
    'Votre rôle ne donne pas accès à cette page. Demandez au responsable de session à qui elle est ouverte.',
    'Your role does not give access to this page. Ask the head of session whom it is open to.',
  ),
  forbiddenState: sentence(
    'Cette page n’est pas accessible dans l’état actuel de la session : revenez quand il aura changé, ou voyez avec le responsable de session.',
    'This page is not accessible in the present state of the session: come back once it has changed, or ask the head of session.',
  ),
  presentState: sentence('État actuel :', 'Present state:'),
  backToSessions: sentence('Retour aux sessions', 'Back to the sessions'),
  accounts: sentence('Comptes', 'Accounts'),
  agents: sentence('Agents', 'Agents'),
  journal: sentence('Journal', 'Journal'),
  signOut: sentence('Se déconnecter', 'Sign out'),
  signIn: sentence('Se connecter', 'Sign in'),
  notFound: sentence('Rien ici sous ce nom', 'Nothing here by that name'),
  notFoundMeans: sentence('L’adresse est peut-être incomplète.', 'The address may be incomplete.'),
} satisfies Record<string, Text>
