import { randomInt } from 'node:crypto'
import { secretHash } from './one-time-code.ts'

/** Crockford's base32: no I, L, O, U, so that what is read aloud is typed right. */
const alphabet = '0123456789ABCDEFGHJKMNPQRSTVWXYZ'
/** 16 signs of 5 bits each: 80 bits, for a quarter of an hour. */
const length = 16
export const enrolmentMinutes = 15

/** A code to be typed on the agent's machine, in groups of four, and what is kept of it. */
export function newEnrolmentCode(): { code: string; hash: string } {
  const signs = Array.from({ length }, () => alphabet[randomInt(alphabet.length)]).join('')
  return { code: signs.replace(/(.{4})(?=.)/g, '$1-'), hash: secretHash(signs) }
}

/** What is kept of a code as somebody typed it. */
export const typedCodeHash = (typed: string): string =>
  secretHash(typed.toUpperCase().replace(/[\s-]/g, '').replaceAll('O', '0').replace(/[IL]/g, '1'))
