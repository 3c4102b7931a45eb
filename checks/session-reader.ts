import type { z } from 'zod'
import { lackOf, waysWithCredential } from './credential-needs.ts'
import type { Facts, TargetFacts } from './define.ts'
import {
  readDocument,
  schemaDiagnostics,
  type Diagnostic,
  type Path,
  type SourceDocument,
} from './document.ts'
import { drawnValues } from './drawn-values.ts'
import type { Exam } from './exam.ts'
import { resolvePlaceholders, type Variables } from './placeholder.ts'
import {
  credentialSchema,
  powershellWay,
  seedOf,
  sessionFileSchema,
  sharedTargetSchema,
  shellWay,
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
  if (!parsed.success)
    return { session: null, diagnostics: schemaDiagnostics(document, parsed.error, [], sessionFileSchema) }
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
  for (const role of Object.keys(parsed.data.targets))
    if (Object.hasOwn(parsed.data.shared, role))
      diagnostics.push(
        document.diagnose(['targets', role], {
          fr: `« ${role} » est déjà une machine partagée : gardez-le sous « targets » ou sous « shared », pas les deux`,
          en: `“${role}” is a shared machine already: keep it under “targets” or under “shared”, not both`,
        }),
      )
  return { session: diagnostics.length > 0 ? null : { document, file: parsed.data }, diagnostics }
}

