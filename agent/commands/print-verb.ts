import type { Verb } from './verb.ts'

/** `probant print`: what the candidates receive. */
export const printVerb: Verb = {
  name: 'print',
  says: {
    fr: 'Met en page le sujet que reçoit chaque candidat, avec ses valeurs à lui, en Markdown ou en PDF',
    en: 'Sets the paper that each candidate receives, with the values of that candidate, as Markdown or PDF',
  },
  arguments: [{ name: '<sujet>', says: { fr: 'le fichier du sujet', en: 'the exam file' } }],
  options: [
    {
      flags: '--session <fichier>',
      says: {
        fr: 'la session : codes, places, machines et valeurs de ses candidats',
        en: 'the session: codes, seats, machines and values of its candidates',
      },
    },
    {
      flags: '--candidate <code...>',
      says: {
        fr: 'ne prendre que ce candidat (répétable) ; tous sinon',
        en: 'take only this candidate (repeatable); all otherwise',
      },
      repeatable: true,
    },
    {
      flags: '--out <chemin>',
      says: {
        fr: 'un fichier .md ou .pdf, ou un dossier qui reçoit un sujet par candidat (sujet-C01.pdf) ; la sortie sinon, en Markdown',
        en: 'a .md or .pdf file, or a folder that gets one paper a candidate (sujet-C01.pdf); stdout otherwise, as Markdown',
      },
    },
    {
      flags: '--format <format>',
      says: {
        fr: 'ce que reçoit le dossier ; PDF sinon',
        en: 'what the folder gets; PDF otherwise',
      },
      choices: ['md', 'pdf'],
    },
    {
      flags: '--force',
      says: { fr: 'remplace les fichiers qui existent', en: 'replaces files that exist' },
    },
    {
      flags: '--n <nombre>',
      says: {
        fr: 'sans session : le numéro du candidat dont un spécimen prend les valeurs ; 1 sinon',
        en: 'without a session: the number of the candidate whose values a sample takes; 1 otherwise',
      },
      atLeast: 0,
    },
    {
      flags: '--seed <graine>',
      says: {
        fr: 'sans session : la graine de laquelle ces valeurs sont tirées',
        en: 'without a session: the seed that these values are drawn from',
      },
    },
    {
      flags: '--hints',
      says: {
        fr: "imprime aussi les indices d'un sujet d'entraînement",
        en: 'prints the hints of a training exam too',
      },
    },
  ],
  examples: [
    {
      line: { fr: 'probant print sujet.yaml', en: 'probant print exam.yaml' },
      says: { fr: 'relire le sujet tel qu’un candidat le lira', en: 'read the exam as a candidate will' },
    },
    {
      line: {
        fr: 'probant print sujet.yaml --session session.yaml --out sujets/',
        en: 'probant print exam.yaml --session session.yaml --out papers/',
      },
      says: { fr: 'un PDF par candidat, à distribuer', en: 'one PDF a candidate, to hand out' },
    },
    {
      line: {
        fr: 'probant print sujet.yaml --n 3 --seed essai --out specimen.pdf',
        en: 'probant print exam.yaml --n 3 --seed trial --out sample.pdf',
      },
      says: { fr: 'un spécimen, sans session', en: 'a sample, without a session' },
    },
  ],
  run: async (...all) => (await import('./print.ts')).print(...all),
}
