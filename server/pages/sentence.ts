import type { Text } from '../../checks/text.ts'

/** A text of the interface: in French, U+202F stands before ; : ! ? and inside « ». */
export const sentence = (fr: string, en: string): Text => ({
  fr: fr.replace(/ ([;:!?»])/g, '\u202F$1').replace(/« /g, '«\u202F'),
  en,
})
