import { output, type Observed } from '../observation.ts'
import { command } from '../probe.ts'
import type { Facts } from '../define.ts'

/** The machine's own name, asked inside it: shows that it is up and is the one expected, whatever its ports answer. */
export const ownName = (on: string) => command(on, ['uname', '-n'])

/** Whether the session gives a shell on the machine, so that it can be looked at from inside. */
export const hasShell = (facts: Facts, role: string): boolean =>
  ['ssh', 'local'].some((way) => facts.targets[role]?.transports.includes(way))

/** Reads the machine's name; anything else than one printed is `unknown`. */
export const readOwnName = (observation: Observed<'command'> | undefined): string =>
  output(observation).trim()
