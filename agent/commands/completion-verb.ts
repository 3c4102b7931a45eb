import type { Verb } from './verb.ts'

/** `probant completion`: what a shell needs to complete this command. */
export const completionVerb: Verb = {
  name: 'completion',
  says: {
    fr: 'Affiche le script qui donne la complétion dans un terminal',
    en: 'Prints the script that gives completion in a terminal',
  },
  arguments: [
    {
      name: '<shell>',
      says: {
        fr: 'bash, zsh, fish ou powershell (words : ce que ces scripts demandent)',
        en: 'bash, zsh, fish or powershell (words: what these scripts ask)',
      },
    },
    { name: '[mot...]', says: { fr: 'pour words : ce qui est tapé', en: 'for words: what is typed' } },
  ],
  options: [
    {
      flags: '--fresh',
      says: { fr: 'pour words : un mot commence', en: 'for words: a word begins' },
    },
  ],
  examples: [
    {
      line: 'probant completion bash > ~/.local/share/bash-completion/completions/probant',
      says: {
        fr: 'bash (paquet bash-completion), pour toujours',
        en: 'bash (package bash-completion), for good',
      },
    },
    {
      line: 'eval "$(probant completion bash)"',
      says: { fr: 'bash, pour ce terminal', en: 'bash, for this terminal' },
    },
    {
      line: 'probant completion zsh > "${fpath[1]}/_probant"',
      says: { fr: 'zsh, pour toujours', en: 'zsh, for good' },
    },
    {
      line: 'probant completion fish > ~/.config/fish/completions/probant.fish',
      says: { fr: 'fish, pour toujours', en: 'fish, for good' },
    },
    {
      line: 'probant completion powershell >> $PROFILE',
      says: { fr: 'PowerShell, pour toujours', en: 'PowerShell, for good' },
    },
  ],
  run: async (...all) => (await import('./completion.ts')).completion(...all),
}
