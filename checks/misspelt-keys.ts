import type { z } from 'zod'
import { unknownKey, type Diagnostic, type Path, type SourceDocument } from './document.ts'
import { nearest } from './nearest.ts'
import { keysAt } from './schema-walk.ts'

/**
 * Says each key that a schema doesn't know, and takes it for the missing key that it resembles: what stands under it is
 * then judged too, and that key isn't said to be missing as well. `document` still gives the places of the text.
 */
export function mendKeys(
  document: SourceDocument,
  value: unknown,
  schema: z.core.$ZodType,
  prefix: Path = [],
): { value: unknown; document: SourceDocument; diagnostics: Diagnostic[] } {
  const diagnostics: Diagnostic[] = []
  /** By the place as it should be: the key that stands there. */
  const written = new Map<string, string>()
  const name = (path: Path) => path.join('\0')
  const actual = (path: Path): Path => path.map((step, i) => written.get(name(path.slice(0, i + 1))) ?? step)
  const mended: SourceDocument = {
    ...document,
    unreadable: (path) => document.unreadable(actual(path)),
    hasHole: (path) => document.hasHole(actual(path)),
    diagnose: (path, message, options) => document.diagnose(actual(path), message, options),
  }
  const walk = (here: unknown, at: Path): unknown => {
    if (Array.isArray(here)) return here.map((item, i) => walk(item, [...at, i]))
    if (typeof here !== 'object' || here === null) return here
    const known = keysAt(schema, at)
    const result: Record<string, unknown> = {}
    const entries = Object.entries(here)
    for (const [key, item] of entries) {
      let meant = key
      if (known.length > 0 && !known.includes(key)) {
        diagnostics.push(mended.diagnose([...prefix, ...at, key], unknownKey(key, known), { key: true }))
        const missing = known.filter((one) => !Object.hasOwn(here, one) && !Object.hasOwn(result, one))
        const near = nearest(key, missing)
        // Of a key that resembles none nothing more can be said.
        if (near === null) continue
        meant = near
        written.set(name([...prefix, ...at, near]), key)
      }
      if (meant === '__proto__') continue // an object literal's own trap, never a name of anything
      result[meant] = walk(item, [...at, meant])
    }
    return result
  }
  return { value: walk(value, []), document: mended, diagnostics }
}
