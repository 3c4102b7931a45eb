import { z } from 'zod'
import { powershell } from '../../probe.ts'
import { resolvedSchema, seenAccountSchema, toResolve } from '../accounts/account.ts'

const text = z.string().max(1024)

/** What the script `services` gives. */
export const servicesShape = z.object({
  total: z.int(),
  services: z
    .array(
      z.object({
        asked: text,
        /** Listed by the service control manager. */
        present: z.boolean(),
        name: text.nullable(),
        /** Short name of the service that displays the name asked for, where none has it as its own. */
        displayedBy: text.nullable(),
        /** ServiceControllerStatus: 1 stopped … 4 running … 7 paused. */
        state: z.int().min(1).max(7).nullable(),
        /** As the service control manager has it: 2 automatic, 3 manual, 4 disabled. */
        start: z.int().min(0).max(4).nullable(),
        registration: z.object({
          found: z.boolean(),
          denied: z.boolean(),
          type: z.int().nullable(),
          start: z.int().nullable(),
          delayed: z.boolean(),
          triggered: z.boolean(),
          displayLogon: text.nullable(),
          account: seenAccountSchema,
        }),
      }),
    )
    .max(128),
  accounts: resolvedSchema,
})
export type Services = z.infer<typeof servicesShape>
export type Service = Services['services'][number]

/** The remote procedure calls, without which no Windows runs. */
const CONTROL = 'RpcSs'
const MOST = 64

/** Some services together, and with them the one that every Windows has. */
export function namedServices(
  on: string,
  own: string,
  siblings: readonly string[],
  accounts: readonly string[],
) {
  const together = unique([CONTROL, ...siblings])
  return powershell(on, 'services', {
    names: together.length > MOST ? unique([CONTROL, own]) : together,
    accounts: toResolve(accounts),
  })
}

/** Of names that differ in case only, the first in order. */
const unique = (names: readonly string[]): string[] =>
  [
    ...new Map(
      [...names]
        .sort()
        .toReversed()
        .map((name) => [name.toLowerCase(), name]),
    ).values(),
  ].sort()

export const serviceNamed = ({ services }: Services, name: string): Service | undefined =>
  services.find(({ asked }) => asked.toLowerCase() === name.toLowerCase())

/** Whether the account was shown a service that is always there, with its registration. */
export function showsServices(seen: Services): boolean {
  const control = serviceNamed(seen, CONTROL)
  return control?.present === true && control.registration.found && control.state === 4
}
