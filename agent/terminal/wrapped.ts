import { width } from './width.ts'

/**
 * A sentence in lines of at most `columns`, all but the first indented by `indent` spaces; what has no space to break at is
 * broken anywhere. `first`: columns that the first line has already used.
 */
export function wrapped(text: string, columns: number, indent: number, first = indent): string[] {
  if (!Number.isFinite(columns)) return [text]
  const room = Math.max(8, columns - indent)
  const lines: string[] = []
  let line = ''
  let left = Math.max(8, columns - first)
  const end = () => {
    lines.push(lines.length === 0 ? line : ' '.repeat(indent) + line)
    line = ''
    left = room
  }
  for (const word of text.split(' ').flatMap((one) => pieces(one, room))) {
    if (line !== '' && width(line) + 1 + width(word) > left) end()
    else if (line === '' && width(word) > left) end()
    line = line === '' ? word : `${line} ${word}`
  }
  if (line !== '' || lines.length === 0) end()
  return lines
}

function pieces(word: string, room: number): string[] {
  if (width(word) <= room) return [word]
  const parts: string[] = []
  for (let at = 0; at < word.length; at += room) parts.push(word.slice(at, at + room))
  return parts
}
