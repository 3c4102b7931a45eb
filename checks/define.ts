import { z } from 'zod'
import type { Judgement } from './finding.ts'
import type { ObservedBy } from './observation.ts'
import type { Probe, ProbeKind } from './probe.ts'
import type { Text } from './text.ts'

/** What kinds of machine an exam may name. A role of another kind is refused where the file is read. */
export const roleKindSchema = z.enum([
  'linux',
  'windows',
  'switch',
  'router',
  'firewall',
  'supervision',
  'telephony',
  'hypervisor',
  'host',
])
export type RoleKind = z.infer<typeof roleKindSchema>

/** Where `role()` leaves word of the kinds it takes; read when an exam is validated. */
export const roleKinds = z.registry<{ kinds: readonly RoleKind[] }>()

/** A parameter that names a machine of the exam. Without kinds, any will do. */
export const role = (...kinds: RoleKind[]) =>
  z
    .string()
    .min(1)
    .max(64)
    .regex(/^[a-z][a-z0-9-]*$/)
    .register(roleKinds, { kinds })

/** What a session says of one machine, without secrets: all that probes may be made of. */
export interface TargetFacts {
  readonly kind: RoleKind
  readonly address: string
  /** Which ways of asking the session gives: `ssh` and `local` (a POSIX shell), `powershell`, `smb`, `ldap`, `snmp`, `http`. */
  readonly transports: readonly string[]
  /** DNS name of the Active Directory domain, where the session says one. */
  readonly domain?: string | undefined
  readonly shared: boolean
}
export interface Facts {
  readonly candidate: string
  readonly targets: Readonly<Record<string, TargetFacts>>
}

type Questions = Record<string, Probe>
type Seen<Q> = { readonly [K in keyof Q]: ObservedBy<Q[K]> }

export interface CheckDefinition<
  P extends z.ZodType,
  Q extends Questions,
  M extends Questions = Record<never, never>,
> {
  /** `folder.file`: the folder is the id's prefix. */
  readonly id: string
  /** The default; a demand may say otherwise. */
  readonly criteria: readonly string[]
  /** What it claims, with `{param}` filled from the parameters. */
  readonly says: Text
  /** What the machine shows, for the catalogue. */
  readonly observes: Text
  /** The observation that makes an absence believable; without it, an absence is `unknown`. */
  readonly control: Text
  readonly asks: readonly ProbeKind[]
  /** `live`: proved against the real service in the lab; `recorded`: against recorded exchanges only. */
  readonly proven: 'live' | 'recorded'
  readonly params: P
  /**
   * First round: the probes that parameters and facts are enough for. `siblings` are the parameters of every use of this
   * check in the exam, this one included: what they ask together, they ask with one and the same probe.
   */
  probes(params: z.output<P>, facts: Facts, siblings: readonly z.output<P>[]): Q
  /** Later rounds: what more to ask, given what was seen; called until it asks for nothing new. */
  then?(seen: Seen<Q> & Partial<Seen<M>>, params: z.output<P>, facts: Facts): M
  /** Pure: findings from observations. An accessor that meets a failure ends it as `unknown` with that cause. */
  judge(seen: Seen<Q> & Partial<Seen<M>>, params: z.output<P>, facts: Facts): Judgement | readonly Judgement[]
  /** What is expected, said before anything is seen: shown where nothing could be observed. */
  expects(params: z.output<P>, facts: Facts): Text
  /** How to see the same by hand. */
  byHand(params: z.output<P>, facts: Facts): Text
}

/** A check with its parameter types erased: what the planner, the catalogue and the tests handle. */
export type Check = CheckDefinition<z.ZodType, Questions, Questions>

/** Declares a check. See docs/checks.md for how to write one. */
export function defineCheck<
  P extends z.ZodType,
  Q extends Questions,
  M extends Questions = Record<never, never>,
>(definition: CheckDefinition<P, Q, M>): Check {
  return definition as unknown as Check
}
