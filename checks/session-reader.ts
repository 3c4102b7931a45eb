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
import { mendKeys } from './misspelt-keys.ts'
import { resolvePlaceholders, type Variables } from './placeholder.ts'
import {
  candidateSchema,
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
  /** Of a session that is only looked at for its mistakes: where each of its candidates stands in the file. */
  readonly places?: ReadonlyMap<Candidate, number>
}

/**
 * Reads a session; the exam that it names is read by the caller, who knows where files are. Never throws.
 * `session` is null where something is wrong; `readable` is then what can be read of it, good for finding its other
 * mistakes and for nothing else.
 */
export function readSession(
  file: string,
  text: string,
): { session: Session | null; readable: Session | null; diagnostics: Diagnostic[] } {
  const source = readDocument(file, text)
  const diagnostics = [...source.diagnostics]
  if ((source.recovered === undefined || source.recovered === null) && diagnostics.length > 0)
    return { session: null, readable: null, diagnostics }
  const { value, document, diagnostics: unknown } = mendKeys(source, source.recovered, sessionFileSchema)
  const parsed = sessionFileSchema.safeParse(value, { reportInput: true })
  const issues = parsed.success ? [] : parsed.error.issues
  diagnostics.push(...unknown, ...schemaDiagnostics(document, { issues }, [], sessionFileSchema))
  const candidates: unknown[] =
    isRecord(value) && Array.isArray(value['candidates']) ? value['candidates'] : []
  const once = (key: 'code' | 'n') => {
    const values = candidates.map((one) => (isRecord(one) ? one[key] : undefined))
    for (const [i, given] of values.entries())
      if ((typeof given === 'string' || typeof given === 'number') && values.indexOf(given) !== i)
        diagnostics.push(
          document.diagnose(['candidates', i, key], {
            fr: `« ${given} » est déjà donné à un autre candidat : donnez-en un autre`,
            en: `“${given}” is already another candidate's: give another`,
          }),
        )
  }
  once('code')
  once('n')
  const { targets, shared } = isRecord(value) ? value : {}
  for (const role of isRecord(targets) ? Object.keys(targets) : [])
    if (isRecord(shared) && Object.hasOwn(shared, role))
      diagnostics.push(
        document.diagnose(['targets', role], {
          fr: `« ${role} » est déjà une machine partagée : gardez-le sous « targets » ou sous « shared », pas les deux`,
          en: `“${role}” is a shared machine already: keep it under “targets” or under “shared”, not both`,
        }),
      )
  const session = parsed.success && diagnostics.length === 0 ? { document, file: parsed.data } : null
  return { session, readable: session ?? readableSession(document, value), diagnostics }
}

/** A candidate of nobody, where none can be read: enough to look at the machines. */
const nobody: Candidate = { code: 'C01', n: 1, seat: '' }

/** What can be read of a candidate, and a code and a number where theirs can't. */
function readableCandidate(written: Readonly<Record<string, unknown>>): Candidate {
  const right = Object.entries(candidateSchema.shape).flatMap(([key, schema]) => {
    const { success, data } = schema.safeParse(written[key])
    return success && data !== undefined ? [[key, data] as const] : []
  })
  return { code: nobody.code, n: nobody.n, ...Object.fromEntries(right) }
}

