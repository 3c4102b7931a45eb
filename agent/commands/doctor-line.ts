import { programName } from '../terminal/program-name.ts'
import { quoteArgument } from '../transports/shell/quote.ts'

/** The command that diagnoses one machine of a session, to be typed as it is. */
export const doctorLine = (role: string, session: string, candidate: string): string =>
  `${programName()} doctor ${quoteArgument(role)} --session ${quoteArgument(session)} --candidate ${quoteArgument(candidate)}`
