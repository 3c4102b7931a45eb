import type { SessionState } from '../../session-life/state.ts'
import type { Text } from '../../../checks/text.ts'
import { sentence } from '../sentence.ts'

/** What going to a state means, for the button that does it. */
export const moveWords: Record<SessionState, Text> = {
  prepared: sentence('Revenir à « prête »', 'Back to “prepared”'),
  preflight: sentence('Commencer le contrôle préalable', 'Start the preflight'),
  running: sentence('Commencer la phase 1', 'Start phase 1'),
  collected: sentence('Clore la phase 1 : tout est collecté', 'End phase 1: everything is collected'),
  open: sentence('Ouvrir au jury', 'Open to the jury'),
  closed: sentence('Clore la session', 'Close the session'),
  purged: sentence('Conservation et purge', 'Retention and purge'),
}
export const moveMeanings: Record<SessionState, Text> = {
  prepared: sentence('Rien n’est perdu.', 'Nothing is lost.'),
  preflight: sentence(
    'Les agents essaient chaque accès à chaque machine ; aucun constat n’est fait.',
    'The agents try every way to every machine; nothing is judged.',
  ),
  running: sentence(
    'Les horloges des candidats peuvent être lancées depuis la page du surveillant.',
    'The candidates’ clocks can be started from the surveillant’s page.',
  ),
  collected: sentence(
    'Plus aucun passage ne sera demandé ; ceux qui arrivent encore sont gardés.',
    'No more runs will be asked for; those that still arrive are kept.',
  ),
  open: sentence(
    'Les membres du jury liront les constats et pourront écrire.',
    'The jury’s members will read the findings and may write.',
  ),
  closed: sentence(
    'Le jury relit, mais n’écrit plus. La session peut ensuite être purgée.',
    'The jury may read, no longer write. The session can then be purged.',
  ),
  purged: sentence('', ''),
}
export const words = {
  sessions: sentence('Sessions', 'Sessions'),
  prepareNew: sentence('Préparer une session', 'Prepare a session'),
  none: sentence('Aucune session ne vous est ouverte.', 'No session is open to you.'),
  noneResponsable: sentence(
    'Aucune session n’est préparée. Préparez-en une à partir de ses fichiers, ou avec « probant push ».',
    'No session is prepared. Prepare one from its files, or with “probant push”.',
  ),
  noneOther: sentence(
    'Le responsable de session doit vous y ajouter ; vous la verrez ensuite ici.',
    'The head of session has to add you; you will then see it here.',
  ),
  date: sentence('Date', 'Date'),
  session: sentence('Session', 'Session'),
  exam: sentence('Sujet', 'Exam paper'),
  certificate: sentence('Certification', 'Certificate'),
  purpose: sentence('Usage', 'Purpose'),
  state: sentence('État', 'State'),
  candidates: sentence('Candidats', 'Candidates'),
  due: sentence('à purger', 'to be purged'),
  life: sentence('Vie de la session', 'Life of the session'),
  present: sentence('état actuel', 'present state'),
  goTo: sentence('Aller à', 'Go to'),
  watch: sentence('Surveillance', 'Supervision'),
  watchMeans: sentence('horloges, passages, incidents', 'clocks, runs, incidents'),
  jury: sentence('Jury', 'Jury'),
  juryMeans: sentence('constats et dossiers', 'findings and dossiers'),
  files: sentence('Fichiers', 'Files'),
  filesMeans: sentence(
    'dossiers imprimables, tableurs, dossier scellé',
    'dossiers to print, sheets, sealed bundle',
  ),
  journal: sentence('Journal', 'Journal'),
  journalMeans: sentence('tout ce qui a été fait', 'everything that was done'),
  retention: sentence('Conservation et purge', 'Retention and purge'),
  retentionMeans: sentence('jusqu’à quand, et la preuve', 'until when, and the proof'),
  ownDossier: sentence('Votre dossier', 'Your dossier'),
  nothingHere: sentence(
    'Rien ne vous est ouvert dans l’état actuel de cette session.',
    'Nothing is open to you in the present state of this session.',
  ),
  toDo: sentence('À faire avant le jour', 'To do before the day'),
  noAgent: sentence(
    'Aucun agent n’est inscrit : personne n’interrogera les machines.',
    'No agent is enrolled: nobody will ask the machines.',
  ),
  noSurveillant: sentence('Aucun surveillant n’est membre.', 'No surveillant is a member.'),
  noJury: sentence('Aucun membre du jury n’est membre.', 'No juror is a member.'),
  noFiles: sentence(
    'Les fichiers de la session ne sont pas ici : seuls des passages remis par « probant deliver » y arrivent.',
    'The session’s files are not here: only runs brought by “probant deliver” arrive.',
  ),
  move: sentence('Changer d’état', 'Change the state'),
  reason: sentence('Motif (il va au journal)', 'Reason (it goes to the journal)'),
  reasonNeeded: sentence('Revenir en arrière demande un motif.', 'Going back takes a reason.'),
  moved: sentence(
    'Quelqu’un d’autre a changé l’état entre-temps : voici le nouvel état.',
    'Somebody else has changed the state meanwhile: this is the new one.',
  ),
  members: sentence('Membres', 'Members'),
  noMember: sentence(
    'Aucun membre : tous les responsables y ont accès.',
    'No member: every head of session has access.',
  ),
  addMember: sentence('Ajouter un membre', 'Add a member'),
  account: sentence('Compte', 'Account'),
  asCandidate: sentence(
    'Code du candidat (compte de candidat, en entraînement)',
    'Candidate’s code (a candidate’s account, in training)',
  ),
  add: sentence('Ajouter', 'Add'),
  remove: sentence('Retirer', 'Remove'),
  everybody: sentence('Tous les comptes sont membres.', 'Every account is a member.'),
  candidateOnly: sentence(
    'Un compte de candidat n’entre que dans une session d’entraînement, avec le code d’un de ses candidats.',
    'A candidate’s account only joins a training session, with the code of one of its candidates.',
  ),
  settings: sentence('Réglages', 'Settings'),
  launch: sentence('À la fin de l’horloge', 'When the clock ends'),
  byHand: sentence('le surveillant lance les contrôles', 'the surveillant launches the checks'),
  byClock: sentence('les contrôles se lancent d’eux-mêmes', 'the checks launch by themselves'),
  minutes: sentence('Durée de la phase 1, en minutes', 'Length of phase 1, in minutes'),
  save: sentence('Enregistrer', 'Save'),
  seat: sentence('Place', 'Seat'),
  name: sentence('Nom', 'Name'),
  code: sentence('Code', 'Code'),
  extra: sentence('Temps supplémentaire', 'Extra time'),
  data: sentence('Données', 'Data'),
  uploadMeans: sentence(
    'Les fichiers sont vérifiés ensemble ; rien n’est gardé s’il y a une erreur. Ils ne contiennent aucun secret : seulement des références.',
    'The files are checked together; nothing is kept where there is a mistake. They hold no secret: references only.',
  ),
  examFile: sentence('Sujet (exam.yaml)', 'Exam paper (exam.yaml)'),
  sessionFile: sentence('Session (session.yaml)', 'Session (session.yaml)'),
  csvFile: sentence(
    'Candidats (CSV), s’ils ne sont pas dans la session',
    'Candidates (CSV), where the session doesn’t hold them',
  ),
  csvHint: sentence(
    'Colonnes : code, n, place, minutes-supplementaires ; nom et prénom si vous y tenez : ils restent sur ce serveur et n’entrent dans aucun dossier.',
    'Columns: code, n, seat, extra-minutes; name and first-name if you wish: they stay on this server and go into no dossier.',
  ),
  caFiles: sentence(
    'Autorités de certification, si la session en nomme',
    'Certificate authorities, where the session names some',
  ),
  mistakes: sentence(
    'Rien n’a été gardé : corrigez ces erreurs et envoyez de nouveau.',
    'Nothing was kept: mend these mistakes and send again.',
  ),
  file: sentence('Fichier', 'File'),
  place: sentence('Ligne, colonne', 'Line, column'),
  message: sentence('Message', 'Message'),
  send: sentence('Vérifier et préparer', 'Check and prepare'),
  tooLong: sentence(
    'Un fichier dépasse 1 Mo, ou il y en a trop.',
    'A file exceeds 1 MB, or there are too many.',
  ),
  examNeeded: sentence('Joignez le sujet et la session.', 'Add the exam and the session.'),
} satisfies Record<string, Text>
