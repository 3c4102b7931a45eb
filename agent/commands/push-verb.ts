import type { Verb } from './verb.ts'

/** `probant push`: a session brought to the server before the day. */
export const pushVerb: Verb = {
  name: 'push',
  says: {
    fr: 'Prépare une session sur le serveur : la vérifie ici, puis y envoie ses fichiers',
    en: 'Prepares a session on the server: checks it here, then sends its files there',
  },
  options: [
    {
      flags: '--session <fichier>',
      says: { fr: 'le fichier de la session', en: 'the session file' },
      required: true,
    },
    {
      flags: '--candidates <fichier>',
      says: {
        fr: 'liste des candidats en CSV (code, n, place, minutes-supplementaires, nom…), à la place de ceux de la session',
        en: 'list of candidates as CSV (code, n, seat, extra-minutes, name…), in place of those of the session',
      },
    },
    {
      flags: '--server <url>',
      says: { fr: 'adresse du serveur', en: 'address of the server' },
      required: true,
    },
    {
      flags: '--token-from <référence>',
      says: {
        fr: 'où est le jeton du compte : env:NOM ou vault:nom',
        en: 'where the token of the account is: env:NAME or vault:name',
      },
      default: 'env:PROBANT_TOKEN',
    },
    {
      flags: '--launch <mode>',
      says: {
        fr: 'à la fin du temps de chaque candidat, les contrôles se lancent à la main (hand) ou d’eux-mêmes (clock)',
        en: 'at the end of each candidate’s time, checks are launched by hand, or by themselves (clock)',
      },
      choices: ['hand', 'clock'],
      default: 'hand',
    },
    {
      flags: '--json',
      says: { fr: 'sortie en JSON, pour un autre programme', en: 'JSON output, for another program' },
    },
  ],
  examples: [
    {
      line: {
        fr: 'probant push --session session.yaml --candidates candidats.csv --server https://probant.example',
        en: 'probant push --session session.yaml --candidates candidates.csv --server https://probant.example',
      },
      says: { fr: 'la veille ; sans risque à relancer', en: 'the day before; safe to start again' },
    },
  ],
  run: async (...all) => (await import('./push.ts')).push(...all),
}
