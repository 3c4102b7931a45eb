import type { Setting } from '../../windows/group-policy/settings.ts'
import { printable } from '../../printable.ts'
import type { Text } from '../../text.ts'
import type { Side } from '../group-policies.ts'

/** One setting of the policy that is about what was asked. */
export interface Found {
  /** Whether it is as asked. */
  readonly matches: boolean
  readonly side: Side
  readonly text: Text
}

/** One setting that an exam asks for. */
export interface AskedSetting {
  readonly text: Text
  /** The files of a policy, in lower case with slashes, that it may stand in. */
  readonly files: RegExp
  /** The settings about what was asked, those that match and those that differ. Throws NotObserved where they are ambiguous. */
  readonly found: (settings: readonly Setting[]) => readonly Found[]
}

/** A value as an author writes it. */
export type Written = string | number | boolean | readonly string[]

/** Whether names are the same to Windows, which compares them without case. */
export const sameName = (a: string, b: string): boolean => a.toLowerCase() === b.toLowerCase()

/**
 * Whether a value is the one that was written: as text, whatever their types, as `600` is written of "600" too. Case
 * doesn't count in a path.
 */
export function sameValue(seen: string | number | readonly string[], written: Written): boolean {
  if (typeof written === 'object' || typeof seen === 'object') {
    const [all, asked] = [[seen].flat().map(String), [written].flat().map(String)]
    return all.length === asked.length && all.every((item, at) => sameText(item, asked[at]!))
  }
  const text = typeof written === 'boolean' ? (written ? '1' : '0') : String(written)
  return sameText(String(seen), text)
}

const sameText = (a: string, b: string): boolean => a === b || (a.includes('\\') && sameName(a, b))

/** A value as it stands in a sentence. */
export const shownValue = (value: Written): string => printable([value].flat().map(String).join(' | '), 120)

export const sideText: Record<Side, Text> = {
  user: { fr: 'configuration utilisateur', en: 'user configuration' },
  computer: { fr: 'configuration ordinateur', en: 'computer configuration' },
}
