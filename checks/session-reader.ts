import type { z } from 'zod'
import type { Facts, TargetFacts } from './define.ts'
import {
  readDocument,
  schemaDiagnostics,
  type Diagnostic,
  type Path,
  type SourceDocument,
} from './document.ts'
import type { Exam } from './exam.ts'
import { resolvePlaceholders, type Variables } from './placeholder.ts'
import {
  credentialSchema,
  sessionFileSchema,
  sharedTargetSchema,
  targetSchema,
  type Candidate,
  type Credential,
  type ResolvedCandidate,
  type ResolvedTarget,
  type SessionFile,
} from './session.ts'

export interface Session {
  readonly document: SourceDocument
  readonly file: SessionFile
}

/** Reads a session; the exam that it names is read by the caller, who knows where files are. Never throws. */
export function readSession(
  file: string,
  text: string,
): { session: Session | null; diagnostics: Diagnostic[] } {
  const document = readDocument(file, text)
  if (document.diagnostics.length > 0) return { session: null, diagnostics: [...document.diagnostics] }
  const parsed = sessionFileSchema.safeParse(document.value, { reportInput: true })
  if (!parsed.success) return { session: null, diagnostics: schemaDiagnostics(document, parsed.error) }
  const diagnostics: Diagnostic[] = []
  const once = (values: readonly (string | number)[], key: 'code' | 'n') => {
    for (const [i, value] of values.entries())
      if (values.indexOf(value) !== i)
        diagnostics.push(
          document.diagnose(['candidates', i, key], {
            fr: `« ${value} » est déjà donné à un autre candidat`,
            en: `“${value}” is already another candidate's`,
          }),
        )
  }
  once(
    parsed.data.candidates.map((c) => c.code),
    'code',
  )
  once(
    parsed.data.candidates.map((c) => c.n),
    'n',
  )
  return { session: diagnostics.length > 0 ? null : { document, file: parsed.data }, diagnostics }
}

/** What `{{…}}` stands for, for one candidate: the exam's values, then the candidate's own, then code, n and seat. */
export function variablesOf(exam: Exam, candidate: Candidate): Variables {
  return {
    ...exam.variables,
    ...candidate.variables,
    seat: candidate.seat ?? '',
    code: candidate.code,
    n: candidate.n,
  }
}

/**
 * One candidate's machines and credentials with every placeholder resolved.
 * Says what is missing or wrong at its place in the session file; `resolved` is null then.
 */
export function resolveCandidate(
  session: Session,
  exam: Exam,
  candidate: Candidate,
): { resolved: ResolvedCandidate | null; diagnostics: Diagnostic[] } {
  const { document, file } = session
  const variables = variablesOf(exam, candidate)
  const diagnostics: Diagnostic[] = []
  const own = candidate.targets ?? {}
  const index = file.candidates.indexOf(candidate)

  const parsed = <T>(schema: z.ZodType<T>, written: unknown, path: Path): T | null => {
    const { value, unresolved } = resolvePlaceholders(written, variables, path)
    for (const { path: where, placeholder } of unresolved)
      diagnostics.push(
        document.diagnose(where, {
          fr: `${placeholder} ne désigne rien pour le candidat ${candidate.code}`,
          en: `${placeholder} stands for nothing for candidate ${candidate.code}`,
        }),
      )
    if (unresolved.length > 0) return null
    const result = schema.safeParse(value, { reportInput: true })
    if (result.success) return result.data
    diagnostics.push(...schemaDiagnostics(document, result.error, path))
    return null
  }

  const credentials: Record<string, Credential> = {}
  for (const [name, written] of Object.entries(file.credentials)) {
    const credential = parsed(credentialSchema, written, ['credentials', name])
    if (credential) credentials[name] = credential
  }
  const targets: Record<string, ResolvedTarget> = {}
  for (const [name, written] of Object.entries(file.shared)) {
    const target = parsed(sharedTargetSchema, written, ['shared', name])
    if (!target) continue
    const { candidates, ...rest } = target
    targets[name] = { role: name, target: rest, shared: { name, candidates } }
  }
  for (const name of new Set([...Object.keys(file.targets), ...Object.keys(own)])) {
    const path = own[name] && !file.targets[name] ? ['candidates', index, 'targets', name] : ['targets', name]
    const target = parsed(targetSchema, merged(file.targets[name] ?? {}, own[name] ?? {}), path)
    if (target) targets[name] = { role: name, target, shared: null }
  }
  for (const role of Object.keys(exam.roles))
    if (!(role in targets) && diagnostics.length === 0)
      diagnostics.push(
        document.diagnose(['targets'], {
          fr: `le rôle « ${role} » du sujet n'a pas de machine : ajoutez-le sous « targets » ou « shared »`,
          en: `role “${role}” of the exam has no machine: add it under “targets” or “shared”`,
        }),
      )
  diagnostics.push(...danglingNames(session, targets, credentials))
  return { resolved: diagnostics.length > 0 ? null : { candidate, targets, credentials }, diagnostics }
}

function danglingNames(
  { document }: Session,
  targets: Readonly<Record<string, ResolvedTarget>>,
  credentials: Readonly<Record<string, Credential>>,
): Diagnostic[] {
  const diagnostics: Diagnostic[] = []
  for (const { role, target, shared } of Object.values(targets)) {
    const base: Path = [shared ? 'shared' : 'targets', role]
    for (const way of ['ssh', 'ldap', 'snmp', 'http'] as const) {
      const name = target[way]?.credential
      if (name !== undefined && !Object.hasOwn(credentials, name))
        diagnostics.push(
          document.diagnose([...base, way, 'credential'], {
            fr: `identifiants inconnus « ${name} » : ajoutez-les sous « credentials »`,
            en: `unknown credential “${name}”: add it under “credentials”`,
          }),
        )
    }
    const jump = target.ssh?.jump
    if (jump !== undefined && !Object.hasOwn(targets, jump))
      diagnostics.push(
        document.diagnose([...base, 'ssh', 'jump'], {
          fr: `rebond inconnu « ${jump} » : ajoutez cette machine sous « targets » ou « shared »`,
          en: `unknown jump host “${jump}”: add this machine under “targets” or “shared”`,
        }),
      )
  }
  return diagnostics
}

/** Merges what a candidate has of their own over what everybody has, key by key. */
function merged(
  common: Readonly<Record<string, unknown>>,
  own: Readonly<Record<string, unknown>>,
): Record<string, unknown> {
  const isRecord = (v: unknown): v is Record<string, unknown> =>
    typeof v === 'object' && v !== null && !Array.isArray(v)
  const result: Record<string, unknown> = { ...common }
  for (const [key, value] of Object.entries(own)) {
    const before = result[key]
    result[key] = isRecord(before) && isRecord(value) ? merged(before, value) : value
  }
  return result
}

/** What the checks may know of a candidate's machines: addresses and ways of asking, no credential. */
export function factsOf(exam: Exam, resolved: ResolvedCandidate): Facts {
  const targets = Object.fromEntries(
    Object.entries(exam.roles).map(([role, kind]): [string, TargetFacts] => {
      const { target, shared } = resolved.targets[role]!
      const transports = (['ssh', 'local', 'ldap', 'snmp', 'http'] as const).filter(
        (way) => target[way] !== undefined,
      )
      const domain = target.ldap?.domain
      return [
        role,
        {
          kind,
          address: target.address,
          transports,
          shared: shared !== null,
          ...(domain === undefined ? {} : { domain }),
        },
      ]
    }),
  )
  return { candidate: resolved.candidate.code, targets }
}
