import { readFile, realpath, stat } from 'node:fs/promises'
import { roleKindSchema, type Check, type RoleKind } from '../../checks/define.ts'
import { readExam, type Exam } from '../../checks/exam.ts'
import { byNearness, nearest } from '../../checks/nearest.ts'
import { modalitiesOf } from '../../checks/referential/referential.ts'
import { parametersSchema } from '../../checks/schema.ts'
import type { Text } from '../../checks/text.ts'
import { assigned, missing, type Missing } from '../authoring/assignments.ts'
import { withCheck, type Addition } from '../authoring/exam-edit.ts'
import { fittingRoles, roleParameters } from '../authoring/role-parameters.ts'
import { sampleRoles } from '../authoring/sample-demands.ts'
import { smallDiff } from '../authoring/small-diff.ts'
import { writeWhole } from '../evidence/atomic-file.ts'
import type { Sources } from '../run/load.ts'
import { canAsk, GaveUp, terminalPrompter, type Prompter } from '../self-test/prompter.ts'
import { painted } from '../terminal/colour.ts'
import { programName } from '../terminal/program-name.ts'
import type { Terminal } from '../terminal/terminal.ts'
import { visible, visibleLine } from '../terminal/visible.ts'
import { wrapped } from '../terminal/wrapped.ts'
import { CommandFailure } from './command-failure.ts'
import { diagnosticLines } from './diagnostics.ts'
import { exitCode, type ExitCode } from './exit-code.ts'
import { sourcesOf } from './sources.ts'
import { systemReason } from './system-reason.ts'
import type { CommandContext, Options } from './verb.ts'

/** What is said before a question fits the width. */
const prompterOf = (terminal: Terminal): Prompter =>
  terminalPrompter((line) => {
    for (const one of wrapped(line, terminal.columns, 2, 0)) terminal.err(one)
  })

/** `probant add CHECK [name=value…]`: the place of the new check on stdout, or the change with --dry-run. */
export async function add(
  args: readonly string[],
  options: Options,
  context: CommandContext,
): Promise<ExitCode> {
  const { terminal } = context
  const sources = await sourcesOf(context)
  const [wanted = '', ...words] = args
  const check = knownCheck(wanted, sources)
  const file = String(options['to'])
  const text = await examText(file)
  const { exam, diagnostics } = readExam(file, text, sources)
  if (!exam) {
    for (const line of diagnosticLines(diagnostics, terminal)) terminal.out(line)
    throw wrong(
      `${visibleLine(file)} a des erreurs : corrigez-les d'abord, rien n'a été écrit`,
      `${visibleLine(file)} has errors: correct them first, nothing was written`,
    )
  }
  try {
    const prompter = canAsk() ? prompterOf(terminal) : null
    const asking = { check, exam, options, terminal, prompter }
    const demand = await chosenDemand(asking)
    const { params, roles } = await filledParameters(asking, words)
    const change = withCheck(text, { checkId: check.id, params, demand, roles })
    proofread(file, change.text, sources)
    await deliver(file, text, change, { check, demand: demand.id, options, terminal })
    return exitCode.ok
  } catch (error) {
    if (error instanceof GaveUp) return exitCode.interrupted
    throw error
  }
}

interface Asking {
  readonly check: Check
  readonly exam: Exam
  readonly options: Options
  readonly terminal: Terminal
  /** Null where there is nobody to ask. */
  readonly prompter: Prompter | null
}

const wrong = (fr: string, en: string) => new CommandFailure({ fr, en }, exitCode.badInput)

function knownCheck(wanted: string, { catalogue }: Sources): Check {
  const check = catalogue.get(wanted)
  if (check) return check
  const shown = visibleLine(wanted, 64)
  const near = nearest(wanted, [...catalogue.keys()])
  // What was meant may only share a beginning or an end: « service » is two checks.
  const alike = near
    ? [near]
    : [...catalogue.keys()].filter((id) => wanted.length > 1 && id.includes(wanted.toLowerCase()))
  const list = alike.slice(0, 4)
  throw wrong(
    `contrôle inconnu « ${shown} »${list.length > 0 ? ` ; vouliez-vous dire ${list.map((id) => `« ${id} »`).join(' ou ')} ?` : ''} (liste : probant catalogue)`,
    `unknown check “${shown}”${list.length > 0 ? `; did you mean ${list.map((id) => `“${id}”`).join(' or ')}?` : ''} (list: probant catalogue)`,
  )
}

