import { frenchSpaces } from '../../checks/typography.ts'

/**
 * French typography of one of our own sentences: narrow no-break space before ; : ! ? and inside « », typographic
 * apostrophe between letters. Never for what a machine said, nor for what is to be typed again.
 */
export const french = (sentence: string): string =>
  frenchSpaces(sentence).replace(/(?<=\p{L})'(?=\p{L})/gu, '’')
