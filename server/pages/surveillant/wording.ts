import type { Text } from '../../../checks/text.ts'
import type { WorkKind, WorkState } from '../../store/work-queue.ts'
import { sentence } from '../sentence.ts'

export const kindWords: Record<WorkKind, Text> = {
  preflight: sentence('contrôle préalable', 'preflight'),
  start: sentence('passage de départ', 'start run'),
  end: sentence('passage de fin', 'end run'),
  again: sentence('reprise', 'asking again'),
  repin: sentence('nouvelle identité', 'pinning anew'),
}
export const workStateWords: Record<WorkState, Text> = {
  queued: sentence('en attente', 'waiting'),
  leased: sentence('en cours', 'running'),
  done: sentence('livré', 'delivered'),
  cancelled: sentence('annulé', 'cancelled'),
  failed: sentence('impossible', 'not possible'),
}
/** A run by its moment alone, where the place says that it is a run. */
export const stageShortWords: Record<'start' | 'end' | 'again', Text> = {
  start: sentence('départ', 'start'),
  end: sentence('fin', 'end'),
  again: sentence('reprise', 'again'),
}
/** What the page says by itself while it is open: `{time}`, `{n}` and `{code}` are filled in there. */
export const liveWords = {
  live: sentence('En direct, à jour à {time}', 'Live, as of {time}'),
  lost: sentence(
    'Connexion au serveur perdue ; nouvel essai en cours. Ce tableau date de {time}',
    'Connection to the server lost; trying again. This table is from {time}',
  ),
  ago: sentence('il y a {n} min', '{n} min ago'),
  found: sentence('La connexion au serveur est rétablie.', 'The connection to the server is back.'),
  over: sentence(
    'Cette page n’est plus tenue à jour : la session a changé, ou vous n’êtes plus connecté. Actualisez-la.',
    'This page is no longer kept up to date: the session has changed, or you are signed out. Refresh it.',
  ),
  elsewhere: sentence(
    'Cette page n’est plus tenue à jour : trop d’autres sont ouvertes avec ce compte. Fermez-en, puis actualisez.',
    'This page is no longer kept up to date: too many others are open with this account. Close some, then refresh.',
  ),
  // Whether it was received is not known: only the answer may have been lost.
  unanswered: sentence(
    'Le serveur n’a pas répondu : la demande ne lui est peut-être pas parvenue. Vos saisies sont conservées ; regardez si le tableau en tient compte avant de réessayer.',
    'The server did not answer: it may not have received this. What you typed is kept; see whether the table shows it before you try again.',
  ),
  refused: sentence(
    'Le serveur n’a pas pu faire cela. Vos saisies sont conservées ; actualisez la page si cela se répète.',
    'The server could not do this. What you typed is kept; refresh the page if this happens again.',
  ),
  clockEnded: sentence('{code} : horloge terminée', '{code}: clock ended'),
  changed: sentence('{code} : {what}', '{code}: {what}'),
  many: sentence('Du nouveau pour {n} candidats.', 'News of {n} candidates.'),
  incident: sentence('Incident noté : {what}', 'Incident noted: {what}'),
} satisfies Record<string, Text>

