/** How many letters to change, add or take away to make one word of the other (Levenshtein). */
function distance(a: string, b: string): number {
  let row = Array.from({ length: b.length + 1 }, (_, j) => j)
  for (let i = 1; i <= a.length; i++) {
    const next = [i]
    for (let j = 1; j <= b.length; j++)
      next.push(Math.min(next[j - 1]! + 1, row[j]! + 1, row[j - 1]! + (a[i - 1] === b[j - 1] ? 0 : 1)))
    row = next
  }
  return row[b.length]!
}

/** The known words, the one that differs least first; those that differ alike in their order. */
export function byNearness(word: string, known: readonly string[]): string[] {
  const written = word.slice(0, 64).toLowerCase()
  return known
    .map((one) => ({ one, far: distance(written, one.toLowerCase()) }))
    .sort((a, b) => a.far - b.far)
    .map(({ one }) => one)
}

/** The known word that differs least, by at most a third of its length. */
export function nearest(word: string, known: readonly string[]): string | null {
  const [best] = byNearness(word, known)
  if (best === undefined) return null
  return distance(word.slice(0, 64).toLowerCase(), best.toLowerCase()) <= Math.ceil(best.length / 3)
    ? best
    : null
}
