import { access, constants, mkdir } from 'node:fs/promises'
import { dirname } from 'node:path'
import { fingerprint, type Run } from '../../checks/run.ts'
import { agentKey } from '../evidence/agent-key.ts'
import { writeWhole } from '../evidence/atomic-file.ts'
import { writeRun } from '../evidence/run-file.ts'
import { stateFolder } from '../evidence/state-folder.ts'
import { runJson } from '../reports/json-line.ts'
import { runText } from '../reports/run-text.ts'
import { readPreflight } from '../run/preflight-record.ts'
import { runSession } from '../run/runner.ts'
import { watch } from '../terminal/watch.ts'
import { CommandFailure } from './command-failure.ts'
import { exitCode, type ExitCode } from './exit-code.ts'
import { interruptible } from './interruption.ts'
import { openSession, type OpenSession } from './open-session.ts'
import { systemReason } from './system-reason.ts'
import type { CommandContext, Options } from './verb.ts'

/**
 * `probant check`: asks the machines, writes one signed run a candidate as soon as it is judged, and shows it.
 * For an examination without `--verdicts`: progress and a receipt a candidate, nothing of what was found.
 * Exit 0 where all is complete whatever the verdicts, 3 where something stayed unknown, 130 interrupted.
 */
export async function check(
  _args: readonly string[],
  options: Options,
  context: CommandContext,
): Promise<ExitCode> {
  const { terminal } = context
  const session = await openSession(options, context)
  const silent = session.loaded.exam.purpose === 'examination' && options['verdicts'] !== true
  if (silent) refuseReports(options)
  const folder = await writableFolder(options)

  const runs: Run[] = []
  const results: string[] = []
  // A table that redraws itself and results on the same screen would overwrite each other.
  const later = terminal.live && terminal.screen
  const show = (line: string) => void (later ? results.push(line) : terminal.out(line))
  const { interrupted } = await interruptible(terminal, async (signal) => {
    const shown = await watch(rowsOf(session), terminal)
    try {
      for await (const run of await started(session, options, context, signal, shown.take)) {
        const path = await writeRun(run, folder)
        runs.push(run)
        for (const line of linesOf(run, path, { silent, json: options['json'] === true }, context)) show(line)
        if (!later && !silent && options['json'] !== true) terminal.out('')
      }
    } finally {
      shown.end()
    }
  })
  for (const line of results) terminal.out(line)
  await writeReports(runs, options, context)
  terminal.err(terminal.say(summary(runs, folder, interrupted)))
  if (interrupted) return exitCode.interrupted
  return runs.every(isWhole) ? exitCode.ok : exitCode.unknown
}

const isWhole = (run: Run): boolean => run.complete && run.findings.every((f) => f.verdict !== 'unknown')

function refuseReports(options: Options): void {
  const asked = (['json', 'junit', 'html'] as const).filter((name) => options[name])
  if (asked.length === 0) return
  const names = asked.map((name) => `--${name}`).join(', ')
  throw new CommandFailure(
    {
      fr: `ce sujet est un examen : ${names} montrerait les constats au surveillant. Ajoutez --verdicts si vous y êtes habilité, ou retirez ${names}`,
      en: `this exam is an examination: ${names} would show the findings to the surveillant. Add --verdicts if you are entitled to, or leave out ${names}`,
    },
    exitCode.badInput,
  )
}

/** Where runs go; that reports can be written is looked at before the machines are asked, not after. */
async function writableFolder(options: Options): Promise<string> {
  const folder = options['out'] === undefined ? stateFolder('runs') : String(options['out'])
  const reports = [options['junit'], options['html']].filter((path) => path !== undefined).map(String)
  try {
    await mkdir(folder, { recursive: true })
    for (const path of [folder, ...reports.map((report) => dirname(report))])
      await access(path, constants.W_OK)
  } catch (error) {
    const why = systemReason(error)
    const where = error instanceof Error && 'path' in error ? String(error.path) : folder
    throw new CommandFailure(
      {
        fr: `impossible d'écrire dans « ${where} » : ${why.fr}. Rien n'a été demandé aux machines : choisissez un autre dossier avec --out`,
        en: `cannot write to “${where}”: ${why.en}. Nothing was asked of the machines: choose another folder with --out`,
      },
      exitCode.badInput,
    )
  }
  return folder
}

