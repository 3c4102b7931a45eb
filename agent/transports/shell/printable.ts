/** Words of a machine's or a library's, fit for one line of a detail: no control or bidi characters, at most `limit` characters. */
export function printable(said: string, limit = 300): string {
  return said
    .slice(0, limit * 4)
    .replace(/[\p{Cc}\p{Cf}\p{Zl}\p{Zp}\s]+/gu, ' ')
    .trim()
    .slice(0, limit)
}
