import type { Text } from '../../checks/text.ts'
import type { Verb, VerbOption } from './verb.ts'

const option = (flags: string, fr: string, en: string, more: Partial<VerbOption> = {}): VerbOption => ({
  flags,
  says: { fr, en } satisfies Text,
  ...more,
})

/** `probant self-test`: a candidate alone, in the evening, in front of their own machines. */
export const selfTestVerb: Verb = {
  name: 'self-test',
  says: {
    fr: 'S’entraîner seul : regarde vos machines, explique ce qui ne correspond pas, dit ce qui a changé depuis le dernier essai',
    en: 'Train alone: looks at your machines, explains what does not match, says what changed since the last try',
  },
  arguments: [{ name: '<sujet>', says: { fr: 'un sujet d’entraînement', en: 'a training exam' } }],
  options: [
    option(
      '--here <rôle>',
      'la machine de ce rôle est ce poste (répétable)',
      'the machine of this role is this computer (repeatable)',
      {
        repeatable: true,
      },
    ),
    option(
      '--machine <rôle=compte@adresse>',
      'où est la machine de ce rôle, et par quel compte (répétable)',
      'where the machine of this role is, and by which account (repeatable)',
      { repeatable: true },
    ),
    option(
      '--password-env <rôle=variable>',
      'variable d’environnement qui tient le mot de passe, ou la communauté SNMP (répétable)',
      'environment variable that holds the password, or the SNMP community (repeatable)',
      { repeatable: true },
    ),
    option(
      '--key <rôle=fichier>',
      'clé privée SSH, gardée dans le coffre (répétable)',
      'SSH private key, kept in the vault (repeatable)',
      {
        repeatable: true,
      },
    ),
    option(
      '--domain <rôle=domaine>',
      'domaine Active Directory de ce rôle (répétable)',
      'Active Directory domain of this role (repeatable)',
      {
        repeatable: true,
      },
    ),
    option(
      '--machines <fichier>',
      'le fichier de vos machines ; par défaut, à côté du sujet',
      'the file of your machines; beside the exam by default',
    ),
    option(
      '--forget',
      'repose toutes les questions sur vos machines',
      'asks everything about your machines again',
    ),
    option(
      '--watch',
      'reste là, et regarde à nouveau ce qui ne correspond pas quand vous tapez Entrée',
      'stays, and looks again at what does not match when you type Enter',
    ),
    option(
      '--every <secondes>',
      'avec --watch : regarde aussi toutes les N secondes',
      'with --watch: looks every N seconds too',
      {
        atLeast: 1,
      },
    ),
    option(
      '--hint <demande>',
      'montre un indice de cette demande, puis le deuxième',
      'shows a hint of this demand, then the second one',
    ),
    option('--history', 'liste les essais', 'lists the tries'),
    option('--reset', 'oublie les essais et les indices vus', 'forgets the tries and the hints seen'),
    option('--yes', 'avec --reset : sans confirmation', 'with --reset: without a confirmation'),
    option(
      '--html <fichier>',
      'la page à relire ; par défaut, à côté du sujet',
      'the page to read again; beside the exam by default',
    ),
    option('--json', 'sortie en JSON, pour un autre programme', 'JSON output, for another program'),
  ],
  examples: [
    {
      line: { fr: 'probant self-test sujet.yaml', en: 'probant self-test exam.yaml' },
      says: {
        fr: 'demande une fois où sont vos machines, puis les regarde',
        en: 'asks once where your machines are, then looks at them',
      },
    },
    {
      line: {
        fr: 'probant self-test sujet.yaml --watch --every 30',
        en: 'probant self-test exam.yaml --watch --every 30',
      },
      says: { fr: 'pendant que vous travaillez', en: 'while you work' },
    },
    {
      line: {
        fr: 'probant self-test sujet.yaml --machine web=root@10.0.0.5 --key web=cle',
        en: 'probant self-test exam.yaml --machine web=root@10.0.0.5 --key web=key',
      },
      says: { fr: 'sans question', en: 'without a question' },
    },
  ],
  run: async (...all) => (await import('./self-test.ts')).selfTest(...all),
}
