import type { Text } from '../../../checks/text.ts'
import type { Lack } from '../../session-life/lacks.ts'
import type { SessionState } from '../../session-life/state.ts'
import { sentence } from '../sentence.ts'

/** What going to a state is called, for the button that does it. */
export const moveWords: Record<SessionState, Text> = {
  prepared: sentence('Revenir à « prête »', 'Back to “prepared”'),
  preflight: sentence('Commencer le contrôle préalable', 'Start the preflight'),
  running: sentence('Commencer la phase 1', 'Start phase 1'),
  collected: sentence('Terminer la phase 1', 'End phase 1'),
  open: sentence('Ouvrir au jury', 'Open to the jury'),
  closed: sentence('Clore la session', 'Close the session'),
  purged: sentence('Purger la session', 'Purge the session'),
}
/** The same where a mistake is mended, with what it means. */
export const backWords: Partial<Record<SessionState, { name: Text; means: Text }>> = {
  prepared: {
    name: sentence('Revenir à « prête »', 'Back to “prepared”'),
    means: sentence(
      'Le contrôle préalable sera refait plus tard.',
      'The preflight will be done again later.',
    ),
  },
  running: {
    name: sentence('Reprendre la phase 1', 'Take phase 1 up again'),
    means: sentence('Elle a été terminée trop tôt.', 'It was ended too early.'),
  },
  collected: {
    name: sentence('Reprendre au jury', 'Take back from the jury'),
    means: sentence('Elle a été ouverte trop tôt.', 'It was opened too early.'),
  },
  open: {
    name: sentence('Rouvrir au jury', 'Open to the jury again'),
    means: sentence('Elle a été close trop tôt.', 'It was closed too early.'),
  },
}
export const moveMeanings: Record<SessionState, Text> = {
  prepared: sentence(
    'Ce que le contrôle préalable a appris est gardé.',
    'What the preflight learned is kept.',
  ),
  preflight: sentence(
    'Les agents peuvent essayer chaque accès à chaque machine ; rien n’est jugé.',
    'The agents can try every way to every machine; nothing is judged.',
  ),
  running: sentence(
    'Les horloges des candidats se lancent depuis la page de surveillance.',
    'The candidates’ clocks are started from the supervision page.',
  ),
  collected: sentence(
    'Les candidats ont fini. Ce qui n’a pas pu être vérifié peut encore être relancé.',
    'The candidates are done. What could not be verified can still be launched again.',
  ),
  open: sentence(
    'Le jury lit les dossiers et écrit ses notes.',
    'The jury reads the dossiers and writes its notes.',
  ),
  closed: sentence('Le jury relit, mais n’écrit plus.', 'The jury may read, and no longer writes.'),
  purged: sentence('Les données des candidats sont effacées.', 'The candidates’ data are deleted.'),
}
/** What can't simply be undone about it, said before it is done. */
export const moveConsequences: Record<SessionState, Text> = {
  prepared: sentence(
    'La session redevient « prête ». Les accès essayés et les identités des machines sont gardés.',
    'The session is “prepared” again. The ways that were tried and the machines’ identities are kept.',
  ),
  preflight: moveMeanings.preflight,
  running: sentence(
    'La phase 1 reprend : des passages peuvent de nouveau être lancés. Les horloges ont continué de tourner ; un temps perdu se rend par un incident, sur la page de surveillance.',
    'Phase 1 goes on: runs can be launched again. The clocks have gone on; lost time is given back with an incident, on the supervision page.',
  ),
  collected: sentence(
    'Le jury ne lit et n’écrit plus rien tant que la session n’est pas rouverte. Ce qu’il a lu, il l’a lu ; ce qu’il a écrit est gardé.',
    'The jury reads and writes nothing until the session is opened again. What it has read, it has read; what it wrote is kept.',
  ),
  open: sentence(
    'Les membres du jury lisent les constats dès maintenant. Plus aucun passage ne peut être lancé. Revenir en arrière demandera un motif, et n’effacera pas ce qui aura été lu.',
    'The jury’s members will read the findings from now on. No run can be launched any more. Going back will take a reason, and does not undo what was read.',
  ),
  closed: sentence(
    'Le jury relira les dossiers sans plus rien y écrire, et aucun incident ne sera plus noté. La session pourra ensuite être purgée.',
    'The jury can read the dossiers but no longer write in them, and no incident can be noted any more. The session can then be purged.',
  ),
  purged: moveMeanings.purged,
}

