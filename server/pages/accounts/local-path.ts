/** A path of this server and nothing else: no other host, no scheme, no backslash that a browser reads as a slash. */
export function localPath(wanted: unknown): string | null {
  if (typeof wanted !== 'string' || !/^\/(?![/\\])/.test(wanted) || /[\\\p{Cc}]/u.test(wanted)) return null
  const url = new URL(wanted, 'http://localhost')
  return url.host === 'localhost' ? url.pathname + url.search : null
}
