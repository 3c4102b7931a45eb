/**
 * The words in what PowerShell writes on the error stream: CLIXML ([MS-PSRP] 2.2.5) after a line `#< CLIXML`, as plain text.
 * For people to read: never judged, never parsed further. Anything else is given back as it is.
 */
export function clixmlText(stderr: string): string {
  if (!stderr.startsWith('#< CLIXML')) return stderr.trim()
  const words = [...stderr.matchAll(/<S S="(?:Error|Warning)">([^<]{0,8192})<\/S>/g)].map(
    ([, text = '']) => text,
  )
  return words
    .join('')
    .replace(/_x([0-9A-Fa-f]{4})_/g, (_, code: string) => String.fromCharCode(Number.parseInt(code, 16)))
    .replace(/&(lt|gt|quot|apos|amp);/g, (_, name: string) => entities[name]!)
    .replace(/\s+/g, ' ')
    .trim()
}

const entities: Readonly<Record<string, string>> = { lt: '<', gt: '>', quot: '"', apos: "'", amp: '&' }
