import type { JsonSchema } from '../../checks/schema.ts'
import type { Text } from '../../checks/text.ts'
import type { Verb, VerbOption } from './verb.ts'

/** One way to go on, and what it means. */
export interface Candidate {
  readonly value: string
  readonly says: Text
}
/** What may come where the cursor is: words, and the files of the folder. */
export interface Completions {
  readonly candidates: readonly Candidate[]
  readonly files: boolean
}

/** What only the program knows; each is asked for only where it is to be completed. */
export interface KnownWords {
  readonly verbs: readonly Verb[]
  readonly checks: () => Promise<readonly Candidate[]>
  readonly parameters: (checkId: string) => Promise<JsonSchema | null>
  readonly certificates: () => Promise<readonly Candidate[]>
  readonly referentials: () => Promise<readonly Candidate[]>
}

const nothing: Completions = { candidates: [], files: false }
const files: Completions = { candidates: [], files: true }
const FILES = /^(fichiers?|dossiers?|sujet|passages?|chemin)$/

const everywhere: readonly VerbOption[] = [
  {
    flags: '--lang <lang>',
    says: { fr: 'langue des messages', en: 'language of the messages' },
    choices: ['fr', 'en'],
  },
  { flags: '--help', says: { fr: 'affiche l’aide', en: 'shows help' } },
]

/** What may follow: `words` are those typed after the program's name, the last one begun or empty. */
export async function completions(words: readonly string[], known: KnownWords): Promise<Completions> {
  const begun = words.at(-1) ?? ''
  let verb: Verb | null = null
  let verbs: readonly Verb[] = known.verbs
  const values: string[] = []
  let waiting: VerbOption | null = null
  for (const word of words.slice(0, -1)) {
    if (waiting) {
      // One that takes several values keeps taking them.
      if (word.startsWith('-')) waiting = optionNamed(word, verb)
      else if (!waiting.flags.includes('...')) waiting = null
      continue
    }
    if (word.startsWith('-')) {
      waiting = word.includes('=') ? null : optionNamed(word, verb)
      continue
    }
    const next: Verb | undefined = values.length === 0 ? verbs.find(({ name }) => name === word) : undefined
    if (next) {
      verb = next
      verbs = next.verbs ?? []
    } else if (verb) values.push(word)
    else return nothing
  }
  const all = begun.startsWith('-')
    ? { candidates: optionsOf(verb).map(optionCandidate), files: false }
    : waiting
      ? await valuesOf(waiting, known)
      : verbs.length > 0
        ? { candidates: verbs.map(({ name, says }) => ({ value: name, says })), files: false }
        : await argumentOf(verb, values, known)
  return { candidates: all.candidates.filter(({ value }) => value.startsWith(begun)), files: all.files }
}

const longName = ({ flags }: VerbOption): string => /--[a-z-]+/.exec(flags)?.[0] ?? flags
const optionsOf = (verb: Verb | null): readonly VerbOption[] => [...(verb?.options ?? []), ...everywhere]
const optionCandidate = (option: VerbOption): Candidate => ({ value: longName(option), says: option.says })

/** The option of that name, where a value has to follow it. */
const optionNamed = (word: string, verb: Verb | null): VerbOption | null =>
  optionsOf(verb).find((option) => longName(option) === word && /[<[]/.test(option.flags)) ?? null

const placeholderOf = (written: string): string => /[<[]([^>\].]+)/.exec(written)?.[1] ?? ''

async function valuesOf(option: VerbOption, known: KnownWords): Promise<Completions> {
  if (option.choices)
    return { candidates: option.choices.map((value) => ({ value, says: option.says })), files: false }
  return named(placeholderOf(option.flags), known)
}

async function argumentOf(
  verb: Verb | null,
  values: readonly string[],
  known: KnownWords,
): Promise<Completions> {
  const all = verb?.arguments ?? []
  const last = all.at(-1)
  const argument = all[values.length] ?? (last?.name.includes('...') ? last : undefined)
  if (!verb || !argument) return nothing
  const name = placeholderOf(argument.name)
  if (name === 'paramètre') return parametersOf(values[0] ?? '', values.slice(1), known)
  return named(name, known)
}

/** What a value is, by the name that verbs give it. */
async function named(name: string, known: KnownWords): Promise<Completions> {
  if (FILES.test(name)) return files
  if (name === 'contrôle') return { candidates: await known.checks(), files: false }
  if (name === 'certificat') return { candidates: await known.certificates(), files: false }
  if (name === 'id') return { candidates: await known.referentials(), files: false }
  if (name === 'shell')
    return {
      candidates: ['bash', 'zsh', 'fish', 'powershell'].map((value) => ({ value, says: { fr: '', en: '' } })),
      files: false,
    }
  return nothing
}

/** The parameters of a check that weren't given yet, as `name=`. */
async function parametersOf(
  checkId: string,
  given: readonly string[],
  known: KnownWords,
): Promise<Completions> {
  const schema = await known.parameters(checkId)
  const ways = (schema?.['anyOf'] ?? schema?.['oneOf'] ?? [schema ?? {}]) as readonly JsonSchema[]
  const properties = Object.assign({}, ...ways.map((way) => way['properties'] ?? {})) as Record<
    string,
    JsonSchema
  >
  const taken = new Set(given.map((word) => word.split('=')[0]))
  return {
    candidates: Object.entries(properties)
      .filter(([name]) => !taken.has(name))
      .map(([name, one]) => {
        const means = String(one['description'] ?? '')
        return { value: `${name}=`, says: { fr: means, en: means } }
      }),
    files: false,
  }
}