async function examText(file: string): Promise<string> {
  try {
    return await readFile(file, 'utf8')
  } catch (error) {
    const why = systemReason(error)
    throw wrong(
      `« ${visibleLine(file)} » : ${why.fr}. Dites le sujet avec --to, ou commencez-en un : probant init`,
      `“${visibleLine(file)}”: ${why.en}. Say the exam with --to, or start one: probant init`,
    )
  }
}

/** The demand that gets the check: the one named, a new one, the only one, or the one that a person names. */
async function chosenDemand({
  check,
  exam,
  options,
  terminal,
  prompter,
}: Asking): Promise<Addition['demand']> {
  const ids = exam.demands.map(({ id }) => id)
  const created = options['newDemand']
  const named = options['demand']
  if (created !== undefined && named !== undefined)
    throw wrong(
      '--demand et --new-demand ne vont pas ensemble : gardez-en une',
      '--demand and --new-demand do not go together: keep one',
    )
  if (created === undefined && (options['text'] !== undefined || options['criteria'] !== undefined))
    throw wrong(
      '--text et --criteria décrivent une nouvelle demande : ajoutez --new-demand NOM',
      '--text and --criteria describe a new demand: add --new-demand NAME',
    )
  if (created !== undefined) return newDemand(String(created), { check, exam, options, terminal, prompter })
  if (named !== undefined) return { id: knownDemand(String(named), ids) }
  if (ids.length === 1) return { id: ids[0]! }
  const list = ids.join(', ')
  if (!prompter)
    throw wrong(
      `quelle demande reçoit ce contrôle ? Ajoutez --demand NOM (${list}), ou --new-demand NOM --text "…"`,
      `which demand gets this check? Add --demand NAME (${list}), or --new-demand NAME --text "…"`,
    )
  prompter.say(terminal.say({ fr: `Demandes du sujet : ${list}`, en: `Demands of the exam: ${list}` }))
  for (;;) {
    const answer = await prompter.ask(
      terminal.say({ fr: 'Laquelle reçoit ce contrôle ? ', en: 'Which one gets this check? ' }),
    )
    if (ids.includes(answer)) return { id: answer }
    if (answer === '') continue
    prompter.say(
      terminal.say({
        fr: `« ${visibleLine(answer, 64)} » n'est pas de la liste ; Ctrl-C renonce.`,
        en: `“${visibleLine(answer, 64)}” is not in the list; Ctrl-C gives up.`,
      }),
    )
  }
}

function knownDemand(id: string, ids: readonly string[]): string {
  if (ids.includes(id)) return id
  const list = byNearness(id, ids).slice(0, 16).join(', ')
  throw wrong(
    `demande inconnue « ${visibleLine(id, 64)} » ; celles du sujet : ${list} (une nouvelle : --new-demand)`,
    `unknown demand “${visibleLine(id, 64)}”; those of the exam: ${list} (a new one: --new-demand)`,
  )
}

async function newDemand(id: string, { check, exam, options, terminal, prompter }: Asking) {
  const asked = {
    fr: 'Ce que la demande demande au candidat : ',
    en: 'What the demand asks of the candidate: ',
  }
  const said = options['text'] ?? (prompter ? await prompter.ask(terminal.say(asked)) : '')
  if (said === '')
    throw wrong(
      'une demande a un texte, que le candidat lira : ajoutez --text "…"',
      'a demand has a text, which the candidate will read: add --text "…"',
    )
  const given = options['criteria']
  const criteria = Array.isArray(given)
    ? (given as string[]).flatMap((one) => one.split(','))
    : check.criteria.filter((one) =>
        modalitiesOf(exam.referential, exam.certificate, one.split('.')[0]!).includes('MSP'),
      )
  return { id, text: String(said), criteria }
}

interface Filled {
  readonly params: Readonly<Record<string, unknown>>
  readonly roles: Readonly<Record<string, RoleKind>>
}

