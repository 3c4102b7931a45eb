import { MalformedPolicyFile } from './policy-file.ts'

/** One field, and whether quotes stood around it. */
export interface Field {
  readonly text: string
  readonly quoted: boolean
}

/**
 * The fields of a line as an INF file separates them: by commas outside double quotes, `""` inside quotes being one
 * quote; blanks around a field don't count. Throws MalformedPolicyFile for a quote that is not closed, and for text
 * beside quotes.
 */
export function commaSeparated(text: string, line: number): Field[] {
  const malformed = (why: string) => new MalformedPolicyFile(`line ${line}: ${why}`, null)
  const fields: Field[] = []
  for (let at = 0; ; at++) {
    while (text[at] === ' ' || text[at] === '\t') at++
    if (text[at] === '"') {
      let value = ''
      for (at++; ; at++) {
        if (at >= text.length) throw malformed('a quote that is not closed')
        if (text[at] !== '"') value += text[at]
        else if (text[at + 1] === '"') value += text[at++]
        else break
      }
      at++
      while (text[at] === ' ' || text[at] === '\t') at++
      if (at < text.length && text[at] !== ',') throw malformed('text beside quotes')
      fields.push({ text: value, quoted: true })
    } else {
      const comma = text.indexOf(',', at)
      const end = comma < 0 ? text.length : comma
      fields.push({ text: text.slice(at, end).trim(), quoted: false })
      at = end
    }
    if (at >= text.length) return fields
  }
}
