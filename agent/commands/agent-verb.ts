import type { Verb } from './verb.ts'

/** `probant agent`: does the work that a server hands out. */
export const agentVerb: Verb = {
  name: 'agent',
  says: {
    fr: 'Travaille pour un serveur : prend ce qu’il demande, interroge les machines, lui remet les passages',
    en: 'Works for a server: takes what it asks for, asks the machines, brings it the runs',
  },
  options: [
    {
      flags: '--server <url>',
      says: { fr: 'adresse du serveur', en: 'address of the server' },
      required: true,
    },
    {
      flags: '--enrol',
      says: {
        fr: 'inscrit cet agent, la première fois : le code à usage unique est demandé sans écho, ou lu de PROBANT_ENROL_CODE ou de l’entrée standard',
        en: 'enrols this agent, the first time: the one-time code is asked for without echo, or read from PROBANT_ENROL_CODE or standard input',
      },
    },
    {
      flags: '--name <nom>',
      says: {
        fr: 'nom sous lequel l’inscrire ; par défaut, celui de la machine',
        en: 'name to enrol it under; by default that of the machine',
      },
    },
    {
      flags: '--jobs <nombre>',
      says: { fr: 'machines interrogées à la fois', en: 'machines asked at once' },
      default: '64',
      atLeast: 1,
    },
  ],
  examples: [
    {
      line: {
        fr: 'probant agent --server https://probant.example --enrol --name salle-12',
        en: 'probant agent --server https://probant.example --enrol --name room-12',
      },
      says: {
        fr: 'la première fois, avec le code de la page « Agents » du serveur',
        en: 'the first time, with the code of the page “Agents” of the server',
      },
    },
    {
      line: 'probant agent --server https://probant.example',
      says: { fr: 'ensuite ; Ctrl-C arrête proprement', en: 'from then on; Ctrl-C stops it cleanly' },
    },
  ],
  run: async (...all) => (await import('./agent.ts')).agent(...all),
}
