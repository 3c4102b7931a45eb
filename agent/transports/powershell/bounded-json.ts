/** As deep as any script's value goes, and a little more. */
const DEEPEST = 24
const QUOTE = 0x22
const BACKSLASH = 0x5c
const OPENING: ReadonlySet<number> = new Set([0x5b, 0x7b])
const CLOSING: ReadonlySet<number> = new Set([0x5d, 0x7d])

/**
 * Parses JSON that nests no deeper than a script's value does, and whose texts are whole characters: what is kept has to
 * have a canonical form (RFC 8785). Throws an Error for anything else.
 */
export function boundedJson(text: string): unknown {
  requireShallow(text)
  const value: unknown = JSON.parse(text)
  // Only an escape can stand for half a character: the text itself was UTF-8.
  if (/\\u[dD][89a-fA-F]/.test(text)) requireWhole(value)
  return value
}

/** One look at each character: no engine of regular expressions, which a long text or many quotes would exhaust. */
function requireShallow(text: string): void {
  let depth = 0
  let inText = false
  for (let i = 0; i < text.length; i++) {
    const code = text.charCodeAt(i)
    if (inText) {
      if (code === BACKSLASH) i++
      else if (code === QUOTE) inText = false
    } else if (code === QUOTE) inText = true
    else if (CLOSING.has(code)) depth--
    else if (OPENING.has(code) && ++depth > DEEPEST) throw new Error(`it nests deeper than ${DEEPEST} levels`)
  }
}

function requireWhole(value: unknown): void {
  if (typeof value === 'string') {
    if (!value.isWellFormed()) throw new Error('it holds half a character')
  } else if (Array.isArray(value)) value.forEach(requireWhole)
  else if (typeof value === 'object' && value !== null)
    for (const [key, item] of Object.entries(value)) {
      requireWhole(key)
      requireWhole(item)
    }
}
