import { addVerb } from './add-verb.ts'
import { agentVerb } from './agent-verb.ts'
import { completionVerb } from './completion-verb.ts'
import { initVerb } from './init-verb.ts'
import { prepareVerb } from './prepare-verb.ts'
import { printVerb } from './print-verb.ts'
import { pushVerb } from './push-verb.ts'
import { rehearseVerb } from './rehearse-verb.ts'
import { selfTestVerb } from './self-test-verb.ts'
import type { Verb, VerbOption } from './verb.ts'

const session: VerbOption = {
  flags: '--session <fichier>',
  says: { fr: 'le fichier de la session', en: 'the session file' },
  required: true,
}
const candidate: VerbOption = {
  flags: '--candidate <code...>',
  says: {
    fr: 'ne prendre que ce candidat (répétable) ; tous sinon',
    en: 'take only this candidate (repeatable); all otherwise',
  },
  repeatable: true,
}
const json: VerbOption = {
  flags: '--json',
  says: { fr: 'sortie en JSON, pour un autre programme', en: 'JSON output, for another program' },
}

/** The verbs that need no server, in the order in which a session uses them. */
export const agentVerbs: readonly Verb[] = [
  initVerb,
  addVerb,
  {
    name: 'validate',
    says: {
      fr: 'Vérifie un sujet ou une session : chaque erreur à sa ligne et à sa colonne',
      en: 'Checks an exam or a session: each mistake at its line and column',
    },
    arguments: [
      {
        name: '<fichier...>',
        says: {
          fr: 'sujets ou sessions (une session vérifie aussi son sujet et chaque candidat)',
          en: 'exams or sessions (a session also checks its exam and every candidate)',
        },
      },
    ],
    options: [json],
    examples: [
      {
        line: { fr: 'probant validate sujet.yaml', en: 'probant validate exam.yaml' },
        says: { fr: 'vérifier un sujet', en: 'check an exam' },
      },
      {
        line: 'probant validate session.yaml',
        says: { fr: 'vérifier une session entière', en: 'check a whole session' },
      },
    ],
    run: async (...all) => (await import('./validate.ts')).validate(...all),
  },
  {
    name: 'schema',
    says: {
      fr: 'Écrit les schémas JSON qui donnent la complétion dans un éditeur, paramètres des contrôles compris',
      en: 'Writes the JSON Schemas that give completion in an editor, check parameters included',
    },
    arguments: [
      {
        name: '[fichier]',
        says: {
          fr: "exam (sujet) ou session : affiche ce schéma au lieu d'écrire les deux",
          en: 'exam or session: prints that schema instead of writing both',
        },
      },
    ],
    options: [
      {
        flags: '--dir <dossier>',
        says: { fr: 'dossier où écrire', en: 'folder to write to' },
        default: '.',
      },
    ],
    examples: [
      {
        line: 'probant schema --dir sujets',
        says: {
          fr: 'écrire exam.schema.json et session.schema.json dans sujets/',
          en: 'write exam.schema.json and session.schema.json to sujets/',
        },
      },
      { line: 'probant schema exam', says: { fr: 'afficher celui des sujets', en: 'print that of exams' } },
    ],
    run: async (...all) => (await import('./schema.ts')).schema(...all),
  },
  {
    name: 'referential',
    says: {
      fr: 'Affiche un référentiel : compétences, critères, certificats et ce qu’une machine peut en relever',
      en: 'Prints a référentiel: competencies, criteria, certificates and what a machine can observe of them',
    },
    arguments: [
      { name: '[id]', says: { fr: 'par défaut, le seul installé', en: 'the only installed one by default' } },
    ],
    options: [json],
    examples: [
      { line: 'probant referential', says: { fr: 'lire le référentiel', en: 'read the référentiel' } },
      {
        line: 'probant referential tp-01351-01 --json',
        says: { fr: 'le donner à un autre programme', en: 'give it to another program' },
      },
    ],
    run: async (...all) => (await import('./referential.ts')).referential(...all),
  },
  {
    name: 'catalogue',
    says: {
      fr: 'Affiche les contrôles : ce que chacun relève, par quel moyen, avec quels paramètres',
      en: 'Prints the checks: what each observes, which way, with which parameters',
    },
    arguments: [
      {
        name: '[contrôle]',
        says: {
          fr: 'un seul, avec le tableau de ses paramètres ; tous en bref sinon',
          en: 'only one, with the table of its parameters; all in short otherwise',
        },
      },
    ],
    options: [json],
    examples: [
      { line: 'probant catalogue', says: { fr: 'lire le catalogue', en: 'read the catalogue' } },
      {
        line: 'probant catalogue windows.share',
        says: { fr: 'les paramètres d’un contrôle', en: 'the parameters of one check' },
      },
    ],
    run: async (...all) => (await import('./catalogue.ts')).catalogueCommand(...all),
  },
  rehearseVerb,
  printVerb,
  prepareVerb,
  pushVerb,
  {
    name: 'preflight',
    says: {
      fr: 'Essaie tous les accès avant le début : machines jointes, identités, identifiants',
      en: 'Tries every way before the start: machines reached, identities, credentials',
    },
    options: [session, candidate, json],
    examples: [
      {
        line: 'probant preflight --session session.yaml',
        says: { fr: 'avant de lancer le chronomètre', en: 'before the clock starts' },
      },
    ],
    run: async (...all) => (await import('./preflight.ts')).preflightCommand(...all),
  },
  {
    name: 'doctor',
    says: {
      fr: 'Dit étape par étape ce qui marche d’ici vers une machine, et quoi lancer sur elle pour le reste',
      en: 'Says step by step what works from here to a machine, and what to run on it for the rest',
    },
    arguments: [
      {
        name: '<cible>',
        says: {
          fr: 'une machine de la session (dc), ou un moyen et une adresse : winrm, winrm+https, ssh, ssh+powershell, ldaps, ldap+starttls, smb, snmp, icmp',
          en: 'a machine of the session (dc), or a way and an address: winrm, winrm+https, ssh, ssh+powershell, ldaps, ldap+starttls, smb, snmp, icmp',
        },
      },
    ],
    options: [
      { ...session, required: false },
      {
        flags: '--candidate <code>',
        says: {
          fr: 'le candidat dont c’est la machine ; le premier sinon',
          en: 'the candidate whose machine it is; the first otherwise',
        },
      },
      {
        flags: '--password-env <nom>',
        says: {
          fr: "variable d'environnement où est le mot de passe ; demandé sans écho sinon",
          en: 'environment variable that holds the password; asked for without echo otherwise',
        },
      },
      {
        flags: '--privacy-env <nom>',
        says: {
          fr: 'celle de la clé de chiffrement SNMP, si elle diffère',
          en: 'that of the SNMP privacy key, where it differs',
        },
      },
      {
        flags: '--key <fichier>',
        says: { fr: 'clé privée SSH', en: 'SSH private key' },
      },
      {
        flags: '--bundle <fichier>',
        says: {
          fr: 'écrit aussi un relevé à envoyer, noms et adresses remplacés',
          en: 'also writes an account to send, names and addresses replaced',
        },
      },
      {
        flags: '--json',
        says: { fr: 'une ligne de JSON par étape', en: 'one line of JSON a step' },
      },
    ],
    examples: [
      {
        line: 'probant doctor dc --session session.yaml --candidate C01',
        says: { fr: 'tous les moyens de cette machine', en: 'all ways of this machine' },
      },
      {
        line: 'probant doctor winrm://surveillant@10.0.1.10',
        says: {
          fr: 'sans session ; le mot de passe est demandé',
          en: 'without a session; the password is asked for',
        },
      },
      {
        line: String.raw`probant doctor 'ldaps://lecture@agence.lan@10.0.1.10?domain=agence.lan'`,
        says: { fr: 'un annuaire', en: 'a directory' },
      },
    ],
    run: async (...all) => (await import('./doctor.ts')).doctor(...all),
  },
  {
    name: 'check',
    says: {
      fr: 'Interroge les machines des candidats et écrit un passage signé par candidat',
      en: "Asks the candidates' machines and writes one signed run per candidate",
    },
    options: [
      session,
      candidate,
      {
        flags: '--json',
        says: {
          fr: 'une ligne de JSON par candidat, sur la sortie',
          en: 'one line of JSON a candidate, on stdout',
        },
      },
      {
        flags: '--junit <fichier>',
        says: { fr: 'écrit aussi un rapport JUnit', en: 'also writes a JUnit report' },
      },
      {
        flags: '--html <fichier>',
        says: { fr: 'écrit aussi une page HTML', en: 'also writes an HTML page' },
      },
      {
        flags: '--out <dossier>',
        says: {
          fr: "dossier où écrire les passages ; par défaut, celui de l'agent",
          en: "folder to write the runs to; the agent's own by default",
        },
      },
      {
        flags: '--verdicts',
        says: {
          fr: "montre les constats d'un examen, tus sans cette option",
          en: 'shows the findings of an examination, kept silent otherwise',
        },
      },
      {
        flags: '--jobs <nombre>',
        says: { fr: 'machines interrogées à la fois', en: 'machines asked at once' },
        default: '64',
        atLeast: 1,
      },
      {
        flags: '--timeout <secondes>',
        says: { fr: 'durée limite du passage entier', en: 'limit for the whole run' },
        default: '900',
        atLeast: 1,
      },
    ],
    examples: [
      {
        line: 'probant check --session session.yaml',
        says: { fr: 'tous les candidats, en même temps', en: 'all candidates, at once' },
      },
      {
        line: 'probant check --session session.yaml --candidate C02',
        says: { fr: "relancer pour un seul d'entre eux", en: 'again for only one of them' },
      },
      {
        line: 'probant check --session session.yaml --json | jq .demands',
        says: { fr: 'en entraînement, pour un autre programme', en: 'in training, for another program' },
      },
    ],
    run: async (...all) => (await import('./check.ts')).check(...all),
  },
  agentVerb,
  {
    name: 'deliver',
    says: {
      fr: 'Remet des passages au serveur, une fois chacun ; reprend où il en était',
      en: 'Brings runs to the server, once each; resumes where it was',
    },
    arguments: [{ name: '<passage...>', says: { fr: 'fichiers de passages', en: 'run files' } }],
    options: [
      {
        flags: '--server <url>',
        says: { fr: 'adresse du serveur', en: 'address of the server' },
        required: true,
      },
      {
        flags: '--token-from <référence>',
        says: {
          fr: "où est le jeton de l'agent : env:NOM ou vault:nom",
          en: "where the agent's token is: env:NAME or vault:name",
        },
        default: 'env:PROBANT_TOKEN',
      },
      json,
    ],
    examples: [
      {
        line: {
          fr: 'probant deliver passages/*.run.json --server https://probant.example',
          en: 'probant deliver runs/*.run.json --server https://probant.example',
        },
        says: { fr: 'tout remettre ; sans risque à relancer', en: 'deliver all; safe to start again' },
      },
    ],
    run: async (...all) => (await import('./deliver.ts')).deliver(...all),
  },
  {
    name: 'verify',
    says: {
      fr: 'Dit si un passage, ou le dossier scellé d’une session, est intact, et qui l’a signé',
      en: 'Says whether a run, or the sealed bundle of a session, is whole, and who signed it',
    },
    arguments: [
      {
        name: '<passage...>',
        says: {
          fr: 'fichiers de passages, ou dossiers scellés (ZIP)',
          en: 'run files, or sealed bundles (ZIP)',
        },
      },
    ],
    options: [json],
    examples: [
      {
        line: 'probant verify 2026-12-01-C01-….run.json',
        says: { fr: 'hors ligne, n’importe où', en: 'offline, anywhere' },
      },
    ],
    run: async (...all) => (await import('./verify.ts')).verify(...all),
  },
  {
    name: 'regrade',
    says: {
      fr: 'Juge à nouveau un passage enregistré, sans machine, et dit ce qui change',
      en: 'Judges a recorded run again, without a machine, and says what changes',
    },
    arguments: [{ name: '<passage>', says: { fr: 'fichier de passage', en: 'run file' } }],
    options: [
      json,
      {
        flags: '--out <dossier>',
        says: { fr: 'y écrit le nouveau jugement, en JSON', en: 'writes the new judgement there, as JSON' },
      },
      {
        flags: '--verdicts',
        says: {
          fr: 'montre ce qui change dans un examen, tu sans cette option',
          en: 'shows what changes in an examination, kept silent otherwise',
        },
      },
    ],
    examples: [
      {
        line: 'probant regrade 2026-12-01-C01-….run.json',
        says: { fr: 'après la correction d’un contrôle', en: 'after a check was corrected' },
      },
    ],
    run: async (...all) => (await import('./regrade.ts')).regrade(...all),
  },
  {
    name: 'vault',
    says: {
      fr: 'Garde les secrets de la session dans un fichier chiffré',
      en: "Keeps the session's secrets in an encrypted file",
    },
    verbs: [
      {
        name: 'set',
        says: {
          fr: 'Enregistre un secret, lu au terminal sans écho ou sur l’entrée standard',
          en: 'Stores a secret, read from the terminal without echo or from standard input',
        },
        arguments: [
          { name: '<nom>', says: { fr: 'nom, comme dans vault:nom', en: 'name, as in vault:name' } },
        ],
        examples: [
          { line: 'probant vault set admin-web', says: { fr: 'le taper', en: 'type it' } },
          {
            line: 'probant vault set cle-web < ~/.ssh/id_ed25519',
            says: { fr: 'enregistrer une clé', en: 'store a key' },
          },
        ],
        run: async (...all) => (await import('./vault.ts')).vaultSet(...all),
      },
      {
        name: 'list',
        says: {
          fr: 'Donne les noms des secrets, jamais leurs valeurs',
          en: 'Gives the names of the secrets, never their values',
        },
        options: [json],
        run: async (...all) => (await import('./vault.ts')).vaultList(...all),
      },
      {
        name: 'remove',
        says: { fr: 'Supprime un secret', en: 'Removes a secret' },
        arguments: [{ name: '<nom>', says: { fr: 'nom du secret', en: 'name of the secret' } }],
        run: async (...all) => (await import('./vault.ts')).vaultRemove(...all),
      },
    ],
  },
  {
    name: 'identities',
    says: {
      fr: 'Montre les identités de machines admises à la première rencontre, ou en oublie une',
      en: 'Shows the machine identities trusted on first use, or forgets one',
    },
    verbs: [
      {
        name: 'list',
        says: { fr: 'Donne les identités connues', en: 'Gives the known identities' },
        options: [json],
        run: async (...all) => (await import('./identities.ts')).identitiesList(...all),
      },
      {
        name: 'forget',
        says: {
          fr: 'Oublie une identité, par exemple après la réinstallation d’une machine',
          en: 'Forgets an identity, for instance after a machine was reinstalled',
        },
        arguments: [
          {
            name: '<où>',
            says: {
              fr: 'comme dans la liste : « ssh 10.0.1.20:22 »',
              en: 'as in the list: “ssh 10.0.1.20:22”',
            },
          },
        ],
        options: [
          {
            flags: '--reason <texte>',
            says: { fr: 'pourquoi : gardé avec l’oubli', en: 'why: kept with it' },
            required: true,
          },
        ],
        examples: [
          {
            line: {
              fr: 'probant identities forget "ssh 10.0.1.20:22" --reason "VM recréée"',
              en: 'probant identities forget "ssh 10.0.1.20:22" --reason "VM rebuilt"',
            },
            says: { fr: 'après une réinstallation', en: 'after a reinstallation' },
          },
        ],
        run: async (...all) => (await import('./identities.ts')).identitiesForget(...all),
      },
    ],
  },
  selfTestVerb,
  completionVerb,
]
