import { enrolmentMinutes } from '../../access/enrolment-code.ts'
import { sentence } from '../sentence.ts'

export const words = {
  agents: sentence('Agents', 'Agents'),
  means: sentence(
    'Un agent interroge les machines des candidats depuis un poste de la salle. « probant serve » en a un ; d’autres s’inscrivent par un code.',
    'An agent asks the candidates’ machines from a station in the room. “probant serve” has one; others enrol with a code.',
  ),
  none: sentence('Aucun agent n’est inscrit.', 'No agent is enrolled.'),
  name: sentence('Nom', 'Name'),
  key: sentence('Clé de signature', 'Signing key'),
  seen: sentence('Dernier signe de vie', 'Last sign of life'),
  machine: sentence('Poste', 'Machine'),
  doing: sentence('Travail en cours', 'Work under way'),
  nothing: sentence('aucun', 'none'),
  waiting: sentence('En attente d’un agent :', 'Waiting for an agent:'),
  never: sentence('jamais', 'never'),
  revoked: sentence('sans clé, ou révoqué', 'without a key, or revoked'),
  actions: sentence('Actions', 'Actions'),
  revoke: sentence('Révoquer', 'Revoke'),
  revokeAgent: sentence('Révoquer l’agent', 'Revoke the agent'),
  revokeMeans: sentence(
    'Sa clé ne vaudra plus et ce qu’il fait retournera dans la file ; les passages qu’il n’a pas encore remis seront refusés. Pour le reprendre, inscrivez-le sous un autre nom.',
    'Its key will no longer hold and what it does goes back to the queue; runs that it has not delivered yet will be refused. To take it back, enrol it under another name.',
  ),
  revokeSure: sentence('Oui, révoquer', 'Yes, revoke'),
  revokeNot: sentence('Non, le garder', 'No, keep it'),
  invite: sentence('Inscrire un agent', 'Enrol an agent'),
  makeCode: sentence('Créer un code d’inscription', 'Make an enrolment code'),
  code: sentence('Code d’inscription :', 'Enrolment code:'),
  once: sentence(
    `Affiché cette seule fois ; il sert une fois et vaut ${enrolmentMinutes} minutes. Sur le poste de l’agent, tapez :`,
    `Shown this once; it works once and holds for ${enrolmentMinutes} minutes. On the agent’s machine, type:`,
  ),
  thenCode: sentence('puis ce code quand il est demandé.', 'then this code when asked.'),
}
