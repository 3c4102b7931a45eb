import type { Verb } from './verb.ts'

/** `probant rehearse`: proves an exam before the day. */
export const rehearseVerb: Verb = {
  name: 'rehearse',
  says: {
    fr: 'Prouve un sujet avant le jour : rien de constaté sur les machines telles que remises, tout sur la réponse modèle, deux fois de suite',
    en: 'Proves an exam before the day: nothing observed on the machines as handed out, all on the model answer, twice in a row',
  },
  arguments: [{ name: '<sujet>', says: { fr: 'le fichier du sujet', en: 'the exam file' } }],
  options: [
    {
      flags: '--session <fichier>',
      says: {
        fr: 'le fichier de la session ; sinon « session.yaml » à côté du sujet',
        en: 'the session file; else “session.yaml” beside the exam',
      },
    },
    {
      flags: '--handed-out <code>',
      says: {
        fr: 'le candidat dont les machines sont telles que remises',
        en: 'the candidate whose machines are as handed out',
      },
    },
    {
      flags: '--model <code>',
      says: {
        fr: 'celui dont les machines ont la réponse modèle ; sinon le même, après une pause',
        en: 'the one whose machines have the model answer; else the same, after a pause',
      },
    },
    {
      flags: '--model-command <commande...>',
      says: {
        fr: 'un exécutable et ses arguments, lancé sans shell à la place de la pause : il applique la réponse modèle (le code du candidat est dans PROBANT_CANDIDATE)',
        en: 'an executable and its arguments, run without a shell instead of the pause: it applies the model answer (the candidate’s code is in PROBANT_CANDIDATE)',
      },
      repeatable: true,
    },
    {
      flags: '--runs <passages...>',
      says: {
        fr: 'trois passages enregistrés (remise, modèle, à nouveau) : aucune machine n’est interrogée',
        en: 'three recorded runs (handed out, model, once more): no machine is asked',
      },
      repeatable: true,
    },
    {
      flags: '--json',
      says: { fr: 'sortie en JSON, pour un autre programme', en: 'JSON output, for another program' },
    },
    {
      flags: '--out <dossier>',
      says: { fr: 'dossier où garder les trois passages', en: 'folder to keep the three runs in' },
    },
    {
      flags: '--verdicts',
      says: {
        fr: "montre les constats d'un examen ; sans cette option, un examen n'est pas répété",
        en: 'shows the findings of an examination; without it an examination is not rehearsed',
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
      says: { fr: 'durée limite de chaque passage', en: 'limit for each run' },
      default: '900',
      atLeast: 1,
    },
  ],
  examples: [
    {
      line: {
        fr: 'probant rehearse sujet.yaml --handed-out C01 --model C02',
        en: 'probant rehearse exam.yaml --handed-out C01 --model C02',
      },
      says: {
        fr: 'deux jeux de machines : un tel que remis, un avec la réponse modèle',
        en: 'two sets of machines: one as handed out, one with the model answer',
      },
    },
    {
      line: {
        fr: 'probant rehearse sujet.yaml --handed-out C01',
        en: 'probant rehearse exam.yaml --handed-out C01',
      },
      says: {
        fr: 'un seul jeu : la réponse modèle est appliquée pendant la pause',
        en: 'one set: the model answer is applied during the pause',
      },
    },
    {
      line: {
        fr: 'probant rehearse sujet.yaml --model-command ./modele.sh web1',
        en: 'probant rehearse exam.yaml --model-command ./model.sh web1',
      },
      says: { fr: 'de même, sans personne devant l’écran', en: 'the same, with nobody at the screen' },
    },
    {
      line: {
        fr: 'probant rehearse sujet.yaml --runs a.run.json b.run.json c.run.json',
        en: 'probant rehearse exam.yaml --runs a.run.json b.run.json c.run.json',
      },
      says: { fr: 'refaire le rapport, sans machine', en: 'make the report again, without a machine' },
    },
  ],
  run: async (...all) => (await import('./rehearse.ts')).rehearse(...all),
}
