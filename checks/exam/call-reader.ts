import type { z } from 'zod'
import { schemaDiagnostics, type Diagnostic, type Path, type SourceDocument } from '../document.ts'
import type { Check, RoleKind } from '../define.ts'
import { possibleValues } from '../drawn-values.ts'
import type { ExamCall } from '../exam.ts'
import { mendKeys } from '../misspelt-keys.ts'
import { nearest } from '../nearest.ts'
import { resolvePlaceholders, type Variables } from '../placeholder.ts'
import { roleMistakes, rolesIn } from '../role-parameters.ts'
import type { Text } from '../text.ts'
import { isRecord, leadsTo, namesIn, resolveKnown, valueAt, type Reading } from './reading.ts'

const shape: Text = {
  fr: 'un contrôle s’écrit « - linux.service: { on: web, name: nginx } » : un identifiant, puis ses paramètres, un seul par tiret',
  en: 'a check is written “- linux.service: { on: web, name: nginx }”: one id, then its parameters, one a hyphen',
}

/** One check of a demand, or its opposite. What is wrong with it is said; `whole` is false where it can't be told which check it is. */
export function readCall(
  reading: Reading,
  written: unknown,
  path: Path,
): { calls: ExamCall[]; whole: boolean } {
  const { document, diagnostics, catalogue } = reading
  if (document.unreadable(path)) return { calls: [], whole: false }
  const isNot = isRecord(written) && Object.keys(written).length === 1 && Object.hasOwn(written, 'not')
  const inner = isNot ? written['not'] : written
  const base = isNot ? [...path, 'not'] : path
  if (isNot && document.unreadable(base)) return { calls: [], whole: false }
  if (!isRecord(inner) || Object.keys(inner).length !== 1) diagnostics.push(document.diagnose(base, shape))
  const entries = isRecord(inner) ? Object.entries(inner) : []
  // Of several under one hyphen each is looked at, those apart that are no check but stand too far left.
  const several = entries.filter(([id, params]) => id.includes('.') && isRecord(params))
  let whole = entries.length === 1
  const calls = (entries.length === 1 ? entries : several).flatMap(([id, params]): ExamCall[] => {
    const where = [...base, id]
    const check = catalogue.get(id)
    if (check) return [readParameters(reading, check, params, isNot, where)]
    whole = false
    const near = nearest(id, [...catalogue.keys()])
    diagnostics.push(document.diagnose(where, unknownCheck(id, near), { key: true }))
    resolveKnown(reading, params, where)
    return []
  })
  return { calls, whole }
}

const unknownCheck = (id: string, near: string | null): Text => ({
  fr: `contrôle inconnu « ${id} »${near ? ` ; vouliez-vous dire « ${near} » ?` : ''} (liste : probant catalogue)`,
  en: `unknown check “${id}”${near ? `; did you mean “${near}”?` : ''} (list: probant catalogue)`,
})

function readParameters(
  reading: Reading,
  check: Check,
  params: unknown,
  not: boolean,
  where: Path,
): ExamCall {
  const call = { check, params: isRecord(params) ? params : {}, not, path: where }
  if (reading.document.unreadable(where)) return call
  const { value, document, diagnostics } = mendKeys(reading.document, params, check.params, where)
  reading.diagnostics.push(...diagnostics)
  const { value: known, unknown } = resolveKnown({ ...reading, document }, value, where)
  const said = new Set<string>()
  for (const variables of drawings(reading, known)) {
    for (const { place, diagnostic, message } of mistakesWith(
      { ...reading, document },
      check,
      known,
      variables,
      where,
    )) {
      // Said once for each place, by the first value that shows it.
      if (unknown.some((path) => leadsTo(path, place) || leadsTo(place, path))) continue
      const key = place.join('\0')
      if (said.has(key)) continue
      said.add(key)
      reading.diagnostics.push({
        ...diagnostic,
        message: naming(message, reading, valueAt(known, place), variables),
      })
    }
  }
  return call
}

/** What the placeholders of a value may stand for: the sample, then each value that can be drawn for each variable in it. */
function* drawings({ variables }: Reading, value: unknown): Generator<Variables> {
  yield variables.sample
  for (const name of namesIn(value)) {
    const definition = Object.hasOwn(variables.definitions, name) ? variables.definitions[name] : undefined
    if (typeof definition !== 'object') continue
    for (const drawn of possibleValues(definition)) yield { ...variables.sample, [name]: drawn }
  }
}

/** The same message, with the drawn value that it is true of. */
function naming(message: Text, { variables }: Reading, written: unknown, values: Variables): Text {
  const drawn = [...namesIn(written)].filter((name) => typeof variables.definitions[name] === 'object')
  if (drawn.length === 0) return message
  const list = drawn.map((name) => `${name} = ${values[name]}`).join(', ')
  return { fr: `avec ${list}, ${message.fr}`, en: `with ${list}, ${message.en}` }
}

interface Found {
  /** Place in the parameters. */
  readonly place: Path
  readonly diagnostic: Diagnostic
  readonly message: Text
}

/** What is wrong with parameters once these values are filled in. */
function mistakesWith(
  { document, roles }: Reading,
  check: Check,
  params: unknown,
  variables: Variables,
  where: Path,
): Found[] {
  const { value } = resolvePlaceholders(params, variables)
  const wrongRoles = roles ? roleMistakes(check.params, value, definite(roles)) : []
  const ofRoles = wrongRoles
    // A role whose own line is wrong is said there.
    .filter(
      ({ path }) =>
        !roles?.has(String(valueAt(value, path))) || roles.get(String(valueAt(value, path))) !== null,
    )
    .map(({ path, message }): Found => ({
      place: path,
      diagnostic: document.diagnose([...where, ...path], message),
      message,
    }))
  const parsed = check.params.safeParse(value, { reportInput: true })
  if (parsed.success) return ofRoles
  const namesRole = new Set([...rolesIn(check.params, value, [])].map(({ path }) => path.join('\0')))
  const told = (path: Path) => {
    const name = String(valueAt(value, path))
    const declaredWrong = roles === null || (roles.has(name) && roles.get(name) === null)
    return (
      namesRole.has(path.join('\0')) &&
      (declaredWrong || wrongRoles.some((one) => one.path.join('\0') === path.join('\0')))
    )
  }
  const issues = parsed.error.issues.filter((issue) => !told(issue.path as Path))
  return [...ofRoles, ...issues.flatMap((issue) => ofSchema(document, issue, where, check.params))]
}

function ofSchema(
  document: SourceDocument,
  issue: z.core.$ZodIssue,
  where: Path,
  schema: z.core.$ZodType,
): Found[] {
  return schemaDiagnostics(document, { issues: [issue] }, where, schema).map((diagnostic) => ({
    place: issue.path as Path,
    diagnostic,
    message: diagnostic.message,
  }))
}

const definite = (roles: ReadonlyMap<string, RoleKind | null>): Readonly<Record<string, RoleKind>> =>
  Object.fromEntries([...roles].flatMap(([name, kind]) => (kind === null ? [] : [[name, kind] as const])))
