import { lstat, mkdir, writeFile } from 'node:fs/promises'
import { dirname, join } from 'node:path'
import { byNearness } from '../../checks/nearest.ts'
import type { Referential } from '../../checks/referential/referential.ts'
import type { Beginning } from '../authoring/chosen-demands.ts'
import type { Purpose } from '../authoring/exam-template.ts'
import { EXAM_FILE, SESSION_FILE, startingFiles, type StartingFile } from '../authoring/starting-files.ts'
import { canAsk, GaveUp, terminalPrompter } from '../self-test/prompter.ts'
import { programName } from '../terminal/program-name.ts'
import type { Terminal } from '../terminal/terminal.ts'
import { visibleLine } from '../terminal/visible.ts'
import { wrapped } from '../terminal/wrapped.ts'
import { CommandFailure } from './command-failure.ts'
import { exitCode, type ExitCode } from './exit-code.ts'
import { systemReason } from './system-reason.ts'
import type { CommandContext, Options } from './verb.ts'

/** `probant init [FOLDER]`: the names of the files written on stdout; what to type next on stderr. */
export async function init(
  [folder = '.']: readonly string[],
  options: Options,
  context: CommandContext,
): Promise<ExitCode> {
  const { terminal } = context
  const purpose = options['purpose'] as Purpose
  // The last one by name is the most recent millésime.
  const referential = [...(await context.referentials()).values()].at(-1)!
  // Before anything is asked: an answer must not be lost.
  if (options['force'] !== true) await refuseToReplace(folder, [EXAM_FILE, SESSION_FILE])
  const certificate = options['certificate']
  const beginning =
    certificate === undefined
      ? await askedBeginning(referential, purpose, terminal)
      : { referential, certificate: knownCertificate(referential, String(certificate)), firstSteps: null }
  if (!beginning) return exitCode.interrupted

  const files = startingFiles(beginning, { purpose, date: today(), lang: terminal.lang })
  for (const file of files) await write(folder, file, options['force'] === true, terminal)
  for (const line of next(folder, beginning, purpose)) terminal.err(terminal.say(line))
  return exitCode.ok
}

/** The day where the command runs. */
function today(): string {
  const now = new Date()
  const two = (number: number) => String(number).padStart(2, '0')
  return `${now.getFullYear()}-${two(now.getMonth() + 1)}-${two(now.getDate())}`
}

function knownCertificate({ certificates, id }: Referential, asked: string): string {
  const known = certificates.map((one) => one.id)
  const found = known.find((one) => one === asked.toUpperCase())
  if (found) return found
  const shown = visibleLine(asked, 32)
  const list = byNearness(asked, known).join(', ')
  throw new CommandFailure(
    {
      fr: `certificat inconnu « ${shown} » dans ${id} : choisissez parmi ${list}`,
      en: `unknown certificate “${shown}” in ${id}: choose among ${list}`,
    },
    exitCode.badInput,
  )
}

/** A first exam for the machine at hand: Windows has its own, every other system that of Linux. */
const firstSteps = (referential: Referential): Beginning => ({
  referential,
  certificate: referential.certificates[0]!.id,
  firstSteps: process.platform === 'win32' ? 'windows' : 'linux',
})

/** Which exam, from a list where there is a person to ask; null where they gave up. */
async function askedBeginning(
  referential: Referential,
  purpose: Purpose,
  terminal: Terminal,
): Promise<Beginning | null> {
  // Nobody examines their own machine.
  const tried = purpose === 'training' ? firstSteps(referential) : null
  const whole = referential.certificates.map(({ id, label }) => ({
    says: `${id} : ${label}`,
    beginning: { referential, certificate: id, firstSteps: null },
  }))
  const all: { says: string; beginning: Beginning }[] = tried
    ? [
        {
          says: terminal.say({
            fr: 'premiers pas : à essayer tout de suite sur cette machine',
            en: 'first steps: to try at once on this machine',
          }),
          beginning: tried,
        },
        ...whole,
      ]
    : whole
  if (!canAsk()) return all[0]!.beginning
  const { say, ask } = terminalPrompter(terminal.err)
  say(terminal.say({ fr: 'Quel sujet commencez-vous ?', en: 'Which exam do you start?' }))
  for (const [i, { says }] of all.entries()) {
    const [first = '', ...rest] = wrapped(says, terminal.columns, 5)
    say(`  ${i + 1}  ${first}`)
    for (const more of rest) say(more)
  }
  try {
    for (;;) {
      const answer = await ask(
        terminal.say({ fr: `1 à ${all.length} (Entrée : 1) : `, en: `1 to ${all.length} (Enter: 1): ` }),
      )
      const chosen = all[answer === '' ? 0 : Number(answer) - 1]
      if (chosen) return chosen.beginning
      say(
        terminal.say({
          fr: `Tapez un nombre de 1 à ${all.length}, ou Ctrl-C pour renoncer.`,
          en: `Type a number from 1 to ${all.length}, or Ctrl-C to give up.`,
        }),
      )
    }
  } catch (error) {
    if (error instanceof GaveUp) return null
    throw error
  }
}