const rowsOf = ({ loaded, codes }: OpenSession) =>
  loaded.candidates
    .map((c) => c.resolved.candidate)
    .filter((c) => codes.includes(c.code))
    .map((c) => ({ code: c.code, seat: c.seat ?? '' }))

async function started(
  session: OpenSession,
  options: Options,
  context: CommandContext,
  signal: AbortSignal,
  onEvent: Parameters<typeof runSession>[0]['onEvent'] & {},
): Promise<AsyncIterable<Run>> {
  const { loaded, codes, secrets, checkIdentity } = session
  return runSession({
    loaded,
    only: codes,
    secrets,
    checkIdentity,
    signal,
    onEvent,
    key: await agentKey(),
    preflight: await readPreflight(loaded.hashes.session),
    version: context.version,
    jobs: Number(options['jobs']),
    runTimeoutMs: Number(options['timeout']) * 1000,
  })
}

function* linesOf(
  run: Run,
  path: string,
  { silent, json }: { silent: boolean; json: boolean },
  { terminal }: CommandContext,
): Generator<string> {
  if (json) yield JSON.stringify(runJson(run, terminal.lang))
  else if (silent) {
    const state = run.complete
      ? { fr: 'passage complet', en: 'complete run' }
      : { fr: 'passage interrompu', en: 'interrupted run' }
    yield `${run.candidate.code}  ${terminal.say(state)}  ${terminal.say({ fr: 'empreinte', en: 'fingerprint' })} ${fingerprint(run)}  ${path}`
  } else {
    yield* runText(run, terminal)
    yield `  ${terminal.say({ fr: 'passage : ', en: 'run: ' })}${path}`
  }
}

async function writeReports(
  runs: readonly Run[],
  options: Options,
  { terminal }: CommandContext,
): Promise<void> {
  const { junit: xml, html: page } = options
  if (xml !== undefined) {
    const { junit } = await import('../reports/junit.ts')
    await writeWhole(String(xml), junit(runs, terminal.lang), 0o644)
  }
  if (page !== undefined) {
    const { html } = await import('../reports/html.ts')
    await writeWhole(String(page), html(runs, terminal.lang), 0o644)
  }
}

/** What a surveillant has to know: how many runs, where, and whose way could not be asked. No verdict. */
function summary(runs: readonly Run[], folder: string, interrupted: boolean) {
  const complete = runs.filter((run) => run.complete).length
  const unsure = runs.filter((run) => !isWhole(run)).map((run) => run.candidate.code)
  const { length } = runs
  const again = unsure.sort().join(', ')
  const fr = [
    `${length} passage${length > 1 ? 's' : ''} dans ${folder}${complete < length ? `, dont ${length - complete} incomplet${length - complete > 1 ? 's' : ''}` : ''}.`,
    ...(interrupted
      ? ['Interrompu : ce qui a été relevé est dans les passages, le reste est non vérifié.']
      : []),
    ...(unsure.length > 0 ? [`Quelque chose est resté non vérifié pour : ${again}.`] : []),
  ]
  const en = [
    `${length} run${length > 1 ? 's' : ''} in ${folder}${complete < length ? `, ${length - complete} of them incomplete` : ''}.`,
    ...(interrupted ? ['Interrupted: what was observed is in the runs, the rest is not verified.'] : []),
    ...(unsure.length > 0 ? [`Something stayed unverified for: ${again}.`] : []),
  ]
  return { fr: fr.join(' '), en: en.join(' ') }
}
