import { Command, CommanderError, Help, InvalidArgumentError, Option } from 'commander'
import type { Lang, Text } from '../../checks/text.ts'
import type { Terminal } from '../terminal/terminal.ts'
import { programName } from '../terminal/program-name.ts'
import { french } from '../terminal/typography.ts'
import { wrapped } from '../terminal/wrapped.ts'
import { CommandFailure } from './command-failure.ts'
import { exitCode, type ExitCode } from './exit-code.ts'
import type { CommandContext, Options, Verb, VerbOption } from './verb.ts'

const description: Text = {
  fr: 'Interroge les machines des candidats au titre TSSR et rassemble les éléments de preuve pour le jury.',
  en: 'Asks the machines of candidates for the TSSR title what state they are in, and gathers the evidence for the jury.',
}
const after = (): Text => ({
  fr: `Codes de sortie : 0 fait ; 1 erreur interne ; 2 fichier ou commande incorrects ; 3 quelque chose n'a pas pu être vérifié ou remis ; 4 sujet non prouvé (« rehearse ») ; 69 indisponible ; 130 interrompu.
Environnement : PROBANT_LANG, PROBANT_HOME (dossier de l'agent), PROBANT_VAULT_PASSPHRASE, PROBANT_TOKEN, PROBANT_ENROL_CODE, PROBANT_OIDC_ISSUER, PROBANT_OIDC_CLIENT_ID, PROBANT_OIDC_CLIENT_SECRET, PROBANT_PUBLIC_URL (« serve »), PROBANT_DEBUG=1, NO_COLOR.
L'aide d'un verbe : ${programName()} <verbe> --help`,
  en: `Exit codes: 0 done; 1 internal error; 2 wrong file or command; 3 something could not be verified or delivered; 4 exam not proved (“rehearse”); 69 unavailable; 130 interrupted.
Environment: PROBANT_LANG, PROBANT_HOME (the agent's folder), PROBANT_VAULT_PASSPHRASE, PROBANT_TOKEN, PROBANT_ENROL_CODE, PROBANT_OIDC_ISSUER, PROBANT_OIDC_CLIENT_ID, PROBANT_OIDC_CLIENT_SECRET, PROBANT_PUBLIC_URL (“serve”), PROBANT_DEBUG=1, NO_COLOR.
Help on a verb: ${programName()} <verb> --help`,
})

/** Each line of a text in lines of at most `columns`, all but the first set in. */
const paragraphs = (text: string, columns: number): string =>
  text
    .split('\n')
    .flatMap((line) => wrapped(line, columns, 2, 0))
    .join('\n')

/** A line to be copied, as it is typed where this runs. */
const typedHere = (line: string): string => line.replace(/^probant(?= )/, programName())

/** Words that commander writes itself. */
const titles: Readonly<Record<string, string>> = {
  'Usage:': 'Utilisation :',
  'Arguments:': 'Arguments :',
  'Options:': 'Options :',
  'Global Options:': 'Options générales :',
  'Commands:': 'Verbes :',
}

