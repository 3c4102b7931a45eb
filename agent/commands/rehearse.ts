import { createHash } from 'node:crypto'
import { access, constants, mkdir, readdir } from 'node:fs/promises'
import { dirname, join } from 'node:path'
import canonicalize from 'canonicalize'
import { catalogue } from '../../checks/catalogue.ts'
import { readExam, type Exam } from '../../checks/exam.ts'
import { rehearsalOf } from '../../checks/rehearsal.ts'
import { readSession } from '../../checks/session-reader.ts'
import { agentKey } from '../evidence/agent-key.ts'
import { writeWhole } from '../evidence/atomic-file.ts'
import { runModelCommand } from '../rehearse/model-command.ts'
import { enterTyped } from '../rehearse/pause.ts'
import { recordedRuns } from '../rehearse/recorded-runs.ts'
import { rehearseRuns, type Rehearsed } from '../rehearse/rehearse.ts'
import { rehearsalJson } from '../rehearse/report-json.ts'
import { rehearsalText } from '../rehearse/report-text.ts'
import { stages, stageWords, type Stage } from '../rehearse/stage.ts'
import { readText } from '../run/load.ts'
import { readPreflight } from '../run/preflight-record.ts'
import { programName } from '../terminal/program-name.ts'
import { visible, visibleLine } from '../terminal/visible.ts'
import { watch, type Watch } from '../terminal/watch.ts'
import { CommandFailure } from './command-failure.ts'
import { diagnosticLines } from './diagnostics.ts'
import { exitCode, type ExitCode } from './exit-code.ts'
import { interruptible } from './interruption.ts'
import { openSession, type OpenSession } from './open-session.ts'
import { readRunFile } from './read-runs.ts'
import { sourcesOf } from './sources.ts'
import { systemReason } from './system-reason.ts'
import type { CommandContext, Options } from './verb.ts'

const wrong = (fr: string, en: string) => new CommandFailure({ fr, en }, exitCode.badInput)

/**
 * `probant rehearse EXAM`: three runs (machines as handed out, model answer, model answer once more) and what they prove.
 * Exit 0 where the exam is proved (warnings change nothing), 4 where something that was seen prevents it, 3 where only what
 * could not be verified does, 2 for a wrong use, 130 interrupted: then there is no report, and no run that is not whole.
 */
export async function rehearse(
  [path = '']: readonly string[],
  options: Options,
  context: CommandContext,
): Promise<ExitCode> {
  const { exam, hash } = await examAt(path, context)
  if (exam.purpose === 'examination' && options['verdicts'] !== true)
    throw wrong(
      'ce sujet est un examen : répéter montrerait ses constats. Ajoutez --verdicts si vous y êtes habilité',
      'this exam is an examination: rehearsing would show its findings. Add --verdicts if you are entitled to',
    )
  const rehearsed =
    options['runs'] === undefined
      ? await withMachines(path, hash, options, context)
      : await fromRuns(exam, hash, options)
  if (!rehearsed) return exitCode.interrupted
  const { terminal } = context
  if (options['json'])
    terminal.out(JSON.stringify(rehearsalJson(rehearsed.rehearsal, exam, rehearsed.runs, terminal.lang)))
  else for (const line of rehearsalText(rehearsed.rehearsal, exam, terminal)) terminal.out(line)
  const ends = { proved: exitCode.ok, 'not-verified': exitCode.unknown, unproved: exitCode.unproved }
  return ends[rehearsed.rehearsal.outcome]
}

async function examAt(path: string, context: CommandContext): Promise<{ exam: Exam; hash: string }> {
  const text = await readText(path)
  const { exam, diagnostics } =
    typeof text === 'string'
      ? readExam(path, text, await sourcesOf(context))
      : { exam: null, diagnostics: [text] }
  if (exam && typeof text === 'string') return { exam, hash: createHash('sha256').update(text).digest('hex') }
  for (const line of diagnosticLines(diagnostics, context.terminal)) context.terminal.err(line)
  throw wrong(
    'rien n’a été demandé aux machines : corrigez d’abord le sujet',
    'nothing was asked of the machines: correct the exam first',
  )
}

async function fromRuns(exam: Exam, hash: string, options: Options): Promise<Rehearsed> {
  const more = ['session', 'handedOut', 'model', 'modelCommand', 'out'].filter((name) => options[name])
  if (more.length > 0)
    throw wrong(
      '--runs reprend des passages enregistrés : retirez --session, --handed-out, --model, --model-command et --out',
      '--runs takes recorded runs: leave out --session, --handed-out, --model, --model-command and --out',
    )
  const read = await recordedRuns(options['runs'] as readonly string[], readRunFile, exam, hash)
  if ('problem' in read) throw new CommandFailure(read.problem, exitCode.badInput)
  return { runs: read.runs, rehearsal: rehearsalOf(exam, read.runs, catalogue) }
}

