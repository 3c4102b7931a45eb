import { argon2, randomBytes, timingSafeEqual, type Argon2Parameters } from 'node:crypto'
import { promisify } from 'node:util'
import type { Text } from '../../checks/text.ts'

/** OWASP's Password Storage Cheat Sheet, 2025: argon2id with 19 MiB and two passes. */
const present = { memory: 19_456, passes: 2, parallelism: 1 }
const tagLength = 32
export const minPasswordLength = 12
export const maxPasswordLength = 200

const derive = promisify(argon2) as (name: 'argon2id', parameters: Argon2Parameters) => Promise<Buffer>

/** The form in which a password is kept: PHC string format, `$argon2id$v=19$m=…,t=…,p=…$salt$hash`. */
export async function hashPassword(password: string): Promise<string> {
  const nonce = randomBytes(16)
  const hash = await derive('argon2id', { message: composed(password), nonce, tagLength, ...present })
  const { memory, passes, parallelism } = present
  return `$argon2id$v=19$m=${memory},t=${passes},p=${parallelism}$${base64(nonce)}$${base64(hash)}`
}

/**
 * Whether a password is the one that was kept. Takes as long where there is none (`kept` null), so that the time tells
 * nobody which accounts exist.
 */
export async function passwordHolds(password: string, kept: string | null): Promise<boolean> {
  const [, m, t, p, nonce = '', hash = ''] =
    /^\$argon2id\$v=19\$m=(\d{1,7}),t=(\d{1,3}),p=(\d{1,2})\$([\w+/]+)\$([\w+/]+)$/.exec(kept ?? decoy) ?? []
  const shown = await derive('argon2id', {
    message: composed(password),
    nonce: Buffer.from(nonce, 'base64'),
    memory: Number(m),
    passes: Number(t),
    parallelism: Number(p),
    tagLength,
  })
  const wanted = Buffer.from(hash, 'base64')
  return wanted.length === shown.length && timingSafeEqual(wanted, shown) && kept !== null
}

/** An accented letter is one sign on some keyboards and two on others (NIST SP 800-63B: normalise). */
const composed = (password: string): string => password.normalize('NFKC')

const base64 = (bytes: Buffer): string => bytes.toString('base64').replace(/=+$/, '')
const decoy = `$argon2id$v=19$m=${present.memory},t=${present.passes},p=${present.parallelism}$${base64(Buffer.alloc(16))}$${base64(Buffer.alloc(tagLength))}`

/** Why a password can't be chosen; null where it can. No rule on its composition, as NIST SP 800-63B advises. */
export function passwordProblem(password: string, name: string): Text | null {
  const length = [...password].length
  if (length < minPasswordLength)
    return {
      fr: `le mot de passe doit avoir ${minPasswordLength} caractères au moins\u202F: plusieurs mots font l’affaire`,
      en: `the password must have at least ${minPasswordLength} characters: several words will do`,
    }
  if (password.length > maxPasswordLength)
    return {
      fr: `le mot de passe a ${maxPasswordLength} caractères au plus`,
      en: `the password has at most ${maxPasswordLength} characters`,
    }
  const bare = lettersAndDigits(password)
  const own = lettersAndDigits(name)
  const guessed =
    new Set(password.toLowerCase()).size < 5 ||
    (own.length > 3 && bare.includes(own)) ||
    usual.test(bare) ||
    isRow(bare)
  if (guessed)
    return {
      fr: 'ce mot de passe se devine trop facilement\u202F: prenez plusieurs mots sans rapport',
      en: 'this password is too easy to guess: take several unrelated words',
    }
  return null
}

const lettersAndDigits = (text: string): string =>
  text
    .normalize('NFKD')
    .toLowerCase()
    .replace(/[^\p{L}\p{N}]/gu, '')

/** What everybody tries first, alone, repeated or with a number after it. */
const usual =
  /^(?:motdepasse|password|passw0rd|azerty(?:uiop)?|qwerty(?:uiop)?|admin(?:istrateur|istrator)?|bonjour|soleil|doudou|loulou|iloveyou|jetaime|probant|tssr|responsable|surveillant|jury|candidat)+\d*$/

/** A walk along the keyboard, the alphabet or the digits, either way. */
function isRow(bare: string): boolean {
  const rows = [
    '01234567890123456789',
    'abcdefghijklmnopqrstuvwxyz',
    'azertyuiopqsdfghjklmwxcvbn',
    'qwertyuiopasdfghjklzxcvbnm',
  ]
  return (
    bare.length >= 6 &&
    rows.some((row) => row.includes(bare) || [...row].toReversed().join('').includes(bare))
  )
}
