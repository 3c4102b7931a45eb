import { controlAnswers, preflight, recordOf, type PreflightResult } from '../run/preflight.ts'
import { keepPreflight } from '../run/preflight-record.ts'
import { causeWords } from '../reports/words.ts'
import { painted } from '../terminal/colour.ts'
import type { Terminal } from '../terminal/terminal.ts'
import { visibleLine } from '../terminal/visible.ts'
import { fitted, width } from '../terminal/width.ts'
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
  const { result, interrupted } = await interruptible(terminal, async (signal) => {
    const results: PreflightResult[] = []
    const room = control === undefined ? null : controlAnswers(control, signal).catch(() => null)
    for await (const tried of preflight({ loaded, only: codes, signal, secrets, checkIdentity }))
      results.push(tried)
    return { results, room: await room }
  })
  const { results, room } = result
  if (interrupted) return exitCode.interrupted
  await keepPreflight(loaded.hashes.session, recordOf(results))

  if (options['json'])
    for (const { route, ...rest } of results) terminal.out(JSON.stringify({ ...rest, ...route }))
  else for (const line of table(results, terminal)) terminal.out(line)
  const failed = results.filter((r) => !r.worked).length
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
  return failed === 0 && (control === undefined || room === true) ? exitCode.ok : exitCode.unknown
}

/** One row a way; where results go to a terminal, no wider than it. */
function* table(results: readonly PreflightResult[], terminal: Terminal): Generator<string> {
  const { lang, say, colour } = terminal
  const heads = [
    say({ fr: 'Candidat', en: 'Candidate' }),
    say({ fr: 'Machine', en: 'Machine' }),
    say({ fr: 'Adresse', en: 'Address' }),
    say({ fr: 'Accès', en: 'Way' }),
    say({ fr: 'État', en: 'State' }),
  ]
  const rows = results.map(({ candidate, route, address, worked, cause, detail, identity, ms }) => {
    const why = cause === null ? '' : causeWords[cause][lang]
    const state = worked
      ? `● ${say({ fr: 'fonctionne', en: 'works' })}, ${Math.round(ms)} ms${identity ? `, ${visibleLine(identity, 60)}` : ''}`
      : `✕ ${why}${detail ? ` (${visibleLine(detail, 160)})` : ''}`
    return { cells: [candidate, route.role, address, route.way, state], worked }
  })
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