/** What somebody has to do next. */
export const stepWords = {
  startPreflight: sentence('Faire le contrôle préalable', 'Do the preflight'),
  startPhase: sentence(
    'Vérifier les accès, puis commencer la phase 1',
    'Look at the ways, then start phase 1',
  ),
  follow: sentence('Suivre la phase 1', 'Follow phase 1'),
  collectRest: sentence(
    'Relancer ce qui n’a pas pu être vérifié, imprimer les reçus',
    'Launch again what could not be verified, print the receipts',
  ),
  openToJury: sentence('L’ouvrir au jury, quand tout est reçu', 'Open it to the jury, once everything is in'),
  closeOnceDone: sentence('La clore, quand le jury a terminé', 'Close it, once the jury is done'),
  noteLate: sentence('Noter un incident, s’il en reste un', 'Note an incident, if one is left'),
  keep: sentence('La conserver jusqu’à sa purge', 'Keep it until its purge'),
  purge: sentence('La purger : sa date est passée', 'Purge it: its date has passed'),
  proof: sentence('Rien ; la preuve de la purge reste', 'Nothing; the proof of the purge stays'),
  waitForOpening: sentence(
    'Attendre : le responsable de session l’ouvre au jury',
    'Wait: the head of session opens it to the jury',
  ),
  read: sentence('Lire les dossiers', 'Read the dossiers'),
  readAgain: sentence('Relire les dossiers', 'Read the dossiers again'),
  readOwn: sentence('Voir votre dossier', 'See your dossier'),
  waitForStart: sentence(
    'Attendre : votre dossier s’ouvre avec la phase 1',
    'Wait: your dossier opens with phase 1',
  ),
  nothing: sentence('Rien', 'Nothing'),
} satisfies Record<string, Text>

/** What a session lacks, and where that is mended. */
export const lackWords: Record<Lack, { text: Text; href: string | null; link: Text }> = {
  files: {
    text: sentence(
      'Les fichiers de la session ne sont pas ici : les agents n’ont rien à faire, seuls des passages remis par « probant deliver » arrivent.',
      'The session’s files are not here: the agents have nothing to do, only runs brought by “probant deliver” arrive.',
    ),
    href: '/sessions/new',
    link: sentence('Envoyer les fichiers', 'Send the files'),
  },
  agent: {
    text: sentence(
      'Aucun agent n’est inscrit : personne n’interrogera les machines.',
      'No agent is enrolled: nobody will ask the machines.',
    ),
    href: '/agents',
    link: sentence('Inscrire un agent', 'Enrol an agent'),
  },
  surveillant: {
    text: sentence(
      'Aucun surveillant n’est membre de la session.',
      'No surveillant is a member of the session.',
    ),
    href: '#members',
    link: sentence('Ajouter un membre', 'Add a member'),
  },
  jury: {
    text: sentence(
      'Aucun membre du jury n’est membre de la session.',
      'No juror is a member of the session.',
    ),
    href: '#members',
    link: sentence('Ajouter un membre', 'Add a member'),
  },
  'candidate-account': {
    text: sentence(
      'Aucun compte de candidat n’est membre : personne ne pourra lire son propre dossier.',
      'No candidate’s account is a member: nobody can read a dossier of his own.',
    ),
    href: '#members',
    link: sentence('Ajouter un membre', 'Add a member'),
  },
  length: {
    text: sentence(
      'La phase 1 n’a pas de durée : les horloges n’auront pas de fin.',
      'Phase 1 has no length: the clocks will have no end.',
    ),
    href: '#settings',
    link: sentence('Fixer la durée', 'Set the length'),
  },
  'clock-without-length': {
    text: sentence(
      'Les contrôles doivent se lancer à la fin de l’horloge, mais la phase 1 n’a pas de durée : rien ne se lancera.',
      'The checks are to launch when the clock ends, but phase 1 has no length: nothing will launch.',
    ),
    href: '#settings',
    link: sentence('Fixer la durée', 'Set the length'),
  },
  'other-length': {
    text: sentence(
      'La durée de la phase 1 n’est pas celle du référentiel.',
      'The length of phase 1 is not that of the referential.',
    ),
    href: '#settings',
    link: sentence('Voir les réglages', 'See the settings'),
  },
}

