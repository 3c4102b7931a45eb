import { kindAt, type Kind } from './classes.ts'
import { readSources, type Bare, type Sentence, type Sources } from './sources.ts'

export interface Message extends Sentence {
  /** Null where no rule says what it is. */
  readonly kind: Kind | null
}

/**
 * Every sentence of the product, each with what it is: by where it stands, else by where what holds it is used. What a
 * table of words holds is a failure where it is used as one.
 */
export function collectedMessages(): { messages: readonly Message[]; bare: readonly Bare[] } {
  const sources = readSources()
  return {
    messages: sources.sentences.map((sentence) => {
      const own = kindAt(sentence.file, sentence.place)
      const used = usesOf(sentence.holders[0], sources.uses)
      const isShownAsFailure = own === 'page' && used.includes('failure')
      const kind = isShownAsFailure
        ? 'failure'
        : (own ?? kindByUse(sentence.holders, sources.uses, new Set()))
      return { ...sentence, kind }
    }),
    bare: sources.bare,
  }
}

/** A failure wherever one use of it is one. */
function kindByUse(holders: readonly string[], uses: Sources['uses'], seen: Set<string>): Kind | null {
  for (const holder of holders) {
    if (seen.has(holder)) continue
    seen.add(holder)
    const kinds = (uses.get(holder) ?? []).map(
      (use) => kindAt(use.file, use.place) ?? kindByUse(use.holders.slice(0, 1), uses, seen),
    )
    const kind =
      kinds.find((one) => one === 'failure') ??
      kinds.find((one) => one !== null && one !== 'piece') ??
      kinds.find((one) => one !== null)
    if (kind) return kind
  }
  return null
}

/** What it is where it is used by its name, as far as a rule says it of that place itself. */
const usesOf = (holder: string | undefined, uses: Sources['uses']): (Kind | null)[] =>
  (uses.get(holder ?? '') ?? []).map((use) => kindAt(use.file, use.place))