/** The parameters of the check: those given, the machine where there is one choice only, and the answers of a person. */
async function filledParameters(asking: Asking, words: readonly string[]): Promise<Filled> {
  const { check, exam, options, terminal, prompter } = asking
  const schema = parametersSchema(check, terminal.lang)
  const roles = { ...addedRoles((options['role'] ?? []) as readonly string[], exam) }
  const taken = [...words]
  const first = assigned(schema, taken)
  if (first.mistakes.length > 0) throw allOf(first.mistakes, check)
  const machines = roleParameters(check.params)
  for (const [name, kinds] of machines) {
    if (first.params[name] !== undefined || !missing(schema, first.params).some(({ path }) => path === name))
      continue
    const fitting = fittingRoles(kinds, { ...exam.roles, ...roles })
    if (fitting.length !== 1) continue
    taken.push(`${name}=${fitting[0]}`)
    terminal.err(
      terminal.say({
        fr: `${name}=${fitting[0]} : la seule machine du sujet qui convienne.`,
        en: `${name}=${fitting[0]}: the only machine of the exam that fits.`,
      }),
    )
  }
  let now = assigned(schema, taken)
  const lacking = missing(schema, now.params)
  if (lacking.length > 0 && !prompter) throw lacks(lacking, asking, roles)
  for (const one of lacking) taken.push(`${one.path}=${await answered(one, asking, roles)}`)
  now = assigned(schema, taken)
  if (now.mistakes.length > 0) throw allOf(now.mistakes, check)
  for (const [name, kinds] of machines) await beThere(name, kinds, { asking, params: now.params, roles })
  return { params: inOrder(schema, now.params), roles }
}

/** A machine that the exam doesn't have is added where it is said of which kind it is. */
async function beThere(
  parameter: string,
  kinds: readonly RoleKind[],
  {
    asking: { exam, terminal, prompter },
    params,
    roles,
  }: { asking: Asking; params: Readonly<Record<string, unknown>>; roles: Record<string, RoleKind> },
): Promise<void> {
  const named = params[parameter]
  if (typeof named !== 'string' || Object.hasOwn({ ...exam.roles, ...roles }, named)) return
  const shown = visibleLine(named, 64)
  const kind = kinds[0] ?? 'host'
  if (prompter && /^[a-z][a-z0-9-]*$/.test(named)) {
    const answer = await prompter.ask(
      terminal.say({
        fr: `Le sujet n'a pas de machine « ${shown} ». L'ajouter (${kind}) ? [o/N] `,
        en: `The exam has no machine “${shown}”. Add it (${kind})? [y/N] `,
      }),
    )
    if (/^[oy]/i.test(answer)) {
      roles[named] = kind
      return
    }
  }
  const known = Object.keys(exam.roles).join(', ')
  throw wrong(
    `le sujet n'a pas de machine « ${shown} » (il a : ${known}) : ajoutez --role ${shown}=${kind} pour la créer`,
    `the exam has no machine “${shown}” (it has: ${known}): add --role ${shown}=${kind} to make it`,
  )
}

function addedRoles(words: readonly string[], exam: Exam): Record<string, RoleKind> {
  return Object.fromEntries(
    words.map((word) => {
      const [name = '', kind = ''] = word.split('=')
      const found = roleKindSchema.options.find((one) => one === kind)
      if (!/^[a-z][a-z0-9-]*$/.test(name) || !found) {
        const kinds = byNearness(kind, roleKindSchema.options).join(', ')
        throw wrong(
          `« --role ${visibleLine(word, 64)} » : attendu nom=genre, le genre étant : ${kinds}`,
          `“--role ${visibleLine(word, 64)}”: name=kind is expected, the kind being: ${kinds}`,
        )
      }
      if (Object.hasOwn(exam.roles, name))
        throw wrong(
          `le sujet a déjà une machine « ${name} » (${exam.roles[name]}) : retirez --role`,
          `the exam has a machine “${name}” already (${exam.roles[name]}): leave --role out`,
        )
      return [name, found]
    }),
  )
}

/** One parameter, asked of a person until the answer is one. */
async function answered(
  one: Missing,
  { check, exam, terminal, prompter }: Asking,
  roles: Record<string, RoleKind>,
) {
  const kinds = roleParameters(check.params).get(one.path)
  const choices = kinds ? fittingRoles(kinds, { ...exam.roles, ...roles }).join(', ') : ''
  const means = [one.means, choices].filter((part) => part !== '').join(' : ')
  for (;;) {
    const answer = await prompter!.ask(
      terminal.say({
        fr: `${one.path}${means && ` (${means})`} : `,
        en: `${one.path}${means && ` (${means})`}: `,
      }),
    )
    if (answer === '') continue
    const { mistakes } = assigned(parametersSchema(check, terminal.lang), [`${one.path}=${answer}`])
    if (mistakes.length === 0) return answer
    for (const mistake of mistakes) prompter!.say(terminal.say(mistake))
  }
}

