import { commaSeparated, type Field } from './comma-separated.ts'
import { MalformedPolicyFile } from './policy-file.ts'
import { iniSections, keyAndValue, policyText, type IniLine, type IniSections } from './policy-text.ts'
import type { RegistryData } from './registry-value.ts'

/** One setting of GptTmpl.inf. Accounts are `*S-1-…` without the star, or names as they were typed. */
export type SecuritySetting =
  /** [System Access], [Kerberos Policy], and the log sizes: a number where it is one. */
  | {
      readonly section: 'system-access' | 'kerberos-policy' | 'event-log'
      readonly name: string
      readonly value: number | string
    }
  | {
      readonly section: 'event-audit'
      readonly name: string
      readonly success: boolean
      readonly failure: boolean
    }
  /** `key` with its hive, `MACHINE\…`. */
  | {
      readonly section: 'registry-values'
      readonly key: string
      readonly value: string
      readonly data: RegistryData
    }
  | { readonly section: 'privilege-rights'; readonly right: string; readonly accounts: readonly string[] }
  | {
      readonly section: 'group-membership'
      readonly group: string
      readonly relation: 'members' | 'member-of'
      readonly accounts: readonly string[]
    }
  /** Start: 2 automatic, 3 manual, 4 disabled. `sddl` is empty where the template leaves it. */
  | { readonly section: 'service'; readonly name: string; readonly start: number; readonly sddl: string }
  /** Mode: 0 propagates, 1 ignores, 2 replaces what is below. */
  | {
      readonly section: 'file-security' | 'registry-keys'
      readonly path: string
      readonly mode: number
      readonly sddl: string
    }

export interface SecurityTemplate {
  readonly settings: readonly SecuritySetting[]
  /** Sections that the file has and that are not known here, by their names in lower case. */
  readonly unknownSections: readonly string[]
}

type Line = (line: IniLine) => SecuritySetting

const scalar =
  (section: 'system-access' | 'kerberos-policy' | 'event-log', prefix = ''): Line =>
  (line) => {
    const [name, value] = keyAndValue(line)
    const fields = commaSeparated(value, line.line)
    const only = fields[0]!
    if (fields.length !== 1) throw malformed(line, 'more than one value')
    return {
      section,
      name: prefix + name,
      value: only.quoted ? only.text : (integer(only.text) ?? only.text),
    }
  }

/** [MS-GPSB] 2.2.4: bit 0 audits successes, bit 1 failures. */
const eventAudit: Line = (line) => {
  const [name, value] = keyAndValue(line)
  const bits = integer(value)
  if (bits === undefined || bits < 0 || bits > 3) throw malformed(line, 'no audit setting from 0 to 3')
  return { section: 'event-audit', name, success: (bits & 1) !== 0, failure: (bits & 2) !== 0 }
}

/** [MS-GPSB] 2.2.5: `MACHINE\key\value=type,data`, type being the number of REG_*. */
const registryValue: Line = (line) => {
  const [path, value] = keyAndValue(line)
  const slash = path.lastIndexOf('\\')
  if (slash <= 0) throw malformed(line, 'no registry key')
  const [type, ...data] = commaSeparated(value, line.line)
  return {
    section: 'registry-values',
    key: path.slice(0, slash),
    value: path.slice(slash + 1),
    data: typed(line, integer(type!.text), data),
  }
}

function typed(line: IniLine, type: number | undefined, fields: readonly Field[]): RegistryData {
  const text = fields.map((field) => field.text).join(',')
  switch (type) {
    case 1:
      return { type: 'REG_SZ', value: text }
    case 2:
      return { type: 'REG_EXPAND_SZ', value: text }
    case 3:
      return { type: 'REG_BINARY', value: binary(line, fields) }
    case 4: {
      const value = integer(text)
      if (value === undefined || value < -0x8000_0000 || value > 0xffff_ffff)
        throw malformed(line, 'no number of 32 bits')
      return { type: 'REG_DWORD', value: value >>> 0 }
    }
    case 7:
      return { type: 'REG_MULTI_SZ', value: fields.map((field) => field.text).filter((item) => item !== '') }
    default:
      throw malformed(line, 'a registry type other than 1, 2, 3, 4 and 7')
  }
}

/** Numbers of a byte each, as the security editor writes them. */
function binary(line: IniLine, fields: readonly Field[]): string {
  const bytes = fields.filter((field) => field.text !== '').map((field) => integer(field.text))
  if (bytes.some((byte) => byte === undefined || byte < 0 || byte > 255))
    throw malformed(line, 'no list of bytes')
  return bytes.map((byte) => byte!.toString(16).padStart(2, '0')).join('')
}