/** What `{{…}}` stands for, for one candidate: the exam's values, then the candidate's own, then code, n and seat. */
export function variablesOf(exam: Exam, candidate: Candidate, seed: string): Variables {
  return {
    ...drawnValues(exam.variables, seed, candidate.n),
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
  const variables = variablesOf(exam, candidate, seedOf(file))
  const diagnostics: Diagnostic[] = []
  const own = candidate.targets ?? {}
  const index = file.candidates.indexOf(candidate)
  const common = { targets: file.targets, shared: file.shared }
  const ofCandidate = overriding(document, common, own, ['candidates', index, 'targets'])

  const parsed = <T>(
    schema: z.ZodType<T>,
    written: unknown,
    path: Path,
    document = session.document,
  ): T | null => {
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
    diagnostics.push(...schemaDiagnostics(document, result.error, path, schema))
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
    const written = merged(at(file.targets, name) ?? {}, at(own, name) ?? {})
    const target = parsed(targetSchema, written, ['targets', name], ofCandidate)
    if (target) targets[name] = { role: name, target, shared: null }
  }
  for (const role of Object.keys(exam.roles))
    if (!Object.hasOwn(targets, role) && diagnostics.length === 0)
      diagnostics.push(
        document.diagnose(['targets'], {
          fr: `le rôle « ${role} » du sujet n'a pas de machine : ajoutez-le sous « targets » ou « shared »`,
          en: `role “${role}” of the exam has no machine: add it under “targets” or “shared”`,
        }),
      )
  diagnostics.push(...danglingNames(ofCandidate, targets, Object.keys(file.credentials)))
  diagnostics.push(...insufficientCredentials(ofCandidate, targets, credentials))
  return {
    resolved: diagnostics.length > 0 ? null : { candidate, variables, targets, credentials },
    diagnostics,
  }
}

const at = <T>(record: Readonly<Record<string, T>>, key: string): T | undefined =>
  Object.hasOwn(record, key) ? record[key] : undefined

const isRecord = (v: unknown): v is Record<string, unknown> =>
  typeof v === 'object' && v !== null && !Array.isArray(v)

/** How many steps of a path lead somewhere in a value. */
function depthOf(value: unknown, path: Path): number {
  let depth = 0
  for (let here = value; depth < path.length; depth++) {
    const step = String(path[depth])
    if (!isRecord(here) || !Object.hasOwn(here, step)) break
    here = here[step]
  }
  return depth
}

/** The same document, where a mistake in what a candidate has of their own is said there and not where everybody's stands. */
function overriding(
  document: SourceDocument,
  common: Readonly<Record<string, unknown>>,
  own: Readonly<Record<string, unknown>>,
  where: Path,
): SourceDocument {
  return {
    ...document,
    diagnose(path, message, options) {
      const rest = path.slice(1)
      const mine = path[0] === 'targets' ? depthOf(own, rest) : 0
      const theirs = depthOf(common, path) - 1
      const nearer = mine > theirs || (mine === rest.length && mine > 0)
      return document.diagnose(nearer ? [...where, ...rest] : path, message, options)
    },
  }
}

function danglingNames(
  document: SourceDocument,
  targets: Readonly<Record<string, ResolvedTarget>>,
  credentials: readonly string[],
): Diagnostic[] {
  const diagnostics: Diagnostic[] = []
  for (const { role, target, shared } of Object.values(targets)) {
    const base: Path = [shared ? 'shared' : 'targets', role]
    for (const way of waysWithCredential) {
      const name = target[way]?.credential
      if (name !== undefined && !credentials.includes(name))
        diagnostics.push(
          document.diagnose([...base, way, 'credential'], {
            fr: `identifiants inconnus « ${name} » : ajoutez-les sous « credentials »`,
            en: `unknown credential “${name}”: add it under “credentials”`,
          }),
        )
    }
    if (target.ldap?.through !== undefined && !powershellWay(target))
      diagnostics.push(
        document.diagnose([...base, 'ldap', 'through'], {
          fr: `rien ne mène au PowerShell de « ${role} » : donnez-lui « winrm », « ssh » avec « shell: powershell », ou « local: powershell »`,
          en: `nothing leads to the PowerShell of “${role}”: give it “winrm”, “ssh” with “shell: powershell”, or “local: powershell”`,
        }),
      )
    const jump = target.ssh?.jump
    if (jump !== undefined && !Object.hasOwn(targets, jump))
      diagnostics.push(
        document.diagnose([...base, 'ssh', 'jump'], {
          fr: `rebond inconnu « ${jump} » : ajoutez cette machine sous « targets » ou « shared »`,
          en: `unknown jump host “${jump}”: add this machine under “targets” or “shared”`,
        }),
      )
    else if (jump !== undefined && !targets[jump]?.target.ssh)
      diagnostics.push(
        document.diagnose([...base, 'ssh', 'jump'], {
          fr: `le rebond « ${jump} » n'est pas joint par ssh : donnez-lui « ssh »`,
          en: `the jump host “${jump}” is not reached by ssh: give it “ssh”`,
        }),
      )
    else if (jump !== undefined && goesRound(role, targets))
      diagnostics.push(
        document.diagnose([...base, 'ssh', 'jump'], {
          fr: `les rebonds tournent en rond : « ${role} » passe par « ${jump} », qui revient au même`,
          en: `the jump hosts go round in circles: “${role}” goes through “${jump}”, which comes back`,
        }),
      )
  }
  return diagnostics
}

/** Credentials that can't be used the way that a machine is asked: said at the machine that needs more. */
function insufficientCredentials(
  document: SourceDocument,
  targets: Readonly<Record<string, ResolvedTarget>>,
  credentials: Readonly<Record<string, Credential>>,
): Diagnostic[] {
  return Object.values(targets).flatMap(({ role, target, shared }) =>
    waysWithCredential.flatMap((way) => {
      const name = target[way]?.credential
      const credential = name === undefined ? undefined : at(credentials, name)
      const lack = credential && lackOf(way, credential, target)
      if (!lack) return []
      const message = {
        fr: `identifiants « ${name} » : ${lack.fr}`,
        en: `credential “${name}”: ${lack.en}`,
      }
      return [document.diagnose([shared ? 'shared' : 'targets', role, way, 'credential'], message)]
    }),
  )
}

/** Whether the jump hosts of a machine never come to an end. */
function goesRound(role: string, targets: Readonly<Record<string, ResolvedTarget>>): boolean {
  const passed = new Set<string>()
  for (let next: string | undefined = role; next !== undefined; next = at(targets, next)?.target.ssh?.jump) {
    if (passed.has(next)) return true
    passed.add(next)
  }
  return false
}

/** Merges what a candidate has of their own over what everybody has, key by key. */
function merged(
  common: Readonly<Record<string, unknown>>,
  own: Readonly<Record<string, unknown>>,
): Record<string, unknown> {
  const result: Record<string, unknown> = { ...common }
  for (const [key, value] of Object.entries(own)) {
    if (key === '__proto__') continue // an object literal's own trap, never a name of anything
    const before = at(result, key)
    result[key] = isRecord(before) && isRecord(value) ? merged(before, value) : value
  }
  return result
}

/** What the checks may know of a candidate's machines: addresses and ways of asking, no credential. */
export function factsOf(exam: Exam, resolved: ResolvedCandidate): Facts {
  const targets = Object.fromEntries(
    Object.entries(exam.roles).map(([role, kind]): [string, TargetFacts] => {
      const { target, shared } = resolved.targets[role]!
      const transports = [
        ...[shellWay(target)].filter((way) => way !== null),
        ...(powershellWay(target) ? ['powershell'] : []),
        ...(['smb', 'ldap', 'snmp', 'http'] as const).filter((way) => target[way] !== undefined),
      ]
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