async function withMachines(
  path: string,
  hash: string,
  options: Options,
  context: CommandContext,
): Promise<Rehearsed | null> {
  const { terminal } = context
  const session = await openSession(
    { ...options, session: await sessionOf(path, hash, options, context), candidate: undefined },
    context,
  )
  if (session.loaded.hashes.exam !== hash)
    throw wrong(
      `cette session est d'un autre sujet (« ${visible(session.loaded.exam.document.file)} ») : donnez la session de « ${visible(path)} »`,
      `this session is of another exam (“${visible(session.loaded.exam.document.file)}”): give the session of “${visible(path)}”`,
    )
  const { handedOut, model } = candidatesOf(session, options)
  const command = options['modelCommand'] as readonly string[] | undefined
  const inPerson = process.stdin.isTTY === true && process.stderr.isTTY === true
  if (handedOut === model && !command && !inPerson)
    throw wrong(
      'il n’y a ni terminal pour attendre la réponse modèle, ni autre candidat qui l’ait : donnez --handed-out et --model, ou --model-command',
      'there is neither a terminal to wait for the model answer at, nor another candidate that has it: give --handed-out and --model, or --model-command',
    )
  const out = options['out'] === undefined ? null : await writableFolder(String(options['out']))
  const key = await agentKey()
  const preflight = await readPreflight(session.loaded.hashes.session)

  let shown: Watch | null = null
  const { result } = await interruptible(
    terminal,
    async (signal) => {
      try {
        return await rehearseRuns({
          ...session,
          handedOut,
          model,
          signal,
          key,
          preflight,
          version: context.version,
          jobs: Number(options['jobs']),
          runTimeoutMs: Number(options['timeout']) * 1000,
          ...(handedOut === model ? { applyModel: applying(command, model, context) } : {}),
          onStage: async (stage, code) => {
            terminal.err(`${terminal.say(stageWords[stage])} (${code})`)
            shown = await watch([{ code, seat: seatOf(session, code) }], terminal)
            return shown.take
          },
          onRun: () => {
            shown?.end()
            shown = null
          },
        })
      } finally {
        shown?.end()
      }
    },
    {
      fr: 'Interruption : la répétition s’arrête, le passage en cours n’est pas gardé. Ctrl-C encore une fois pour tout arrêter.',
      en: 'Interrupted: the rehearsal ends, the run under way is not kept. Ctrl-C once more to stop everything.',
    },
  )
  if (result && out !== null) await keep(result, out, path, context)
  return result
}

/** The three runs, once all are there: a rehearsal is kept whole or not at all. */
async function keep(
  { runs }: Rehearsed,
  folder: string,
  exam: string,
  { terminal }: CommandContext,
): Promise<void> {
  const paths = stages.map((stage) => join(folder, fileNames[stage]))
  for (const [i, stage] of stages.entries()) await writeWhole(paths[i]!, `${canonicalize(runs[stage])}\n`)
  const typed = [exam, '--runs', ...paths].map((part) => visible(part)).join(' ')
  terminal.err(
    terminal.say({ fr: 'pour refaire ce rapport : ', en: 'to make this report again: ' }) +
      `${programName()} rehearse ${typed}`,
  )
}

const fileNames: Readonly<Record<Stage, string>> = {
  handedOut: 'handed-out.run.json',
  model: 'model.run.json',
  again: 'again.run.json',
}

const seatOf = ({ loaded }: OpenSession, code: string): string =>
  loaded.candidates.find(({ resolved }) => resolved.candidate.code === code)?.resolved.candidate.seat ?? ''

/** The session that was named, else the one beside the exam that names it. */
async function sessionOf(
  path: string,
  hash: string,
  options: Options,
  context: CommandContext,
): Promise<string> {
  if (options['session'] !== undefined) return String(options['session'])
  const beside = join(dirname(path), 'session.yaml')
  const text = await readText(beside)
  const session = typeof text === 'string' ? readSession(beside, text) : null
  // One with mistakes is opened, which says them.
  if (session && !session.session) return beside
  const examText = session?.session ? await readText(join(dirname(beside), session.session.file.exam)) : null
  if (typeof examText === 'string' && createHash('sha256').update(examText).digest('hex') === hash) {
    context.terminal.err(
      context.terminal.say({ fr: `session : ${visible(beside)}`, en: `session: ${visible(beside)}` }),
    )
    return beside
  }
  throw wrong(
    `aucune session de ce sujet n'est à côté de lui (${visible(beside)}) : donnez --session, ou écrivez-en une`,
    `no session of this exam is beside it (${visible(beside)}): give --session, or write one`,
  )
}

