import { MalformedPolicyFile, refuseLong } from './policy-file.ts'

const MAX_LINES = 20_000
const MAX_LINE = 65_536

/**
 * The text of a policy file that Windows' own tools write: UTF-16LE or UTF-8 with a byte order mark, UTF-8 without
 * one, else ANSI, taken as Windows-1252. Throws MalformedPolicyFile for half a UTF-16 character, for a NUL, and for a
 * file or a line that is too long.
 */
export function policyText(bytes: Uint8Array): string {
  refuseLong(bytes)
  const text = decoded(bytes)
  const nul = text.indexOf('\0')
  if (nul >= 0) throw new MalformedPolicyFile('a NUL character in a text', null)
  return text
}

function decoded(bytes: Uint8Array): string {
  if (bytes[0] === 0xff && bytes[1] === 0xfe) {
    if (bytes.length % 2 !== 0) throw new MalformedPolicyFile('half a UTF-16 character', bytes.length - 1)
    return new TextDecoder('utf-16le').decode(bytes)
  }
  try {
    return new TextDecoder('utf-8', { fatal: true }).decode(bytes)
  } catch {
    return new TextDecoder('windows-1252').decode(bytes)
  }
}

/** A line of an INI file that says something; `line` counts from 1. */
export interface IniLine {
  readonly line: number
  readonly text: string
}

/** The sections of an INI file: names in lower case, each with its lines in order. */
export type IniSections = ReadonlyMap<string, readonly IniLine[]>

/**
 * The sections of an INI file as Windows' GetPrivateProfileSection sees them: names compared without case, comments
 * (`;`) and empty lines left out, a section that comes again continued. Throws MalformedPolicyFile for text before the
 * first section, for a section that is not closed, and beyond the limits.
 */
export function iniSections(text: string): IniSections {
  const lines = text.split(/\r\n|\r|\n/, MAX_LINES + 1)
  if (lines.length > MAX_LINES) throw new MalformedPolicyFile(`more than ${MAX_LINES} lines`, null)
  const sections = new Map<string, IniLine[]>()
  let current: IniLine[] | undefined
  for (const [index, raw] of lines.entries()) {
    const line = index + 1
    if (raw.length > MAX_LINE) throw new MalformedPolicyFile(`line ${line} is too long`, null)
    const said = raw.trim()
    if (said === '' || said.startsWith(';')) continue
    if (said.startsWith('[')) {
      if (!said.endsWith(']'))
        throw new MalformedPolicyFile(`line ${line}: a section that is not closed`, null)
      const name = said.slice(1, -1).trim().toLowerCase()
      current = sections.get(name) ?? []
      sections.set(name, current)
    } else {
      if (!current) throw new MalformedPolicyFile(`line ${line}: text before the first section`, null)
      current.push({ line, text: said })
    }
  }
  return sections
}

/** `key=value` of a line, both without the blanks around them. Throws MalformedPolicyFile where there is no key. */
export function keyAndValue({ line, text }: IniLine): readonly [key: string, value: string] {
  const equals = text.indexOf('=')
  if (equals <= 0) throw new MalformedPolicyFile(`line ${line}: no key and value`, null)
  return [text.slice(0, equals).trim(), text.slice(equals + 1).trim()]
}
