/** What a value of the registry holds, by its type ([MS-DTYP] leaves them to winnt.h; numbers are those of REG_*). */
export type RegistryData =
  | { readonly type: 'REG_SZ' | 'REG_EXPAND_SZ'; readonly value: string }
  | { readonly type: 'REG_DWORD' | 'REG_DWORD_BIG_ENDIAN'; readonly value: number }
  /** Decimal, as 64 bits don't fit a number. */
  | { readonly type: 'REG_QWORD'; readonly value: string }
  | { readonly type: 'REG_MULTI_SZ'; readonly value: readonly string[] }
  /** Lower-case hexadecimal. */
  | { readonly type: 'REG_NONE' | 'REG_BINARY'; readonly value: string }
  | { readonly type: 'other'; readonly number: number; readonly value: string }

const NUL = 0

/**
 * The data of one value, as Registry.pol holds it ([MS-GPREG] 2.2.1): strings are UTF-16LE, closed by a NUL or not.
 * Undefined where its length can't be that of its type.
 */
export function registryData(type: number, bytes: Uint8Array): RegistryData | undefined {
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength)
  switch (type) {
    case 0:
      return { type: 'REG_NONE', value: hexadecimal(bytes) }
    case 1:
    case 2: {
      if (bytes.length % 2 !== 0) return undefined
      return { type: type === 1 ? 'REG_SZ' : 'REG_EXPAND_SZ', value: utf16(withoutEnd(bytes)) }
    }
    case 3:
      return { type: 'REG_BINARY', value: hexadecimal(bytes) }
    case 4:
      return bytes.length === 4 ? { type: 'REG_DWORD', value: view.getUint32(0, true) } : undefined
    case 5:
      return bytes.length === 4
        ? { type: 'REG_DWORD_BIG_ENDIAN', value: view.getUint32(0, false) }
        : undefined
    case 7:
      return bytes.length % 2 === 0 ? { type: 'REG_MULTI_SZ', value: strings(bytes) } : undefined
    case 11:
      return bytes.length === 8
        ? { type: 'REG_QWORD', value: view.getBigUint64(0, true).toString() }
        : undefined
    default:
      return { type: 'other', number: type, value: hexadecimal(bytes) }
  }
}

/** UTF-16LE; a lone surrogate becomes U+FFFD. */
export const utf16 = (bytes: Uint8Array): string =>
  new TextDecoder('utf-16le', { ignoreBOM: true }).decode(bytes)

/** Lower-case, two digits a byte. */
export const hexadecimal = (bytes: Uint8Array): string =>
  Array.from(bytes, (byte) => byte.toString(16).padStart(2, '0')).join('')

/** Without the one NUL that closes it. */
function withoutEnd(bytes: Uint8Array): Uint8Array {
  const last = bytes.length - 2
  return last >= 0 && bytes[last] === NUL && bytes[last + 1] === NUL ? bytes.subarray(0, last) : bytes
}

/** Each closed by a NUL, and the list by one more; lists that lack the latter are met and mean the same. */
function strings(bytes: Uint8Array): string[] {
  const parts = utf16(bytes).split('\0')
  while (parts.length > 0 && parts.at(-1) === '') parts.pop()
  return parts
}
