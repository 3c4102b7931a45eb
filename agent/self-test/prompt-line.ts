/** What may be typed between two looks. */
export type Typed =
  | { readonly act: 'look' | 'everything' | 'quit' }
  | { readonly act: 'hint' | 'details'; readonly number: number }
  | { readonly act: 'unclear' }

/** Reads what was typed at the prompt: nothing, `t`, `i 3`, `d 3`, `q`; in English `a` and `h 3` as well. Pure. */
export function readTyped(line: string): Typed {
  const [, word = '', digits] = /^\s*(\p{L}*)\s*(\d{1,3})?\s*$/u.exec(line) ?? [null, '?']
  const number = Number(digits)
  switch (word.toLowerCase()) {
    case '':
      return digits === undefined ? { act: 'look' } : { act: 'details', number }
    case 'q':
      return { act: 'quit' }
    case 't':
    case 'a':
      return digits === undefined ? { act: 'everything' } : { act: 'unclear' }
    case 'i':
    case 'h':
      return digits === undefined ? { act: 'unclear' } : { act: 'hint', number }
    case 'd':
      return digits === undefined ? { act: 'unclear' } : { act: 'details', number }
    default:
      return { act: 'unclear' }
  }
}