const isThere = async (path: string): Promise<boolean> =>
  lstat(path).then(
    () => true,
    () => false,
  )

async function refuseToReplace(folder: string, names: readonly string[]): Promise<void> {
  const there: string[] = []
  for (const name of names) if (await isThere(join(folder, name))) there.push(visibleLine(join(folder, name)))
  if (there.length === 0) return
  const list = { fr: there.join(' et '), en: there.join(' and ') }
  throw new CommandFailure(
    {
      fr: `${list.fr} : déjà là, rien n'a été écrit. Donnez un autre dossier (probant init DOSSIER), ou --force pour remplacer`,
      en: `${list.en}: already there, nothing was written. Give another folder (probant init FOLDER), or --force to replace`,
    },
    exitCode.badInput,
  )
}

/** What serves an editor is left as it is where it is there: others may use it. `probant schema` renews the schemas. */
async function write(folder: string, file: StartingFile, force: boolean, terminal: Terminal): Promise<void> {
  const path = join(folder, ...file.name.split('/'))
  const replace = force && !file.name.startsWith('.vscode/')
  try {
    await mkdir(dirname(path), { recursive: true })
    await writeFile(path, file.text, { flag: replace ? 'w' : 'wx' })
    terminal.out(path)
  } catch (error) {
    if (!file.authored && error instanceof Error && 'code' in error && error.code === 'EEXIST') {
      const shown = visibleLine(path)
      terminal.err(terminal.say({ fr: `gardé tel quel : ${shown}`, en: `kept as it is: ${shown}` }))
      return
    }
    const why = systemReason(error)
    const shown = visibleLine(path)
    throw new CommandFailure(
      {
        fr: `impossible d'écrire « ${shown} » : ${why.fr}. Donnez un autre dossier : probant init DOSSIER`,
        en: `cannot write “${shown}”: ${why.en}. Give another folder: probant init FOLDER`,
      },
      exitCode.badInput,
    )
  }
}

/** The two commands that come next. */
function next(folder: string, { firstSteps: tried }: Beginning, purpose: Purpose) {
  const command = programName()
  const exam = typed(join(folder, EXAM_FILE))
  const session = typed(join(folder, SESSION_FILE))
  const role = tried === 'windows' ? 'srv' : 'web'
  const steps: readonly { line: string; fr: string; en: string }[] =
    tried === null
      ? [
          {
            line: `${command} validate ${session}`,
            fr: 'relire le sujet et la session, après chaque changement',
            en: 'proofread the exam and the session, after each change',
          },
          purpose === 'training'
            ? {
                line: `${command} self-test ${exam}`,
                fr: 'l’essayer sur vos machines',
                en: 'try it on your machines',
              }
            : {
                line: `${command} rehearse ${exam} --session ${session} --verdicts`,
                fr: 'le répéter sur la machine remise et sur le corrigé, avant le jour',
                en: 'prove it on the machines handed out and on the model answer, before the day',
              },
        ]
      : [
          {
            line: `${command} self-test ${exam} --here ${role}`,
            fr: 'l’essayer sur cette machine',
            en: 'try it on this machine',
          },
          {
            line: `${command} validate ${session}`,
            fr: 'relire le sujet et la session, après chaque changement',
            en: 'proofread the exam and the session, after each change',
          },
        ]
  return [
    { fr: `Ouvrez ${exam} dans un éditeur ; puis :`, en: `Open ${exam} in an editor; then:` },
    ...steps.flatMap(({ line, fr, en }) => [
      { fr: `  ${line}`, en: `  ${line}` },
      { fr: `      ${fr}`, en: `      ${en}` },
    ]),
  ]
}

/** A path as it is typed again in a shell. */
const typed = (path: string): string => (/^[\p{L}\p{N}_./\\:-]+$/u.test(path) ? path : `"${path}"`)
