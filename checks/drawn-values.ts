import { sha256 } from '@noble/hashes/sha2.js'
import { utf8ToBytes } from '@noble/hashes/utils.js'
import { z } from 'zod'
import { described } from './described.ts'
import type { Variables } from './placeholder.ts'

/** A value that a placeholder stands for. */
export const valueSchema = z.union([z.string().max(1024), z.number(), z.boolean()])

/** Values of which each candidate gets one, so that neighbours can't copy from one another. */
const among = z.strictObject({
  among: described(
    z.union([z.array(z.string().min(1).max(1024)).min(2).max(1000), z.array(z.number()).min(2).max(1000)]),
    {
      fr: 'Valeurs dont chaque candidat reçoit une, jamais celle de son voisin',
      en: 'Values of which each candidate gets one, never that of a neighbour',
    },
  ),
})
const range = z
  .strictObject({
    from: described(z.int().min(0).max(1_000_000), {
      fr: 'Plus petit nombre tiré',
      en: 'Smallest number drawn',
    }),
    to: described(z.int().min(0).max(1_000_000), {
      fr: 'Plus grand nombre tiré',
      en: 'Largest number drawn',
    }),
  })
  .refine(({ from, to }) => from < to, {
    path: ['to'],
    params: { fr: 'il faut plus que « from »', en: 'this takes more than “from”' },
  })

/** The seed where there is no session: that of a sample on paper, and of whoever trains alone with that paper on the table. */
export const sampleSeed = 'specimen'

/** What an exam says of one of its variables: the same for everybody, or drawn for each candidate. */
export const variableSchema = z.union([valueSchema, among, range])
export type VariableDefinition = z.infer<typeof variableSchema>

/**
 * The values of an exam's variables for the candidate of number `n`. Drawn from the seed alone: the same for ever, on
 * paper and when checked. Two candidates get the same value only if their numbers differ by a multiple of how many there
 * are: neighbours never do. Pure.
 */
export function drawnValues(
  definitions: Readonly<Record<string, VariableDefinition>>,
  seed: string,
  n: number,
): Variables {
  return Object.fromEntries(
    Object.entries(definitions).map(([name, definition]) => {
      if (typeof definition !== 'object') return [name, definition]
      const count = countOf(definition)
      const { first, step } = walk(`${seed}\0${name}`, count)
      const place = (first + (n % count) * step) % count
      return [name, 'among' in definition ? definition.among[place]! : definition.from + place]
    }),
  )
}

const countOf = (definition: Exclude<VariableDefinition, string | number | boolean>): number =>
  'among' in definition ? definition.among.length : definition.to - definition.from + 1

/** Where to begin among `count` values and how far to go from each to the next, so that each is met once before any is again. */
function walk(text: string, count: number): { first: number; step: number } {
  const view = new DataView(sha256(utf8ToBytes(text)).buffer)
  let step = 1 + (view.getUint32(4) % Math.max(1, count - 1))
  while (divisor(step, count) !== 1) step++
  return { first: view.getUint32(0) % count, step }
}

const divisor = (a: number, b: number): number => (b === 0 ? a : divisor(b, a % b))

/** More values than this are not all looked at: the ends are. */
const MOST_VALUES = 50

/** The values that can be drawn, all of them up to 50; else the first and the last, and of texts the shortest and the longest. */
export function possibleValues(
  definition: Exclude<VariableDefinition, string | number | boolean>,
): (string | number)[] {
  if (!('among' in definition)) {
    const { from, to } = definition
    return to - from < MOST_VALUES ? Array.from({ length: to - from + 1 }, (_, i) => from + i) : [from, to]
  }
  const values: (string | number)[] = definition.among
  if (values.length <= MOST_VALUES) return values
  const bySize = [...values].sort((a, b) =>
    typeof a === 'number' && typeof b === 'number' ? a - b : String(a).length - String(b).length,
  )
  return [...new Set([values[0]!, values.at(-1)!, bySize[0]!, bySize.at(-1)!])]
}
