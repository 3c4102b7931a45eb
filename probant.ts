import { readFileSync } from 'node:fs'
import { CommandFailure } from './agent/commands/command-failure.ts'
import { exitCode, type ExitCode } from './agent/commands/exit-code.ts'
import { runProgram } from './agent/commands/program.ts'
import type { CommandContext, Verb } from './agent/commands/verb.ts'
import { agentVerbs } from './agent/commands/verbs.ts'
import type { Text } from './checks/text.ts'
import { languageOf, processTerminal, type Terminal } from './agent/terminal/terminal.ts'
import { visibleLine } from './agent/terminal/visible.ts'

/** The one verb of the server; this file alone knows both sides. */
const serve: Verb = {
  name: 'serve',
  says: {
    fr: 'Reçoit les passages et sert les pages du jury',
    en: "Receives runs and serves the jury's pages",
  },
  options: [
    {
      flags: '--port <port>',
      says: { fr: 'port', en: 'port' },
      default: '8080',
      atLeast: 0,
    },
    {
      flags: '--host <adresse>',
      says: { fr: 'adresse où écouter', en: 'address to listen on' },
      default: '127.0.0.1',
    },
    {
      flags: '--data <dossier>',
      says: { fr: 'dossier de la base', en: "the store's folder" },
    },
    {
      flags: '--new-agent <nom>',
      says: {
        fr: "crée le jeton d'un agent, l'affiche une fois, et s'arrête",
        en: "makes an agent's token, shows it once, and ends",
      },
    },
  ],
  examples: [
    { line: 'probant serve', says: { fr: 'sur http://127.0.0.1:8080/', en: 'on http://127.0.0.1:8080/' } },
    {
      line: 'probant serve --new-agent salle-12',
      says: { fr: 'le jeton que « probant deliver » attend', en: 'the token that “probant deliver” needs' },
    },
  ],
  run: async (_args, options, { terminal, referentials, version }) => {
    const { newAgent, serve: start } = await import('./server/commands/serve.ts')
    const { stateFolder } = await import('./agent/evidence/state-folder.ts')
    const data = options['data'] === undefined ? stateFolder('server') : String(options['data'])
    if (options['newAgent'] !== undefined) {
      terminal.err(
        terminal.say({
          fr: 'Jeton de cet agent, montré cette seule fois ; donnez-le à « probant deliver » par PROBANT_TOKEN ou le coffre :',
          en: "This agent's token, shown this once; give it to “probant deliver” by PROBANT_TOKEN or the vault:",
        }),
      )
      terminal.out(await newAgent(data, String(options['newAgent'])))
      return exitCode.ok
    }
    const known = await referentials()
    const settings = {
      data,
      version,
      port: Number(options['port']),
      host: String(options['host']),
      referentials: async (id: string) => known.get(id) ?? null,
      readerToken: process.env['PROBANT_READER_TOKEN'],
    }
    await start(settings, (url) =>
      terminal.err(
        terminal.say({
          fr: `Pages du jury : ${url} (Ctrl-C arrête)`,
          en: `The jury's pages: ${url} (Ctrl-C stops)`,
        }),
      ),
    )
    return exitCode.ok
  },
}

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
  status = await runProgram(argv, [...agentVerbs, serve], context)
} catch (error) {
  status = failure(error, terminal)
}
// A connection that a machine keeps half closed must not keep the command alive once its results are out.
await Promise.all([flushed(process.stdout), flushed(process.stderr)])
process.exit(status)
