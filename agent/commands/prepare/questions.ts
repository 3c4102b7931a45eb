import type { Answer, Observation } from '../../../checks/observation.ts'
import { asked, type Plan, type PlannedCheck } from '../../../checks/plan.ts'
import type { Probe, ProbeKind } from '../../../checks/probe.ts'
import { routeOf, type Route } from '../../../checks/ways.ts'
import type { ResolvedTarget } from '../../../checks/session.ts'

/** One question that a check may ask, and the way that it would take. */
export interface PossibleQuestion {
  readonly check: string
  readonly probe: Pick<Probe, 'kind' | 'from' | 'to'>
  readonly route: Route
  readonly asRoot: boolean
  /** The port of the machine that is asked, where the question itself names one. */
  readonly port: number | null
}

type Imagined = (probe: Probe) => Answer | null

/** Machines that make checks ask all that they can: one that refuses, one whose files and programs say nothing. */
const imagined: readonly Imagined[] = [() => null, emptyAnswer]
const ROUNDS = 5

function emptyAnswer(probe: Probe): Answer | null {
  if (probe.kind === 'command') return { kind: 'command', status: 0, stdout: '', stderr: '' }
  if (probe.kind !== 'file') return null
  const owned = { uid: 0, gid: 0, owner: 'root', group: 'root', mode: '600', size: 0, mtime: 0 } as const
  return { kind: 'file', exists: true, type: 'file', ...owned, content: probe.content ? '' : null }
}

function observed(key: string, probe: Probe, imagine: Imagined): Observation {
  const answer = imagine(probe)
  return {
    probe: key,
    transport: 'none',
    address: '',
    identity: null,
    at: '1970-01-01T00:00:00Z',
    ms: 0,
    truncated: false,
    answer,
    failure: answer ? null : { cause: 'denied', detail: 'imagined', blame: 'undecidable' },
  }
}

/** What a check asks of such a machine, round after round. Nothing of a check that fails by its own fault. */
function explored(planned: PlannedCheck, { facts }: Plan, imagine: Imagined): Probe[] {
  const observations = new Map<string, Observation>()
  let probes: Probe[] = []
  try {
    for (let round = 0; round < ROUNDS; round++) {
      const { probes: all, finished } = asked(planned, facts, observations)
      probes = Object.values(all).map(({ probe }) => probe)
      if (finished) break
      for (const { key, probe } of Object.values(all))
        if (!observations.has(key)) observations.set(key, observed(key, probe, imagine))
    }
  } catch {
    // its judgement will say so
  }
  return probes
}

/** Kinds that a check may come to only after answers that nobody can imagine for it. */
const laterKinds: ReadonlySet<ProbeKind> = new Set(['ldap', 'group-policy', 'powershell'])

/**
 * Everything that the checks of a plan may ask, as far as imagined answers lead to it, with the way that the session gives
 * for it. What the session gives no way for is left out: `probant validate` says so. Pure; contacts nothing.
 */
export function possibleQuestions(
  plan: Plan,
  targets: Readonly<Record<string, ResolvedTarget>>,
): PossibleQuestion[] {
  const found = new Map<string, PossibleQuestion>()
  const add = (check: string, probe: PossibleQuestion['probe'], asRoot: boolean, port: number | null) => {
    const route = routeOf(probe, targets)
    if (!route) return
    const { kind, from, to } = probe
    found.set([check, kind, from, to, asRoot, port].join(' '), {
      check,
      probe: { kind, from, to },
      route,
      asRoot,
      port,
    })
  }
  for (const planned of plan.checks) {
    const probes = imagined.flatMap((imagine) => explored(planned, plan, imagine))
    for (const probe of probes)
      add(
        planned.checkId,
        probe,
        'as' in probe && probe.as === 'root',
        'port' in probe ? probe.port : probe.kind === 'dns' ? 53 : null,
      )
    const seen = new Set(probes.map(({ kind }) => kind))
    for (const kind of planned.check?.asks ?? [])
      if (laterKinds.has(kind) && !seen.has(kind))
        for (const to of new Set(probes.map((probe) => probe.to)))
          add(planned.checkId, { kind, from: 'agent', to }, false, null)
  }
  return [...found.values()]
}