/** [MS-GPSB] 2.2.6. An empty list takes the right from everybody. */
const privilegeRight: Line = (line) => {
  const [right, value] = keyAndValue(line)
  return { section: 'privilege-rights', right, accounts: accounts(line, value) }
}

/** [MS-GPSB] 2.2.8: `group__Members=` and `group__Memberof=`. An empty list of members empties the group. */
const groupMembership: Line = (line) => {
  const [name, value] = keyAndValue(line)
  const parts = /^(.+)__(members|memberof)$/i.exec(name)
  if (!parts) throw malformed(line, 'neither members nor member of')
  return {
    section: 'group-membership',
    group: account(parts[1]!),
    relation: parts[2]!.toLowerCase() === 'members' ? 'members' : 'member-of',
    accounts: accounts(line, value),
  }
}

/** [MS-GPSB] 2.2.9: `"name",start,"sddl"`; editors also write `name=start,"sddl"`. */
const service: Line = (line) => {
  const { name, number, sddl } = protectedObject(line)
  return { section: 'service', name, start: number, sddl }
}

/** [MS-GPSB] 2.2.7 and 2.2.10: `"path",mode,"sddl"`. */
const securedObject =
  (section: 'file-security' | 'registry-keys'): Line =>
  (line) => {
    const { name, number, sddl } = protectedObject(line)
    return { section, path: name, mode: number, sddl }
  }

function protectedObject(line: IniLine): { name: string; number: number; sddl: string } {
  const text = /^[^",=]+=/.test(line.text) ? line.text.replace('=', ',') : line.text
  const fields = commaSeparated(text, line.line)
  const number = integer(fields[1]?.text ?? '')
  const name = fields[0]!.text
  if (name === '' || fields.length > 3 || number === undefined || number < 0 || number > 4)
    throw malformed(line, 'no name, number and security descriptor')
  return { name, number, sddl: fields[2]?.text ?? '' }
}

const accounts = (line: IniLine, value: string): string[] =>
  commaSeparated(value, line.line)
    .map((field) => account(field.text))
    .filter((name) => name !== '')

const account = (text: string): string => (/^\*s-1-/i.test(text) ? text.slice(1).toUpperCase() : text)

const integer = (text: string): number | undefined => (/^-?\d{1,10}$/.test(text) ? Number(text) : undefined)

const malformed = ({ line }: IniLine, why: string) => new MalformedPolicyFile(`line ${line}: ${why}`, null)

const READERS: ReadonlyMap<string, Line> = new Map([
  ['system access', scalar('system-access')],
  ['kerberos policy', scalar('kerberos-policy')],
  ['system log', scalar('event-log', 'System.')],
  ['security log', scalar('event-log', 'Security.')],
  ['application log', scalar('event-log', 'Application.')],
  ['event audit', eventAudit],
  ['registry values', registryValue],
  ['privilege rights', privilegeRight],
  ['group membership', groupMembership],
  ['service general setting', service],
  ['file security', securedObject('file-security')],
  ['registry keys', securedObject('registry-keys')],
])
/** They say how the file is written, and set nothing. */
const FORMAT = new Set(['unicode', 'version', 'profile description'])

/**
 * The settings of GptTmpl.inf ([MS-GPSB] 2.2), section by section in the order of the file. Throws
 * MalformedPolicyFile, with the line, for what is not such a file or not for a version of `$CHICAGO$`.
 */
export function securityTemplate(bytes: Uint8Array): SecurityTemplate {
  const sections = iniSections(policyText(bytes))
  requireSignature(sections)
  const settings: SecuritySetting[] = []
  const unknownSections: string[] = []
  for (const [name, lines] of sections) {
    const read = READERS.get(name)
    if (read) settings.push(...lines.map(read))
    else if (!FORMAT.has(name)) unknownSections.push(name)
  }
  return { settings, unknownSections }
}

/** [MS-GPSB] 2.2: `signature="$CHICAGO$"`. */
function requireSignature(sections: IniSections): void {
  const version = (sections.get('version') ?? []).map(keyAndValue)
  const signature = version.find(([key]) => key.toLowerCase() === 'signature')?.[1]
  if (signature?.replaceAll('"', '').toUpperCase() !== '$CHICAGO$')
    throw new MalformedPolicyFile('no signature $CHICAGO$', null)
}
