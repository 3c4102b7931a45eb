import type { AnswerOf } from '../../../checks/observation.ts'
import type { RawEntry } from './response.ts'

type Entry = AnswerOf<'ldap'>['entries'][number]

/**
 * An entry as an observation has it: names in lower case, values as text, or base64 for `binary`. A long attribute
 * may come in part (`member;range=0-1499`, [MS-ADTS] 3.1.1.3.1.3.3): kept under its name, and not `whole`.
 */
export function entryOf(
  { dn, attributes }: RawEntry,
  binary: readonly string[],
): { entry: Entry; whole: boolean } {
  const asBase64 = new Set(binary.map((name) => name.toLowerCase()))
  const read = new Map<string, string[]>()
  let whole = true
  for (const { type, values } of attributes) {
    const [name = '', ...options] = type.toLowerCase().split(';')
    const range = options.find((option) => option.startsWith('range='))
    if (range !== undefined && !range.endsWith('-*')) whole = false
    if (name === '__proto__' || (values.length === 0 && read.has(name))) continue
    const texts = values.map((value) => value.toString(asBase64.has(name) ? 'base64' : 'utf8'))
    read.set(name, [...(read.get(name) ?? []), ...texts])
  }
  return { entry: { dn, attributes: Object.fromEntries(read) }, whole }
}
