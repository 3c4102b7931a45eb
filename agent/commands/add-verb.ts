import type { Verb } from './verb.ts'

/** `probant add`: a check more in an exam. */
export const addVerb: Verb = {
  name: 'add',
  says: {
    fr: 'Ajoute un contrôle à un sujet, avec ses paramètres, sans toucher au reste du fichier',
    en: 'Adds a check to an exam, with its parameters, without touching the rest of the file',
  },
  arguments: [
    { name: '<contrôle>', says: { fr: 'lequel (probant catalogue)', en: 'which one (probant catalogue)' } },
    {
      name: '[paramètre...]',
      says: {
        fr: 'name=nginx, groups=a,b, rule.ports=80,443 ; ce qui manque est demandé au terminal',
        en: 'name=nginx, groups=a,b, rule.ports=80,443; what is missing is asked for in a terminal',
      },
    },
  ],
  options: [
    { flags: '--to <sujet>', says: { fr: 'le sujet', en: 'the exam' }, default: 'sujet.yaml' },
    {
      flags: '--demand <nom>',
      says: { fr: 'la demande qui reçoit le contrôle', en: 'the demand that gets the check' },
    },
    {
      flags: '--new-demand <nom>',
      says: { fr: 'une demande de plus, à la fin du sujet', en: 'one more demand, at the end of the exam' },
    },
    {
      flags: '--text <texte>',
      says: { fr: 'ce que cette demande demande', en: 'what that demand asks for' },
    },
    {
      flags: '--criteria <critère...>',
      says: {
        fr: 'ses critères ; ceux du contrôle sinon',
        en: 'its criteria; those of the check otherwise',
      },
      repeatable: true,
    },
    {
      flags: '--role <machine...>',
      says: {
        fr: 'ajoute une machine au sujet (web=linux)',
        en: 'adds a machine to the exam (web=linux)',
      },
      repeatable: true,
    },
    {
      flags: '--dry-run',
      says: { fr: "montre le changement, n'écrit rien", en: 'shows the change, writes nothing' },
    },
  ],
  examples: [
    {
      line: 'probant add linux.service name=nginx enabled=true --demand site',
      says: { fr: 'un contrôle de plus à une demande', en: 'one more check for a demand' },
    },
    {
      line: {
        fr: 'probant add linux.user name=ali --new-demand ali --text "Créez ali."',
        en: 'probant add linux.user name=ali --new-demand ali --text "Make ali."',
      },
      says: { fr: 'une demande de plus', en: 'one more demand' },
    },
    {
      line: 'probant add network.vlan id=20 --role sw=switch --demand site --dry-run',
      says: { fr: 'voir d’abord, avec une machine de plus', en: 'look first, with one more machine' },
    },
  ],
  run: async (...all) => (await import('./add.ts')).add(...all),
}
