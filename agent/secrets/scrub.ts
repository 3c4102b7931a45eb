/** Shorter than this, what looks like an echo is a coincidence. */
const SHORTEST = 4
/** A line of a key that is shorter than this tells nothing about it. */
const SHORTEST_LINE = 16

/** What stands where a secret was. */
export const SCRUBBED = '‹secret›'

/**
 * Replaces every echo of a secret: as it is, and in the forms that machines give things back in (JSON, HTML, URL,
 * hexadecimal, base64, also inside a longer text in base64, and the lines of a key). Secrets of fewer than 4
 * characters are left alone.
 */
export function scrub(text: string, secrets: readonly string[]): string {
  let clean = text
  for (const secret of secrets)
    for (const form of formsOf(secret)) if (clean.includes(form)) clean = clean.replaceAll(form, SCRUBBED)
  return clean
}

const known = new Map<string, readonly string[]>()

function formsOf(secret: string): readonly string[] {
  const before = known.get(secret)
  if (before) return before
  const forms = secret.length < SHORTEST ? [] : longestFirst([secret, ...linesOf(secret)].flatMap(echoesOf))
  known.set(secret, forms)
  return forms
}

const longestFirst = (forms: readonly string[]) =>
  [...new Set(forms)].filter((form) => form.length >= SHORTEST).sort((a, b) => b.length - a.length)

const linesOf = (secret: string) =>
  secret.includes('\n')
    ? secret.split(/\r?\n/).filter((line) => line.length >= SHORTEST_LINE && !line.startsWith('-----'))
    : []

function echoesOf(secret: string): string[] {
  const bytes = Buffer.from(secret, 'utf8')
  const hex = bytes.toString('hex')
  const percent = percentEncoded(secret)
  return [
    secret,
    JSON.stringify(secret).slice(1, -1),
    htmlEncoded(secret),
    percent,
    percent.replace(/%[0-9A-F]{2}/g, (code) => code.toLowerCase()),
    percent.replaceAll('%20', '+'),
    hex,
    hex.toUpperCase(),
    ...[0, 1, 2].flatMap((offset) => insideBase64(bytes, offset)),
  ]
}

const percentEncoded = (text: string) =>
  encodeURIComponent(text.toWellFormed()).replace(
    /[!'()*]/g,
    (c) => `%${c.charCodeAt(0).toString(16).toUpperCase()}`,
  )

const htmlEncoded = (text: string) =>
  text.replaceAll('&', '&amp;').replaceAll('<', '&lt;').replaceAll('>', '&gt;').replaceAll('"', '&quot;')

/** The characters that depend on these bytes alone, where they begin at byte `offset` of a group of three (RFC 4648). */
function insideBase64(bytes: Buffer, offset: number): string[] {
  const text = Buffer.concat([Buffer.alloc(offset), bytes]).toString('base64')
  const core = text.slice(Math.ceil((offset * 4) / 3), Math.floor(((offset + bytes.length) * 4) / 3))
  return [core, core.replaceAll('+', '-').replaceAll('/', '_')]
}
