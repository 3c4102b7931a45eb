import type { Verdict } from '../../checks/verdict.ts'

const codes = { green: 32, red: 31, yellow: 33, blue: 34, dim: 2, bold: 1 } as const

/** Wraps a text in a colour (ECMA-48 SGR) where colours are wanted. */
export const painted = (text: string, colour: keyof typeof codes, wanted: boolean): string =>
  wanted ? `\u001b[${codes[colour]}m${text}\u001b[0m` : text

/** Word, shape and tint of each verdict: the tint is never alone. */
export const verdictLook: Readonly<
  Record<Verdict, { fr: string; en: string; shape: string; colour: keyof typeof codes }>
> = {
  pass: { fr: 'constaté', en: 'observed', shape: '●', colour: 'green' },
  fail: { fr: 'non constaté', en: 'not as asked', shape: '✕', colour: 'red' },
  unknown: { fr: 'non vérifié', en: 'not verified', shape: '?', colour: 'yellow' },
  jury: { fr: 'à apprécier par le jury', en: 'for the jury', shape: '◇', colour: 'blue' },
  na: { fr: 'sans objet', en: 'not applicable', shape: '–', colour: 'dim' },
}
