import type { Path } from '../document.ts'
import type { Demand, ExamCall } from '../exam.ts'
import { readCall } from './call-reader.ts'
import { readCriteria, type Yardstick } from './criteria.ts'
import { isRecord, resolveKnown, type Reading } from './reading.ts'

/** One demand as far as it can be read; null where it is none. Mistakes are said at their places, whatever else is wrong. */
export function readDemand(
  reading: Reading,
  yardstick: Yardstick,
  written: unknown,
  path: Path,
  examination: boolean,
): Demand | null {
  const { document, diagnostics } = reading
  if (!isRecord(written)) return null
  const id = typeof written['id'] === 'string' ? written['id'] : '?'
  let whole = true
  const calls = (list: readonly unknown[], at: Path): ExamCall[] =>
    list.flatMap((call, i) => one(call, [...at, i]))
  const one = (call: unknown, at: Path): ExamCall[] => {
    const read = readCall(reading, call, at)
    whole &&= read.whole
    return read.calls
  }
  const { checks, any } = written
  const common = Array.isArray(checks) ? calls(checks, [...path, 'checks']) : []
  const alternatives = Array.isArray(any)
    ? any.map((way, i) => {
        const at = [...path, 'any', i]
        // `checks` beside `any` belong to every alternative.
        return [...common, ...(Array.isArray(way) ? calls(way, at) : one(way, at))]
      })
    : [common]
  if (
    checks === undefined &&
    any === undefined &&
    !['checks', 'any'].some((key) => document.unreadable([...path, key]))
  )
    diagnostics.push(
      document.diagnose(path, {
        fr: `la demande « ${id} » n'a aucun contrôle : ajoutez « checks » ou « any »`,
        en: `demand “${id}” has no check: add “checks” or “any”`,
      }),
    )
  const criteria = readCriteria(
    reading,
    yardstick,
    { id, criteria: written['criteria'], path },
    alternatives.flat(),
    whole,
  )
  for (const key of ['text', 'question', 'hint']) resolveKnown(reading, written[key], [...path, key])
  const text = (key: string): string | null => (typeof written[key] === 'string' ? written[key] : null)
  return {
    id,
    text: text('text') ?? id,
    criteria,
    alternatives,
    question: text('question'),
    hints: examination ? [] : [written['hint'] ?? []].flat().filter((hint) => typeof hint === 'string'),
    transient: written['transient'] === true,
    path,
  }
}

/** Says each demand whose name an earlier one has. */
export function sayRepeatedIds(
  { document, diagnostics }: Reading,
  demands: readonly (Demand | null)[],
): void {
  const first = new Map<string, number>()
  for (const [index, demand] of demands.entries()) {
    if (!demand || demand.id === '?') continue
    const earlier = first.get(demand.id)
    if (earlier === undefined) first.set(demand.id, index)
    else
      diagnostics.push(
        document.diagnose([...demand.path, 'id'], {
          fr: `la demande « ${demand.id} » existe déjà (la ${earlier + 1}ᵉ du sujet) : donnez-lui un autre nom`,
          en: `demand “${demand.id}” exists already (number ${earlier + 1}): give it another name`,
        }),
      )
  }
}
