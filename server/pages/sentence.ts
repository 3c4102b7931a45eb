import type { Text } from '../../checks/text.ts'
import { frenchSpaces } from '../../checks/typography.ts'

/** A text of the interface: in French, U+202F stands before ; : ! ? and inside « ». */
export const sentence = (fr: string, en: string): Text => ({ fr: frenchSpaces(fr), en })