export const words = {
  sessions: sentence('Sessions', 'Sessions'),
  prepareNew: sentence('Préparer une session', 'Prepare a session'),
  none: sentence(
    'Aucune session ne vous est ouverte. Le responsable de session doit vous y ajouter ; vous la verrez ensuite ici.',
    'No session is open to you. The head of session has to add you; you will then see it here.',
  ),
  noneResponsable: sentence(
    'Aucune session n’est préparée. Préparez-en une à partir de ses fichiers, ou avec « probant push ».',
    'No session is prepared. Prepare one from its files, or with “probant push”.',
  ),
  date: sentence('Date', 'Date'),
  session: sentence('Session', 'Session'),
  certificate: sentence('Certification', 'Certificate'),
  state: sentence('État', 'State'),
  next: sentence('À faire', 'To do'),
  life: sentence('Vie de la session', 'Life of the session'),
  present: sentence('état actuel', 'present state'),
  since: sentence('Dans cet état depuis le', 'In this state since'),
  now: sentence('À faire', 'To do'),
  watch: sentence('Surveillance', 'Supervision'),
  watchMeans: sentence('horloges, passages, incidents', 'clocks, runs, incidents'),
  jury: sentence('Jury', 'Jury'),
  juryMeans: sentence('constats et dossiers', 'findings and dossiers'),
  files: sentence('Fichiers', 'Files'),
  filesMeans: sentence(
    'ce que votre rôle peut télécharger et imprimer',
    'what your role may download and print',
  ),
  journal: sentence('Journal', 'Journal'),
  journalMeans: sentence('tout ce qui a été fait', 'everything that was done'),
  retention: sentence('Conservation et purge', 'Retention and purge'),
  retentionMeans: sentence('jusqu’à quand, et la preuve', 'until when, and the proof'),
  lacks: sentence('Points à vérifier', 'To be looked at'),
  move: sentence('Changer d’état', 'Change the state'),
  reason: sentence('Motif', 'Reason'),
  reasonHint: sentence('Il va au journal de la session.', 'It goes to the session’s journal.'),
  reasonNeeded: sentence(
    'Dites pourquoi : revenir en arrière demande un motif.',
    'Say why: going back takes a reason.',
  ),
  moved: sentence(
    'L’état a changé entre-temps, et ce passage n’est plus possible : voici où en est la session.',
    'The state has changed meanwhile, and this step is no longer possible: here is where the session stands.',
  ),
  leaveAsIs: sentence('Ne rien changer', 'Change nothing'),
  underWay: sentence(
    'Des passages sont demandés ou en cours, et arriveront après :',
    'Runs are asked for or under way, and will arrive afterwards:',
  ),
  withoutEnd: sentence('Aucun passage de fin n’a été reçu pour :', 'No end run was received for:'),
  members: sentence('Membres', 'Members'),
  noHead: sentence(
    'Aucun responsable n’est membre : tous les responsables de session y ont accès.',
    'No head of session is a member: every one of them has access.',
  ),
  account: sentence('Compte', 'Account'),
  role: sentence('Rôle', 'Role'),
  action: sentence('Action', 'Action'),
  addMember: sentence('Compte à ajouter', 'Account to add'),
  asCandidate: sentence('Code, pour un compte de candidat', 'Code, for a candidate’s account'),
  add: sentence('Ajouter', 'Add'),
  remove: sentence('Retirer', 'Remove'),
  everybody: sentence(
    'Tous les comptes qui peuvent l’être sont membres.',
    'Every account that can be is a member.',
  ),
  toAccounts: sentence('Créer un compte', 'Make an account'),
  notMember: sentence(
    'Ce compte ne peut plus être ajouté : choisissez-en un autre.',
    'This account can no longer be added: choose another one.',
  ),
  codeNeeded: sentence(
    'Choisissez le code de ce candidat : son compte ne lira que ce dossier.',
    'Choose this candidate’s code: the account will read that dossier only.',
  ),
  codeTaken: sentence(
    'Un autre compte a déjà ce code : un dossier n’est lu que par son candidat.',
    'Another account has this code already: a dossier is read by its candidate only.',
  ),
  codeNotWanted: sentence(
    'Un code ne va qu’à un compte de candidat : laissez « – » pour ce compte.',
    'A code goes with a candidate’s account only: leave “–” for this account.',
  ),
  examinationOnly: sentence(
    'Un compte de candidat n’entre que dans une session d’entraînement.',
    'A candidate’s account only joins a training session.',
  ),
  settings: sentence('Réglages', 'Settings'),
  launch: sentence('À la fin de l’horloge', 'When the clock ends'),
  byHand: sentence('le surveillant lance les contrôles', 'the surveillant launches the checks'),
  byClock: sentence('les contrôles se lancent d’eux-mêmes', 'the checks launch by themselves'),
  minutes: sentence('Durée de la phase 1, en minutes', 'Length of phase 1, in minutes'),
  badMinutes: sentence(
    'Donnez un nombre entier de minutes, de 1 à 1440.',
    'Give a whole number of minutes, from 1 to 1440.',
  ),
  officialLength: sentence('Durée du référentiel :', 'Length in the referential:'),
  noOfficialLength: sentence(
    'Le référentiel n’en donne pas pour cette certification.',
    'The referential gives none for this certificate.',
  ),
  save: sentence('Enregistrer', 'Save'),
  candidates: sentence('Candidats', 'Candidates'),
  seat: sentence('Place', 'Seat'),
  name: sentence('Nom', 'Name'),
  code: sentence('Code', 'Code'),
  extra: sentence('Temps supplémentaire', 'Extra time'),
  absent: sentence('absent', 'absent'),
  noRun: sentence('aucun passage reçu', 'no run received'),
  data: sentence('Données', 'Data'),
  dataOf: sentence('Données de', 'Data of'),
  neverResult: sentence(
    'Cette liste dit jusqu’où chaque passage est allé, jamais un résultat.',
    'This list says how far each run got, never a result.',
  ),
  wrongFiles: sentence('Mauvais fichiers ?', 'Wrong files?'),
  wrongFilesMeans: sentence(
    'Rien n’a encore été reçu pour cette session : elle peut être effacée.',
    'Nothing was received for this session yet: it can be deleted.',
  ),
  discard: sentence('L’effacer', 'Delete it'),
} satisfies Record<string, Text>

