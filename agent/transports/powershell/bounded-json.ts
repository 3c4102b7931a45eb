/** As deep as any script's value goes, and a little more. */
const DEEPEST = 24

/** Parses JSON that nests no deeper than a script's value does. Throws an Error for what is none, or deeper. */
export function boundedJson(text: string): unknown {
  let depth = 0
  for (const [token] of text.matchAll(/"(?:[^"\\]|\\.)*"|[[\]{}]/g)) {
    if (token === '[' || token === '{') depth++
    else if (token === ']' || token === '}') depth--
    if (depth > DEEPEST) throw new Error(`it nests deeper than ${DEEPEST} levels`)
  }
  return JSON.parse(text)
}
