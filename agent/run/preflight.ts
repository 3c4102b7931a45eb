import { command, groupPolicy, icmp, ldap, powershell, snmpGet, type Probe } from '../../checks/probe.ts'
import { defaultDomainPolicy } from '../../checks/windows/group-policy/paths.ts'
import { causeOfException } from '../../checks/observation.ts'
import { powershellWay, shellWay } from '../../checks/session.ts'
import type { Text } from '../../checks/text.ts'
import type { CheckIdentity, Outcome } from '../transports/transport.ts'
import { Channels } from './channels.ts'
import { controlAnswers } from './control.ts'
import { openCredentials, type SecretSource } from './credentials.ts'
import type { LoadedCandidate, LoadedSession } from './load.ts'
import { wayName, type PreflightRecord } from './preflight-record.ts'
import { routeOf, type Route } from './ways.ts'

export interface PreflightResult {
  readonly candidate: string
  readonly route: Route
  readonly address: string
  readonly worked: boolean
  readonly cause: Extract<Outcome, { failure: unknown }>['failure']['cause'] | null
  readonly detail: string
  readonly identity: string | null
  readonly ms: number
  /** What is asked where it is not the way itself: the directory behind the PowerShell of a machine. */
  readonly about: 'directory' | null
  /** What is worth knowing of a way that works. */
  readonly note: Text | null
}

export interface PreflightOptions {
  readonly loaded: LoadedSession
  readonly only?: readonly string[]
  readonly signal: AbortSignal
  readonly secrets: SecretSource
  readonly checkIdentity: CheckIdentity
}

const SYS_NAME = '1.3.6.1.2.1.1.5.0'

/** The lightest question of each way that the session gives to a machine; an echo for every machine. */
function questions(role: string, { resolved }: LoadedCandidate): Probe[] {
  const { target } = resolved.targets[role]!
  return [
    icmp(role),
    ...(shellWay(target) ? [command(role, ['true'])] : []),
    ...(powershellWay(target) ? [powershell(role, 'machine')] : []),
    ...(target.ldap
      ? [
          ldap(role, {
            context: 'default',
            scope: 'base',
            filter: { present: 'objectClass' },
            attributes: ['objectClass'],
          }),
        ]
      : []),
    ...(target.smb ? [groupPolicy(role, defaultDomainPolicy)] : []),
    ...(target.snmp ? [snmpGet(role, [SYS_NAME])] : []),
  ]
}

/**
 * Tries every way to every machine once, before the start: reached, identified, authenticated.
 * Says no verdict, only what works from here. Never rejects for a machine's sake.
 */
export async function* preflight(options: PreflightOptions): AsyncGenerator<PreflightResult> {
  const { loaded, only, signal } = options
  const queue: Promise<PreflightResult[]>[] = loaded.candidates
    .filter((c) => !only || only.includes(c.resolved.candidate.code))
    .map((candidate) => tryCandidate(candidate, options, signal))
  for (const results of queue) yield* await results
}

/** Connections to a candidate's machines with a preflight's patience; `seen` collects the secrets that were opened. */
export function channelsTo(
  { resolved }: LoadedCandidate,
  { secrets, checkIdentity, loaded }: PreflightOptions,
  signal: AbortSignal,
  seen: Set<string>,
): Channels {
  return new Channels({
    candidate: resolved,
    credentials: openCredentials(resolved.credentials, secrets, seen),
    checkIdentity,
    folder: loaded.folder,
    connectTimeoutMs: 5000,
    machineTimeoutMs: 15_000,
    signal,
  })
}

async function tryCandidate(
  candidate: LoadedCandidate,
  options: PreflightOptions,
  signal: AbortSignal,
): Promise<PreflightResult[]> {
  const { resolved } = candidate
  const channels = channelsTo(candidate, options, signal, new Set())
  try {
    const tries = Object.keys(resolved.targets).flatMap((role) =>
      questions(role, candidate).map(async (probe): Promise<PreflightResult[]> => {
        const route = routeOf(probe, resolved.targets)
        if (!route) return []
        for await (const outcome of channels.ask(route.role, route.way, [probe]))
          return [resultOf(outcome, route, candidate)]
        return []
      }),
    )
    return (await Promise.all(tries)).flat()
  } finally {
    await channels.close()
  }
}

function resultOf(outcome: Outcome, route: Route, { resolved }: LoadedCandidate): PreflightResult {
  const failure = 'failure' in outcome ? outcome.failure : raisedIn(outcome)
  // An echo that nobody answers is an answer to a probe, and a failure of a preflight.
  const silent = 'answer' in outcome && outcome.answer.kind === 'icmp' && outcome.answer.received === 0
  return {
    candidate: resolved.candidate.code,
    route,
    address: resolved.targets[route.role]!.target.address,
    worked: failure === null && !silent,
    cause: silent ? 'unreachable' : (failure?.cause ?? null),
    detail: silent ? 'no echo' : (failure?.detail ?? ''),
    identity: outcome.identity,
    ms: outcome.ms,
    about: outcome.probe.kind === 'ldap' && route.way !== 'ldap' ? 'directory' : null,
    note: 'answer' in outcome ? noteOn(outcome.answer) : null,
  }
}

type Failed = Extract<Outcome, { failure: unknown }>['failure']
type Answered = Extract<Outcome, { answer: unknown }>

/** A script that ends with an exception is an answer to a probe, and a failure of a preflight. */
function raisedIn({ answer }: Answered): Failed | null {
  if (answer.kind !== 'powershell' || answer.error === null) return null
  const { type, id } = answer.error
  return { cause: causeOfException(answer.error), detail: `${type} ${id}` }
}

/** An account without administrator's rights is let in, and shown less. */
function noteOn(answer: Answered['answer']): Text | null {
  const value = answer.kind === 'powershell' ? answer.value : null
  const { administrator } = (value ?? {}) as { administrator?: unknown }
  return administrator === false
    ? { fr: 'sans droits d’administrateur', en: 'without administrator rights' }
    : null
}

/** The record to keep of these results. */
export function recordOf(results: readonly PreflightResult[]): PreflightRecord {
  const ways: PreflightRecord['ways'] = {}
  for (const { candidate, route, worked, cause, detail } of results) {
    const name = wayName(candidate, route)
    // Two things are asked through one PowerShell: that one of them had an answer shows that the way works.
    if (worked || !ways[name]?.worked) ways[name] = { worked, cause, detail: detail.slice(0, 500) }
  }
  return { at: new Date().toISOString(), ways }
}

export { controlAnswers }
