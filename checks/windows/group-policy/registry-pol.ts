import { MalformedPolicyFile, refuseLong } from './policy-file.ts'
import { registryData, utf16, type RegistryData } from './registry-value.ts'

/** One entry of Registry.pol, in the order in which they are applied. `key` is below HKLM or HKCU, by its folder. */
export type RegistryPolicy =
  | { readonly action: 'set'; readonly key: string; readonly value: string; readonly data: RegistryData }
  /** `**Del.name`, `**DeleteValues`: these values are removed. */
  | { readonly action: 'delete-values'; readonly key: string; readonly values: readonly string[] }
  /** `**DelVals.`: all the values of the key are removed. */
  | { readonly action: 'delete-all-values'; readonly key: string }
  /** `**DeleteKeys`: these keys below it are removed. */
  | { readonly action: 'delete-keys'; readonly key: string; readonly keys: readonly string[] }
  /** `**SecureKey`: the key is written by administrators only (1), or no longer (0). */
  | { readonly action: 'secure-key'; readonly key: string; readonly secured: boolean }
  /** `**Soft.name`: set only where the value is not there yet. */
  | {
      readonly action: 'set-if-absent'
      readonly key: string
      readonly value: string
      readonly data: RegistryData
    }
  /** No value name: the key is made. */
  | { readonly action: 'create-key'; readonly key: string }

export const REGISTRY_POL_LIMITS = { entries: 20_000, keyUnits: 2048, valueUnits: 2048, dataBytes: 65_535 }

const HEADER_BYTES = 8
const SIGNATURE = 0x67655250 // "PReg"
const VERSION = 1
const REG_NONE = 0

/**
 * The entries of a Registry.pol ([MS-GPREG] 2.2.1): `PReg`, version 1, then `[key;value;type;size;data]` in UTF-16LE
 * with keys and values closed by a NUL. The length of the data is its own; a key may hold `;` and `]`, a NUL closes it.
 * Throws MalformedPolicyFile with the offset for anything else, and beyond REGISTRY_POL_LIMITS.
 */
export function registryPolicies(bytes: Uint8Array): RegistryPolicy[] {
  refuseLong(bytes)
  const reader = new Reader(bytes)
  reader.header()
  const found: RegistryPolicy[] = []
  while (!reader.atEnd()) {
    if (found.length >= REGISTRY_POL_LIMITS.entries)
      throw reader.malformed(`more than ${REGISTRY_POL_LIMITS.entries} entries`)
    found.push(entry(reader))
  }
  return found
}

function entry(reader: Reader): RegistryPolicy {
  reader.delimiter('[')
  const key = reader.name(REGISTRY_POL_LIMITS.keyUnits, 'key')
  reader.delimiter(';')
  const value = reader.name(REGISTRY_POL_LIMITS.valueUnits, 'value name')
  reader.delimiter(';')
  const type = reader.uint32()
  reader.delimiter(';')
  const size = reader.uint32()
  reader.delimiter(';')
  const start = reader.offset
  const raw = reader.data(size)
  reader.delimiter(']')
  const data = registryData(type, raw)
  if (!data) throw new MalformedPolicyFile(`${size} bytes of data can't be of type ${type}`, start)
  return meaning(key, value, data, type)
}

/** Special value names ([MS-GPREG] 3.2.5.1, policy application). Their case does not matter. */
function meaning(key: string, value: string, data: RegistryData, type: number): RegistryPolicy {
  const name = value.toLowerCase()
  if (name === '**deletevalues') return { action: 'delete-values', key, values: listed(data) }
  if (name === '**deletekeys') return { action: 'delete-keys', key, keys: listed(data) }
  // Before `**del.`: what follows `**DelVals.` is nothing.
  if (name === '**delvals' || name === '**delvals.') return { action: 'delete-all-values', key }
  if (name.startsWith('**del.'))
    return { action: 'delete-values', key, values: [value.slice('**del.'.length)] }
  if (name.startsWith('**soft.'))
    return { action: 'set-if-absent', key, value: value.slice('**soft.'.length), data }
  if (name === '**securekey') return { action: 'secure-key', key, secured: isOne(data) }
  if (value === '' && type === REG_NONE) return { action: 'create-key', key }
  return { action: 'set', key, value, data }
}

/** Names separated by semicolons, as `**DeleteValues` and `**DeleteKeys` hold them. */
function listed(data: RegistryData): string[] {
  if (data.type === 'REG_MULTI_SZ') return [...data.value]
  return data.type === 'REG_SZ' || data.type === 'REG_EXPAND_SZ'
    ? data.value.split(';').filter((name) => name !== '')
    : []
}

const isOne = (data: RegistryData): boolean => data.value === 1 || data.value === '1'

class Reader {
  offset = 0
  readonly #bytes: Uint8Array
  readonly #view: DataView

  constructor(bytes: Uint8Array) {
    this.#bytes = bytes
    this.#view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength)
  }

  malformed(why: string): MalformedPolicyFile {
    return new MalformedPolicyFile(why, this.offset)
  }

  atEnd(): boolean {
    return this.offset === this.#bytes.length
  }

  header(): void {
    if (this.#bytes.length < HEADER_BYTES) throw this.malformed('header cut')
    if (this.uint32() !== SIGNATURE) throw new MalformedPolicyFile('no PReg signature', 0)
    if (this.uint32() !== VERSION) throw new MalformedPolicyFile('not of version 1', 4)
  }

  delimiter(character: '[' | ';' | ']'): void {
    this.#need(2)
    if (this.#view.getUint16(this.offset, true) !== character.charCodeAt(0))
      throw this.malformed(`no "${character}"`)
    this.offset += 2
  }

  /** Up to the NUL that closes it. */
  name(limit: number, what: string): string {
    const start = this.offset
    for (let units = 0; units <= limit; units++) {
      this.#need(2)
      const unit = this.#view.getUint16(this.offset, true)
      this.offset += 2
      if (unit === 0) return utf16(this.#bytes.subarray(start, this.offset - 2))
    }
    throw new MalformedPolicyFile(`${what} of more than ${limit} characters`, start)
  }

  uint32(): number {
    this.#need(4)
    const value = this.#view.getUint32(this.offset, true)
    this.offset += 4
    return value
  }

  data(size: number): Uint8Array {
    if (size > REGISTRY_POL_LIMITS.dataBytes)
      throw this.malformed(`data of ${size} bytes, more than ${REGISTRY_POL_LIMITS.dataBytes}`)
    this.#need(size)
    this.offset += size
    return this.#bytes.subarray(this.offset - size, this.offset)
  }

  #need(count: number): void {
    if (this.offset + count > this.#bytes.length) throw this.malformed('cut')
  }
}