/** The form of a new session. */
export const formWords = {
  means: sentence(
    'Les fichiers sont vérifiés ensemble ; rien n’est gardé s’il y a une erreur. Ils ne contiennent aucun secret : seulement des références.',
    'The files are checked together; nothing is kept where there is a mistake. They hold no secret: references only.',
  ),
  exam: sentence('Sujet (YAML)', 'Exam paper (YAML)'),
  session: sentence('Session (YAML)', 'Session (YAML)'),
  csv: sentence(
    'Candidats (CSV), s’ils ne sont pas dans la session',
    'Candidates (CSV), where the session doesn’t hold them',
  ),
  csvHint: sentence(
    'Colonnes : code, n, place, minutes-supplementaires. Nom et prénom si vous y tenez : ils restent sur ce serveur et n’entrent dans aucun dossier.',
    'Columns: code, n, seat, extra-minutes. Name and first-name if you wish: they stay on this server and go into no dossier.',
  ),
  authorities: sentence(
    'Autorités de certification (PEM), si la session en nomme',
    'Certificate authorities (PEM), where the session names some',
  ),
  send: sentence('Vérifier et préparer', 'Check and prepare'),
  mistakes: sentence(
    'Rien n’a été gardé : corrigez ces erreurs, puis choisissez les fichiers de nouveau.',
    'Nothing was kept: mend these mistakes, then choose the files again.',
  ),
  tooLong: sentence(
    'Ce fichier dépasse 1 Mo : ce n’est sans doute pas le bon. Choisissez-en un autre.',
    'This file exceeds 1 MB: it is probably not the right one. Choose another.',
  ),
  tooMuch: sentence(
    'L’envoi n’a pas pu être lu, ou il compte plus de 20 fichiers : rien n’a été gardé. Choisissez les fichiers de nouveau.',
    'What was sent could not be read, or has more than 20 files: nothing was kept. Choose the files again.',
  ),
  examNeeded: sentence('Choisissez le fichier du sujet.', 'Choose the file of the exam paper.'),
  sessionNeeded: sentence('Choisissez le fichier de la session.', 'Choose the file of the session.'),
  foreign: sentence(
    'Cette session existe déjà et n’est pas la vôtre : demandez à son responsable de vous y ajouter.',
    'This session exists already and is not yours: ask its head of session to add you.',
  ),
  purged: sentence(
    'Cette session a été purgée, et ne peut pas revenir telle quelle : changez son titre ou sa date pour en préparer une autre.',
    'This session was purged, and can’t come back as it was: change its title or date to prepare another one.',
  ),
  place: sentence('Fichier et place', 'File and place'),
  line: sentence('ligne', 'line'),
  column: sentence('colonne', 'column'),
  message: sentence('Ce qui ne va pas', 'What is wrong'),
  note: sentence('Remarque :', 'Note:'),
  more: sentence('Il y en a d’autres : corrigez d’abord celles-ci.', 'There are more: mend these first.'),
  prepared: sentence('Session préparée', 'Session prepared'),
  preparedMeans: sentence(
    'La session est prête. Regardez tout de même ces remarques :',
    'The session is ready. Have a look at these notes all the same:',
  ),
  toSession: sentence('Aller à la session', 'Go to the session'),
} satisfies Record<string, Text>
