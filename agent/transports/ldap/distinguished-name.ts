/** The DN of the entry that `rdns` (innermost first) lead to below `base`. */
export function below(base: string, rdns: readonly (readonly [type: string, value: string])[]): string {
  const names = rdns.map(([type, value]) => `${type}=${escapeValue(value)}`)
  return [...names, ...(base === '' ? [] : [base])].join(',')
}

/** A value as it stands in a DN (RFC 4514, 2.4). */
export function escapeValue(value: string): string {
  return value
    .replace(/["+,;<>\\]/g, '\\$&')
    .replaceAll('\0', '\\00')
    .replace(/^[ #]/, '\\$&')
    .replace(/ $/, (end, at: number) => (at === 0 || value.length === 1 ? end : '\\ '))
}

/** The DNS name of the domain whose naming context this is: `DC=agence1,DC=lan` is agence1.lan. Null for another DN. */
export function domainOf(namingContext: string): string | null {
  const labels = namingContext.split(',').map((rdn) => /^\s*dc=([A-Za-z0-9_-]{1,63})\s*$/i.exec(rdn)?.[1])
  return labels.includes(undefined) ? null : labels.join('.').toLowerCase()
}
