import type { Referential } from '../../checks/referential/referential.ts'
import type { Text } from '../../checks/text.ts'
import type { Terminal } from '../terminal/terminal.ts'
import type { ExitCode } from './exit-code.ts'

/** What every verb gets from the entry point. */
export interface CommandContext {
  readonly terminal: Terminal
  readonly referentials: () => Promise<ReadonlyMap<string, Referential>>
  readonly version: string
  /** All that the program can do, the server's verbs included: what a shell completes. */
  readonly verbs?: readonly Verb[]
}

/** Options as commander gives them, by their camel-case name. */
export type Options = Readonly<Record<string, string | number | boolean | readonly string[] | undefined>>

/** One option of a verb, as commander writes it (`--out <DIR>`). */
export interface VerbOption {
  readonly flags: string
  readonly says: Text
  readonly required?: boolean
  readonly repeatable?: boolean
  readonly choices?: readonly string[]
  /** A whole number, at least this. */
  readonly atLeast?: number
  readonly default?: string
}

/** One verb of the command line as data: what is loaded at every start is this, and what it does only when asked. */
export interface Verb {
  readonly name: string
  readonly says: Text
  /** As commander writes them: `<file...>`, `[id]`. */
  readonly arguments?: readonly { readonly name: string; readonly says: Text }[]
  readonly options?: readonly VerbOption[]
  readonly examples?: readonly { readonly line: string | Text; readonly says: Text }[]
  readonly verbs?: readonly Verb[]
  readonly run?: (args: readonly string[], options: Options, context: CommandContext) => Promise<ExitCode>
}
