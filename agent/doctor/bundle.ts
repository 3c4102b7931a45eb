import { randomUUID } from 'node:crypto'
import { rm } from 'node:fs/promises'
import { isIPv4, isIPv6 } from 'node:net'
import { release } from 'node:os'
import type { Text } from '../../checks/text.ts'
import { linkNew, writeWhole } from '../evidence/atomic-file.ts'
import { scrub } from '../secrets/scrub.ts'
import type { ScriptSaid } from './script.ts'
import type { DoctorWay, StepFinding } from './step.ts'
import type { Named } from './walk.ts'

/** One way as it goes into a bundle. */
export interface Walked {
  readonly way: DoctorWay
  readonly port: number | null
  readonly findings: readonly StepFinding[]
  readonly said: readonly ScriptSaid[]
  readonly names: readonly Named[]
}

export const bundleFormat = 'probant-doctor/1'

const explained: Text = {
  fr: 'Diagnostic de Probant, à relire avant de l’envoyer. Adresses, noms de machines, de comptes et de domaines, SID, empreintes et textes des réponses y sont remplacés, le même toujours par le même ; « replaced » les compte. Les « detail » gardent les mots de la machine : relisez-les. Aucun secret n’y est.',
  en: 'Diagnosis by Probant, to be read before it is sent. Addresses, names of machines, accounts and domains, SIDs, fingerprints and the texts of answers are replaced in it, the same always by the same; “replaced” counts them. Each “detail” keeps the machine’s words: read them. There is no secret in it.',
}

/** Everything that was learned, as one JSON value that a person can read and may send. */
export function bundleOf(
  walked: readonly Walked[],
  about: { readonly version: string; readonly secrets: readonly string[]; readonly at: Date },
): Record<string, unknown> {
  const names = walked.flatMap((one) => one.names)
  const stand = new Pseudonyms(names)
  const clean = (text: string): string => stand.in(scrub(text, about.secrets))
  const ways = walked.map(({ way, port, findings, said }) => ({
    way,
    port,
    steps: findings.map(({ step, state, cause, problem, detail, note, ms, identity }) => ({
      step,
      state,
      cause,
      problem,
      detail: clean(detail),
      note: note === null ? null : clean(note.en),
      ms,
      identity: identity === null ? null : clean(identity),
    })),
    answers: said.map((one) => answerOf(one, stand, about.secrets)),
  }))
  return {
    format: bundleFormat,
    about: explained,
    at: about.at.toISOString(),
    agent: { version: about.version, node: process.version, system: `${process.platform} ${release()}` },
    ways,
    replaced: stand.counts(),
  }
}

/** Writes a bundle whole, or not at all where the file is already there (rejects with EEXIST). */
export async function writeBundle(path: string, bundle: Record<string, unknown>): Promise<void> {
  const aside = `${path}.${randomUUID()}`
  await writeWhole(aside, `${JSON.stringify(bundle, null, 2)}\n`)
  try {
    await linkNew(aside, path)
  } finally {
    await rm(aside, { force: true })
  }
}

function answerOf({ script, input, ms, result }: ScriptSaid, stand: Pseudonyms, secrets: readonly string[]) {
  const own = new Set(stringsIn(input))
  const told = (value: unknown, property = ''): unknown => {
    if (typeof value === 'string')
      return own.has(value) || isMember(property, value) ? value : stand.text(scrub(value, secrets))
    if (Array.isArray(value)) return value.map((item) => told(item))
    if (typeof value !== 'object' || value === null) return value
    return Object.fromEntries(
      // Names of properties are the script's own.
      Object.entries(value).map(([name, inside]) => [stand.in(name), told(inside, name)]),
    )
  }
  if (result === null) return { script, input, ms, value: null, error: null, nothing: true }
  if ('value' in result) return { script, input, ms, value: told(result.value), error: null }
  if ('error' in result) {
    // The message is in the machine's language, and may name anything; the others are no one's.
    const { type, code, id } = result.error
    return {
      script,
      input,
      ms,
      value: null,
      error: {
        type: stand.in(type),
        hresult: `0x${(code >>> 0).toString(16).padStart(8, '0')}`,
        id: stand.in(id),
      },
    }
  }
  return {
    script,
    input,
    ms,
    value: null,
    error: null,
    ...('unparsable' in result ? { unparsable: true } : result),
  }
}

