import { catalogue, catalogueJson } from '../../checks/catalogue.ts'
import { filled } from '../../checks/text.ts'
import { exitCode, type ExitCode } from './exit-code.ts'
import type { CommandContext, Options } from './verb.ts'

/** `probant catalogue [--json]`. */
export async function catalogueCommand(
  _args: readonly string[],
  options: Options,
  { terminal }: CommandContext,
): Promise<ExitCode> {
  const printed = catalogueJson(terminal.lang)
  if (options['json']) {
    terminal.out(JSON.stringify(printed, null, 2))
    return exitCode.ok
  }
  const proven = {
    live: terminal.say({ fr: 'éprouvé sur de vrais services', en: 'proven on real services' }),
    recorded: terminal.say({
      fr: 'éprouvé sur des relevés enregistrés',
      en: 'proven on recorded observations',
    }),
  }
  for (const { id, criteria, observes, transports, params, proven: how } of printed) {
    const check = catalogue.get(id)
    terminal.out(`${id}  ${criteria.join(' ')}`)
    if (check) terminal.out(`  ${terminal.say(filled(check.says, {}))}`)
    terminal.out(`  ${terminal.lang === 'fr' ? terminal.say({ fr: observes, en: observes }) : observes}`)
    terminal.out(`  ${transports.join(', ')} ; ${proven[how]}`)
    terminal.out(`  ${parameterNames(params)}`)
    terminal.out('')
  }
  terminal.err(
    terminal.say({
      fr: `${printed.length} contrôles. Paramètres en détail : probant catalogue --json, ou la complétion de l'éditeur (probant schema).`,
      en: `${printed.length} checks. Parameters in detail: probant catalogue --json, or your editor's completion (probant schema).`,
    }),
  )
  return exitCode.ok
}

/** `on, name, [enabled]`: optional ones in brackets; other ways to write them after « | ». */
function parameterNames(params: Readonly<Record<string, unknown>>): string {
  const others = (params['anyOf'] ?? params['oneOf']) as readonly Record<string, unknown>[] | undefined
  if (others) return others.map(parameterNames).join(' | ')
  const required = (params['required'] ?? []) as readonly string[]
  const names = Object.keys((params['properties'] ?? {}) as object)
  return names.map((name) => (required.includes(name) ? name : `[${name}]`)).join(', ')
}