export const words = {
  watch: sentence('Surveillance', 'Supervision'),
  state: sentence('État de la session', 'State of the session'),
  noVerdict: sentence(
    'Cette page montre l’avancement, jamais un résultat.',
    'This page shows progress, never a result.',
  ),
  refresh: sentence('Actualiser', 'Refresh'),
  asOf: sentence('À jour à', 'As of'),
  agents: sentence('Agents', 'Agents'),
  noAgent: sentence(
    'Aucun agent n’est inscrit : rien ne peut être lancé. Demandez au responsable de session d’en inscrire un.',
    'No agent is enrolled: nothing can be launched. Ask the head of session to enrol one.',
  ),
  agentAlive: sentence('présent', 'present'),
  agentSilent: sentence('silencieux depuis', 'silent since'),
  delivered: sentence('Passages de fin livrés', 'End runs delivered'),
  of: sentence('sur', 'of'),
  candidate: sentence('Candidat', 'Candidate'),
  seat: sentence('Place', 'Seat'),
  identity: sentence('Identité', 'Identity'),
  identityChecked: sentence('vérifiée', 'checked'),
  check: sentence('Vérifier', 'Check'),
  undo: sentence('Annuler', 'Undo'),
  absent: sentence('absent', 'absent'),
  markAbsent: sentence('Absent', 'Absent'),
  markPresent: sentence('Présent', 'Present'),
  clock: sentence('Horloge', 'Clock'),
  startedAt: sentence('lancée à', 'started at'),
  notStarted: sentence('pas lancée', 'not started'),
  startClock: sentence('Lancer l’horloge', 'Start the clock'),
  ends: sentence('fin à', 'ends at'),
  ended: sentence('terminée', 'ended'),
  extra: sentence('temps supplémentaire', 'extra time'),
  given: sentence('rendues ou reprises après incident', 'given back or taken after an incident'),
  machines: sentence('Machines', 'Machines'),
  notTried: sentence('pas encore essayées', 'not tried yet'),
  allReachable: sentence('toutes joignables', 'all reachable'),
  progress: sentence('Avancement', 'Progress'),
  nothingAsked: sentence('rien de demandé', 'nothing asked for'),
  silent: sentence('n’a pas pu être interrogée', 'could not be asked'),
  cancelling: sentence('annulation demandée', 'being cancelled'),
  again: sentence('tentative', 'attempt'),
  receipt: sentence('Reçu', 'Receipt'),
  none: sentence('aucun', 'none'),
  interrupted: sentence('interrompu', 'interrupted'),
  actions: sentence('Actions', 'Actions'),
  more: sentence('Actions pour', 'Actions for'),
  all: sentence('Pour tous', 'For all'),
  preflight: sentence('Contrôle préalable', 'Preflight'),
  startRun: sentence('Passage de départ', 'Start run'),
  endRun: sentence('Passage de fin', 'End run'),
  askAgain: sentence('Reprendre ce qui n’a pas pu être observé', 'Ask again what could not be observed'),
  cancel: sentence('Annuler ce qui est en cours', 'Cancel what is under way'),
  cancelSure: sentence('Oui, annuler', 'Yes, cancel'),
  cancelNot: sentence('Non, laisser', 'No, let it go on'),
  cancelMeans: sentence(
    'Ce qui a déjà été relevé est gardé ; le reste sera dit non vérifié.',
    'What was observed already is kept; the rest will be said not verified.',
  ),
  startClocks: sentence('Lancer toutes les horloges', 'Start all clocks'),
  moveTo: {
    preflight: sentence('Commencer le contrôle préalable', 'Start the preflight'),
    running: sentence('Commencer la phase 1', 'Start phase 1'),
    collected: sentence('Clore la phase 1', 'End phase 1'),
  },
  incidents: sentence('Incidents', 'Incidents'),
  noIncident: sentence('Aucun incident noté.', 'No incident noted.'),
  noteIncident: sentence('Noter un incident', 'Note an incident'),
  when: sentence('Heure', 'Time'),
  whom: sentence('Candidat concerné', 'Candidate concerned'),
  wholeRoom: sentence('toute la salle', 'the whole room'),
  what: sentence('Ce qui s’est passé', 'What happened'),
  minutesBack: sentence('Minutes rendues à l’horloge', 'Minutes given back to the clock'),
  minutesHint: sentence('un nombre négatif en reprend', 'a negative number takes some back'),
  note: sentence('Noter', 'Note'),
  by: sentence('par', 'by'),
  repin: sentence('Machine réinstallée', 'Machine reinstalled'),
  repinMeans: sentence(
    'L’agent oublie l’identité de cette machine et retient celle qu’elle montrera ensuite. Le motif va au journal.',
    'The agent forgets the identity of this machine and keeps the one it shows next. The reason goes to the journal.',
  ),
  machine: sentence('Machine', 'Machine'),
  reason: sentence('Motif', 'Reason'),
  repinNow: sentence('Retenir une nouvelle identité', 'Pin a new identity'),
  document: sentence('Document de traces du candidat', 'The candidate’s trace document'),
  documentFile: sentence('Fichier PDF', 'PDF file'),
  documentMeans: sentence(
    'PDF de 20 Mo au plus ; le jury le lit à côté du dossier.',
    'PDF of at most 20 MB; the jury reads it beside the dossier.',
  ),
  keepDocument: sentence('Déposer', 'Keep'),
  documents: (n: number) =>
    n === 1
      ? sentence('1 document déposé.', '1 document kept.')
      : sentence(
          `${n} documents déposés ; le jury les a tous.`,
          `${n} documents kept; the jury has them all.`,
        ),
  notPdf: sentence(
    'Ce fichier n’est pas un PDF : rien n’a été gardé. Choisissez-en un.',
    'This file is no PDF: nothing was kept. Choose one.',
  ),
  tooLarge: sentence(
    'Ce fichier dépasse 20 Mo : rien n’a été gardé. Envoyez-en un plus petit.',
    'This file exceeds 20 MB: nothing was kept. Send a smaller one.',
  ),
  done: sentence('C’est enregistré.', 'Recorded.'),
  nothingToAsk: sentence('Il n’y a rien à reprendre.', 'There is nothing to ask again.'),
  nothingUnderWay: sentence('Rien n’était en cours.', 'Nothing was under way.'),
  underWay: sentence('C’est déjà en cours.', 'This is under way already.'),
  clocksRun: sentence(
    'Aucune horloge n’a été lancée : elles le sont déjà, ou les candidats sont notés absents.',
    'No clock was started: they are running already, or the candidates are noted absent.',
  ),
  isAbsent: sentence(
    'Ce candidat est noté absent : rien n’a été lancé. S’il est là, notez-le présent d’abord.',
    'This candidate is noted absent: nothing was launched. If present, note that first.',
  ),
  needTarget: sentence('Dites quelle machine a été réinstallée.', 'Say which machine was reinstalled.'),
  needReason: sentence('Donnez le motif : il va au journal.', 'Give the reason: it goes to the journal.'),
  needText: sentence('Dites ce qui s’est passé.', 'Say what happened.'),
  needTime: sentence('Donnez l’heure, comme 14:05.', 'Give the time, like 14:05.'),
  notYet: sentence(
    'Il n’est pas encore cette heure-là : donnez celle à laquelle cela s’est passé.',
    'It is not that time yet: give the one at which it happened.',
  ),
  needMinutes: sentence(
    'Donnez un nombre entier de minutes, de -240 à 240 ; 0 si l’horloge ne change pas.',
    'Give a whole number of minutes, from -240 to 240; 0 if the clock does not change.',
  ),
  needCandidate: sentence(
    'Ce candidat n’est pas de cette session : choisissez-le dans la liste.',
    'This candidate is not of this session: choose one in the list.',
  ),
  nothingDone: sentence(
    'Rien n’a été gardé : voyez ce qui est signalé ci-dessous.',
    'Nothing was kept: see what is said below.',
  ),
  notInState: sentence(
    'L’état de la session ne le permet plus : voyez ci-dessous.',
    'The state of the session no longer allows this: see below.',
  ),
  receiptTitle: sentence('Bordereau de collecte', 'Receipt of collection'),
  receiptPrint: sentence('Bordereau à imprimer', 'Receipt to print'),
  signature: sentence('Signature du surveillant', 'Signature of the surveillant'),
  stage: sentence('Passage', 'Run'),
  period: sentence('Relevé', 'Observed'),
  received: sentence('Reçu le', 'Received'),
  fingerprint: sentence('Empreinte', 'Fingerprint'),
  agent: sentence('Agent', 'Agent'),
  unstaged: sentence('passage', 'run'),
  asPdf: sentence('En PDF', 'As PDF'),
} satisfies Record<string, Text | Record<string, Text> | ((n: number) => Text)>
