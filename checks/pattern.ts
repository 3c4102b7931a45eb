import type { Text } from './text.ts'

const described = new Map<string, Text>()

/** The same pattern, remembered with the words that say what it asks for: nobody should have to read a regular expression. */
export function pattern(expression: RegExp, words: Text): RegExp {
  described.set(String(expression), words)
  return expression
}

/** What a pattern asks for, in words; undefined where nobody described it. `written` is the pattern with its slashes. */
export const patternWords = (written: string): Text | undefined => described.get(written)
