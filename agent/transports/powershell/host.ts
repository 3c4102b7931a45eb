import { existsSync } from 'node:fs'
import { readFile } from 'node:fs/promises'

/** What runs the scripts: the same texts for every machine and every way. */
export interface Host {
  /** The one command line: reads base64 on its standard input and runs the `runner` that it finds there. */
  readonly bootstrap: string
  /** The same, by `Invoke-Command` on the computer that `PROBANT_COMPUTER` names. */
  readonly bridge: string
  readonly runner: string
  readonly question: string
}

const textOf = (path: string): Promise<string> => readFile(new URL(path, import.meta.url), 'utf8')

let host: Promise<Host> | undefined

/** The texts of `host/`, read once. */
export function readHost(): Promise<Host> {
  host ??= Promise.all(
    ['bootstrap', 'bridge', 'runner', 'question'].map((name) => textOf(`host/${name}.ps1`)),
  ).then(([bootstrap = '', bridge = '', runner = '', question = '']) => ({
    bootstrap,
    bridge,
    runner,
    question,
  }))
  return host
}

const scripts = new Map<string, Promise<string | null>>()

/** Whether it is one of the project's own, which are all reviewed and proved to read only. */
export const isScript = (name: string): boolean =>
  /^[a-z][a-z0-9-]*$/.test(name) && existsSync(new URL(`scripts/${name}.ps1`, import.meta.url))

/** The text of a script of `scripts/`, or null where there is none of that name. */
export function readScript(name: string): Promise<string | null> {
  let text = scripts.get(name)
  if (!text) {
    text = isScript(name) ? textOf(`scripts/${name}.ps1`).catch(() => null) : Promise.resolve(null)
    scripts.set(name, text)
  }
  return text
}

/** The full path, without which a shell that skips cmd.exe refuses it. */
export const windowsPowerShell = String.raw`C:\Windows\System32\WindowsPowerShell\v1.0\powershell.exe`

/**
 * The arguments of `powershell.exe` and `pwsh`: a host text as `-EncodedCommand` (base64 of UTF-16). PowerShell itself
 * reads the standard input then, and hands it over as `$input`; who else read it would race with it.
 */
export const argumentsFor = (text: string): readonly string[] => [
  '-NoLogo',
  '-NoProfile',
  '-NonInteractive',
  '-InputFormat',
  'Text',
  '-OutputFormat',
  'Text',
  '-EncodedCommand',
  Buffer.from(text, 'utf16le').toString('base64'),
]
