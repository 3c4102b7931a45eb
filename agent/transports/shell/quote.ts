/**
 * One argument as a word of POSIX sh that expands to exactly these characters (XCU 2.2.2: within single quotes
 * nothing is special). Throws on NUL, which no argument of a process can hold.
 */
export function quoteArgument(argument: string): string {
  if (argument.includes('\0')) throw new RangeError('an argument cannot hold NUL')
  return /^[A-Za-z0-9_/.,:=@%+-]+$/.test(argument) ? argument : `'${argument.replaceAll("'", `'\\''`)}'`
}

/** An argv array as words of POSIX sh. */
export const quoteArgv = (argv: readonly string[]): string => argv.map(quoteArgument).join(' ')
