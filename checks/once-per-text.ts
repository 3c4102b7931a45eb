const KEPT = 4

/**
 * A pure reading of a text, done once for the many checks that judge the same answer. Remembers the last few texts
 * only. What it gives is shared: nobody may change it.
 */
export function oncePerText<T>(read: (text: string) => T): (text: string) => T {
  const known = new Map<string, T>()
  return (text) => {
    const before = known.get(text)
    if (before !== undefined) return before
    const result = read(text)
    known.set(text, result)
    if (known.size > KEPT) known.delete(known.keys().next().value!)
    return result
  }
}
