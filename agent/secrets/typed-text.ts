/**
 * Text that somebody piped or redirected: UTF-8, or UTF-16 as Windows PowerShell writes its files, either with its mark.
 * Bytes that are neither become replacement characters, as in any text.
 */
export function pipedText(bytes: Buffer): string {
  if (bytes[0] === 0xff && bytes[1] === 0xfe) return bytes.toString('utf16le', 2)
  const text = bytes.toString('utf8')
  return text.startsWith('\uFEFF') ? text.slice(1) : text
}

/**
 * A private key as ssh's own tools write it: a copy through Windows or a web page has other line ends, a mark before it, or
 * spaces around it. What is between stays as it is.
 */
export const keyText = (key: string): string => {
  const plain = key.replace(/^\uFEFF/, '').trim()
  return plain.startsWith('-----BEGIN') ? `${plain.replace(/[ \t]*\r\n?|[ \t]+\n/g, '\n')}\n` : key
}
