import type { Verb } from './verb.ts'

/** `probant init`: an exam and a session to start from. */
export const initVerb: Verb = {
  name: 'init',
  says: {
    fr: 'Écrit un sujet et une session de départ, commentés, et ce qui donne la complétion dans un éditeur',
    en: 'Writes a commented exam and session to start from, and what gives completion in an editor',
  },
  arguments: [
    {
      name: '[dossier]',
      says: { fr: 'où écrire ; ici, sinon', en: 'where to write; here otherwise' },
    },
  ],
  options: [
    {
      flags: '--certificate <certificat>',
      says: {
        fr: 'TITRE, CCP1, CCS1… (probant referential) ; sans lui, un premier sujet à essayer sur cette machine',
        en: 'TITRE, CCP1, CCS1… (probant referential); without it, a first exam to try on this machine',
      },
    },
    {
      flags: '--purpose <usage>',
      says: { fr: 'entraînement ou examen', en: 'training or examination' },
      choices: ['training', 'examination'],
      default: 'training',
    },
    {
      flags: '--force',
      says: {
        fr: 'remplace les fichiers qui sont déjà là',
        en: 'replaces the files that are there already',
      },
    },
  ],
  examples: [
    {
      line: 'probant init',
      says: {
        fr: 'un premier sujet, à essayer tout de suite sur cette machine',
        en: 'a first exam, to try at once on this machine',
      },
    },
    {
      line: 'probant init ccp2 --certificate CCP2',
      says: {
        fr: 'un sujet d’entraînement au CCP2, dans le dossier ccp2',
        en: 'an exam to train for CCP2, in the folder ccp2',
      },
    },
    {
      line: 'probant init decembre --certificate TITRE --purpose examination',
      says: { fr: 'un sujet d’examen', en: 'an exam for an examination' },
    },
  ],
  run: async (...all) => (await import('./init.ts')).init(...all),
}