class TranslatedHelp extends Help {
  readonly #lang: Lang
  constructor(lang: Lang) {
    super()
    this.#lang = lang
    this.showGlobalOptions = true
  }
  override styleTitle(title: string): string {
    return this.#lang === 'fr' ? french(titles[title] ?? title) : title
  }
  override optionDescription(option: Option): string {
    const byDefault = { fr: 'par défaut', en: 'default' }[this.#lang]
    const choices = option.argChoices ? ` (${option.argChoices.join(', ')})` : ''
    const value =
      option.defaultValue === undefined
        ? ''
        : ` (${byDefault}${this.#lang === 'fr' ? ' ' : ''}: ${String(option.defaultValue)})`
    const written = `${option.description}${choices}${value}`
    return this.#lang === 'fr' ? french(written) : written
  }
  override subcommandTerm(command: Command): string {
    return command.name()
  }
  override commandUsage(command: Command): string {
    const usage = super.commandUsage(command)
    return this.#lang === 'fr' ? usage.replace('[command]', '<verbe>') : usage.replace('[command]', '<verb>')
  }
}

/** The names of values in help texts, written in French in the verbs. */
const placeholders: Readonly<Record<string, string>> = {
  fichier: 'file',
  graine: 'seed',
  chemin: 'path',
  contrôle: 'check',
  dossier: 'folder',
  passage: 'run',
  nom: 'name',
  où: 'where',
  nombre: 'number',
  secondes: 'seconds',
  référence: 'reference',
  texte: 'text',
  adresse: 'address',
  cible: 'target',
  sujet: 'exam',
  passages: 'runs',
  commande: 'command',
  rôle: 'role',
  compte: 'user',
  domaine: 'domain',
  demande: 'demand',
  paramètre: 'parameter',
  critère: 'criterion',
  certificat: 'certificate',
  usage: 'purpose',
  mot: 'word',
}
const named = (flags: string, lang: Lang): string =>
  lang === 'fr' ? flags : flags.replace(/(?<=[<[][^>\]]*)\p{L}+/gu, (word) => placeholders[word] ?? word)

/**
 * Runs the verb that the arguments name and gives its exit status.
 * @param argv what was typed after the program's name.
 * @throws CommandFailure for a wrong use, with a sentence that says what to do; whatever a verb throws.
 */
export async function runProgram(
  argv: readonly string[],
  verbs: readonly Verb[],
  context: CommandContext,
): Promise<ExitCode> {
  const { terminal } = context
  let status: ExitCode = exitCode.ok
  const say = (text: Text) => terminal.say(text)

  const prepared = (command: Command): Command => {
    command.createHelp = () => new TranslatedHelp(terminal.lang)
    return command
      .exitOverride()
      .configureOutput({
        writeOut: (text) => terminal.out(text.trimEnd()),
        writeErr: (text) => terminal.err(text.trimEnd()),
        outputError: () => undefined,
      })
      .helpOption('-h, --help', say({ fr: 'affiche cette aide', en: 'shows this help' }))
      .allowExcessArguments(false)
  }
  const add = (parent: Command, verb: Verb): void => {
    const command = prepared(parent.command(verb.name)).description(say(verb.says)).helpCommand(false)
    for (const argument of verb.arguments ?? [])
      command.argument(named(argument.name, terminal.lang), say(argument.says))
    for (const option of verb.options ?? []) command.addOption(optionOf(option, terminal))
    if (verb.examples)
      command.addHelpText(
        'after',
        `\n${say({ fr: 'Exemples :', en: 'Examples:' })}\n${verb.examples.map((e) => `  ${typedHere(typeof e.line === 'string' ? e.line : e.line[terminal.lang])}\n      ${say(e.says)}`).join('\n')}`,
      )
    for (const child of verb.verbs ?? []) add(command, child)
    const { run } = verb
    if (run)
      command.action(async (...given: unknown[]) => {
        const options = given.at(-2) as Options
        const args = given
          .slice(0, -2)
          .flat()
          .filter((arg) => typeof arg === 'string')
        status = await run(args, options, { ...context, verbs })
      })
  }

  const program = prepared(new Command('probant'))
    .description(say(description))
    .version(context.version, '-V, --version', say({ fr: 'affiche la version', en: 'shows the version' }))
    .addOption(
      new Option('--lang <lang>', say({ fr: 'langue des messages', en: 'language of the messages' })).choices(
        ['fr', 'en'],
      ),
    )
    .helpCommand(false)
    .addHelpText(
      'after',
      `\n${paragraphs(say(after()), Number.isFinite(terminal.columns) ? terminal.columns : 80)}`,
    )
  for (const verb of verbs) add(program, verb)
  try {
    await program.parseAsync([...withoutLang(argv)], { from: 'user' })
  } catch (error) {
    if (!(error instanceof CommanderError)) throw error
    if (error.exitCode === 0) return exitCode.ok
    if (error.code === 'commander.help') return exitCode.badInput
    throw new CommandFailure(
      wrongUse(error, [program.name(), ...namesTyped(program, argv)]),
      exitCode.badInput,
    )
  }
  return status
}

/** `--lang` is taken anywhere on the line: it goes first, where the program itself declares it. */
function withoutLang(argv: readonly string[]): string[] {
  const rest: string[] = []
  const lang: string[] = []
  for (let i = 0; i < argv.length; i++) {
    const arg = argv[i] ?? ''
    if (arg === '--') return [...lang, ...rest, ...argv.slice(i)]
    if (arg.startsWith('--lang=')) lang.push(arg)
    else if (arg === '--lang') lang.push(arg, ...argv.slice(++i, i + 1))
    else rest.push(arg)
  }
  return [...lang, ...rest]
}

function namesTyped(program: Command, argv: readonly string[]): string[] {
  const names: string[] = []
  let at = program
  for (const arg of argv) {
    const next = at.commands.find((command) => command.name() === arg)
    if (!next) continue
    names.push(arg)
    at = next
  }
  return names
}

function optionOf(option: VerbOption, { lang, say }: Terminal): Option {
  const made = new Option(named(option.flags, lang), say(option.says))
  if (option.required) made.makeOptionMandatory()
  if (option.choices) made.choices([...option.choices])
  const { atLeast } = option
  if (atLeast !== undefined)
    made.argParser((value) => {
      const number = Number(value)
      if (!Number.isSafeInteger(number) || number < atLeast || number > 1_000_000)
        throw new InvalidArgumentError(String(atLeast))
      return number
    })
  // Each time one value more; where the flags have `...`, commander itself takes all that follows.
  if (option.repeatable && !option.flags.includes('...'))
    made.argParser((value: string, before: readonly string[] | undefined) => [...(before ?? []), value])
  if (option.default !== undefined)
    made.default(atLeast === undefined ? option.default : Number(option.default))
  return made
}

/** Commander's errors in our words. Its texts are English; what was typed is taken from between their quotes. */
function wrongUse(error: CommanderError, typed: readonly string[]): Text {
  const [first = '', second = ''] = [...error.message.matchAll(/'([^']*)'/g)].map((match) => match[1] ?? '')
  const near = /\(Did you mean (?:one of )?([^?]*)\?\)/.exec(error.message)?.[1]
  const meant: Text = near
    ? { fr: ` (vouliez-vous dire « ${near} » ?)`, en: ` (did you mean “${near}”?)` }
    : { fr: '', en: '' }
  const said = ((): Text => {
    switch (error.code) {
      case 'commander.unknownCommand':
        return { fr: `verbe inconnu « ${first} »${meant.fr}`, en: `unknown verb “${first}”${meant.en}` }
      case 'commander.unknownOption':
        return { fr: `option inconnue « ${first} »${meant.fr}`, en: `unknown option “${first}”${meant.en}` }
      case 'commander.missingArgument':
        return { fr: `il manque l'argument « ${first} »`, en: `the argument “${first}” is missing` }
      case 'commander.optionMissingArgument':
        return { fr: `l'option « ${first} » attend une valeur`, en: `the option “${first}” takes a value` }
      case 'commander.missingMandatoryOptionValue':
        return { fr: `il manque l'option « ${first} »`, en: `the option “${first}” is missing` }
      case 'commander.invalidArgument': {
        const least = /is invalid\. (\d+)$/.exec(error.message)?.[1]
        const choices = /Allowed choices are ([^.]*)\.$/.exec(error.message)?.[1]
        const wanted: Text = least
          ? {
              fr: ` : donnez un nombre entier, au moins ${least}`,
              en: `: give a whole number, at least ${least}`,
            }
          : choices
            ? { fr: ` : choisissez parmi ${choices}`, en: `: choose among ${choices}` }
            : { fr: '', en: '' }
        return {
          fr: `« ${second} » n'est pas une valeur de « ${first} »${wanted.fr}`,
          en: `“${second}” is not a value of “${first}”${wanted.en}`,
        }
      }
      case 'commander.excessArguments':
        return { fr: 'il y a trop d’arguments', en: 'there are too many arguments' }
      case 'commander.conflictingOption':
        return {
          fr: `« ${first} » ne va pas avec « ${second} »`,
          en: `“${first}” does not go with “${second}”`,
        }
      default:
        return { fr: 'commande incorrecte', en: 'wrong command' }
    }
  })()
  const help = typedHere(`${typed.join(' ')} --help`)
  return { fr: `${said.fr}. Voyez : ${help}`, en: `${said.en}. See: ${help}` }
}