function readableSession(document: SourceDocument, value: unknown): Session | null {
  if (!isRecord(value)) return null
  const fields = sessionFileSchema.shape
  const blocks = (key: 'credentials' | 'shared' | 'targets') => {
    const written = value[key]
    if (!isRecord(written)) return {}
    return Object.fromEntries(
      Object.entries(written).filter(([name, one]) => fields[key].safeParse({ [name]: one }).success),
    ) as SessionFile['targets']
  }
  const text = (key: 'exam' | 'date' | 'seed') => {
    const { success, data } = fields[key].safeParse(value[key])
    return success ? data : undefined
  }
  const places = new Map<Candidate, number>()
  for (const [i, one] of (Array.isArray(value['candidates']) ? value['candidates'] : []).entries())
    if (isRecord(one)) places.set(readableCandidate(one), i)
  if (places.size === 0) places.set(nobody, -1)
  const seed = text('seed')
  const file: SessionFile = {
    exam: text('exam') ?? '',
    date: text('date') ?? '2000-01-01',
    ...(seed === undefined ? {} : { seed }),
    credentials: blocks('credentials'),
    shared: blocks('shared'),
    targets: blocks('targets'),
    candidates: [...places.keys()],
  }
  return { document, file, places }
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
 * Says what is missing or wrong at its place in the session file; `resolved` is null then. Without an exam (one that can't
 * be read), what depends on it is not looked at.
 */
export function resolveCandidate(
  session: Session,
  exam: Exam | null,
  candidate: Candidate,
): { resolved: ResolvedCandidate | null; diagnostics: Diagnostic[] } {
  const { document, file, places } = session
  const variables = exam
    ? variablesOf(exam, candidate, seedOf(file))
    : { ...candidate.variables, seat: candidate.seat ?? '', code: candidate.code, n: candidate.n }
  // Names that an exam or a candidate who can't be read would give are not unknown.
  const allNamesKnown = exam !== null && candidate !== nobody
  const diagnostics: Diagnostic[] = []
  const own = candidate.targets ?? {}
  const index = places?.get(candidate) ?? file.candidates.indexOf(candidate)
  const common = { targets: file.targets, shared: file.shared }
  const ofCandidate = overriding(document, common, own, ['candidates', index, 'targets'])
  let whole = true

  const parsed = <T>(
    schema: z.ZodType<T>,
    written: unknown,
    path: Path,
    document = session.document,
  ): { ways: Machine['ways']; there: SourceDocument; data: T | null } => {
    const { value, unresolved } = resolvePlaceholders(written, variables, path)
    for (const { path: where, placeholder } of allNamesKnown ? unresolved : [])
      diagnostics.push(
        document.diagnose(where, {
          fr: `${placeholder} ne désigne rien pour le candidat ${candidate.code} : donnez-lui cette variable, ou corrigez son nom`,
          en: `${placeholder} stands for nothing for candidate ${candidate.code}: give it this variable, or correct its name`,
        }),
      )
    const { value: mended, document: there, diagnostics: unknown } = mendKeys(document, value, schema, path)
    diagnostics.push(...unknown)
    const ways = isRecord(mended) ? mended : {}
    const result = schema.safeParse(mended, { reportInput: true })
    if (result.success && unresolved.length === 0 && unknown.length === 0)
      return { ways, there, data: result.data }
    whole = false
    const open = new Set(unresolved.map((one) => one.path.join('\0')))
    const issues = (result.error?.issues ?? []).filter(
      (issue) => !open.has([...path, ...issue.path].map(String).join('\0')),
    )
    diagnostics.push(...schemaDiagnostics(there, { issues }, path, schema))
    return { ways, there, data: null }
  }

  const credentials: Record<string, Credential> = {}
  for (const [name, written] of Object.entries(file.credentials)) {
    const { data } = parsed(credentialSchema, written, ['credentials', name])
    if (data) credentials[name] = data
  }
  const targets: Record<string, ResolvedTarget> = {}
  const machines: Record<string, Machine> = {}
  for (const [name, written] of Object.entries(file.shared)) {
    const { data, ...machine } = parsed(sharedTargetSchema, written, ['shared', name])
    machines[name] = { base: ['shared', name], ...machine }
    if (!data) continue
    const { candidates, ...rest } = data
    targets[name] = { role: name, target: rest, shared: { name, candidates } }
  }
  for (const name of new Set([...Object.keys(file.targets), ...Object.keys(own)])) {
    const written = merged(at(file.targets, name) ?? {}, at(own, name) ?? {})
    const { data, ...machine } = parsed(targetSchema, written, ['targets', name], ofCandidate)
    machines[name] = { base: ['targets', name], ...machine }
    if (data) targets[name] = { role: name, target: data, shared: null }
  }
  const declared = (key: string, name: string) => {
    const value = isRecord(document.recovered) ? document.recovered[key] : undefined
    return isRecord(value) && Object.hasOwn(value, name)
  }
  const missing = (role: string) =>
    !Object.hasOwn(machines, role) &&
    !['targets', 'shared'].some((key) => document.unreadable([key]) || declared(key, role))
  for (const role of Object.keys(exam?.roles ?? {}))
    if (missing(role))
      diagnostics.push(
        document.diagnose(['targets'], {
          fr: `le rôle « ${role} » du sujet n'a pas de machine : ajoutez-le sous « targets » ou « shared »`,
          en: `role “${role}” of the exam has no machine: add it under “targets” or “shared”`,
        }),
      )
  const credentialKnown = (name: string) =>
    Object.hasOwn(file.credentials, name) ||
    declared('credentials', name) ||
    document.unreadable(['credentials'])
  diagnostics.push(...danglingNames(machines, credentialKnown))
  diagnostics.push(...unreachablePowershell(ofCandidate, targets))
  diagnostics.push(...insufficientCredentials(ofCandidate, targets, credentials))
  return {
    resolved: diagnostics.length > 0 || !whole ? null : { candidate, variables, targets, credentials },
    diagnostics,
  }
}

/** A machine as it is written, its placeholders resolved, whether or not all of it is right. */
interface Machine {
  readonly base: Path
  /** Where its places are found. */
  readonly there: SourceDocument
  readonly ways: Readonly<Record<string, unknown>>
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

/** What a machine names and nothing declares. */
function danglingNames(
  machines: Readonly<Record<string, Machine>>,
  credentialKnown: (name: string) => boolean,
): Diagnostic[] {
  const diagnostics: Diagnostic[] = []
  for (const [role, { base, ways, there }] of Object.entries(machines)) {
    for (const way of waysWithCredential) {
      const name = named(ways[way], 'credential')
      if (name !== undefined && !credentialKnown(name))
        diagnostics.push(
          there.diagnose([...base, way, 'credential'], {
            fr: `identifiants inconnus « ${name} » : ajoutez-les sous « credentials »`,
            en: `unknown credential “${name}”: add it under “credentials”`,
          }),
        )
    }
    const jump = named(ways['ssh'], 'jump')
    if (jump === undefined) continue
    const message = !Object.hasOwn(machines, jump)
      ? {
          fr: `rebond inconnu « ${jump} » : ajoutez cette machine sous « targets » ou « shared »`,
          en: `unknown jump host “${jump}”: add this machine under “targets” or “shared”`,
        }
      : machines[jump]?.ways['ssh'] === undefined
        ? {
            fr: `le rebond « ${jump} » n'est pas joint par ssh : donnez-lui « ssh »`,
            en: `the jump host “${jump}” is not reached by ssh: give it “ssh”`,
          }
        : goesRound(role, machines)
          ? {
              fr: `les rebonds tournent en rond : « ${role} » passe par « ${jump} », qui revient au même : retirez un de ces « jump »`,
              en: `the jump hosts go round in circles: “${role}” goes through “${jump}”, which comes back: remove one of these “jump”`,
            }
          : null
    if (message) diagnostics.push(there.diagnose([...base, 'ssh', 'jump'], message))
  }
  return diagnostics
}

/** The name that a way of asking gives, where it is one: what has no right form is said by the schema. */
function named(way: unknown, key: 'credential' | 'jump'): string | undefined {
  const name = isRecord(way) ? way[key] : undefined
  return typeof name === 'string' && /^[a-z][a-z0-9-]{0,63}$/.test(name) ? name : undefined
}

function unreachablePowershell(
  document: SourceDocument,
  targets: Readonly<Record<string, ResolvedTarget>>,
): Diagnostic[] {
  return Object.values(targets).flatMap(({ role, target, shared }) =>
    target.ldap?.through === undefined || powershellWay(target)
      ? []
      : [
          document.diagnose([shared ? 'shared' : 'targets', role, 'ldap', 'through'], {
            fr: `rien ne mène au PowerShell de « ${role} » : donnez-lui « winrm », « ssh » avec « shell: powershell », ou « local: powershell »`,
            en: `nothing leads to the PowerShell of “${role}”: give it “winrm”, “ssh” with “shell: powershell”, or “local: powershell”`,
          }),
        ],
  )
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
function goesRound(role: string, machines: Readonly<Record<string, Machine>>): boolean {
  const passed = new Set<string>()
  for (
    let next: string | undefined = role;
    next !== undefined;
    next = named(at(machines, next)?.ways['ssh'], 'jump')
  ) {
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
