import type { RoleKind } from '../../checks/define.ts'
import type { Exam } from '../../checks/exam.ts'
import { firstQuestions } from '../../checks/missing-ways.ts'
import { planCandidate } from '../../checks/plan.ts'
import type { ProbeKind } from '../../checks/probe.ts'
import { variablesOf } from '../../checks/session-reader.ts'
import { targetSchema, type ResolvedCandidate, type ResolvedTarget } from '../../checks/session.ts'
import { possibleQuestions } from '../commands/prepare/questions.ts'

/** What must be open on a machine so that an exam's checks can ask it: each wants an account or a community. */
export type Need = 'shell' | 'powershell' | 'directory' | 'group-policy' | 'snmp' | 'site'

/** What an exam's checks need of one role. */
export interface RoleNeeds {
  readonly role: string
  readonly kind: RoleKind
  readonly needs: ReadonlySet<Need>
  /** Whether anything is asked of it at all, or from it; where not, its address does not matter. */
  readonly asked: boolean
  /** A DNS name of a domain that the exam speaks of at this role, as a default. */
  readonly domain: string | null
}

const byKind: Partial<Record<ProbeKind, Need>> = {
  command: 'shell',
  file: 'shell',
  powershell: 'powershell',
  ldap: 'directory',
  'group-policy': 'group-policy',
  snmp: 'snmp',
}

/** What a candidate of one's own computer is in the session: number 1, alone. */
export const alone = { code: 'moi', n: 1 } as const

/** The ways that this exam's checks need of each role, in the order of the exam, and no other. Pure; contacts nothing. */
export function needsOf(exam: Exam, seed: string): RoleNeeds[] {
  // A check may ask more where it has more ways; what it asks of a machine that has none is what it can't do without.
  const plan = planCandidate(exam, candidateWith(exam, seed, {})).plan
  const ways = candidateWith(exam, seed, {
    ssh: { credential: 'c' },
    winrm: { credential: 'c' },
    smb: { credential: 'c' },
    ldap: { credential: 'c', domain: 'example.lan' },
    snmp: { credential: 'c' },
    http: { credential: 'c' },
  })
  const found = new Map<string, Set<Need>>()
  const asked = new Set<string>()
  const add = (role: string, need: Need | undefined) => {
    asked.add(role)
    if (need) found.set(role, (found.get(role) ?? new Set()).add(need))
  }
  for (const { probe } of possibleQuestions(plan, ways.targets)) {
    asked.add(probe.to)
    if (probe.from === 'agent') add(probe.to, byKind[probe.kind])
    else add(probe.from, 'shell')
  }
  for (const planned of plan.checks)
    for (const probe of firstQuestions(planned, plan))
      if (probe.kind === 'http' && probe.authenticated) add(probe.to, 'site')
  return Object.entries(exam.roles).map(([role, kind]) => ({
    role,
    kind,
    needs: found.get(role) ?? new Set(),
    asked: asked.has(role),
    domain: domainOf(plan.checks, role),
  }))
}

function candidateWith(exam: Exam, seed: string, ways: Record<string, unknown>): ResolvedCandidate {
  const target = (role: string): ResolvedTarget => ({
    role,
    target: targetSchema.parse({ address: '127.0.0.1', ...ways }),
    shared: null,
  })
  return {
    candidate: alone,
    variables: variablesOf(exam, alone, seed),
    targets: Object.fromEntries(Object.keys(exam.roles).map((role) => [role, target(role)])),
    credentials: {},
  }
}

function domainOf(checks: readonly { readonly params: unknown }[], role: string): string | null {
  for (const { params } of checks) {
    const { on, domain } = Object(params) as Record<string, unknown>
    if (on === role && typeof domain === 'string' && /^[A-Za-z0-9-]+(\.[A-Za-z0-9-]+)+$/.test(domain))
      return domain
  }
  return null
}
