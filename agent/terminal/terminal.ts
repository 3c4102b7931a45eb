import type { Lang, Text } from '../../checks/text.ts'
import { french } from './typography.ts'

/** Where a command writes: results on `out` (stdout), everything else on `err` (stderr). */
export interface Terminal {
  readonly lang: Lang
  /** One line of result. */
  readonly out: (line: string) => void
  /** One line for the person who watches. */
  readonly err: (line: string) => void
  /** A sentence of ours in the language of this terminal, with its typography. */
  readonly say: (text: Text) => string
  /** Whether stderr is a terminal that a live table can be drawn on. */
  readonly live: boolean
  /** Whether colours are wanted where results go, and where progress goes. */
  readonly colour: { readonly out: boolean; readonly err: boolean }
  /** Whether stdout is a terminal too: results then come after the table that redraws itself. */
  readonly screen: boolean
  /** Columns of stdout where it is a terminal; else those that COLUMNS says, or Infinity: what is piped is not wrapped. */
  readonly columns: number
}

const wantsColour = (stream: NodeJS.WriteStream, env: NodeJS.ProcessEnv): boolean =>
  !env['NO_COLOR'] && stream.isTTY === true && env['TERM'] !== 'dumb'

/** Where a terminal does not know how wide it is. */
const unknownColumns = 80

/** How wide lines may be (COLUMNS, as POSIX has it in XBD 8.3, where there is no terminal). */
export function columnsOf(
  stream: Pick<NodeJS.WriteStream, 'isTTY' | 'columns'>,
  env: NodeJS.ProcessEnv,
): number {
  if (stream.isTTY) return stream.columns > 0 ? stream.columns : unknownColumns
  const asked = /^\d{2,4}$/.test(env['COLUMNS'] ?? '') ? Number(env['COLUMNS']) : 0
  return asked >= 20 && asked <= 1000 ? asked : Number.POSITIVE_INFINITY
}

/** The process's own terminal. A reader that goes away (EPIPE) silences its stream and ends nothing: a run is kept. */
export function processTerminal(lang: Lang, env = process.env): Terminal {
  const writer = (stream: NodeJS.WriteStream) => {
    let open = true
    stream.on('error', (error: NodeJS.ErrnoException) => {
      open = false
      if (error.code !== 'EPIPE') process.exitCode = 1
    })
    return (line: string) => {
      if (open) stream.write(`${line}\n`)
    }
  }
  const { stdout, stderr } = process
  return {
    lang,
    out: writer(stdout),
    err: writer(stderr),
    say: (text) => (lang === 'fr' ? french(text.fr) : text.en),
    live: stderr.isTTY === true && env['TERM'] !== 'dumb' && !env['CI'],
    colour: { out: wantsColour(stdout, env), err: wantsColour(stderr, env) },
    screen: stdout.isTTY === true,
    columns: columnsOf(stdout, env),
  }
}

/** The language asked for: `--lang`, then PROBANT_LANG, then the locale; French unless it is English. */
export function languageOf(argv: readonly string[], env: NodeJS.ProcessEnv): Lang {
  const at = argv.findIndex((arg) => arg === '--lang' || arg.startsWith('--lang='))
  const asked = at < 0 ? undefined : argv[at] === '--lang' ? argv[at + 1] : argv[at]?.slice('--lang='.length)
  const locale = env['LC_ALL'] || env['LC_MESSAGES'] || env['LANG']
  const found = [asked, env['PROBANT_LANG'], locale].find((value) => value)
  return /^en/i.test(found ?? '') ? 'en' : 'fr'
}
