import { controlAnswers, preflight, recordOf, type PreflightResult } from '../run/preflight.ts'
import { keepPreflight } from '../run/preflight-record.ts'
import { doctorLine } from './doctor-line.ts'
import { exitCode, type ExitCode } from './exit-code.ts'
import { interruptible } from './interruption.ts'
import { openSession } from './open-session.ts'
import { failureLines, noteLines, tableLines, type Row } from './preflight-table.ts'
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
  const lineOf = (role: string, candidate: string) => doctorLine(role, String(options['session']), candidate)
  const again = ({ candidate, route }: PreflightResult) => lineOf(route.role, candidate)
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
      ? await (await import('../run/preflight-diagnosis.ts')).diagnoseFailures(results, asked, lineOf)
      : []
    return { results, room, diagnosed }
  })
  const { results, room, diagnosed } = result
  if (interrupted) return exitCode.interrupted

  const rows = results.map((one): Row => {
    const found = diagnosed.find((other) => other.result === one)
    return { ...one, failing: found?.failing ?? null }
  })
  if (options['json'])
    for (const { route, note, failing, ...rest } of rows) {
      const { step = null, problem = null } = failing ?? {}
      terminal.out(JSON.stringify({ ...rest, step, problem, note: note?.[terminal.lang] ?? null, ...route }))
    }
  else {
    for (const line of tableLines(rows, terminal)) terminal.out(line)
    for (const line of noteLines(rows, again, terminal)) terminal.out(line)
    for (const line of failureLines(diagnosed, terminal)) terminal.out(line)
  }
  const failed = results.filter((r) => !r.worked).length
  const limited = results.filter(({ note }) => note !== null).length
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
        ? {
            fr: `Les ${results.length} accès fonctionnent${limited === 0 ? '' : `, dont ${limited} sans droits d'administrateur`}.`,
            en: `All ${results.length} ways work${limited === 0 ? '' : `, ${limited} of them without administrator rights`}.`,
          }
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
