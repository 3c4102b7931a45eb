import type { Text } from '../../checks/text.ts'
import type { ExitCode } from './exit-code.ts'

/** Ends a command with one sentence for the person who typed it, and an exit status. Never shown with a stack trace. */
export class CommandFailure extends Error {
  override readonly name = 'CommandFailure'
  readonly text: Text
  readonly exit: ExitCode

  constructor(text: Text, exit: ExitCode) {
    super(text.en)
    this.text = text
    this.exit = exit
  }
}
