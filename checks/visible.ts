/** A piece of a text as it is shown; `control` marks a sign that stands for what can't be seen. */
export interface Segment {
  readonly text: string
  readonly control: boolean
}

// Controls, formats (bidirectional ones and zero widths among them), private use, lone surrogates, unassigned, line and
// paragraph separators, whatever is ignored by default; and long runs of combining marks, which climb over other lines.
const hidden =
  /[\p{Cc}\p{Cf}\p{Co}\p{Cs}\p{Cn}\u2028\u2029\p{Default_Ignorable_Code_Point}]+|(?<=\p{M}{4})\p{M}+/gu

/** Letters, digits, punctuation and accents of Latin 1, line feeds, tabs, and what French is set with: nothing to be made visible. */
const plain = /^[\n\t\x20-\x7e\xa0-\xac\xae-\u02ff\u2010-\u2027\u202f\u2030-\u205e]*$/

/** Whether a text may hold something that can't be seen; false for all but a few. */
export const hidesSomething = (text: string): boolean => !plain.test(text)

/**
 * Cuts what a machine (or a run) said into what may be shown as it is and signs for what can't be seen: ‹ESC›,
 * ‹U+202E› for a direction override. Line feeds and tabs stay. Nothing is dropped, so that two texts that differ never
 * look the same.
 */
export function segments(text: string): Segment[] {
  const found: Segment[] = []
  let from = 0
  const add = (piece: string, control: boolean) => {
    if (piece) found.push({ text: piece, control })
  }
  for (const match of text.matchAll(hidden)) {
    add(text.slice(from, match.index), false)
    // The line feeds and tabs of a run of controls are shown as they are.
    for (const part of match[0].split(/([\n\t]+)/)) {
      if (/^[\n\t]/.test(part)) add(part, false)
      else add(/^\p{M}/u.test(part) ? `‹+${[...part].length}›` : [...part].map(sign).join(''), true)
    }
    from = match.index + match[0].length
  }
  add(text.slice(from), false)
  return found
}

/** The same as plain text, for a title or an attribute. */
export const visible = (text: string): string =>
  segments(text)
    .map((segment) => segment.text)
    .join('')

function sign(character: string): string {
  const code = character.codePointAt(0) ?? 0
  // By name and not by Unicode's pictures (␛), which many systems have no font for.
  if (code < 0x20) return `‹${names[code]}›`
  if (code === 0x7f) return '‹DEL›'
  return `‹U+${code.toString(16).toUpperCase().padStart(4, '0')}›`
}

/** Names of the C0 controls (ISO 646). */
const names =
  'NUL SOH STX ETX EOT ENQ ACK BEL BS HT LF VT FF CR SO SI DLE DC1 DC2 DC3 DC4 NAK SYN ETB CAN EM SUB ESC FS GS RS US'.split(
    ' ',
  )
