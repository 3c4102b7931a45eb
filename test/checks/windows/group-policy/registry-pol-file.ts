/** One entry as a test writes it. */
export interface WrittenEntry {
  readonly key: string
  readonly value: string
  readonly type: number
  readonly data: Uint8Array
}

/** A string as the registry holds it: UTF-16LE, closed by a NUL. */
export const sz = (text: string): Buffer => Buffer.from(`${text}\0`, 'utf16le')

export function uint32(value: number): Buffer {
  const bytes = Buffer.alloc(4)
  bytes.writeUInt32LE(value)
  return bytes
}

/** A Registry.pol of these entries ([MS-GPREG] 2.2.1), written apart from the reader. */
export function registryPol(entries: readonly WrittenEntry[]): Buffer {
  const semicolon = Buffer.from(';', 'utf16le')
  const parts = entries.flatMap(({ key, value, type, data }) => [
    Buffer.from('[', 'utf16le'),
    sz(key),
    semicolon,
    sz(value),
    semicolon,
    uint32(type),
    semicolon,
    uint32(data.length),
    semicolon,
    data,
    Buffer.from(']', 'utf16le'),
  ])
  return Buffer.concat([Buffer.from('PReg'), uint32(1), ...parts])
}
