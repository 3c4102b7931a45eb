import type { Verb } from './verb.ts'

/** `probant prepare`: what must be there before the day. */
export const prepareVerb: Verb = {
  name: 'prepare',
  says: {
    fr: 'Dit ce qui doit être prêt avant le jour : comptes, clés, sudo, pare-feu, et les lignes à coller ; ne contacte rien',
    en: 'Says what must be there before the day: accounts, keys, sudo, firewalls, and the lines to paste; contacts nothing',
  },
  options: [
    {
      flags: '--session <fichier>',
      says: { fr: 'le fichier de la session', en: 'the session file' },
      required: true,
    },
    {
      flags: '--role <nom>',
      says: { fr: 'les machines de ce rôle seulement', en: 'the machines of this role only' },
    },
    {
      flags: '--from <adresse>',
      says: {
        fr: 'adresse ou réseau de l’agent, que les pare-feu laissent entrer ; par défaut, le réseau de ce poste',
        en: 'address or network of the agent, which firewalls let in; the network of this computer by default',
      },
    },
    {
      flags: '--json',
      says: { fr: 'sortie en JSON, pour un autre programme', en: 'JSON output, for another program' },
    },
  ],
  examples: [
    {
      line: 'probant prepare --session session.yaml --from 10.0.0.5',
      says: { fr: 'une semaine avant', en: 'a week before' },
    },
    {
      line: 'probant prepare --session session.yaml --role dc',
      says: {
        fr: 'pour qui prépare les contrôleurs de domaine',
        en: 'for whoever prepares the domain controllers',
      },
    },
  ],
  run: async (...all) => (await import('./prepare.ts')).prepare(...all),
}
