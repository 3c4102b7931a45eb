/** What the command says to a script by its exit status. 69 and 130 are those of sysexits.h and of a shell after SIGINT. */
export const exitCode = {
  ok: 0,
  internal: 1,
  /** A wrong file or a wrong use of the command. */
  badInput: 2,
  /** Something stayed unknown, or was not delivered. */
  unknown: 3,
  /** `rehearse`: what was seen keeps the exam from being proved. */
  unproved: 4,
  unavailable: 69,
  interrupted: 130,
} as const
export type ExitCode = (typeof exitCode)[keyof typeof exitCode]
