/** What is refused before anything is built from it. */
export class TooDeep extends SyntaxError {}

/**
 * Parses JSON whose nesting is at most `maxDepth`, found out before a single object is made: whatever walks the result
 * recursively (schema, canonical form) then stays within its stack.
 * @throws SyntaxError for what is not JSON, TooDeep for what is nested deeper.
 */
export function parseBoundedJson(text: string, maxDepth: number): unknown {
  let depth = 0
  let quoted = false
  for (let i = 0; i < text.length; i++) {
    const c = text.charCodeAt(i)
    if (quoted) {
      if (c === backslash) i++
      else if (c === quote) quoted = false
    } else if (c === quote) quoted = true
    else if (c === openBrace || c === openBracket) {
      if (++depth > maxDepth) throw new TooDeep(`nested deeper than ${maxDepth}`)
    } else if (c === closeBrace || c === closeBracket) depth--
  }
  return JSON.parse(text, refusePrototype)
}

/** `__proto__` as a key has no honest use, and objects copied key by key would lose it or worse. */
function refusePrototype(key: string, value: unknown): unknown {
  if (key === '__proto__') throw new SyntaxError('__proto__ is not a name here')
  return value
}

const [quote, backslash, openBrace, closeBrace, openBracket, closeBracket] = [
  0x22, 0x5c, 0x7b, 0x7d, 0x5b, 0x5d,
]