/** Whose machines are asked: the two that were named, or one for all. */
function candidatesOf({ codes }: OpenSession, options: Options): { handedOut: string; model: string } {
  const [handedOut, model] = [options['handedOut'], options['model']].map((code) =>
    code === undefined ? undefined : String(code),
  )
  for (const code of [handedOut, model])
    if (code !== undefined && !codes.includes(code))
      throw wrong(
        `pas de candidat ${visibleLine(code, 64)} dans cette session ; elle a : ${codes.join(', ')}`,
        `no candidate ${visibleLine(code, 64)} in this session; it has: ${codes.join(', ')}`,
      )
  const one = handedOut ?? model ?? (codes.length === 1 ? codes[0] : undefined)
  if (one === undefined)
    throw wrong(
      `cette session a plusieurs candidats (${codes.join(', ')}) : donnez --handed-out et --model, ou --handed-out seul pour appliquer la réponse modèle sur les mêmes machines`,
      `this session has several candidates (${codes.join(', ')}): give --handed-out and --model, or --handed-out alone to apply the model answer on the same machines`,
    )
  if (
    options['modelCommand'] !== undefined &&
    handedOut !== undefined &&
    model !== undefined &&
    handedOut !== model
  )
    throw wrong(
      `${visible(model)} a déjà la réponse modèle : retirez --model-command, ou --model`,
      `${visible(model)} has the model answer already: leave out --model-command, or --model`,
    )
  return { handedOut: handedOut ?? one, model: model ?? one }
}

/** Where the runs go: looked at before the machines are asked. Nothing that is there is written over. */
async function writableFolder(folder: string): Promise<string> {
  let there: string[]
  try {
    await mkdir(folder, { recursive: true })
    await access(folder, constants.W_OK)
    there = await readdir(folder)
  } catch (error) {
    const why = systemReason(error)
    throw wrong(
      `impossible d'écrire dans « ${visible(folder)} » : ${why.fr}. Rien n'a été demandé aux machines : choisissez un autre dossier avec --out`,
      `cannot write to “${visible(folder)}”: ${why.en}. Nothing was asked of the machines: choose another folder with --out`,
    )
  }
  if (there.some((name) => Object.values(fileNames).includes(name)))
    throw wrong(
      `« ${visible(folder)} » garde déjà une répétition : donnez un autre dossier à --out`,
      `“${visible(folder)}” holds a rehearsal already: give --out another folder`,
    )
  return folder
}

/** What puts the model answer on the machines: a command, or the author, who says when it is there. */
function applying(command: readonly string[] | undefined, candidate: string, { terminal }: CommandContext) {
  const { say, err } = terminal
  if (!command)
    return async (signal: AbortSignal) => {
      err('')
      err(
        say({
          fr: `Appliquez maintenant la réponse modèle sur les machines de ${candidate}, puis Entrée.`,
          en: `Apply the model answer on the machines of ${candidate} now, then Enter.`,
        }),
      )
      if (!(await enterTyped(signal)) && !signal.aborted)
        throw new CommandFailure(
          {
            fr: 'l’entrée s’est fermée avant que la réponse modèle soit annoncée : relancez, et tapez Entrée quand elle est en place',
            en: 'the input was closed before the model answer was announced: start again, and type Enter once it is there',
          },
          exitCode.interrupted,
        )
    }
  return async (signal: AbortSignal) => {
    const name = visibleLine(command.join(' '), 160)
    err(say({ fr: `réponse modèle : ${name}`, en: `model answer: ${name}` }))
    const {
      status,
      signal: by,
      notStarted,
      output,
      truncated,
    } = await runModelCommand(command, candidate, signal)
    if (truncated) err(`  ${say({ fr: '… (le début est coupé)', en: '… (its beginning is cut)' })}`)
    for (const line of visible(output, { lines: true })
      .split('\n')
      .filter((one) => one.trim() !== ''))
      err(`  ${line}`)
    if (signal.aborted) return
    if (notStarted !== null) {
      const why = systemReason(Object.assign(new Error(notStarted), { code: notStarted }))
      throw wrong(
        `« ${visibleLine(command[0] ?? '', 160)} » n'a pas pu être lancé : ${why.fr}. Donnez un fichier exécutable à --model-command`,
        `“${visibleLine(command[0] ?? '', 160)}” could not be started: ${why.en}. Give an executable file to --model-command`,
      )
    }
    err(say({ fr: `  état de sortie : ${status ?? by}`, en: `  exit status: ${status ?? by}` }))
    if (status !== 0)
      throw wrong(
        'la réponse modèle n’a pas été appliquée jusqu’au bout : corrigez ce que dit la commande, remettez les machines, puis répétez',
        'the model answer was not applied to its end: correct what the command says, reset the machines, then rehearse again',
      )
  }
}
