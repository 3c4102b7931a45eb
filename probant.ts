import { readFileSync } from 'node:fs'
import { CommandFailure } from './agent/commands/command-failure.ts'
import { exitCode, type ExitCode } from './agent/commands/exit-code.ts'
import { runProgram } from './agent/commands/program.ts'
import type { CommandContext } from './agent/commands/verb.ts'
import { agentVerbs } from './agent/commands/verbs.ts'
import { serverVerbs } from './server-verbs.ts'
import type { Text } from './checks/text.ts'
import { languageOf, processTerminal, type Terminal } from './agent/terminal/terminal.ts'
import { visibleLine } from './agent/terminal/visible.ts'

/** The version in the package that this file belongs to, also when it runs compiled from `dist/`. */
function packageVersion(): string {
  for (const path of ['./package.json', '../package.json']) {
    try {
      const { name, version } = JSON.parse(readFileSync(new URL(path, import.meta.url), 'utf8')) as Record<
        string,
        unknown
      >
      if (name === 'probant' && typeof version === 'string') return version
    } catch {
      // not here: one folder up
    }
  }
  return '0.0.0'
}

/** One sentence for what went wrong; the trace only where PROBANT_DEBUG asks for it. */
function failure(error: unknown, terminal: Terminal): ExitCode {
  if (error instanceof CommandFailure) {
    terminal.err(`probant: ${terminal.say(error.text)}`)
    return error.exit
  }
  if (error instanceof Error && 'text' in error) {
    terminal.err(`probant: ${terminal.say(error.text as Text)}`)
    return error.name === 'CannotServe' ? exitCode.unavailable : exitCode.badInput
  }
  const message = visibleLine(error instanceof Error ? error.message : String(error))
  terminal.err(
    `probant: ${terminal.say({ fr: `erreur interne : ${message}. Relancez avec PROBANT_DEBUG=1 et transmettez ce qui s'affiche.`, en: `internal error: ${message}. Start again with PROBANT_DEBUG=1 and pass on what it shows.` })}`,
  )
  if (process.env['PROBANT_DEBUG'] && error instanceof Error) terminal.err(error.stack ?? '')
  return exitCode.internal
}

const flushed = (stream: NodeJS.WriteStream) =>
  new Promise<void>((resolve) => {
    if (stream.destroyed || !stream.writable) resolve()
    else stream.write('', () => resolve())
  })

const argv = process.argv.slice(2)
const terminal = processTerminal(languageOf(argv, process.env))
const context: CommandContext = {
  terminal,
  version: packageVersion(),
  referentials: async () => (await import('./referentials.ts')).readReferentials(),
}
let status: ExitCode
try {
  status = await runProgram(argv, [...agentVerbs, ...serverVerbs], context)
} catch (error) {
  status = failure(error, terminal)
}
// A connection that a machine keeps half closed must not keep the command alive once its results are out.
await Promise.all([flushed(process.stdout), flushed(process.stderr)])
process.exit(status)
