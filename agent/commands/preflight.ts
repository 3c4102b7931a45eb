import { controlAnswers, preflight, recordOf, type PreflightResult } from '../run/preflight.ts'
import type { Problem } from '../doctor/problem.ts'
import { remedyLines, stepLines } from '../doctor/report.ts'
import { steps, type Step } from '../doctor/step.ts'
import type { Diagnosed } from '../run/preflight-diagnosis.ts'
import { keepPreflight } from '../run/preflight-record.ts'
import { causeWords } from '../reports/words.ts'
import { painted } from '../terminal/colour.ts'
import type { Terminal } from '../terminal/terminal.ts'
import { visibleLine } from '../terminal/visible.ts'
import { fitted, width } from '../terminal/width.ts'
import { wrapped } from '../terminal/wrapped.ts'
import { doctorLine } from './doctor-line.ts'
import { exitCode, type ExitCode } from './exit-code.ts'
import { interruptible } from './interruption.ts'
import { openSession } from './open-session.ts'
import type { CommandContext, Options } from './verb.ts'

/**
 * `probant preflight`: tries every way to every machine once and keeps what worked, for blame later.
 * No verdict. Exit 3 where a way does not work.
 */
export async function preflightCommand(
  _args: readonly string[],
  options: Options,
  context: CommandContext,
): Promise<ExitCode> {
  const { terminal } = context
  const { loaded, codes, secrets, checkIdentity } = await openSession(options, context)
  const control = loaded.session.file.control?.address
  const again = ({ candidate, route }: PreflightResult) =>
    doctorLine(route.role, String(options['session']), candidate)
  const { result, interrupted } = await interruptible(terminal, async (signal) => {
    const results: PreflightResult[] = []
    const answering = control === undefined ? null : controlAnswers(control, signal).catch(() => null)
    const asked = { loaded, only: codes, signal, secrets, checkIdentity }
    for await (const tried of preflight(asked)) results.push(tried)
    const room = await answering
    // What was interrupted says nothing of a machine.
    if (!signal.aborted) await keepPreflight(loaded.hashes.session, recordOf(results))
    // A room whose network is down is mended first.
    const mendable = !signal.aborted && room !== false && results.some(({ worked }) => !worked)
    const diagnosed = mendable
      ? await (await import('../run/preflight-diagnosis.ts')).diagnoseFailures(results, asked, again)
      : []
    return { results, room, diagnosed }
  })
  const { results, room, diagnosed } = result
  if (interrupted) return exitCode.interrupted

  const rows = results.map((one): Row => {
    const found = diagnosed.find((other) => other.result === one)
    return { ...one, step: found?.failing?.step ?? null, problem: found?.failing?.problem ?? null }
  })
  if (options['json'])
    for (const { route, note, ...rest } of rows)
      terminal.out(JSON.stringify({ ...rest, note: note?.[terminal.lang] ?? null, ...route }))
  else {
    for (const line of table(rows, terminal)) terminal.out(line)
    if (results.filter(({ worked }) => !worked).length <= FEW)
      for (const line of whatToDo(diagnosed, terminal)) terminal.out(line)
  }
  const failed = results.filter((r) => !r.worked).length
  const first = results.find((r) => !r.worked)
  if (control !== undefined && room !== true)
    terminal.err(
      terminal.say({
        fr: `Le témoin de la salle (${control}) ne répond pas : vérifiez d'abord le réseau de la salle.`,
        en: `The room's control (${control}) does not answer: look at the room's network first.`,
      }),
    )
  terminal.err(
    terminal.say(
      failed === 0
        ? { fr: `Les ${results.length} accès fonctionnent.`, en: `All ${results.length} ways work.` }
        : {
            fr: `${failed} accès sur ${results.length} ne fonctionne${failed > 1 ? 'nt' : ''} pas : à régler avant le début, puis relancez ce contrôle préalable.`,
            en: `${failed} of ${results.length} ways do not work: mend them before the start, then run this preflight again.`,
          },
    ),
  )
  if (first)
    terminal.err(
      terminal.say({ fr: 'Étape par étape, pour le premier :', en: 'Step by step, for the first:' }) +
        ` ${again(first)}`,
    )
  return failed === 0 && (control === undefined || room === true) ? exitCode.ok : exitCode.unknown
}

/** Up to so many failing ways, what to do stands below the table; beyond, one line at a time is enough. */
const FEW = 3

interface Row extends PreflightResult {
  /** Where it fails, as far as it was tried step by step. */
  readonly step: Step | null
  readonly problem: Problem | null
}

function* whatToDo(diagnosed: readonly Diagnosed[], terminal: Terminal): Generator<string> {
  for (const { result, failing, remedies } of diagnosed) {
    const { candidate, route } = result
    yield ''
    yield* wrapped(`${candidate}  ${route.role}  ${route.way}`, terminal.columns, 2, 0).map((line) =>
      painted(line, 'bold', terminal.colour.out),
    )
    if (failing) yield* stepLines(failing, terminal)
    else
      yield* wrapped(
        terminal.say({
          fr: 'Au second essai, tout a fonctionné : relancez le contrôle préalable.',
          en: 'At the second try all worked: run the preflight again.',
        }),
        terminal.columns,
        2,
        0,
      )
    yield* remedyLines(remedies, terminal)
  }
}

/** One row a way; where results go to a terminal, no wider than it. */
function* table(results: readonly Row[], terminal: Terminal): Generator<string> {
  const { lang, say, colour } = terminal
  const heads = [
    say({ fr: 'Candidat', en: 'Candidate' }),
    say({ fr: 'Machine', en: 'Machine' }),
    say({ fr: 'Adresse', en: 'Address' }),
    say({ fr: 'Accès', en: 'Way' }),
    say({ fr: 'État', en: 'State' }),
  ]
  const rows = results.map(
    ({ candidate, route, address, worked, cause, detail, identity, ms, note, step }) => {
      const why = cause === null ? '' : causeWords[cause][lang]
      const at =
        step === null ? '' : say({ fr: `, étape « ${steps[step].fr} »`, en: `, step “${steps[step].en}”` })
      const besides = [note && say(note), identity && visibleLine(identity, 60)].filter((part) => part)
      const state = worked
        ? [`● ${say({ fr: 'fonctionne', en: 'works' })}`, `${Math.round(ms)} ms`, ...besides].join(', ')
        : `✕ ${why}${at}${detail ? ` (${visibleLine(detail, 160)})` : ''}`
      return { cells: [candidate, route.role, address, route.way, state], worked }
    },
  )
  const widths = heads
    .slice(0, -1)
    .map((head, i) => Math.max(width(head), ...rows.map(({ cells }) => width(cells[i] ?? ''))))
  const line = (cells: readonly string[]) => {
    const text = cells.map((cell, i) => (i < widths.length ? fitted(cell, widths[i] ?? 0) : cell)).join('  ')
    return Number.isFinite(terminal.columns) ? fitted(text, terminal.columns).trimEnd() : text
  }
  yield painted(line(heads), 'dim', colour.out)
  for (const { cells, worked } of rows)
    yield worked ? line(cells) : painted(line(cells), 'yellow', colour.out)
}