function lacks(
  lacking: readonly Missing[],
  { check, exam }: Asking,
  roles: Record<string, RoleKind>,
): CommandFailure {
  const machines = roleParameters(check.params)
  const each = lacking.map(({ path, means }) => {
    const kinds = machines.get(path)
    if (!kinds) return means === '' ? `${path}=…` : `${path}=… (${means})`
    const fitting = fittingRoles(kinds, { ...exam.roles, ...roles })
    if (fitting.length > 0) return `${path}=${fitting.join('|')}`
    const kind = kinds[0] ?? 'host'
    const name = Object.keys(sampleRoles).find((one) => sampleRoles[one]!.kind === kind) ?? kind
    return `${path}=${name} --role ${name}=${kind}`
  })
  return wrong(
    `${check.id} a encore besoin de : ${each.join(', ')}. Voyez : probant catalogue ${check.id}`,
    `${check.id} still needs: ${each.join(', ')}. See: probant catalogue ${check.id}`,
  )
}

const allOf = (mistakes: readonly Text[], check: Check): CommandFailure =>
  wrong(
    `${mistakes.map(({ fr }) => fr).join(' ; ')}. Voyez : probant catalogue ${check.id}`,
    `${mistakes.map(({ en }) => en).join('; ')}. See: probant catalogue ${check.id}`,
  )

/** In the order of the catalogue, the machine first, whatever the order in which they were typed. */
function inOrder(schema: Readonly<Record<string, unknown>>, params: Readonly<Record<string, unknown>>) {
  const ways = (schema['anyOf'] ?? schema['oneOf'] ?? [schema]) as readonly Record<string, unknown>[]
  const names = ways.flatMap((way) => Object.keys((way['properties'] ?? {}) as object))
  return Object.fromEntries(Object.entries(params).sort(([a], [b]) => names.indexOf(a) - names.indexOf(b)))
}

/** The changed text is read as an exam before it is written: what is wrong with it is said, and the file stays as it was. */
function proofread(file: string, text: string, sources: Sources): void {
  const { exam, diagnostics } = readExam(file, text, sources)
  if (exam) return
  const errors = diagnostics.filter(({ severity }) => severity === 'error').map(({ message }) => message)
  const joined = (lang: 'fr' | 'en') => visible(errors.map((message) => message[lang]).join(' ; '))
  throw new CommandFailure(
    {
      fr: `${joined('fr')}. Corrigez la commande : rien n'a été écrit`,
      en: `${joined('en')}. Correct the command: nothing was written`,
    },
    exitCode.badInput,
  )
}

async function deliver(
  file: string,
  before: string,
  { text, line }: { readonly text: string; readonly line: number },
  {
    check,
    demand,
    options,
    terminal,
  }: { check: Check; demand: string; options: Options; terminal: Terminal },
): Promise<void> {
  if (options['dryRun'] === true) {
    for (const changed of smallDiff(before, text)) {
      const tint = changed.startsWith('+') ? 'green' : changed.startsWith('-') ? 'red' : null
      const shown = visible(changed)
      terminal.out(tint ? painted(shown, tint, terminal.colour.out) : shown)
    }
    terminal.err(
      terminal.say({ fr: 'Rien n’a été écrit (--dry-run).', en: 'Nothing was written (--dry-run).' }),
    )
    return
  }
  try {
    // A link stays a link, and the file keeps its rights.
    const path = await realpath(file)
    await writeWhole(path, text, (await stat(path)).mode & 0o777)
  } catch (error) {
    const why = systemReason(error)
    throw wrong(
      `impossible d'écrire « ${visibleLine(file)} » : ${why.fr}. Le sujet est resté tel quel ; libérez-le et relancez`,
      `cannot write “${visibleLine(file)}”: ${why.en}. The exam stayed as it was; free it and start again`,
    )
  }
  terminal.out(`${visible(file)}:${line}: ${check.id}`)
  terminal.err(
    terminal.say({
      fr: `Ajouté à la demande « ${demand} ». Son texte doit dire tout ce que le contrôle attend. Relisez :`,
      en: `Added to demand “${demand}”. Its text has to say all that the check expects. Proofread:`,
    }),
  )
  // On a line of its own, to be copied whole.
  terminal.err(`  ${programName()} validate ${visibleLine(file)}`)
}
