import { programName } from '../../terminal/program-name.ts'
import { quoteArgv } from '../../transports/shell/quote.ts'
import { rewritten, type Rewriting } from '../target.ts'
import type { Situation } from './remedy.ts'

/** One option of a command line, with its value. */
export type TypedOption = '--key' | '--password-env' | '--privacy-env'

/**
 * The command as it was typed, but for what is given: port, scheme, parameters and options stay. Null within a session, where
 * that is a line of the session's.
 */
export function retyped(
  { typed }: Pick<Situation, 'typed'>,
  change: Rewriting & { readonly without?: TypedOption },
): string | null {
  if (typed === null) return null
  const { without, ...rewriting } = change
  const at = without === undefined ? -1 : typed.options.indexOf(without)
  const options = typed.options.filter((_, i) => at < 0 || (i !== at && i !== at + 1))
  return `${programName()} doctor ${quoteArgv([rewritten(typed.address, rewriting), ...options])}`
}
