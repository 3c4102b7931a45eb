const entities: Record<string, string> = {
  amp: '&',
  lt: '<',
  gt: '>',
  quot: '"',
  apos: "'",
  nbsp: '\u00a0',
  eacute: 'é',
  egrave: 'è',
  agrave: 'à',
  rsquo: '’',
}

/** The text of a page's `<title>`, its entities decoded and its spaces reduced; null where there is none. */
export function pageTitle(html: string): string | null {
  const [, text] = /<title(?:\s[^>]{0,200})?>([^<]{0,1000})<\/title\s*>/i.exec(html) ?? []
  if (text === undefined) return null
  const decoded = text.replace(
    /&(?:#(\d{1,7})|#x([0-9a-f]{1,6})|([a-z]{2,8}));/gi,
    (whole, decimal?: string, hex?: string, name?: string) => {
      if (name !== undefined) return entities[name] ?? whole
      const point = decimal === undefined ? Number.parseInt(hex ?? '', 16) : Number(decimal)
      return point > 0 && point <= 0x10_ffff ? String.fromCodePoint(point) : whole
    },
  )
  return decoded.normalize('NFC').replace(/\s+/g, ' ').trim()
}
