import type { Terminal } from '../terminal/terminal.ts'
import { visibleLine } from '../terminal/visible.ts'
import { CommandFailure } from './command-failure.ts'
import { completionScripts } from './completion-scripts.ts'
import { completions, type Candidate } from './completion-words.ts'
import { exitCode, type ExitCode } from './exit-code.ts'
import type { CommandContext, Options } from './verb.ts'

/** `probant completion SHELL` prints the script; `completion words -- WORD…` is what the scripts ask at a Tab. */
export async function completion(
  [shell = '', ...typed]: readonly string[],
  options: Options,
  context: CommandContext,
): Promise<ExitCode> {
  const { terminal } = context
  if (shell === 'words') {
    await answer(options['fresh'] === true ? [...typed, ''] : typed, context)
    return exitCode.ok
  }
  const script = Object.hasOwn(completionScripts, shell) ? completionScripts[shell] : undefined
  if (script === undefined || typed.length > 0) {
    const known = Object.keys(completionScripts).join(', ')
    throw new CommandFailure(
      {
        fr: `pas de complétion pour « ${visibleLine(shell, 32)} » : donnez un seul nom parmi ${known}`,
        en: `no completion for “${visibleLine(shell, 32)}”: give a single name among ${known}`,
      },
      exitCode.badInput,
    )
  }
  terminal.out(script)
  return exitCode.ok
}

async function answer(words: readonly string[], { terminal, referentials, verbs }: CommandContext) {
  const catalogue = async () => (await import('../../checks/catalogue.ts')).catalogue
  const { candidates, files } = await completions(words, {
    verbs: verbs ?? [],
    checks: async () =>
      [...(await catalogue()).values()].map(({ id, observes }) => ({ value: id, says: observes })),
    parameters: async (id) => {
      const check = (await catalogue()).get(id)
      if (!check) return null
      return (await import('../../checks/schema.ts')).parametersSchema(check, terminal.lang)
    },
    certificates: async () =>
      [...(await referentials()).values()].flatMap(({ certificates }) =>
        certificates.map(({ id, label }) => ({ value: id, says: { fr: label, en: label } })),
      ),
    referentials: async () =>
      [...(await referentials()).values()].map(({ id, label }) => ({
        value: id,
        says: { fr: label, en: label },
      })),
  })
  for (const candidate of candidates) terminal.out(`${candidate.value}\t${description(candidate, terminal)}`)
  if (files) terminal.out(':files')
}

/** Shells show it beside the word: on one line, and not wider than a menu. */
const description = ({ says }: Candidate, terminal: Terminal): string => visibleLine(terminal.say(says), 70)
