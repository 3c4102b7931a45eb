import type { Text } from '../../../checks/text.ts'
import type { Show } from '../addresses.ts'

/** In French, U+202F stands before ; : ! ? and inside « ». */
const sentence = (fr: string, en: string): Text => ({
  fr: fr.replace(/ ([;:!?»])/g, '\u202F$1').replace(/« /g, '«\u202F'),
  en,
})

export const showWords: Record<Show, Text> = {
  unobserved: sentence('non vérifié', 'not verified'),
  differs: sentence('non constaté', 'not as asked'),
  jury: sentence('laissé au jury', 'left to the jury'),
  contradictions: sentence('points de vue contradictoires', 'contradicting points of view'),
  changed: sentence('changé depuis le départ', 'changed since the start'),
  unread: sentence('pas encore lu par vous', 'not yet read by you'),
  contested: sentence('contesté', 'contested'),
}

export const stageWords = {
  start: sentence('au départ', 'at the start'),
  end: sentence('à la fin', 'at the end'),
  again: sentence('ce qui n’avait pas été vérifié, demandé de nouveau', 'what was not verified, asked again'),
} satisfies Record<string, Text>

/** What the jury's pages say. */
export const words = {
  glance: sentence('Vue d’ensemble', 'At a glance'),
  glanceMeans: sentence(
    'Chaque case compte, verdict par verdict, les demandes du sujet rattachées à la compétence. Rien n’est additionné : une demande peut se rattacher à plusieurs compétences. Le lien ouvre la compétence dans le dossier.',
    'Each cell counts, verdict by verdict, the demands of the paper that bear on the competency. Nothing is added up: a demand may bear on several competencies. The link opens the competency in the dossier.',
  ),
  competencies: sentence('Compétences', 'Competencies'),
  nothingAsked: sentence('rien de demandé', 'nothing asked'),
  noRun: sentence('aucun passage livré', 'no run delivered'),
  absent: sentence('absent', 'absent'),
  nobody: sentence('Aucun candidat.', 'No candidate.'),
  readAll: sentence('lu par vous', 'read by you'),
  readSome: sentence('lu en partie', 'read in part'),
  readNone: sentence('pas encore lu', 'not yet read'),
  notExamined: sentence('non examiné', 'not examined'),
  incidents: sentence('Incidents', 'Incidents'),
  noIncident: sentence('aucun incident noté', 'no incident noted'),
  ofTheSession: sentence('Incidents de la session', 'Incidents of the session'),
  minutesGiven: sentence('temps ajouté', 'time given'),
  minutesTaken: sentence('temps retiré', 'time taken'),
  show: sentence('Ne montrer que', 'Show only'),
  everything: sentence('tout', 'everything'),
  filtered: sentence('Présentation filtrée :', 'Filtered:'),
  oneDemand: sentence('une demande', 'one demand'),
  demands: sentence('demandes', 'demands'),
  filteredMeans: sentence('le reste du dossier n’est pas affiché.', 'the rest of the dossier is not shown.'),
  nothingLeft: sentence(
    'Rien dans ce dossier ne correspond à ce filtre.',
    'Nothing in this dossier matches this filter.',
  ),
  next: sentence('Passer à la compétence suivante', 'Skip to the next competency'),
  startOnly: sentence(
    'Seul l’état de départ a été relevé : ce dossier montre ce qui a été remis au candidat, pas ce qu’il a laissé.',
    'Only the state at the start was observed: this dossier shows what the candidate was handed, not what was left.',
  ),
  againOnly: sentence(
    'Ce passage ne porte que sur les demandes qui n’avaient pas été vérifiées.',
    'This run only asks the demands that were not verified before.',
  ),
  askedAgain: sentence('Demandé de nouveau', 'Asked again'),
  askedAgainMeans: sentence(
    'le passage présenté n’avait pas pu le vérifier ; ces constats viennent de',
    'the shown run could not verify it; these findings come from',
  ),
  thisRun: sentence('cet autre passage', 'this other run'),
  inVain: sentence(
    'Demandé de nouveau, sans rien observer de plus :',
    'Asked again, with nothing more observed:',
  ),
  atStart: sentence('Au départ', 'At the start'),
  changedSince: sentence('changé depuis', 'changed since'),
  unchanged: sentence('sans changement', 'no change'),
  startOnlyFinding: sentence(
    'Constat du départ sans équivalent à la fin',
    'Finding of the start without a match at the end',
  ),
  noComparable: sentence(
    'pas de constat comparable ; rien ne permet de dire ce qui a changé',
    'no comparable finding; nothing tells what changed',
  ),
  notComparable: sentence('rien ne permet de dire ce qui a changé', 'nothing tells what changed'),
  noCheck: sentence(
    'Le sujet n’attache aucun contrôle à cette demande : elle est laissée au jury.',
    'The paper gives this demand no check: it is left to the jury.',
  ),
  notes: sentence('Notes et appréciation', 'Notes and appreciation'),
  noteOn: sentence('Note sur', 'Note on'),
  noteText: sentence('Votre texte', 'Your text'),
  keepPrivate: sentence('Garder pour moi', 'Keep to myself'),
  share: sentence('Partager avec le jury', 'Share with the jury'),
  privateNote: sentence('note privée, visible de vous seul', 'private note, seen by you alone'),
  sharedNote: sentence('appréciation partagée', 'shared appreciation'),
  contestNote: sentence('constat contesté', 'finding contested'),
  withdraw: sentence('Retirer', 'Withdraw'),
  withdrawn: sentence('retirée le', 'withdrawn on'),
  contest: sentence('Contester ce constat', 'Contest this finding'),
  contested: sentence('Contesté', 'Contested'),
  contestMeans: sentence(
    'La contestation et sa raison sont visibles de tout le jury. Le constat reste tel quel.',
    'The contest and its reason are seen by the whole jury. The finding stays as it is.',
  ),
  reason: sentence('Raison', 'Reason'),
  textMissing: sentence(
    'Écrivez quelques mots, 4 000 caractères au plus.',
    'Write a few words, 4,000 characters at most.',
  ),
  textHint: sentence(
    '4 000 caractères au plus ; une note ne se modifie pas, elle se retire.',
    '4,000 characters at most; a note is not changed, it is withdrawn.',
  ),
  markRead: sentence('Marquer comme lu', 'Mark as read'),
  markUnread: sentence('Lu ; remettre à lire', 'Read; mark as unread'),
  readBy: sentence('Lu par', 'Read by'),
  trace: sentence('Document du candidat', 'Candidate’s document'),
  besideIt: sentence('Lire à côté du dossier', 'Read beside the dossier'),
  download: sentence('télécharger', 'download'),
  noTrace: sentence(
    'Aucun document n’a été déposé pour ce candidat.',
    'No document was kept for this candidate.',
  ),
  notShown: sentence(
    'Si le document ne s’affiche pas ici, téléchargez-le.',
    'Where the document does not show here, download it.',
  ),
  backToDossier: sentence('Dossier seul', 'Dossier alone'),
  tooManyOthers: sentence('Autres documents', 'Other documents'),
} satisfies Record<string, Text>
