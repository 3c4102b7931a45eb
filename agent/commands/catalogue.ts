import { catalogue, catalogueJson, type PrintedCheck } from '../../checks/catalogue.ts'
import { nearest } from '../../checks/nearest.ts'
import { filled } from '../../checks/text.ts'
import { painted } from '../terminal/colour.ts'
import { inColumns } from '../terminal/columns.ts'
import type { Terminal } from '../terminal/terminal.ts'
import { visibleLine } from '../terminal/visible.ts'
import { wrapped } from '../terminal/wrapped.ts'
import { CommandFailure } from './command-failure.ts'
import { exitCode, type ExitCode } from './exit-code.ts'
import { parameterRows } from './parameter-rows.ts'
import type { CommandContext, Options } from './verb.ts'

/** `probant catalogue [CHECK] [--json]`: all checks in short, or one with its parameters in a table. */
export async function catalogueCommand(
  [wanted]: readonly string[],
  options: Options,
  { terminal }: CommandContext,
): Promise<ExitCode> {
  const all = catalogueJson(terminal.lang)
  const printed = wanted === undefined ? all : all.filter(({ id }) => id === wanted)
  if (wanted !== undefined && printed.length === 0) throw unknownCheck(wanted)
  if (options['json']) terminal.out(JSON.stringify(printed, null, 2))
  else if (wanted === undefined) printAll(printed, terminal)
  else for (const check of printed) printWithParameters(check, terminal)
  return exitCode.ok
}

function unknownCheck(wanted: string): CommandFailure {
  const near = nearest(wanted, [...catalogue.keys()])
  const shown = visibleLine(wanted, 64)
  return new CommandFailure(
    {
      fr: `contrôle inconnu « ${shown} »${near ? ` ; vouliez-vous dire « ${near} » ?` : ''} (liste : probant catalogue)`,
      en: `unknown check “${shown}”${near ? `; did you mean “${near}”?` : ''} (list: probant catalogue)`,
    },
    exitCode.badInput,
  )
}

const indented = (text: string, { columns }: Terminal): string[] =>
  wrapped(text, columns - 2, 0).map((line) => `  ${line}`)

/** What a check claims, what it observes, and how. */
function heading({ id, criteria, observes, transports, proven }: PrintedCheck, terminal: Terminal): string[] {
  const check = catalogue.get(id)
  const words = {
    live: terminal.say({ fr: 'éprouvé sur de vrais services', en: 'proven on real services' }),
    recorded: terminal.say({
      fr: 'éprouvé sur des relevés enregistrés',
      en: 'proven on recorded observations',
    }),
  }
  return [
    `${id}  ${criteria.join(' ')}`,
    ...[
      ...(check ? [terminal.say(filled(check.says, {}))] : []),
      terminal.say({ fr: observes, en: observes }),
      `${transports.join(', ')} ; ${words[proven]}`,
    ].flatMap((line) => indented(line, terminal)),
  ]
}

function printAll(printed: readonly PrintedCheck[], terminal: Terminal): void {
  for (const check of printed) {
    for (const line of heading(check, terminal)) terminal.out(line)
    for (const line of wrapped(`  ${parameterNames(check.params)}`, terminal.columns, 2, 0))
      terminal.out(line)
    terminal.out('')
  }
  terminal.err(
    terminal.say({
      fr: `${printed.length} contrôles. Les paramètres de l'un d'eux : probant catalogue windows.disk ; de tous : probant catalogue --json, ou la complétion de l'éditeur (probant schema).`,
      en: `${printed.length} checks. The parameters of one of them: probant catalogue windows.disk; of all: probant catalogue --json, or your editor's completion (probant schema).`,
    }),
  )
}

function printWithParameters(check: PrintedCheck, terminal: Terminal): void {
  for (const line of heading(check, terminal)) terminal.out(line)
  terminal.out('')
  const heads = {
    fr: ['Paramètre', 'Valeurs', 'Par défaut', 'Sens'],
    en: ['Parameter', 'Values', 'Default', 'Meaning'],
  }[terminal.lang]
  const rows = parameterRows(check.params, terminal.lang).map(([name, values, byDefault, meaning]) => [
    name,
    values,
    byDefault,
    terminal.say({ fr: meaning, en: meaning }),
  ])
  const [head = '', ...lines] = inColumns([heads, ...rows], terminal.columns)
  terminal.out(painted(head, 'dim', terminal.colour.out))
  for (const line of lines) terminal.out(line)
}

/** `on, name, [enabled]`: optional ones in brackets; other ways to write them after « | ». */
function parameterNames(params: Readonly<Record<string, unknown>>): string {
  const others = (params['anyOf'] ?? params['oneOf']) as readonly Record<string, unknown>[] | undefined
  if (others) return others.map(parameterNames).join(' | ')
  const required = (params['required'] ?? []) as readonly string[]
  const names = Object.keys((params['properties'] ?? {}) as object)
  return names.map((name) => (required.includes(name) ? name : `[${name}]`)).join(', ')
}
