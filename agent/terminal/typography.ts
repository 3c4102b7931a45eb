const NARROW = '\u202f'

/**
 * French typography of one of our own sentences: narrow no-break space before ; : ! ? and inside « », typographic
 * apostrophe between letters. Never for what a machine said, nor for what is to be typed again.
 */
export function french(sentence: string): string {
  return sentence
    .replace(/ ([;:!?»])/g, `${NARROW}$1`)
    .replace(/« /g, `«${NARROW}`)
    .replace(/(?<=\p{L})'(?=\p{L})/gu, '’')
}