/** Properties of our scripts that hold a member of one of Windows' enumerations, in no language: what has to be learnt. */
const ENUMERATIONS = new Set(['state', 'type', 'fileSystem', 'switchType', 'vlanMode', 'updates', 'letter'])
const isMember = (property: string, value: string): boolean =>
  ENUMERATIONS.has(property) && /^[A-Za-z][A-Za-z0-9]{0,30}$/.test(value)

function stringsIn(value: unknown): string[] {
  if (typeof value === 'string') return [value]
  return typeof value === 'object' && value !== null ? Object.values(value).flatMap(stringsIn) : []
}

type Kind = Named['kind'] | 'sid' | 'fingerprint' | 'card' | 'text'

/** What stands in the place of names: the same for the same, whatever its case. */
export class Pseudonyms {
  readonly #by = new Map<string, string>()
  readonly #count = new Map<Kind, number>()
  readonly #known: readonly (readonly [pattern: RegExp, kind: Kind, name: string])[]

  constructor(names: readonly Named[]) {
    const several = names.flatMap(({ kind, name }): Named[] => [{ kind, name }, ...partsOf(name)])
    const once = new Map(
      several.filter(({ name }) => name.length > 1).map((one) => [one.name.toLowerCase(), one]),
    )
    this.#known = [...once.values()]
      .sort((a, b) => b.name.length - a.name.length)
      .map(({ kind, name }) => [bounded(name), kind, name])
  }

  /** The text with every name that is known, and whatever has the form of one, replaced. */
  in(text: string): string {
    let replaced = text
    for (const [pattern, kind, name] of this.#known)
      replaced = replaced.replace(pattern, () => this.#of(kind, name))
    return replaced
      .replace(/S-1-5-21(?:-\d{1,10}){3}/g, (sid) => `S-1-5-21-${this.#of('sid', sid)}`)
      .replace(/SHA256:[A-Za-z0-9+/]{20,}/g, (print) => this.#of('fingerprint', print))
      .replace(/\b(?:[0-9A-Fa-f]{2}[:-]){5}[0-9A-Fa-f]{2}\b/g, (card) => this.#of('card', card))
      .replace(/(?<![\d.])\d{1,3}(?:\.\d{1,3}){3}(?![\d.])/g, (four) =>
        isIPv4(four) ? this.#of('address', four) : four,
      )
      .replace(/[0-9A-Fa-f:.]*:[0-9A-Fa-f:.]*:[0-9A-Fa-f:.]*/g, (six) =>
        isIPv6(six) ? this.#of('address', six) : six,
      )
      .replace(/[^\s@"'(),;:<>]+@[^\s@"'(),;:<>]+/g, (account) => this.#of('account', account))
      .replace(
        /(\\\\)([^\\\s]+)(?=\\)/g,
        (_, begin: string, server: string) => begin + this.#of('machine', server),
      )
  }

  /** A string of an answer: numbers, versions, moments and well-known SIDs stay, any other is only told apart. */
  text(text: string): string {
    if (/^[\d.:TZ+ -]*$/.test(text) && !isIPv4(text)) return text
    if (/^S-1-[0-9-]+$/.test(text) || isIPv4(text) || isIPv6(text)) return this.in(text)
    const known = this.#known.find(([pattern]) => text.replace(pattern, '') === '')
    return known ? this.#of(known[1], known[2]) : this.#of('text', text)
  }

  counts(): Record<string, number> {
    return Object.fromEntries(this.#count)
  }

  #of(kind: Kind, name: string): string {
    const key = `${kind} ${name.toLowerCase()}`
    const before = this.#by.get(key)
    if (before !== undefined) return before
    const number = (this.#count.get(kind) ?? 0) + 1
    this.#count.set(kind, number)
    const stands = `${kind}-${number}`
    this.#by.set(key, stands)
    return stands
  }
}

/** `DOMAIN\user` and `user@domain` are also known by their halves. */
function partsOf(name: string): Named[] {
  const slash = name.indexOf('\\')
  if (slash >= 0)
    return [
      { kind: 'domain', name: name.slice(0, slash) },
      { kind: 'account', name: name.slice(slash + 1) },
    ]
  const at = name.lastIndexOf('@')
  if (at < 0) return []
  return [
    { kind: 'account', name: name.slice(0, at) },
    { kind: 'domain', name: name.slice(at + 1) },
  ]
}

const bounded = (name: string): RegExp =>
  new RegExp(`(?<![\\p{L}\\p{N}])${name.replace(/[.*+?^${}()|[\]\\]/g, '\\$&')}(?![\\p{L}\\p{N}])`, 'giu')
